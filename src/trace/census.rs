//! How many lanes were in which state, over time, and how much of each core they had: kept as the trace grows ([`Buckets`]),
//! so that a picture of ten thousand lanes costs what one of ten does.

use crate::clock::Nanos;
use crate::trace::buckets::Buckets;
use crate::trace::span::{Span, StateTotals};
use crate::trace::state::State;

/// How many buckets there are at most: a run of 4 s has them 0.13 ms wide.
const MOST: usize = 1 << 15;

/// How many lanes were in which state, over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Census {
    /// How many lanes are counted.
    lanes: usize,
    states: Buckets<{ State::COUNT }>,
}

impl Default for Census {
    fn default() -> Self {
        Census::new(0)
    }
}

impl Census {
    /// A census of no lanes, of a run that begins at `origin`; what is earlier counts as if it were then.
    #[must_use]
    pub fn new(origin: Nanos) -> Census {
        Census { lanes: 0, states: Buckets::new(origin, MOST) }
    }

    /// How many lanes are counted.
    #[must_use]
    pub const fn lanes(&self) -> usize {
        self.lanes
    }

    /// Begins to count a lane, which did this so far.
    pub(super) fn enter(&mut self, spans: &[Span]) {
        self.lanes += 1;
        for span in spans {
            self.add(span);
        }
    }

    /// Counts a lane no longer.
    pub(super) fn leave(&mut self, spans: &[Span]) {
        self.lanes = self.lanes.saturating_sub(1);
        for span in spans {
            self.remove(span);
        }
    }

    /// A lane did this.
    pub(super) fn add(&mut self, span: &Span) {
        self.change(span, 1);
    }

    /// Takes back that a lane did.
    pub(super) fn remove(&mut self, span: &Span) {
        self.change(span, -1);
    }

    fn change(&mut self, span: &Span, by: i64) {
        self.states.change(span.state.index(), span.start, by);
        if !span.goes_on() {
            self.states.change(span.state.index(), span.end, -by);
        }
    }

    /// How long all lanes together were in each state before an instant.
    #[must_use]
    pub fn before(&self, at: Nanos) -> StateTotals {
        StateTotals(self.states.before(at))
    }

    /// How long all lanes together were in each state in the window `[from, to)`.
    #[must_use]
    pub fn between(&self, from: Nanos, to: Nanos) -> StateTotals {
        StateTotals(self.states.between(from, to))
    }

    /// How many lanes are in each state: exact at the beginning of the bucket that an instant lies in.
    #[must_use]
    pub fn at(&self, at: Nanos) -> [usize; State::COUNT] {
        self.states.at(at)
    }
}

/// How many buckets a core has at most: there may be hundreds of cores.
const MOST_OF_A_CORE: usize = 1 << 11;

/// How much of each core the lanes had, over time: those that a census counts, and the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CoreCensus {
    origin: Nanos,
    cores: Vec<Buckets<2>>,
}

impl CoreCensus {
    /// Of no core yet, of a run that begins at `origin`.
    #[must_use]
    pub const fn new(origin: Nanos) -> CoreCensus {
        CoreCensus { origin, cores: Vec::new() }
    }

    /// A lane was on a core, where the span says so; `by` is 1, or -1 where it is taken back.
    pub(super) fn change(&mut self, span: &Span, counted: bool, by: i64) {
        let Some(core) = span.core.filter(|_| span.state.on_cpu()).map(usize::from) else { return };
        while self.cores.len() <= core {
            self.cores.push(Buckets::new(self.origin, MOST_OF_A_CORE));
        }
        let kind = usize::from(!counted);
        self.cores[core].change(kind, span.start, by);
        if !span.goes_on() {
            self.cores[core].change(kind, span.end, -by);
        }
    }

    /// How much of a core the counted lanes had in `[from, to)`, and how much the others.
    #[must_use]
    pub fn between(&self, core: u32, from: Nanos, to: Nanos) -> [Nanos; 2] {
        let core = usize::try_from(core).ok().and_then(|core| self.cores.get(core));
        core.map_or([0; 2], |core| core.between(from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(state: u8, start: Nanos, length: Nanos) -> Span {
        let state = State::ALL[usize::from(state) % State::COUNT];
        Span { start, end: start + length, state, core: None, wait: None }
    }

    fn in_window(spans: &[Span], from: Nanos, to: Nanos) -> StateTotals {
        let mut totals = StateTotals::default();
        for span in spans {
            totals.add(span.state, span.end.min(to).saturating_sub(span.start.max(from)));
        }
        totals
    }

    proptest! {
        #[test]
        fn it_is_exact_between_buckets_however_long_the_run(
            parts in prop::collection::vec((0u8..8, 0u64..20_000_000_000, 1u64..9_000_000_000), 1..80),
            from in 0u64..30_000, to in 0u64..40_000,
        ) {
            let origin = 7_000_000_000;
            let spans: Vec<Span> = parts.iter().map(|(s, at, length)| span(*s, origin + at, *length)).collect();
            let mut census = Census::new(origin);
            census.enter(&spans);
            let (from, to) = (origin + from * census.states.width(), origin + from.max(to) * census.states.width());
            prop_assert_eq!(census.between(from, to), in_window(&spans, from, to));
            let alive = |s: &&Span| s.start < from && s.end >= from;
            let counts: usize = census.at(from).iter().sum();
            prop_assert_eq!(counts, spans.iter().filter(alive).count());
            let whole = in_window(&spans, 0, Nanos::MAX);
            prop_assert_eq!(census.between(0, Nanos::MAX / 2), whole);
        }

        #[test]
        fn what_is_taken_back_was_never_there(
            parts in prop::collection::vec((0u8..8, 0u64..20_000_000_000, 1u64..9_000_000_000), 1..40),
            others in prop::collection::vec((0u8..8, 0u64..20_000_000_000, 1u64..9_000_000_000), 0..40), at in 0u64..30_000_000_000,
        ) {
            let of = |parts: &[(u8, u64, u64)]| parts.iter().map(|(s, at, n)| span(*s, *at, *n)).collect::<Vec<_>>();
            let (mut both, mut one) = (Census::new(0), Census::new(0));
            both.enter(&of(&parts));
            both.enter(&of(&others));
            both.leave(&of(&others));
            one.enter(&of(&parts));
            while one.states.width() < both.states.width() {
                one.states.widen();
            }
            prop_assert_eq!(both.before(at), one.before(at));
            prop_assert_eq!(both.lanes(), 1);
        }
    }

    #[test]
    fn nothing_is_known_of_no_lanes() {
        let census = Census::default();
        assert_eq!((census.between(0, u64::MAX), census.at(5)), (StateTotals::default(), [0; State::COUNT]));
    }
}
