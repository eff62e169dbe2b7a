//! Which lanes of a run a stack draws: those that did the work, and the GIL that passed between them.

use crate::trace::{LaneKind, State, Trace};
use crate::view::draw::share;
use crate::view::lanes;

/// The main thread of a program with more threads is drawn from this share of the run on.
const MAIN_WORKS: f64 = 0.1;

/// More GILs than these passed on in a crowd: nothing is told of them.
const FEW: usize = 4;

/// The lanes of a run that are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawn {
    /// These, top to bottom, each with its place among the workload's threads.
    Few(Vec<(usize, Option<usize>)>),
    /// So many that they are counted all together.
    Crowd(usize),
}

impl Drawn {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Drawn::Few(lanes) => lanes.len(),
            Drawn::Crowd(count) => *count,
        }
    }

    /// The lanes, where they are drawn one by one.
    #[must_use]
    pub fn few(&self) -> &[(usize, Option<usize>)] {
        match self {
            Drawn::Few(lanes) => lanes,
            Drawn::Crowd(_) => &[],
        }
    }
}

/// The lanes to draw: those of the workload without its helpers; the main thread only where it did some of the work, or is
/// the only one.
#[must_use]
pub fn drawn(trace: &Trace) -> Drawn {
    if lanes::is_crowd(trace) {
        return Drawn::Crowd(trace.roll.colored());
    }
    let rows = lanes::Rows::new(trace, lanes::Open::Lanes);
    let lane = |row: &lanes::Row| match row {
        lanes::Row::Lane { lane, color, .. } => Some((*lane, *color)),
        _ => None,
    };
    let all: Vec<(usize, Option<usize>)> = rows
        .few()
        .unwrap_or_default()
        .iter()
        .filter_map(lane)
        .filter(|(lane, color)| color.is_some() && trace.lanes[*lane].end.is_none_or(|end| end > trace.zero()))
        .collect();
    let others: Vec<_> = all.iter().copied().filter(|(lane, _)| !idle_main(trace, *lane)).collect();
    Drawn::Few(if others.is_empty() { all.into_iter().take(1).collect() } else { others })
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
pub fn passed_on(trace: &Trace, drawn: &Drawn) -> Vec<usize> {
    let Drawn::Few(lanes) = drawn else {
        return Some(trace.roll.passed_on()).filter(|gils| gils.len() <= FEW).unwrap_or_default().to_vec();
    };
    let homes: Vec<usize> = lanes.iter().filter_map(|(lane, _)| trace.home_gil(*lane)).collect();
    let passes = |place: &usize| homes.iter().filter(|home| *home == place).nth(1).is_some();
    let mut gils: Vec<usize> = homes.iter().copied().filter(passes).collect();
    gils.sort_unstable();
    gils.dedup();
    gils
}

/// Whether several lanes are drawn and each holds a GIL of its own.
#[must_use]
pub fn a_gil_each(trace: &Trace, drawn: &Drawn) -> bool {
    let Drawn::Few(lanes) = drawn else {
        return trace.roll.passed_on().is_empty() && trace.gils.len() >= trace.roll.colored();
    };
    let mut gils: Vec<usize> = lanes.iter().filter_map(|(lane, _)| trace.home_gil(*lane)).collect();
    gils.sort_unstable();
    gils.dedup();
    lanes.len() > 1 && gils.len() == lanes.len()
}
