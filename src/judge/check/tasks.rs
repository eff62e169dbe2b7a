//! A task on one CPython: its solution passes, the program as it is does not.

use super::runs::{Runs, plan_of};
use super::{Outcome, Stopped};
use crate::judge::{Judgement, judge};
use crate::lesson::Lesson;
use crate::lesson::types::Task;
use crate::report::Report;
use crate::runtime::Runtime;
use std::time::Duration;

/// How a run of the task's program was judged.
enum Judged {
    Passed,
    /// The first expectation that did not come true, and why.
    Failed(String),
    /// It was not: why.
    Not(Outcome),
}

pub(super) fn check(runs: &mut Runs<'_, '_>, task: &Task, runtime: &Runtime) -> Result<Outcome, Stopped> {
    let Runtime::CPython(python) = runtime else { return Ok(Outcome::NotSaid) };
    if let Some((major, minor)) = task.requires.filter(|needed| (python.version.0, python.version.1) < *needed) {
        return Ok(Outcome::NotShown(format!("the task needs CPython {major}.{minor}")));
    }
    let Some(solution) = &task.solution else { return Ok(Outcome::NotSaid) };
    let solved = with_source(runs.lesson, &task.program, solution);
    let mut attempt = 1;
    loop {
        match once(runs, &solved, task, runtime)? {
            Judged::Passed => break,
            Judged::Failed(_) if runs.try_again(attempt) => attempt += 1,
            Judged::Failed(why) => return Ok(Outcome::Fails(format!("the solution does not pass: {why}"))),
            Judged::Not(outcome) => return Ok(outcome),
        }
    }
    // A race may happen not to show: one failure in some tries is enough.
    let (as_it_is, mut attempt) = (runs.lesson, 1);
    loop {
        match once(runs, as_it_is, task, runtime)? {
            Judged::Passed if runs.try_again(attempt) => attempt += 1,
            Judged::Passed => break,
            Judged::Failed(_) => return Ok(Outcome::Holds),
            Judged::Not(outcome) => return Ok(outcome),
        }
    }
    Ok(Outcome::Fails(format!("{} passes as it is: there is nothing to do", task.program)))
}

fn once(runs: &mut Runs<'_, '_>, lesson: &Lesson, task: &Task, runtime: &Runtime) -> Result<Judged, Stopped> {
    let timeout = Duration::from_secs_f64(task.timeout_s);
    let plan = match plan_of(lesson, &task.program, runtime, &task.set, timeout) {
        Ok(plan) => plan,
        Err(outcome) => return Ok(Judged::Not(outcome)),
    };
    let machine = runs.machine();
    let outcome = match runs.outcome(plan)? {
        Ok(outcome) => outcome,
        Err(why) => return Ok(Judged::Not(why)),
    };
    let judged = judge(lesson, task, &Report::new(&outcome, machine));
    let failed = judged.iter().find(|judgement| !judgement.held());
    let why = |j: &Judgement| format!("\"{}\": {}", j.says, j.detail().unwrap_or_default());
    Ok(failed.map_or(Judged::Passed, |judgement| Judged::Failed(why(judgement))))
}

/// The lesson with another source for one of its programs.
fn with_source(lesson: &Lesson, program: &str, source: &str) -> Lesson {
    let mut lesson = lesson.clone();
    for own in lesson.programs.iter_mut().filter(|own| own.name == program) {
        own.python = Some(source.to_owned());
    }
    lesson
}
