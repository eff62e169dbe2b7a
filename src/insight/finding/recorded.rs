//! A real run of every rule's program, as it was recorded: what the gallery shows.
//!
//! A record is `assets/findings/ID.run`: what was found, what ran where, and the trace, thinned to what a picture needs
//! ([`crate::learner::runs::thin`]). `scripts/gallery` makes them; nothing in them is made by hand.

use super::{Finding, Rule};
use crate::clock::{Nanos, seconds};
use crate::learner::runs::thin::for_columns;
use crate::learner::runs::{Extent, pack_lanes, unpack};
use crate::runner::{Machine, Outcome};
use crate::runtime::cpython::started::Subject;
use crate::trace::{Lane, Span, Spans, Trace};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// The records that the build found, by the ids of their rules.
const RECORDS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/recorded.rs"));

/// The widest picture of a record, in columns.
const COLUMNS: Nanos = 80;

/// The version of the layout.
const VERSION: u8 = 1;

/// A recorded run, and what was found in it first.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// What was found in it.
    pub finding: Finding,
    /// Where and when.
    pub origin: Origin,
    /// What was measured.
    pub trace: Trace,
}

/// Where a recorded run comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The text of the program that ran.
    pub program: String,
    /// The Python that ran it, such as `CPython 3.13.0`.
    pub python: String,
    /// The system, such as `Linux x86_64`.
    pub system: String,
    /// What the machine could give.
    pub machine: Machine,
    /// The day.
    pub day: NaiveDate,
}

/// What stands before the trace in a record.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    version: u8,
    finding: Finding,
    origin: Origin,
    /// Lanes of processes that a signal has ended, and the signal: a packed trace does not have them.
    killed: BTreeMap<usize, u8>,
}

/// Why a record cannot be read or made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unrecorded(String);

impl Recorded {
    /// The record of a rule. Tests see that each has one.
    #[must_use]
    pub fn of(rule: &Rule) -> Option<&'static Recorded> {
        static READ: LazyLock<BTreeMap<&str, OnceLock<Option<Recorded>>>> =
            LazyLock::new(|| RECORDS.iter().map(|(id, _)| (*id, OnceLock::new())).collect());
        let (_, bytes) = RECORDS.iter().find(|(id, _)| *id == rule.id)?;
        READ.get(rule.id)?.get_or_init(|| Recorded::read(bytes).ok()).as_ref()
    }

    /// How long it took, in seconds.
    #[must_use]
    pub fn wall(&self) -> f64 {
        seconds(self.trace.until().saturating_sub(self.trace.zero()))
    }

    /// Where it comes from, in words.
    #[must_use]
    pub fn origin(&self) -> String {
        let Origin { python, system, machine, day, .. } = &self.origin;
        let s = if machine.cores == 1 { "" } else { "s" };
        format!("recorded on {python}, {system}, {} core{s}, {day}; {:.2} s", machine.cores, self.wall())
    }

    /// Reads a record.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    fn read(bytes: &[u8]) -> Result<Recorded, Unrecorded> {
        let garbled = |why: &dyn ToString| Unrecorded(why.to_string());
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(|| garbled(&"it is cut off"))?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|why| garbled(&why))?;
        let (head, trace) = rest.split_at_checked(length).ok_or_else(|| garbled(&"it is cut off"))?;
        let head: Head = rmp_serde::from_slice(head).map_err(|why| garbled(&why))?;
        if head.version != VERSION {
            return Err(garbled(&format!("of layout version {}", head.version)));
        }
        let mut trace = unpack(trace, Extent::Lanes).map_err(|why| garbled(&why))?;
        for (lane, signal) in head.killed {
            trace.lanes.get_mut(lane).ok_or_else(|| garbled(&"a lane is not there"))?.told.killed = Some(signal);
        }
        Ok(Recorded { finding: head.finding, origin: head.origin, trace })
    }
}

/// Writes the record of a run of a program of one's own, in which this was found first.
///
/// # Errors
/// Why it cannot be kept.
pub fn write(outcome: &Outcome, finding: &Finding, machine: Machine, day: NaiveDate) -> Result<Vec<u8>, Unrecorded> {
    let spec = &outcome.spec;
    let subject = spec.own.as_ref().map(|own| &own.subject);
    let program = subject.map(Subject::source).ok_or_else(|| Unrecorded("it is a lesson's".to_owned()))?;
    let (python, system) = (format!("CPython {}", spec.runtime.label()), system());
    let origin = Origin { program: program.map_err(Unrecorded)?, python, system, machine, day };
    let killed = outcome.trace.lanes.iter().enumerate().filter_map(|(at, lane)| Some((at, lane.told.killed?)));
    let head = Head { version: VERSION, finding: finding.clone(), origin, killed: killed.collect() };
    let head = rmp_serde::to_vec(&head).map_err(|why| Unrecorded(why.to_string()))?;
    // Where a file lies is the machine's own.
    let mut tasks = outcome.trace.tasks.clone();
    for function in &mut tasks.functions {
        function.file = function.file.rsplit('/').next().unwrap_or_default().to_owned();
    }
    let (all, zero) = (&outcome.trace, outcome.trace.zero());
    let lanes = all.lanes.iter().map(|lane| since(lane, zero)).collect();
    let bare = Trace { cores: Vec::new(), tasks, lanes, ..all.clone() };
    let thin = for_columns(&bare, COLUMNS);
    let length = u32::try_from(head.len()).map_err(|why| Unrecorded(why.to_string()))?;
    Ok([&length.to_le_bytes()[..], &head, &pack_lanes(&thin)].concat())
}

/// A lane from the program's start on: what the interpreter read before that is in no picture.
fn since(lane: &Lane, zero: Nanos) -> Lane {
    let mut spans = Spans::default();
    for span in lane.spans.window(zero, Nanos::MAX) {
        spans.push(Span { start: span.start.max(zero), ..*span });
    }
    Lane { start: lane.start.max(zero.min(lane.known_until())), spans, ..lane.clone() }
}

/// The system that this runs on.
fn system() -> String {
    let name = match std::env::consts::OS {
        "linux" => "Linux",
        other => other,
    };
    format!("{name} {}", std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::finding::RULES;

    /// Bytes of one record and of all of them: they are a part of the binary.
    const LARGEST: usize = 48_000;
    const ALL: usize = 600_000;

    #[test]
    fn every_rule_has_a_run_in_which_it_was_found_first() {
        for rule in RULES {
            let Some((_, bytes)) = RECORDS.iter().find(|(id, _)| *id == rule.id) else {
                panic!("{}: no assets/findings/{}.run; scripts/gallery {} records it", rule.id, rule.id, rule.id)
            };
            assert!(bytes.len() <= LARGEST, "{}: {} bytes", rule.id, bytes.len());
            let recorded = Recorded::read(bytes).unwrap_or_else(|why| panic!("{}: {why}", rule.id));
            assert_eq!(recorded.finding.id, rule.id);
            let lanes = recorded.trace.lanes.len();
            assert!(recorded.finding.because.iter().all(|lane| *lane < lanes), "{}", rule.id);
        }
        let all: usize = RECORDS.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(all <= ALL, "{all} bytes");
    }

    #[test]
    fn every_record_is_of_the_program_as_it_stands() {
        for (id, bytes) in RECORDS {
            let path = format!("{}/tests/findings/{id}.py", env!("CARGO_MANIFEST_DIR"));
            let program = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"));
            let recorded = Recorded::read(bytes).expect("a record");
            assert_eq!(recorded.origin.program, program, "scripts/gallery {id} records it anew");
        }
    }

    #[test]
    fn what_is_cut_off_is_no_record() {
        let (_, whole) = RECORDS.first().expect("a record");
        for length in [0, 3, 4, 40, whole.len() / 2, whole.len() - 1] {
            assert!(Recorded::read(&whole[..length]).is_err(), "{length}");
        }
    }
}
