//! What a desk is for: a lesson, a lesson's task, the learner's own script, or a recording. Where they differ, they differ here.

use crate::app::model::Runtimes;
use crate::app::screens::desk::Desk;
use crate::app::screens::desk::stale::Stale;
use crate::app::screens::task::Tasks;
use crate::lesson::types::Knobs;
use crate::lesson::{Headline, Metric};
use crate::runner::RunSpec;
use crate::runtime::Runtime;
use std::time::Duration;

/// When a lesson's program is given up: its knobs make it last seconds, so this is a hang.
const DEADLINE: Duration = Duration::from_mins(2);

/// What a desk is for.
#[derive(Debug, Clone)]
pub enum DeskKind {
    /// A lesson of the course.
    Lesson,
    /// The tasks of a lesson: the learner changes a program.
    Task(Tasks),
    /// The learner's own script, which is run as it was asked for on the command line: there are no pages to read.
    Script(Box<RunSpec>),
    /// A run that was recorded: nothing is run here.
    Recorded(Box<RunSpec>),
}

impl Desk {
    /// The tasks that this desk is for.
    #[must_use]
    pub const fn tasks(&self) -> Option<&Tasks> {
        if let DeskKind::Task(tasks) = &self.kind { Some(tasks) } else { None }
    }

    /// The tasks that this desk is for, to be changed.
    pub const fn tasks_mut(&mut self) -> Option<&mut Tasks> {
        if let DeskKind::Task(tasks) = &mut self.kind { Some(tasks) } else { None }
    }

    /// Whether it is the learner's own script.
    #[must_use]
    pub const fn is_script(&self) -> bool {
        matches!(self.kind, DeskKind::Script(_))
    }

    /// Whether it is a program that stands alone, and no part of a course.
    #[must_use]
    pub const fn is_alone(&self) -> bool {
        matches!(self.kind, DeskKind::Script(_) | DeskKind::Recorded(_))
    }

    /// Whether there are pages to read, executors and runtimes to go through, and keys that do so.
    #[must_use]
    pub const fn has_pages(&self) -> bool {
        !self.is_alone()
    }

    /// Whether what is read and run here is progress in the lesson. In a task nothing is but that it is passed.
    #[must_use]
    pub const fn counts(&self) -> bool {
        matches!(self.kind, DeskKind::Lesson)
    }

    /// Whether a run that did not succeed is told as a failure. A script's exit status is its own affair.
    #[must_use]
    pub const fn expects_success(&self) -> bool {
        match &self.kind {
            DeskKind::Lesson | DeskKind::Task(_) => true,
            DeskKind::Script(_) => false,
            DeskKind::Recorded(spec) => spec.own.is_none(),
        }
    }

    /// The lesson's place in the course, where the desk stands at `place`; `None` for what stands alone.
    #[must_use]
    pub fn lesson_place(&self, place: Option<usize>) -> Option<usize> {
        match &self.kind {
            DeskKind::Lesson => place,
            DeskKind::Task(tasks) => Some(tasks.place),
            DeskKind::Script(_) | DeskKind::Recorded(_) => None,
        }
    }

    /// Whether what the tick of the tab at this place stands for was run with other knobs or elsewhere.
    #[must_use]
    pub fn tick_is_old(&self, tab: usize, runtimes: &Runtimes) -> bool {
        self.counts() && self.last_run(tab).is_some_and(|run| Stale::of(self, run, runtimes).is_some())
    }

    /// Whether the tab at this place has a tick: its program has run, or its task was passed.
    #[must_use]
    pub fn ticked(&self, tab: usize) -> bool {
        match &self.kind {
            DeskKind::Task(tasks) => tasks.each.get(tab).is_some_and(|task| task.passed),
            DeskKind::Lesson | DeskKind::Script(_) | DeskKind::Recorded(_) => {
                self.last_run(tab).is_some_and(|run| run.end.success())
            }
        }
    }

    /// What a run of this program is, with these knobs.
    #[must_use]
    pub fn spec(&self, program: usize, runtime: &Runtime, knobs: &Knobs) -> RunSpec {
        let task = match &self.kind {
            DeskKind::Script(spec) | DeskKind::Recorded(spec) => return RunSpec::clone(spec),
            DeskKind::Task(tasks) => tasks.lesson.tasks.get(program),
            DeskKind::Lesson => None,
        };
        let timeout = task.map_or(DEADLINE, |task| Duration::from_secs_f64(task.timeout_s));
        RunSpec::program(&self.lesson, &self.lesson.programs[program].name, runtime, knobs, Some(timeout))
    }

    /// The number that a program is about; a script's, how many cores it kept busy.
    #[must_use]
    pub fn headline(&self, program: usize) -> Headline {
        let own = self.lesson.programs.get(program).filter(|_| !self.is_alone());
        own.map_or_else(|| Headline::measured(Metric::Parallelism), |program| program.headline.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::types::{KnobValue, Task};
    use crate::lesson::{Lesson, Program, SharedLesson};

    /// A lesson with one program, and a task about it.
    fn lesson() -> Lesson {
        let program = Program { name: "threads".into(), ..Program::default() };
        let task = Task {
            id: "faster".into(),
            program: "threads".into(),
            goal: String::new(),
            hint: None,
            set: Knobs::new(),
            timeout_s: 5.0,
            expects: Vec::new(),
            requires: None,
            vary: Vec::new(),
            again: Knobs::new(),
            solutions: Vec::new(),
        };
        Lesson { id: "02-gil".into(), programs: vec![program], tasks: vec![task], ..Lesson::default() }
    }

    #[test]
    fn a_run_is_what_its_desk_is_for() {
        let (native, turned) = (Runtime::default(), Knobs::from([("WORKERS".into(), KnobValue::Int(4))]));
        let asked = |desk: &Desk| desk.spec(0, &native, &turned);
        let course = SharedLesson::from(lesson());
        let program = RunSpec::program(&course, "threads", &native, &turned, Some(DEADLINE));
        assert_eq!(asked(&Desk::new(course.clone(), DeskKind::Lesson)), program);

        let tasks = Tasks::new(course.clone(), 0, |_| false);
        let desk = Desk::new(tasks.dressed().into(), DeskKind::Task(tasks));
        let of_task = RunSpec { program: "faster".into(), timeout: Some(Duration::from_secs(5)), ..program };
        assert_eq!(asked(&desk), of_task, "the task's own name and time");

        let script = RunSpec { program: "/home/me/a.py".into(), args: vec!["-x".into()], ..RunSpec::default() };
        let desk = Desk::new(course, DeskKind::Script(Box::new(script.clone())));
        assert_eq!(asked(&desk), script, "no knob and no deadline but its own");
    }
}
