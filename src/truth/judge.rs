//! Judges what a program did against what was expected of it: the learner's task, by running it.

use super::scope::Scope;
use super::why::{Finding, find};
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
    pub fn reason(&self) -> Option<&str> {
        match &self.finding {
            Finding::Holds => None,
            Finding::Fails(why) | Finding::NotMeasured(why) => Some(why),
        }
    }
}

/// Holds expectations (what it says, and the expression over `run`) against a report.
pub fn judge<'e>(expects: impl IntoIterator<Item = (&'e str, &'e str)>, report: &Report<'_>) -> Vec<Judgement> {
    let scope = Scope::of_machine(report.machine, &report.plan.knobs).with_run("run", report);
    let one = |(says, that): (&str, &str)| Judgement { says: says.to_owned(), finding: find(that, &scope) };
    expects.into_iter().map(one).collect()
}
