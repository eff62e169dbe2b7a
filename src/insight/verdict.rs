//! What happened in large, and in a plain sentence why, made from the measured numbers and what the lesson says of its own.
//!
//! Each part must be true whatever the numbers are: where they settle nothing, it says less. Who computed is in
//! [`computes`], who waited for what in [`waits`].

use super::finding::{Conditions, Finding, Times, findings};
use super::words::{percent, sentence};
use super::{Caveat, Heading, Shape, Summary};
use crate::lesson::{Headline, Metric};
use crate::runner::{End, Machine};
use crate::trace::Trace;
use computes::Facts;

mod computes;
mod waits;

/// What happened and why, with what to keep in mind.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Verdict {
    /// What happened, in large; `None` where the program is about nothing that was declared.
    pub heading: Option<Heading>,
    /// Why; empty where nothing can be said.
    pub sentence: String,
    /// What a run of a program of the learner's own shows about why it took so long, what counts most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// What weakens what the run shows, the most important first.
    pub caveats: Vec<Caveat>,
}

/// What a verdict needs to know beside the trace.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// What the program is about, where a lesson says so.
    pub headline: Option<&'a Headline>,
    /// Whether it is the lesson's program as it stands: only then what the lesson says of it holds.
    pub as_it_stands: bool,
    /// The name of the program that the speed-up is measured against.
    pub baseline: Option<&'a str>,
    /// How it ended, of a program of the learner's own: what is found in it is the sentence then.
    pub own: Option<End>,
    /// Whether the runtime has a GIL.
    pub has_gil: bool,
    /// What the machine can give.
    pub machine: Machine,
}

/// A smaller share of the time is not worth a word.
const WORTH_SAYING: f64 = 0.1;

impl Verdict {
    /// Judges a finished run.
    #[must_use]
    pub fn of(trace: &Trace, summary: &Summary, context: Context<'_>) -> Verdict {
        let shape = Shape::of(trace);
        let caveats =
            Caveat::of(trace, summary, context.machine, context.headline.is_none_or(Headline::depends_on_load));
        let facts = Facts {
            shape: &shape,
            summary,
            has_gil: context.has_gil,
            sources: trace.sources,
            counts: context.headline.is_some_and(Headline::counts),
            explained: caveats.iter().any(Caveat::lacks_cores),
        };
        let heading = context.headline.map(|headline| Heading::of(headline, summary, context.baseline));
        let reason = context.headline.filter(|_| context.as_it_stands).and_then(|headline| reason(headline, summary));
        let mut findings =
            context.own.map_or_else(Vec::new, |end| findings(&Times::of(trace, conditions(trace, context, end))));
        if let (Some(_), Some(standstill)) = (context.own, &trace.standstill) {
            // Who waits for whom says more than that nobody ran.
            let stuck = Finding::stuck(trace, standstill);
            findings.retain(|found| found.id != stuck.id);
            // What killed one of them is why.
            let after = findings.iter().take_while(|found| found.is_killed()).count();
            findings.insert(after, stuck);
        }
        let told = findings.first().map(|found| found.sentence.clone());
        let sentence = told.unwrap_or_else(|| why(reason, facts, context.headline));
        Verdict { heading, sentence, findings, caveats }
    }

    /// What happened in large, as a sentence; empty where nothing was declared.
    #[must_use]
    pub fn in_large(&self) -> String {
        self.heading.as_ref().map(|heading| sentence(&heading.words)).unwrap_or_default()
    }

    /// What happened and why, in one.
    #[must_use]
    pub fn whole(&self) -> String {
        [self.in_large(), self.sentence.clone()]
            .iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// What made the machine too busy for the run's numbers to settle anything, where something did.
    #[must_use]
    pub fn disturbance(&self) -> Option<&Caveat> {
        self.caveats.iter().find(|caveat| caveat.lacks_cores())
    }
}

/// What a trace does not tell.
fn conditions(trace: &Trace, context: Context<'_>, end: End) -> Conditions {
    let shown = usize::try_from(context.machine.cores).unwrap_or(usize::MAX);
    let cores = if shown > 0 { shown } else { trace.cores.len() };
    Conditions { has_gil: context.has_gil, cores, stopped: end.stopped(), failed: !end.stopped() && !end.success() }
}

/// What the lesson says why its number is what it is.
fn reason<'a>(headline: &'a Headline, summary: &Summary) -> Option<&'a str> {
    // What took too long hung for another reason than what waits for itself.
    if summary.hung && !(headline.metric == Metric::Hung && summary.deadlock) {
        return None;
    }
    let nothing = summary.metric(&headline.metric, None)?.abs() <= 0.0;
    if nothing { headline.none.as_deref() } else { headline.some.as_deref() }
}

/// Why: what the lesson says first, then what was measured, where that bears on it.
fn why(reason: Option<&str>, facts: Facts<'_>, headline: Option<&Headline>) -> String {
    let metric = headline.map(|headline| &headline.metric);
    // What one thread or a waiting program did is beside the point of what was counted or where it hung.
    let beside = match metric {
        Some(Metric::Printed(_)) => !(facts.counts && facts.together()),
        Some(Metric::Hung | Metric::Wall) => true,
        _ => false,
    };
    let told = if reason.is_some() && beside { String::new() } else { facts.all() };
    let told = if headline.is_none() { format!("{told}{}", facts.cores()) } else { told };
    let reason = reason.map(sentence).unwrap_or_default();
    [reason, told].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
