//! Several runs of one program: the middle one, how far they lie apart, and whether that settles a difference.

use crate::clock::seconds;
use crate::runner::Outcome;

/// So many runs of each it takes to tell a difference from noise.
const ENOUGH: usize = 3;

/// Two ranges that lie apart by less than this part of the wider one may still be noise.
const APART: f64 = 0.5;

/// The wall times of the runs of one program that succeeded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repeats {
    /// In seconds, the shortest first.
    pub walls: Vec<f64>,
    /// How many times it was run, those counted that did not succeed.
    pub tried: usize,
}

/// What repeats show of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It took less time than the baseline, each time.
    Faster,
    /// It took more time, each time.
    Slower,
    /// Their times lie among each other: no difference was shown.
    Undecided,
}

impl Repeats {
    pub(super) fn of(good: &[&Outcome], tried: usize) -> Repeats {
        let mut walls: Vec<f64> = good.iter().map(|outcome| wall_s(outcome)).collect();
        walls.sort_by(f64::total_cmp);
        Repeats { walls, tried }
    }

    /// The shortest and the longest, in seconds; nothing where none succeeded.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        let end = |wall: Option<&f64>| wall.copied().unwrap_or_default();
        (end(self.walls.first()), end(self.walls.last()))
    }

    /// How far the shortest and the longest lie apart, in seconds.
    #[must_use]
    pub fn spread_s(&self) -> f64 {
        let (shortest, longest) = self.range();
        longest - shortest
    }

    /// Whether there are enough to tell a difference from noise, and all of them succeeded.
    #[must_use]
    pub const fn settles(&self) -> bool {
        self.walls.len() >= ENOUGH && self.walls.len() == self.tried
    }
}

impl Standing {
    /// What the repeats of a run show beside those of the baseline; `None` where there are too few.
    pub(super) fn of(baseline: &Repeats, run: &Repeats) -> Option<Standing> {
        if !baseline.settles() || !run.settles() {
            return None;
        }
        let noise = APART * baseline.spread_s().max(run.spread_s());
        let ((shortest, longest), (least, most)) = (baseline.range(), run.range());
        Some(match () {
            () if most + noise < shortest => Standing::Faster,
            () if least - noise > longest => Standing::Slower,
            () => Standing::Undecided,
        })
    }
}

/// The run with the middle wall time; of an even number, the shorter of the two in the middle.
pub(super) fn middle<'a>(outcomes: &[&'a Outcome]) -> Option<&'a Outcome> {
    let mut order: Vec<&Outcome> = outcomes.to_vec();
    order.sort_by(|a, b| wall_s(a).total_cmp(&wall_s(b)));
    order.get(order.len().saturating_sub(1) / 2).copied()
}

fn wall_s(outcome: &Outcome) -> f64 {
    seconds(outcome.trace.until() - outcome.trace.zero())
}
