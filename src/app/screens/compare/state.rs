//! What is known of an open comparison. Its runs are the desk's: here is which of them, and how they are looked at.

use crate::app::screens::desk::{Desk, Run};
use crate::clock::{MILLISECOND, Nanos};
use crate::insight::Ledger;
use crate::lesson::types::Knobs;
use crate::runtime::Runtime;
use std::collections::BTreeMap;

/// How much of each run a close-up shows: some twenty turns under a GIL.
pub const CLOSE_UP: Nanos = 100 * MILLISECOND;

/// The least that is shown of the axis.
const NARROWEST: Nanos = MILLISECOND / 10;

/// An open comparison.
#[derive(Debug, Clone)]
pub struct Comparing {
    /// The lesson's place in the course.
    pub lesson: usize,
    /// The programs, by place in the lesson, in its order.
    pub programs: Vec<usize>,
    /// Who runs them.
    pub runtime: Runtime,
    /// The knobs' values.
    pub knobs: Knobs,
    /// Whether it is what a newcomer sees first.
    pub demo: bool,
    /// How many runs are made on the spot, or were.
    pub making: usize,
    /// Why a program has no run, by its place: it cannot run here, or could not be started.
    pub why_not: BTreeMap<usize, String>,
    /// How a run ended that did not end well, in a few words.
    pub ended: BTreeMap<usize, String>,
    /// Where a run shows its typical pattern, after its program's start.
    pub typical: BTreeMap<usize, Nanos>,
    /// What the cores' time went for in each run.
    pub spent: BTreeMap<usize, Ledger>,
    /// What differs, in sentences, and what is to be kept in mind.
    pub said: Said,
    /// The part of the axis that is shown; all of it where `None`.
    pub window: Option<(Nanos, Nanos)>,
    /// The instant that the learner points at, after each run's start.
    pub cursor: Option<Nanos>,
    /// The first run shown, where not all have room.
    pub first: usize,
}

/// What is said of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// What differs.
    pub sentence: String,
    /// What to keep in mind.
    pub caveat: Option<String>,
    /// The programs whose difference from the baseline may be noise.
    pub unclear: Vec<String>,
}

impl Comparing {
    /// A comparison of these programs of a lesson, before anything of it is known.
    #[must_use]
    pub fn new(lesson: usize, programs: Vec<usize>, runtime: Runtime, knobs: Knobs, demo: bool) -> Comparing {
        Comparing {
            lesson,
            programs,
            runtime,
            knobs,
            demo,
            making: 0,
            why_not: BTreeMap::new(),
            ended: BTreeMap::new(),
            typical: BTreeMap::new(),
            spent: BTreeMap::new(),
            said: Said::default(),
            window: None,
            cursor: None,
            first: 0,
        }
    }

    /// The last run of a program under the conditions of this comparison, whose picture is still there and whole: of a
    /// thinned one it is not known what happened at the same time.
    #[must_use]
    pub fn run<'a>(&self, desk: &'a Desk, program: usize) -> Option<&'a Run> {
        let used = desk.used_knobs(program, &self.runtime, &self.knobs);
        let whole = |run: &Run| run.outcome.as_ref().is_some_and(|outcome| outcome.trace.grain == 0);
        let mut runs = desk.runs.iter().rev().filter(|run| run.program == program && !run.edited && whole(run));
        runs.find(|run| run.spec.runtime == self.runtime && run.used == used)
    }

    /// How the runs ended that did not end well, in a few words.
    #[must_use]
    pub fn endings(&self, desk: &Desk) -> BTreeMap<usize, String> {
        let ended = |program: &usize| self.run(desk, *program).filter(|run| !run.end.success());
        self.programs.iter().filter_map(|program| Some((*program, ended(program)?.end.short()))).collect()
    }

    /// The part of an axis of this length that is shown.
    #[must_use]
    pub fn shown(&self, axis: Nanos) -> (Nanos, Nanos) {
        let (from, to) = self.window.unwrap_or((0, axis));
        let span = to.saturating_sub(from).clamp(NARROWEST.min(axis), axis.max(1));
        let from = from.min(axis.saturating_sub(span));
        (from, from + span)
    }

    /// Shows half as much (`in_`) or twice as much of the axis, about `anchor`.
    pub fn zoom(&mut self, closer: bool, axis: Nanos, anchor: Option<Nanos>) {
        let (from, to) = self.shown(axis);
        let span = to - from;
        let new = if closer { (span / 2).max(NARROWEST.min(axis)) } else { span.saturating_mul(2) };
        if new >= axis {
            self.window = None;
            return;
        }
        let anchor = anchor.filter(|at| (from..=to).contains(at)).unwrap_or(from + span / 2);
        let before = u64::try_from(u128::from(anchor - from) * u128::from(new) / u128::from(span)).unwrap_or(0);
        let from = anchor.saturating_sub(before).min(axis - new);
        self.window = Some((from, from + new));
    }

    /// Moves the cursor by so many columns of `columns`, and the window with it where it would leave.
    pub fn step(&mut self, by: i64, columns: u16, axis: Nanos) {
        let (from, to) = self.shown(axis);
        let cell = ((to - from) / u64::from(columns.max(1))).max(1);
        let at = match self.cursor {
            Some(at) => at.saturating_add_signed(by.saturating_mul(i64::try_from(cell).unwrap_or(i64::MAX))),
            None => from + (to - from) / 2,
        };
        let at = at.min(axis.saturating_sub(1));
        self.cursor = Some(at);
        if !(from..to).contains(&at) {
            let span = to - from;
            let from = if at < from { at } else { (at + 1).saturating_sub(span) };
            self.window = Some((from, from + span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn comparing() -> Comparing {
        Comparing::new(0, Vec::new(), Runtime::default(), Knobs::new(), false)
    }

    proptest! {
        #[test]
        fn no_walk_leaves_the_axis(axis in 1u64..10_000_000_000, steps in prop::collection::vec((0u8..4, 1i64..90), 0..60)) {
            let mut view = comparing();
            for (what, by) in steps {
                let cursor = view.cursor;
                match what {
                    0 => view.zoom(true, axis, cursor),
                    1 => view.zoom(false, axis, cursor),
                    2 => view.step(by, 80, axis),
                    _ => view.step(-by, 80, axis),
                }
                let (from, to) = view.shown(axis);
                prop_assert!(from < to && to <= axis.max(1), "{from}..{to} of {axis}");
                prop_assert!(view.cursor.is_none_or(|at| at < axis.max(1)));
                if what > 1 {
                    prop_assert!(view.cursor.is_some_and(|at| (from..to).contains(&at)), "the cursor is in sight");
                }
            }
        }
    }
}
