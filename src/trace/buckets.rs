//! How many there were of each kind, over time: sums that are kept as changes come in.
//!
//! What begins adds one to its kind's count at its start and takes one away at its end. These changes are kept by buckets of
//! time, each with the sum of its changes and of their instants: from the two follows how long all together were there before
//! the bucket's beginning, exactly. Inside a bucket it is taken to be even. Buckets stand in levels, each sixteen times as
//! coarse as the one before, so that a lookup adds some fifty of them, however long the run is; a run that outgrows its
//! buckets gets wider ones.

use crate::clock::Nanos;

/// How wide buckets are at first.
const NARROWEST: Nanos = 1 << 17;
/// How many buckets of one level the next one counts as one.
const FAN: usize = 16;

/// What changed in a bucket, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bucket<const N: usize> {
    /// Those that came, less those that left.
    change: [i64; N],
    /// The instants of these changes, likewise. Sums wrap: their differences are right.
    moment: [i64; N],
}

impl<const N: usize> Default for Bucket<N> {
    fn default() -> Self {
        Bucket { change: [0; N], moment: [0; N] }
    }
}

impl<const N: usize> Bucket<N> {
    fn add(&mut self, other: &Bucket<N>) {
        for kind in 0..N {
            self.change[kind] += other.change[kind];
            self.moment[kind] = self.moment[kind].wrapping_add(other.moment[kind]);
        }
    }

    fn sum(many: &[Bucket<N>]) -> Bucket<N> {
        let mut sum = Bucket::default();
        for bucket in many {
            sum.add(bucket);
        }
        sum
    }
}

/// How many there were of each of `N` kinds, over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buckets<const N: usize> {
    origin: Nanos,
    width: Nanos,
    /// How many there are at most.
    most: usize,
    /// The finest level first; each as long as has been needed.
    levels: [Vec<Bucket<N>>; 4],
}

impl<const N: usize> Buckets<N> {
    /// Of nothing yet, of a run that begins at `origin`; what is earlier counts as if it were then.
    #[must_use]
    pub fn new(origin: Nanos, most: usize) -> Self {
        Buckets { origin, width: NARROWEST, most, levels: Default::default() }
    }

    /// How wide a bucket is: between two of them everything is exact.
    #[cfg(test)]
    pub const fn width(&self) -> Nanos {
        self.width
    }

    /// So many come at an instant, or leave where `by` is negative.
    pub fn change(&mut self, kind: usize, at: Nanos, by: i64) {
        let since = at.saturating_sub(self.origin);
        while since / self.width >= self.most as u64 {
            self.widen();
        }
        let mut index = place(since / self.width);
        let moment = i64::try_from(since).unwrap_or(i64::MAX).wrapping_mul(by);
        for level in &mut self.levels {
            if level.len() <= index {
                level.resize(index + 1, Bucket::default());
            }
            let bucket = &mut level[index];
            bucket.change[kind] += by;
            bucket.moment[kind] = bucket.moment[kind].wrapping_add(moment);
            index /= FAN;
        }
    }

    /// Makes buckets twice as wide.
    pub(super) fn widen(&mut self) {
        let fine = std::mem::take(&mut self.levels[0]);
        self.width *= 2;
        self.levels = Default::default();
        self.levels[0] = fine.chunks(2).map(Bucket::sum).collect();
        for level in 1..self.levels.len() {
            self.levels[level] = self.levels[level - 1].chunks(FAN).map(Bucket::sum).collect();
        }
    }

    /// All changes before a bucket.
    fn before_bucket(&self, bucket: usize) -> Bucket<N> {
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

    /// How long all were there before a bucket, by kind.
    fn time_before_bucket(&self, bucket: usize) -> [i64; N] {
        let Bucket { change, moment } = self.before_bucket(bucket);
        let at = i64::try_from(bucket as u64 * self.width).unwrap_or(i64::MAX);
        std::array::from_fn(|kind| change[kind].wrapping_mul(at).wrapping_sub(moment[kind]))
    }

    /// How long all together were there before an instant, by kind.
    #[must_use]
    pub fn before(&self, at: Nanos) -> [Nanos; N] {
        let since = at.saturating_sub(self.origin);
        let bucket = place(since / self.width).min(self.most);
        let part = (since - (bucket as u64 * self.width).min(since)).min(self.width);
        let (from, to) = (self.time_before_bucket(bucket), self.time_before_bucket(bucket + 1));
        std::array::from_fn(|kind| {
            let inside = i128::from(to[kind] - from[kind]) * i128::from(part) / i128::from(self.width);
            u64::try_from(i128::from(from[kind]) + inside).unwrap_or(0)
        })
    }

    /// The same in the window `[from, to)`.
    #[must_use]
    pub fn between(&self, from: Nanos, to: Nanos) -> [Nanos; N] {
        let (before, until) = (self.before(from), self.before(to.max(from)));
        std::array::from_fn(|kind| until[kind].saturating_sub(before[kind]))
    }

    /// How many there are of each kind: exact at the beginning of the bucket that an instant lies in.
    #[must_use]
    pub fn at(&self, at: Nanos) -> [usize; N] {
        let bucket = place(at.saturating_sub(self.origin) / self.width).min(self.most);
        self.before_bucket(bucket).change.map(|count| usize::try_from(count).unwrap_or(0))
    }
}

fn place(bucket: u64) -> usize {
    usize::try_from(bucket).unwrap_or(usize::MAX)
}
