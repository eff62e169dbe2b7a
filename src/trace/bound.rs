//! A run of hours stays within bounds: what happened long ago is kept in coarser cells, so that overviews stay right, and how
//! it was from moment to moment only of the time since.

use crate::clock::Nanos;
use crate::trace::Trace;
use crate::trace::thin::{holds, spans};

/// The most spans and holds that a trace keeps, unless it has very many lanes: some fifty megabytes.
pub(super) const MOST: usize = 600_000;

/// When it gets too much, one part in so many of that is kept in full detail, and
const KEPT: usize = 3;
/// one in so many is left in all.
const LEFT: usize = 2;

/// The finest cells of what is folded: so many in all its time.
const CELLS: Nanos = 1 << 14;

/// From when on a trace has full detail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Detail {
    /// The instant; 0 where all of it has.
    pub from: Nanos,
    /// Before that it is known when something happened to this only.
    pub grain: Nanos,
    /// How much was left when it was folded last.
    left: usize,
}

impl Detail {
    /// That of a run that was kept.
    #[must_use]
    pub const fn kept(from: Nanos, grain: Nanos) -> Detail {
        Detail { from, grain, left: 0 }
    }
}

impl Trace {
    /// Folds what happened long before `until`, where there is more than `most`. Nothing may be provisional.
    pub(super) fn bound(&mut self, until: Nanos, most: usize) {
        // Of very many lanes more than that may be left: then folding is tried again when it has doubled.
        if self.items_after(0) <= most.max(2 * self.detail.left) {
            return;
        }
        let (mut early, mut late) = (self.launched_at.max(self.detail.from), until.max(self.launched_at + 1));
        while late.saturating_sub(early) > 1 {
            let middle = early + (late - early) / 2;
            if self.items_after(middle) > most / KEPT { early = middle } else { late = middle }
        }
        let length = late.saturating_sub(self.launched_at);
        // Powers of two: what was in cells before fits into wider ones. The finest first each time: wide cells alone would leave
        // all that has happened since the last of their edges.
        let mut grain = (length / CELLS).max(1).next_power_of_two();
        loop {
            let from = late - late % grain;
            for lane in &mut self.lanes {
                lane.spans = spans(&lane.spans, grain, from);
            }
            for track in &mut self.gils {
                *track = holds(track, grain, from);
            }
            self.detail = Detail {
                from: from.max(self.detail.from),
                grain: grain.max(self.detail.grain),
                left: self.items_after(0),
            };
            if self.detail.left <= most / LEFT || grain > length {
                return;
            }
            grain *= 2;
        }
    }

    /// How many spans and holds end after an instant.
    pub(super) fn items_after(&self, at: Nanos) -> usize {
        let spans: usize = self.lanes.iter().map(|lane| lane.spans.count_after(at)).sum();
        spans + self.gils.iter().map(|track| track.count_after(at)).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::record::{Pid, Record, Tid, What};
    use crate::trace::{Builder, Lane, State};
    use proptest::prelude::*;

    fn record(at: Nanos, tid: Tid, what: What) -> Record {
        Record { at, pid: 10 as Pid, tid, what }
    }

    /// Two threads that take turns at a GIL, and leave their cores in between; when the last turn ends.
    fn fed(builder: &mut Builder, mut at: Nanos, lengths: impl Iterator<Item = Nanos>) -> Nanos {
        for (turn, length) in (0_u32..).zip(lengths) {
            let (tid, core): (Tid, u32) = (10 + turn % 2, turn % 3);
            let turn = [
                record(at, tid, What::On { core }),
                record(at + length, tid, What::GilTaken { gil: 7 }),
                record(at + 3 * length, tid, What::GilDropped { gil: 7 }),
                record(at + 4 * length, tid, What::Off { preempted: turn % 5 == 0 }),
            ];
            at += 5 * length;
            builder.feed(turn, at);
        }
        at
    }

    fn totals(trace: &Trace, from: Nanos, to: Nanos) -> Vec<(Vec<Nanos>, Vec<Nanos>)> {
        let cores = |lane: &Lane| {
            let mut cores = lane.spans.by_core_in(from, to);
            cores.resize(3, 0);
            cores
        };
        trace.lanes.iter().map(|lane| (lane.spans.totals_in(from, to).0.to_vec(), cores(lane))).collect()
    }

    proptest! {
        #[test]
        fn totals_are_what_they_would_be_unfolded(
            lengths in prop::collection::vec(1u64..3_000_000, 50..400), a in 0u64..1 << 32, b in 0u64..1 << 32,
        ) {
            let (mut whole, mut bounded) = (Builder::new(10, 0), Builder::new(10, 0));
            bounded.keep(120);
            let end = fed(&mut whole, 1000, lengths.iter().copied());
            fed(&mut bounded, 1000, lengths.into_iter());
            let (whole, bounded) = (whole.finish(end), bounded.finish(end));
            let Detail { from, grain, .. } = bounded.detail;
            prop_assert_eq!(totals(&bounded, 0, end), totals(&whole, 0, end));
            // In every window of whole cells, and in every one where detail is kept.
            let (a, b) = (a.min(b) % end, a.max(b) % end);
            let edge = |at: Nanos| if at < from && grain > 0 { at - at % grain } else { at };
            let (a, b) = (edge(a).min(edge(b)), edge(a).max(edge(b)));
            prop_assert_eq!(totals(&bounded, a, b), totals(&whole, a, b));
            for (thin, all) in bounded.gils.iter().zip(&whole.gils) {
                prop_assert_eq!(thin.turns(), all.turns());
                for lane in 0..2 {
                    prop_assert_eq!(thin.held_by(lane), all.held_by(lane));
                }
            }
            for lane in &bounded.lanes {
                prop_assert!(lane.spans.as_slice().windows(2).all(|two| two[0].end == two[1].start));
            }
        }
    }

    /// Counted, not measured: however long a run is, no more than the bound is kept, and its end in full.
    #[test]
    fn a_long_run_keeps_no_more_than_the_bound() {
        const BOUND: usize = 2000;
        let mut builder = Builder::new(10, 0);
        builder.keep(BOUND);
        let mut end = 1000;
        for turns in [1_000, 30_000] {
            end = fed(&mut builder, end, std::iter::repeat_n(20_000, turns));
            let kept = builder.facts().items_after(0);
            assert!(kept <= BOUND, "{kept} after {turns} turns");
        }
        let trace = builder.finish(end);
        assert!(trace.detail.from > end / 2 && trace.detail.from < end, "{:?} of {end}", trace.detail);
        let running: Nanos = trace.lanes.iter().map(|lane| lane.totals().get(State::Running)).sum();
        assert!(running > end / 4, "{running} of {end}");
    }

    #[test]
    fn a_short_run_keeps_everything() {
        let (mut builder, mut other) = (Builder::new(10, 0), Builder::new(10, 0));
        other.keep(usize::MAX);
        let end = fed(&mut builder, 1000, std::iter::repeat_n(1000, 100));
        fed(&mut other, 1000, std::iter::repeat_n(1000, 100));
        let (trace, other) = (builder.finish(end), other.finish(end));
        assert_eq!(trace.detail, Detail::default());
        assert_eq!(trace.items_after(0), other.items_after(0));
    }
}
