//! Which lanes of a run a stack draws: those that did the work, and the GIL that passed between them.

use crate::trace::{LaneKind, State, Trace};
use crate::view::draw::share;
use crate::view::lanes;

/// The main thread of a program with more threads is drawn from this share of the run on.
const MAIN_WORKS: f64 = 0.1;

/// The lanes to draw, top to bottom, each with its place among the workload's threads: those of the workload without its
/// helpers; the main thread only where it did some of the work, or is the only one.
#[must_use]
pub fn drawn(trace: &Trace) -> Vec<(usize, Option<usize>)> {
    let rows = lanes::rows(trace, true);
    let all: Vec<(usize, Option<usize>)> = rows
        .iter()
        .filter_map(|row| match row {
            lanes::Row::Lane { lane, color, .. } => Some((*lane, *color)),
            _ => None,
        })
        .filter(|(lane, color)| color.is_some() && trace.lanes[*lane].end.is_none_or(|end| end > trace.zero()))
        .collect();
    let others: Vec<_> = all.iter().copied().filter(|(lane, _)| !idle_main(trace, *lane)).collect();
    if others.is_empty() { all.into_iter().take(1).collect() } else { others }
}

/// Whether this is a main thread that does next to nothing but wait for the others.
fn idle_main(trace: &Trace, lane: usize) -> bool {
    let lane = &trace.lanes[lane];
    if lane.kind != LaneKind::Main {
        return false;
    }
    let (from, to) = (trace.zero(), trace.until());
    let totals = lane.spans.totals_in(from, to);
    share(totals.on_cpu() + totals.get(State::Sleep), to - from) < MAIN_WORKS
}

/// The GILs that passed between lanes that are drawn: their places in the trace.
#[must_use]
pub fn passed_on(trace: &Trace, drawn: &[(usize, Option<usize>)]) -> Vec<usize> {
    let homes: Vec<usize> = drawn.iter().filter_map(|(lane, _)| trace.home_gil(*lane)).collect();
    let passes = |place: &usize| homes.iter().filter(|home| *home == place).nth(1).is_some();
    (0..trace.gils.len()).filter(passes).collect()
}

/// Whether several lanes are drawn and each holds a GIL of its own.
#[must_use]
pub fn a_gil_each(trace: &Trace, drawn: &[(usize, Option<usize>)]) -> bool {
    let mut gils: Vec<usize> = drawn.iter().filter_map(|(lane, _)| trace.home_gil(*lane)).collect();
    gils.sort_unstable();
    gils.dedup();
    drawn.len() > 1 && gils.len() == drawn.len()
}
