//! Judges what a program did against what was expected of it: the learner's task, by running it.

use super::scope::Scope;
use super::why::{Finding, find};
use crate::lesson::Lesson;
use crate::lesson::types::Task;
use crate::report::Report;

/// One expectation and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What was expected, in the lesson's words.
    pub says: String,
    /// Whether it came true.
    pub finding: Finding,
}

impl Judgement {
    /// Whether the expectation came true.
    #[must_use]
    pub fn held(&self) -> bool {
        self.finding == Finding::Holds
    }

    /// Why it did not, or could not be told.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match &self.finding {
            Finding::Holds => None,
            Finding::Fails(why) | Finding::Mistaken(why) => Some(why.to_string()),
            Finding::NotMeasured(what) => Some(what.clone()),
        }
    }

    /// The same without the expression that was evaluated: [`Judgement::says`] stands for it.
    #[must_use]
    pub fn values(&self) -> Option<&str> {
        match &self.finding {
            Finding::Holds => None,
            Finding::Fails(why) | Finding::Mistaken(why) => Some(&why.values),
            Finding::NotMeasured(what) => Some(what),
        }
    }
}

/// Holds what a task expects against the report of its program, changed or not: in the task's order. In the expressions
/// `run` is the report; a knob has the value that the run gave it, or else its default.
#[must_use]
pub fn judge(lesson: &Lesson, task: &Task, report: &Report<'_>) -> Vec<Judgement> {
    let mut knobs = lesson.default_knobs();
    knobs.extend(report.outcome.spec.knobs.iter().map(|(name, value)| (name.clone(), *value)));
    let scope = Scope::of_machine(report.machine, &knobs).with_run("run", report);
    let one = |says: &str, that: &str| Judgement { says: says.to_owned(), finding: find(that, &scope) };
    task.expects.iter().map(|expect| one(&expect.says, &expect.that.text)).collect()
}
