//! A finished run as text and as JSON, from the same trace and the same insight as the screen.
//!
//! Owns the report's shape, which scripts rely on. May import everything up to `insight`.

pub mod json;
pub mod text;

use crate::insight::{Context, Summary, Verdict};
use crate::runner::{Machine, Outcome, Plan};

/// A finished run with what is known about it.
pub struct Report<'a> {
    /// What was run.
    pub plan: &'a Plan,
    /// How it went.
    pub outcome: &'a Outcome,
    /// On which machine.
    pub machine: Machine,
    /// The numbers.
    pub summary: Summary,
    /// The sentence.
    pub verdict: Verdict,
}

impl<'a> Report<'a> {
    /// Puts a finished run into numbers and words.
    #[must_use]
    pub fn new(plan: &'a Plan, outcome: &'a Outcome, machine: Machine) -> Self {
        let summary = Summary::of_outcome(outcome);
        let context = Context { baseline: None, has_gil: plan.runtime.has_gil(), machine };
        let verdict = Verdict::of(&outcome.trace, &summary, context);
        Report { plan, outcome, machine, summary, verdict }
    }
}
