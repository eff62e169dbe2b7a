//! How many tasks of a loop did what, over time: stored so that an instant costs a binary search and at most 64 additions,
//! however many tasks there are.

use crate::clock::Nanos;
use crate::trace::State;

/// How many changes share one stored count.
const STRIDE: usize = 64;

/// How many tasks are in each state, by [`State::index`]. One that awaits what nobody asked is in [`State::Unknown`].
pub type Counts = [u32; State::COUNT];

/// One task went from one state to another; `None` before it ran first and after it has finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    at: Nanos,
    from: Option<State>,
    to: Option<State>,
}

/// The counts of a loop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    changes: Vec<Change>,
    /// The counts before every 64th change.
    before: Vec<Counts>,
    now: Counts,
    most: u32,
    most_in: Counts,
    /// Which states a task was in for a while, a bit for each by [`State::index`].
    seen: u16,
}

fn apply(counts: &mut Counts, change: &Change) {
    if let Some(from) = change.from {
        counts[from.index()] = counts[from.index()].saturating_sub(1);
    }
    if let Some(to) = change.to {
        counts[to.index()] += 1;
    }
}

impl Census {
    /// A task changes; changes come in order of time, and one that comes too late counts as of now.
    pub(super) fn change(&mut self, at: Nanos, from: Option<State>, to: Option<State>) {
        if from == to {
            return;
        }
        let last = self.changes.last().map_or(at, |last| last.at);
        let at = at.max(last);
        if at > last {
            self.seen |= self.present();
        }
        if self.changes.len().is_multiple_of(STRIDE) {
            self.before.push(self.now);
        }
        let change = Change { at, from, to };
        apply(&mut self.now, &change);
        self.changes.push(change);
        self.most = self.most.max(self.now.iter().sum());
        if let Some(to) = to {
            self.most_in[to.index()] = self.most_in[to.index()].max(self.now[to.index()]);
        }
    }

    /// The counts at an instant.
    #[must_use]
    pub fn at(&self, at: Nanos) -> Counts {
        let done = self.changes.partition_point(|change| change.at <= at);
        let Some(block) = done.checked_sub(1).map(|last| last / STRIDE) else { return Counts::default() };
        let mut counts = self.before[block];
        self.changes[block * STRIDE..done].iter().for_each(|change| apply(&mut counts, change));
        counts
    }

    /// The most tasks that were in a state at one instant.
    #[must_use]
    pub const fn most_in(&self, state: State) -> u32 {
        self.most_in[state.index()]
    }

    /// The states that a task is in after the last change.
    fn present(&self) -> u16 {
        let bit = |(state, count): (usize, &u32)| u16::from(*count > 0) << state;
        self.now.iter().enumerate().map(bit).fold(0, |all, one| all | one)
    }

    /// Whether a task was in this state for a while: one that is, will be.
    #[must_use]
    pub fn has_seen(&self, state: State) -> bool {
        (self.seen | self.present()) >> state.index() & 1 != 0
    }

    /// How many tasks lived at an instant.
    #[must_use]
    pub fn living(&self, at: Nanos) -> u32 {
        self.at(at).iter().sum()
    }

    /// The most tasks that lived at one instant.
    #[must_use]
    pub const fn most(&self) -> u32 {
        self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_instant_counts_what_changed_before_it(
            steps in prop::collection::vec((0u64..9, 0usize..9, 0usize..9), 0..400), at in 90u64..2000,
        ) {
            let state = |n: usize| State::ALL.get(n).copied();
            let (mut census, mut time, mut slow) = (Census::default(), 100, Counts::default());
            let mut most = Counts::default();
            let (mut all, mut seen) = (Counts::default(), [false; State::COUNT]);
            for (gap, from, to) in steps {
                time += gap;
                if gap > 0 {
                    seen.iter_mut().zip(all).for_each(|(seen, count)| *seen |= count > 0);
                }
                if from != to {
                    apply(&mut all, &Change { at: time, from: state(from), to: state(to) });
                }
                census.change(time, state(from), state(to));
                most.iter_mut().zip(census.now).for_each(|(most, now)| *most = now.max(*most));
                if time <= at && from != to {
                    apply(&mut slow, &Change { at: time, from: state(from), to: state(to) });
                }
            }
            prop_assert_eq!(census.at(at), slow);
            prop_assert_eq!(census.most_in, most);
            for state in State::ALL {
                prop_assert_eq!(census.has_seen(state), seen[state.index()] || all[state.index()] > 0);
            }
        }
    }
}
