//! A task on one CPython: it accepts its right solutions, and rejects the wrong ones and the program as it is.

use super::runs::{Runs, plan_of};
use super::{Outcome, Stopped};
use crate::clock;
use crate::judge::{Judgement, judge};
use crate::lesson::Lesson;
use crate::lesson::knobs;
use crate::lesson::types::{Solution, Task};
use crate::report::Report;
use crate::runtime::Runtime;
use std::time::Duration;

/// How often a right solution may be tried: a judgement that often fails one is at fault itself.
const RIGHT_TRIES: u32 = 2;

/// What a task is tried with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tried<'l> {
    /// The program as the lesson has it: there must be something to do.
    AsItIs,
    /// A changed program.
    Changed(&'l Solution),
}

impl Tried<'_> {
    /// What has to be so, in words.
    pub(super) fn says(self, task: &Task) -> String {
        match self {
            Tried::AsItIs => format!("task {} rejects {} as it is", task.id, task.program),
            Tried::Changed(Solution { name, right: true, .. }) => format!("task {} accepts {name}", task.id),
            Tried::Changed(Solution { name, .. }) => format!("task {} rejects {name}", task.id),
        }
    }
}

/// All that a task is tried with.
pub(super) fn tried(task: &Task) -> impl Iterator<Item = Tried<'_>> {
    [Tried::AsItIs].into_iter().chain(task.solutions.iter().map(Tried::Changed))
}

/// How a changed program was judged.
enum Judged {
    Passed,
    /// The first expectation that did not come true, why, and with which knobs.
    Failed(String),
    /// It was not: why.
    Not(Outcome),
}

pub(super) fn check(
    runs: &mut Runs<'_, '_>,
    task: &Task,
    tried: Tried<'_>,
    runtime: &Runtime,
) -> Result<Outcome, Stopped> {
    let Runtime::CPython(python) = runtime else { return Ok(Outcome::NotSaid) };
    if let Some((major, minor)) = task.requires.filter(|needed| (python.version.0, python.version.1) < *needed) {
        return Ok(Outcome::NotShown(format!("the task needs CPython {major}.{minor}")));
    }
    if matches!(tried, Tried::Changed(solution) if solution.only_gil && !runtime.has_gil()) {
        return Ok(Outcome::NotSaid);
    }
    let (changed, right) = match tried {
        Tried::AsItIs => (runs.lesson.clone(), false),
        Tried::Changed(solution) => (with_source(runs.lesson, &task.program, &solution.source), solution.right),
    };
    let mut attempt = 1;
    loop {
        let judged = both(runs, &changed, task, runtime)?;
        // A race may happen not to show: one failure in some tries is enough to reject.
        let once_more = match (&judged, right) {
            (Judged::Passed, false) => runs.try_again(attempt),
            (Judged::Failed(_), true) => attempt < RIGHT_TRIES,
            _ => false,
        };
        if once_more {
            attempt += 1;
            continue;
        }
        return Ok(match (judged, right) {
            (Judged::Passed, true) | (Judged::Failed(_), false) => Outcome::Holds,
            (Judged::Passed, false) => Outcome::Fails("it passes".to_owned()),
            (Judged::Failed(why), true) => Outcome::Fails(format!("it does not pass: {why}")),
            (Judged::Not(outcome), _) => outcome,
        });
    }
}

/// Both runs that a learner's program has to pass.
fn both(runs: &mut Runs<'_, '_>, lesson: &Lesson, task: &Task, runtime: &Runtime) -> Result<Judged, Stopped> {
    for values in task.rounds(clock::now()) {
        let timeout = Duration::from_secs_f64(task.timeout_s);
        let plan = match plan_of(lesson, &task.program, runtime, &values, timeout) {
            Ok(plan) => plan,
            Err(outcome) => return Ok(Judged::Not(outcome)),
        };
        let machine = runs.machine();
        let outcome = match runs.outcome(plan)? {
            Ok(outcome) => outcome,
            Err(why) => return Ok(Judged::Not(why)),
        };
        let judged = judge(lesson, task, &Report::new(&outcome, machine));
        let with = if values.is_empty() { String::new() } else { format!(" with {}", knobs::said(&values)) };
        let why = |j: &Judgement| format!("\"{}\"{with}: {}", j.says, j.detail().unwrap_or_default());
        if let Some(failed) = judged.iter().find(|judgement| !judgement.held()) {
            return Ok(Judged::Failed(why(failed)));
        }
    }
    Ok(Judged::Passed)
}

/// The lesson with another source for one of its programs.
fn with_source(lesson: &Lesson, program: &str, source: &str) -> Lesson {
    let mut lesson = lesson.clone();
    for own in lesson.programs.iter_mut().filter(|own| own.name == program) {
        own.python = Some(source.to_owned());
    }
    lesson
}
