//! Judges what a program did against what was expected of it: the learner's task, by running it.

use super::scope::Scope;
use super::why::{Finding, find};
use crate::lesson::Lesson;
use crate::lesson::types::{Expect, Task};
use crate::report::Report;
use crate::runner::{Outcome, Raised};

/// One expectation and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What was expected, in the lesson's words.
    pub says: String,
    /// Whether it came true; `None` where the run is not judged, because its program failed.
    pub finding: Option<Finding>,
}

impl Judgement {
    /// Whether the expectation was held against the run.
    #[must_use]
    pub const fn judged(&self) -> bool {
        self.finding.is_some()
    }

    /// Whether the expectation came true.
    #[must_use]
    pub fn held(&self) -> bool {
        self.finding == Some(Finding::Holds)
    }

    /// Why it did not, or could not be told, in a learner's words.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match &self.finding {
            Some(Finding::Holds) => None,
            Some(Finding::Fails(why) | Finding::Mistaken(why)) => Some(&why.plain),
            Some(Finding::NotMeasured(what)) => Some(what),
            None => Some("not judged: the program failed"),
        }
    }

    /// The same for the lesson's author, with the expression that was evaluated.
    #[must_use]
    pub fn detail(&self) -> Option<String> {
        match &self.finding {
            Some(Finding::Fails(why) | Finding::Mistaken(why)) => Some(why.to_string()),
            _ => self.reason().map(str::to_owned),
        }
    }
}

/// Holds what a task expects against the report of its program, changed or not: in the task's order. In the expressions
/// `run` is the report; a knob has the value that the run gave it, or else its default. A program that failed has shown
/// nothing of what was expected, and so nothing is judged, unless failing is what the task asks for.
#[must_use]
pub fn judge(lesson: &Lesson, task: &Task, report: &Report<'_>) -> Vec<Judgement> {
    let mut knobs = lesson.default_knobs();
    knobs.extend(report.outcome.spec.knobs.iter().map(|(name, value)| (name.clone(), *value)));
    let scope = Scope::of_machine(report.machine, &knobs).with_run("run", report);
    let found: Vec<Finding> = task.expects.iter().map(|expect| find(&expect.that.text, &scope)).collect();
    let counts = !failed(task, report.outcome, &found);
    let one = |(expect, finding): (&Expect, Finding)| Judgement {
        says: expect.says.clone(),
        finding: Some(finding).filter(|_| counts),
    };
    task.expects.iter().zip(found).map(one).collect()
}

/// Whether the program did not start, or died of an exception that the task does not ask for: where it asks for one, what
/// it expects of the exit status holds.
fn failed(task: &Task, outcome: &Outcome, found: &[Finding]) -> bool {
    let Some(raised) = Raised::in_run(outcome).filter(|_| outcome.end.ended_itself() && !outcome.end.success()) else {
        return false;
    };
    let about_exit = |expect: &Expect| expect.that.text.contains(".exit.code");
    let asked = task.expects.iter().zip(found).any(|(expect, found)| about_exit(expect) && *found == Finding::Holds);
    raised.unread() || !asked
}
