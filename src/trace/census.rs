//! How many lanes were in which state, over time: kept as the trace grows, so that a picture of ten thousand lanes costs
//! what one of ten does.
//!
//! A span adds one to its state's count at its start and takes one away at its end. These changes are kept by buckets of
//! time, each with the sum of its changes and of their instants: from the two follows how long all lanes together were in
//! each state before the bucket's beginning, exactly. Inside a bucket it is taken to be even. Buckets stand in levels, each
//! sixteen times as coarse as the one before, so that a lookup adds some fifty of them, however long the run is; a run that
//! outgrows its buckets gets wider ones.

use crate::clock::Nanos;
use crate::trace::span::{Span, StateTotals};
use crate::trace::state::State;

/// How many buckets there are at most: a run of 4 s has them 0.13 ms wide.
const MOST: usize = 1 << 15;
/// How wide they are at first.
const NARROWEST: Nanos = 1 << 17;
/// How many buckets of one level the next one counts as one.
const FAN: usize = 16;

/// What changed in a bucket, by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Bucket {
    /// Lanes that came into the state, less those that left it.
    change: [i64; State::COUNT],
    /// The instants of these changes, likewise. Sums wrap: their differences are right.
    moment: [i64; State::COUNT],
}

impl Bucket {
    fn add(&mut self, other: &Bucket) {
        for state in 0..State::COUNT {
            self.change[state] += other.change[state];
            self.moment[state] = self.moment[state].wrapping_add(other.moment[state]);
        }
    }

    fn sum(many: &[Bucket]) -> Bucket {
        let mut sum = Bucket::default();
        for bucket in many {
            sum.add(bucket);
        }
        sum
    }
}

/// How many lanes were in which state, over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Census {
    /// How many lanes are counted.
    lanes: usize,
    origin: Nanos,
    width: Nanos,
    /// The finest level first; each as long as has been needed.
    levels: [Vec<Bucket>; 4],
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
        Census { lanes: 0, origin, width: NARROWEST, levels: Default::default() }
    }

    /// How many lanes are counted.
    #[must_use]
    pub const fn lanes(&self) -> usize {
        self.lanes
    }

    /// How many lanes are counted, and nothing of what they did.
    #[must_use]
    pub fn without_times(&self) -> Census {
        Census { lanes: self.lanes, ..Census::new(self.origin) }
    }

    /// Begins to count a lane, which did this so far.
    pub(super) fn enter(&mut self, spans: &[Span]) {
        self.lanes += 1;
        for span in spans {
            self.add(span.state, span.start, span.end);
        }
    }

    /// Counts a lane no longer.
    pub(super) fn leave(&mut self, spans: &[Span]) {
        self.lanes = self.lanes.saturating_sub(1);
        for span in spans {
            self.remove(span.state, span.start, span.end);
        }
    }

    /// A lane was in this state.
    pub(super) fn add(&mut self, state: State, start: Nanos, end: Nanos) {
        self.change(state, start, 1);
        self.change(state, end, -1);
    }

    /// Takes back that a lane was.
    pub(super) fn remove(&mut self, state: State, start: Nanos, end: Nanos) {
        self.change(state, start, -1);
        self.change(state, end, 1);
    }

    fn change(&mut self, state: State, at: Nanos, by: i64) {
        let since = at.saturating_sub(self.origin);
        while since / self.width >= MOST as u64 {
            self.widen();
        }
        let mut index = place(since / self.width);
        let moment = i64::try_from(since).unwrap_or(i64::MAX).wrapping_mul(by);
        for level in &mut self.levels {
            if level.len() <= index {
                level.resize(index + 1, Bucket::default());
            }
            let bucket = &mut level[index];
            bucket.change[state.index()] += by;
            bucket.moment[state.index()] = bucket.moment[state.index()].wrapping_add(moment);
            index /= FAN;
        }
    }

    /// Makes buckets twice as wide.
    fn widen(&mut self) {
        let fine = std::mem::take(&mut self.levels[0]);
        self.width *= 2;
        self.levels = Default::default();
        self.levels[0] = fine.chunks(2).map(Bucket::sum).collect();
        for level in 1..self.levels.len() {
            self.levels[level] = self.levels[level - 1].chunks(FAN).map(Bucket::sum).collect();
        }
    }

    /// All changes before a bucket.
    fn before_bucket(&self, bucket: usize) -> Bucket {
        let mut sum = Bucket::default();
        let mut end = bucket;
        for (fineness, level) in self.levels.iter().enumerate() {
            // A coarser level has what is before the first of its kin; the coarsest has no coarser one.
            let first = if fineness + 1 == self.levels.len() { 0 } else { end / FAN * FAN };
            let last = end.min(level.len());
            for bucket in &level[first.min(last)..last] {
                sum.add(bucket);
            }
            end /= FAN;
        }
        sum
    }

    /// How long all lanes were in each state before a bucket.
    fn time_before_bucket(&self, bucket: usize) -> [i64; State::COUNT] {
        let Bucket { change, moment } = self.before_bucket(bucket);
        let at = i64::try_from(bucket as u64 * self.width).unwrap_or(i64::MAX);
        std::array::from_fn(|state| change[state].wrapping_mul(at).wrapping_sub(moment[state]))
    }

    /// How long all lanes together were in each state before an instant.
    #[must_use]
    pub fn before(&self, at: Nanos) -> StateTotals {
        let since = at.saturating_sub(self.origin);
        let bucket = place(since / self.width).min(MOST);
        let part = (since - (bucket as u64 * self.width).min(since)).min(self.width);
        let (from, to) = (self.time_before_bucket(bucket), self.time_before_bucket(bucket + 1));
        StateTotals(std::array::from_fn(|state| {
            let inside = i128::from(to[state] - from[state]) * i128::from(part) / i128::from(self.width);
            u64::try_from(i128::from(from[state]) + inside).unwrap_or(0)
        }))
    }

    /// How long all lanes together were in each state in the window `[from, to)`.
    #[must_use]
    pub fn between(&self, from: Nanos, to: Nanos) -> StateTotals {
        let (before, mut totals) = (self.before(from), self.before(to.max(from)));
        totals.0.iter_mut().zip(before.0).for_each(|(upper, lower)| *upper = upper.saturating_sub(lower));
        totals
    }

    /// How many lanes are in each state: exact at the beginning of the bucket that an instant lies in.
    #[must_use]
    pub fn at(&self, at: Nanos) -> [usize; State::COUNT] {
        let bucket = place(at.saturating_sub(self.origin) / self.width).min(MOST);
        self.before_bucket(bucket).change.map(|lanes| usize::try_from(lanes).unwrap_or(0))
    }
}

fn place(bucket: u64) -> usize {
    usize::try_from(bucket).unwrap_or(usize::MAX)
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
            let (from, to) = (origin + from * census.width, origin + from.max(to) * census.width);
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
            while one.width < both.width {
                one.widen();
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
