//! How the program stood when its run was about to be stopped.

use super::doing::Doing;
use super::stand::{self, Stand};
use crate::clock::{Nanos, seconds};
use crate::trace::stop::AtStop;
use crate::trace::{Call, Lane, LaneKind, Trace};

/// How the threads stood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Halt {
    /// Since when none of them could go on by itself, in seconds from the program's start on: each waited, with no time limit, for
    /// another thread or process of the program. `None` where one could.
    pub since: Option<f64>,
    /// When that was, too.
    pub at: f64,
    /// Where each stood that waited.
    pub stands: Vec<Stand>,
    /// Since when the main thread waited for the last threads, having come to its own end.
    pub over_since: Option<f64>,
}

/// By what was seen then.
pub(super) fn of(trace: &Trace, seen: &AtStop, lanes: &[(usize, &Lane)], zero: Nanos) -> Halt {
    let living: Vec<(usize, &Lane)> = lanes
        .iter()
        .filter(|(_, lane)| lane.start < seen.at && lane.end.is_none_or(|end| end > seen.at))
        .copied()
        .collect();
    let from_zero = |at: Nanos| seconds(at.saturating_sub(zero));
    let (mut since, mut all) = (zero, !living.is_empty());
    for (_, lane) in &living {
        let Some(span) = lane.spans.at(seen.at) else { continue };
        let waits = seen.of(lane.pid, lane.tid);
        match Doing::of(span) {
            Doing::Idle | Doing::Parked => {}
            Doing::Lock | Doing::Workers | Doing::Child if waits.is_some_and(|wait| wait.forever) => {
                since = since.max(span.start);
            }
            Doing::Write
                if waits.is_some_and(|wait| wait.within) || span.wait.is_some_and(|wait| wait.call == Call::Write) =>
            {
                since = since.max(span.start);
            }
            Doing::Io | Doing::Workers | Doing::Child | Doing::Lock if waits.is_some_and(|wait| wait.within) => {
                since = since.max(span.start);
            }
            _ => all = false,
        }
    }
    let main = living.iter().find(|(_, lane)| lane.kind == LaneKind::Main);
    let over = main.and_then(|(_, lane)| {
        let span = lane.spans.at(seen.at).filter(|span| matches!(Doing::of(span), Doing::Lock | Doing::Workers))?;
        trace.locks.is_over_in(lane, span).then(|| from_zero(span.start))
    });
    Halt {
        since: all.then(|| from_zero(since)),
        at: from_zero(seen.at),
        stands: stand::at(trace, &living, seen.at),
        over_since: over,
    }
}
