//! Who held a GIL, and when: stored so that a window's answer costs two binary searches, however many turns lie in it.

use crate::clock::Nanos;
use crate::trace::record::Pid;
use crate::trace::span::Span;
use std::collections::BTreeMap;

/// A stretch in which one thread held a GIL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// When the thread took it.
    pub start: Nanos,
    /// When it dropped it: the first instant that no longer belongs to the hold. [`Span::GOES_ON`] while it has it.
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
    /// How long each lane held it, without what goes on.
    by_lane: BTreeMap<usize, Nanos>,
}

/// The end of a track, to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct TrackEnd {
    count: usize,
    last: Option<Hold>,
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
    pub fn new(pid: Pid, gil: u64) -> GilTrack {
        GilTrack { pid, gil, ..GilTrack::default() }
    }

    /// Every hold, in order.
    #[must_use]
    pub fn holds(&self) -> &[Hold] {
        &self.holds
    }

    /// How many holds end after `at`.
    pub(super) fn count_after(&self, at: Nanos) -> usize {
        self.holds.len() - self.holds.partition_point(|hold| hold.end <= at)
    }

    /// How long a lane held it, at least a moment where it has it now.
    #[must_use]
    pub fn held_by(&self, lane: usize) -> Nanos {
        let now = self.holds.last().is_some_and(|last| last.lane == lane);
        self.by_lane.get(&lane).copied().unwrap_or_else(|| u64::from(now))
    }

    /// Where it ends now.
    pub(super) fn end(&self) -> TrackEnd {
        TrackEnd { count: self.holds.len(), last: self.holds.last().copied() }
    }

    /// Goes back to where it ended.
    pub(super) fn back_to(&mut self, end: TrackEnd) {
        let from = end.count.saturating_sub(1).min(self.holds.len());
        for gone in self.holds.split_off(from) {
            if let Some(held) = self.by_lane.get_mut(&gone.lane).filter(|_| gone.end != Span::GOES_ON) {
                *held -= gone.end - gone.start;
                if *held == 0 {
                    self.by_lane.remove(&gone.lane);
                }
            }
        }
        if let Some(last) = end.last {
            self.add(last);
        }
    }

    fn add(&mut self, hold: Hold) {
        self.holds.push(hold);
        if hold.end != Span::GOES_ON {
            *self.by_lane.entry(hold.lane).or_default() += hold.end - hold.start;
        }
    }

    /// The hold that goes on ends.
    pub(super) fn close(&mut self, at: Nanos) {
        let Some(last) = self.holds.last_mut().filter(|hold| hold.end == Span::GOES_ON) else { return };
        if at <= last.start {
            self.holds.pop();
            return;
        }
        last.end = at;
        *self.by_lane.entry(last.lane).or_default() += at - last.start;
    }

    /// Adds the next hold. What overlaps the one before, because its end was lost, begins at that one's end.
    pub fn push(&mut self, lane: usize, start: Nanos, end: Nanos) {
        self.close(start);
        let last = self.holds.last();
        let start = last.map_or(start, |last| start.max(last.end));
        if end <= start {
            return;
        }
        let before = last.map_or(0, |last| last.before + (last.end - last.start));
        let turns = last.map_or(0, |last| last.turns + usize::from(last.lane != lane));
        self.add(Hold { start, end, lane, before, turns });
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

    /// The hold at this instant.
    #[must_use]
    pub fn at(&self, at: Nanos) -> Option<&Hold> {
        self.between(at, at + 1).holds.first()
    }

    /// Who holds it at this instant: the lane.
    #[must_use]
    pub fn holder(&self, at: Nanos) -> Option<usize> {
        self.at(at).map(|hold| hold.lane)
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
            let lanes = |lane| track.holds().iter().filter(|h| h.lane == lane).map(|h| h.end - h.start).sum::<u64>();
            prop_assert!((0..3).all(|lane| track.held_by(lane) == lanes(lane)));
            let found = track.between(from, to);
            prop_assert_eq!((found.total, found.turns, found.holds.len()), (held, turns, inside.len()));
            let holder = track.holds().iter().find(|h| (h.start..h.end).contains(&from)).map(|h| h.lane);
            prop_assert_eq!(track.holder(from), holder);
        }
    }

    #[test]
    fn what_goes_on_is_held_as_long_as_one_asks_and_can_be_come_back_to() {
        let mut track = GilTrack::new(10, 7);
        track.push(0, 100, 200);
        track.push(1, 250, Span::GOES_ON);
        assert_eq!((track.between(0, 300).total, track.holder(1_000)), (150, Some(1)));
        let (before, end) = (track.clone(), track.end());
        track.close(300);
        track.push(0, 300, 400);
        track.push(2, 400, Span::GOES_ON);
        assert_eq!([0, 1, 2].map(|lane| track.held_by(lane)), [200, 50, 1]);
        track.back_to(end);
        assert_eq!(track, before);
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
