//! Why a program of the learner's own took as long as it did: findings, each with its evidence.
//!
//! Owns [`Finding`] and the table of [`RULES`]. A rule is one file in `rules/`: it sees the run's [`Times`] alone, says nothing
//! where it does not know, and names the small program that shows it and one in which it must be silent. To add one, write its
//! file and its line in the table; `tests/findings.rs` runs both of its programs, and `scripts/gallery` records the first for
//! [`recorded`], which has a run of every rule.

pub mod recorded;
mod rules;
mod times;

pub use rules::RULES;
pub use times::{Conditions, Times};

use super::words;
use crate::clock::seconds;
use crate::trace::{Standstill, Trace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing that a run shows about why it took as long as it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which rule found it.
    pub id: String,
    /// The share of the run that it is about, 0 to 1: what counts more stands first.
    pub weight: f64,
    /// What was found and, where that follows, what would help: one or two sentences.
    pub sentence: String,
    /// The numbers behind it; times in seconds, shares from 0 to 1.
    pub evidence: BTreeMap<String, f64>,
    /// The lanes that it is about: their places among the trace's.
    pub because: Vec<usize>,
}

impl Finding {
    /// A finding about this share of the run, in these words.
    fn new(weight: f64, sentence: &str) -> Finding {
        let weight = if weight.is_finite() { weight.clamp(0.0, 1.0) } else { 0.0 };
        let sentence = words::sentence(sentence);
        Finding { id: String::new(), weight, sentence, evidence: BTreeMap::new(), because: Vec::new() }
    }

    /// Threads that waited for each other to the end of a run, or for what never came.
    pub(super) fn stuck(trace: &Trace, standstill: &Standstill) -> Finding {
        let stands = |tid| standstill.threads.iter().any(|thread| thread.tid == tid);
        let lanes = trace.lanes.iter().enumerate().filter(|(_, lane)| stands(lane.tid)).map(|(place, _)| place);
        let since = seconds(standstill.since.saturating_sub(trace.zero()));
        let found = Finding::new(1.0, &standstill.sentence()).with("since_s", since).because(lanes);
        Finding { id: rules::STUCK.to_owned(), ..found }
    }

    /// Whether it tells of a process that a signal has ended.
    pub(super) fn is_killed(&self) -> bool {
        self.id == rules::KILLED
    }

    /// With a number behind it.
    fn with(mut self, name: &str, value: f64) -> Finding {
        self.evidence.insert(name.to_owned(), (value * 1e6).round() / 1e6);
        self
    }

    /// With the lanes that it is about.
    fn because(mut self, lanes: impl IntoIterator<Item = usize>) -> Finding {
        self.because = lanes.into_iter().collect();
        self
    }
}

/// A rule: what it is called, what it finds, and what is said of it in general.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The finding's id, and the name of its two programs and of its record.
    pub id: &'static str,
    /// What people call the pattern: a few words.
    pub name: &'static str,
    /// What it is, of any program: a part of a sentence, as all rules have it. Markdown.
    pub says: &'static str,
    /// What to do about it, or what to think of it, likewise.
    pub help: &'static str,
    /// What it finds in a run; `None` where it does not know.
    pub find: fn(&Times) -> Option<Finding>,
}

impl Rule {
    /// Whether it finds anything.
    fn holds(&self, times: &Times) -> bool {
        (self.find)(times).is_some()
    }
}

/// Everything that the rules find in a run, what it is about most first.
#[must_use]
pub fn findings(times: &Times) -> Vec<Finding> {
    if !times.says_enough() {
        return Vec::new();
    }
    let found = |rule: &Rule| (rule.find)(times).map(|found| Finding { id: rule.id.to_owned(), ..found });
    let mut out: Vec<Finding> = RULES.iter().filter_map(found).collect();
    out.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    out
}

#[cfg(test)]
mod tests;
