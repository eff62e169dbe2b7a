//! Who held a GIL, and when: stored so that a window's answer costs two binary searches, however many turns lie in it.

use crate::clock::Nanos;
use crate::trace::record::Pid;

/// A stretch in which one thread held a GIL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// When the thread took it.
    pub start: Nanos,
    /// When it dropped it: the first instant that no longer belongs to the hold.
    pub end: Nanos,
    /// The thread's place among the trace's lanes.
    pub lane: usize,
    /// How long it was held in all before this hold.
    before: Nanos,
    /// How often it had passed from one thread to another before this hold ended.
    turns: usize,
}

impl Hold {
    /// How often the GIL had passed from one thread to another before this hold ended.
    #[must_use]
    pub const fn turns(&self) -> usize {
        self.turns
    }
}

/// Everything that is known of one interpreter's GIL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GilTrack {
    /// The process.
    pub pid: Pid,
    /// The GIL's address in that process: tells apart the GILs of several interpreters. 0 where a forked child holds
    /// what it inherited and has not said which that is.
    pub gil: u64,
    /// In order, and never two at one instant.
    holds: Vec<Hold>,
}

/// A window on a GIL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held<'t> {
    /// The holds that touch the window, in order.
    pub holds: &'t [Hold],
    /// How long it was held in the window.
    pub total: Nanos,
    /// How often it passed from one thread to another in the window.
    pub turns: usize,
}

impl GilTrack {
    /// A GIL of which no hold is known yet.
    #[must_use]
    pub const fn new(pid: Pid, gil: u64) -> GilTrack {
        GilTrack { pid, gil, holds: Vec::new() }
    }

    /// The same GIL with its last hold alone: what it takes to say that it passed from one thread to another.
    #[must_use]
    pub fn without_holds(&self) -> GilTrack {
        GilTrack { holds: self.holds.last().copied().into_iter().collect(), ..*self }
    }

    /// Every hold, in order.
    #[must_use]
    pub fn holds(&self) -> &[Hold] {
        &self.holds
    }

    /// Adds the next hold. What overlaps the one before, because its end was lost, begins at that one's end.
    pub fn push(&mut self, lane: usize, start: Nanos, end: Nanos) {
        let last = self.holds.last();
        let start = last.map_or(start, |last| start.max(last.end));
        if end <= start {
            return;
        }
        let before = last.map_or(0, |last| last.before + (last.end - last.start));
        let turns = last.map_or(0, |last| last.turns + usize::from(last.lane != lane));
        self.holds.push(Hold { start, end, lane, before, turns });
    }

    /// Adds the next hold where it is known how often the GIL has passed from one thread to another since the last one
    /// ended, this time counted: holds that were too short to be kept lie between.
    pub fn push_after(&mut self, lane: usize, start: Nanos, end: Nanos, turns: usize) {
        let (before, count) = (self.turns(), self.holds.len());
        self.push(lane, start, end);
        if let Some(added) = self.holds.get_mut(count) {
            added.turns = before.saturating_add(turns);
        }
    }

    /// Keeps the first `count` holds.
    pub(super) fn truncate(&mut self, count: usize) {
        self.holds.truncate(count);
    }

    /// What is known of the window `[from, to)`.
    #[must_use]
    pub fn between(&self, from: Nanos, to: Nanos) -> Held<'_> {
        let first = self.holds.partition_point(|hold| hold.end <= from);
        let past = self.holds.partition_point(|hold| hold.start < to).max(first);
        let holds = &self.holds[first..past];
        let (Some(one), Some(last)) = (holds.first(), holds.last()) else { return Held { holds, total: 0, turns: 0 } };
        let until = last.before + (last.end.min(to) - last.start);
        let total = until - one.before - from.saturating_sub(one.start);
        Held { holds, total, turns: last.turns - one.turns }
    }

    /// Who holds it at this instant: the lane.
    #[must_use]
    pub fn holder(&self, at: Nanos) -> Option<usize> {
        self.between(at, at + 1).holds.first().map(|hold| hold.lane)
    }

    /// How often it passed from one thread to another in all.
    #[must_use]
    pub fn turns(&self) -> usize {
        self.holds.last().map_or(0, |last| last.turns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn track(steps: &[(u8, u64, u64)]) -> GilTrack {
        let mut track = GilTrack::new(10, 7);
        let mut at = 100;
        for (lane, gap, length) in steps {
            track.push(usize::from(*lane), at + gap, at + gap + length);
            at += gap + length;
        }
        track
    }

    proptest! {
        #[test]
        fn a_window_says_what_its_holds_add_up_to(
            steps in prop::collection::vec((0u8..3, 0u64..9, 0u64..40), 0..60), from in 90u64..900, width in 1u64..300,
        ) {
            let track = track(&steps);
            let to = from + width;
            let inside: Vec<&Hold> = track.holds().iter().filter(|h| h.start < to && h.end > from).collect();
            let held: u64 = inside.iter().map(|h| h.end.min(to) - h.start.max(from)).sum();
            let turns = inside.windows(2).filter(|two| two[0].lane != two[1].lane).count();
            let found = track.between(from, to);
            prop_assert_eq!((found.total, found.turns, found.holds.len()), (held, turns, inside.len()));
            let holder = track.holds().iter().find(|h| (h.start..h.end).contains(&from)).map(|h| h.lane);
            prop_assert_eq!(track.holder(from), holder);
        }
    }

    #[test]
    fn two_never_hold_it_at_one_instant() {
        let mut track = GilTrack::new(10, 7);
        track.push(0, 100, 200);
        track.push(1, 150, 180);
        track.push(1, 190, 300);
        let holds: Vec<_> = track.holds().iter().map(|h| (h.lane, h.start, h.end)).collect();
        assert_eq!(holds, [(0, 100, 200), (1, 200, 300)]);
        assert_eq!(track.turns(), 1);
    }
}
