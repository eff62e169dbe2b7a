//! How long other programs kept a run from a core.

use crate::clock::seconds;
use crate::insight::caveat::crowded;
use crate::trace::{State, SwitchSource, Trace};

/// How long other programs kept one of its threads from a core, in seconds: the longest that a thread of the workload was
/// ready. 0 where the cores were its own, or where that was not measured.
pub(super) fn seconds_of(trace: &Trace) -> f64 {
    if trace.sources.switches != SwitchSource::Perf || crowded(trace).is_none() {
        return 0.0;
    }
    let (from, to) = (trace.zero(), trace.until());
    let own = trace.lanes.iter().filter(|lane| lane.is_workload());
    seconds(own.map(|lane| lane.spans.totals_in(from, to).get(State::Ready)).max().unwrap_or_default())
}
