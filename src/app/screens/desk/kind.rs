//! What a desk is for: a lesson, a lesson's task, or the learner's own script. Where they differ, they differ here.

use crate::app::screens::desk::Desk;
use crate::app::screens::task::Tasks;
use crate::lesson::Metric;
use std::time::Duration;

/// What a desk is for.
#[derive(Debug, Clone)]
pub enum DeskKind {
    /// A lesson of the course.
    Lesson,
    /// The tasks of a lesson: the learner changes a program.
    Task(Tasks),
    /// The learner's own script: there are no pages to read.
    Script,
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
        matches!(self.kind, DeskKind::Script)
    }

    /// Whether there are pages to read, executors and runtimes to go through, and keys that do so.
    #[must_use]
    pub const fn has_pages(&self) -> bool {
        !self.is_script()
    }

    /// Whether what is read and run here is progress in the lesson. In a task nothing is but that it is passed.
    #[must_use]
    pub const fn counts(&self) -> bool {
        matches!(self.kind, DeskKind::Lesson)
    }

    /// Whether a run that did not succeed is told as a failure. A script's exit status is its own affair.
    #[must_use]
    pub const fn expects_success(&self) -> bool {
        !self.is_script()
    }

    /// The lesson's place in the course, where the desk stands at `place`; `None` for a script.
    #[must_use]
    pub fn lesson_place(&self, place: Option<usize>) -> Option<usize> {
        match &self.kind {
            DeskKind::Lesson => place,
            DeskKind::Task(tasks) => Some(tasks.place),
            DeskKind::Script => None,
        }
    }

    /// Whether the tab at this place has a tick: its program has run, or its task was passed.
    #[must_use]
    pub fn ticked(&self, tab: usize) -> bool {
        match &self.kind {
            DeskKind::Task(tasks) => tasks.each.get(tab).is_some_and(|task| task.passed),
            DeskKind::Lesson | DeskKind::Script => self.last_run(tab).is_some_and(|run| run.end.success()),
        }
    }

    /// When a run of this program is given up, where that is sooner than usual.
    #[must_use]
    pub fn timeout(&self, program: usize) -> Option<Duration> {
        let task = self.tasks()?.lesson.tasks.get(program)?;
        Some(Duration::from_secs_f64(task.timeout_s))
    }

    /// The metric that stands out where no prediction names one.
    #[must_use]
    pub const fn accent(&self) -> &'static Metric {
        if self.is_script() { &Metric::Parallelism } else { &Metric::Speedup }
    }
}
