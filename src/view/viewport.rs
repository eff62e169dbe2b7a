//! The window of time that a timeline shows, and how it moves. Pure: the same steps lead to the same window.

use crate::clock::{MILLISECOND, Nanos};
use crate::trace::Trace;
use crate::view::lanes::{Open, Pointed};

/// The shortest window: below it there is nothing left to see.
pub const NARROWEST: Nanos = 1_000;
/// The window that a live run starts with, before it has lasted longer.
const OPENING: Nanos = 100 * MILLISECOND;

/// What part of a trace is on screen. Times are on the trace's own clock.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Viewport {
    /// The first instant shown.
    pub from: Nanos,
    /// The first instant no longer shown.
    pub to: Nanos,
    /// The right edge follows the run.
    pub follow: bool,
    /// The first row shown, counted over the timeline's rows.
    pub first_lane: usize,
    /// The instant that the learner points at.
    pub cursor: Option<Nanos>,
    /// The row that the learner points at.
    pub selected: Option<Pointed>,
    /// Where the learner has put the lens: the first instant that it shows.
    pub lens: Option<Nanos>,
    /// Whether lanes are shown that are folded otherwise.
    pub open: Open,
}

impl Viewport {
    /// The whole of a trace so far, following it while it runs.
    #[must_use]
    pub fn fit(trace: &Trace) -> Self {
        let mut view = Viewport { follow: trace.ended_at.is_none(), ..Viewport::default() };
        view.fit_all(trace);
        view
    }

    /// How much time is shown.
    #[must_use]
    pub const fn span(&self) -> Nanos {
        self.to.saturating_sub(self.from)
    }

    /// Shows everything from the program's start to the last known instant.
    pub fn fit_all(&mut self, trace: &Trace) {
        self.from = trace.zero();
        self.to = trace.until().max(self.from.saturating_add(NARROWEST));
        if trace.ended_at.is_none() {
            self.to = self.to.max(self.from.saturating_add(OPENING));
        }
    }

    /// Takes the window along with a run that has grown, unless it does not follow. A window that showed all goes on to
    /// show all; one that was zoomed keeps its width.
    pub fn advance(&mut self, trace: &Trace) {
        if !self.follow {
            return;
        }
        let zero = trace.zero();
        if self.from <= zero {
            self.from = zero;
            self.to = self.to.max(trace.until()).max(zero.saturating_add(OPENING));
        } else {
            let span = self.span();
            self.to = trace.until().max(zero.saturating_add(span));
            self.from = self.to - span;
        }
    }

    /// Zooms by a factor of `numerator / denominator` (below one: in), keeping the cursor, or else the centre, or while
    /// following the right edge, in its place.
    pub fn zoom(&mut self, numerator: u32, denominator: u32, trace: &Trace) {
        let span = self.span().max(1);
        let longest = whole(trace);
        let anchor = match self.cursor {
            Some(c) if (self.from..=self.to).contains(&c) => c,
            _ if self.follow => self.to,
            _ => self.from + self.span() / 2,
        };
        let least = narrowest(trace, anchor).min(longest).min(span);
        let new = scale(span, numerator, denominator).clamp(least, longest);
        let before = mul_div(anchor.saturating_sub(self.from), new, span);
        self.from = anchor.saturating_sub(before);
        self.to = self.from.saturating_add(new);
        self.clamp(trace);
    }

    /// Zooms in by half.
    pub fn zoom_in(&mut self, trace: &Trace) {
        self.zoom(1, 2, trace);
    }

    /// Zooms out to double.
    pub fn zoom_out(&mut self, trace: &Trace) {
        self.zoom(2, 1, trace);
    }

    /// Moves by eighths of the window, to the left where negative. Moving stops following; reaching the end of a live
    /// run takes it up again.
    pub fn pan(&mut self, eighths: i32, trace: &Trace) {
        let step = mul_div(self.span().max(1), u64::from(eighths.unsigned_abs()), 8).max(1);
        let span = self.span();
        if eighths < 0 {
            self.from = self.from.saturating_sub(step);
        } else {
            self.from = self.from.saturating_add(step);
        }
        self.to = self.from.saturating_add(span);
        self.clamp(trace);
        self.follow = eighths > 0 && trace.ended_at.is_none() && self.to >= trace.until();
    }

    /// Moves the cursor by columns of a timeline that is `columns` wide, and the window with it where it would leave.
    pub fn move_cursor(&mut self, by: i32, columns: u16, trace: &Trace) {
        self.step_cursor(by, self.span() / u64::from(columns.max(1)), trace);
    }

    /// The same by steps of `cell`.
    pub fn step_cursor(&mut self, by: i32, cell: Nanos, trace: &Trace) {
        let cell = cell.max(1);
        let at = self.cursor.unwrap_or(self.from + self.span() / 2);
        let step = cell.saturating_mul(u64::from(by.unsigned_abs()));
        let at = if by < 0 { at.saturating_sub(step) } else { at.saturating_add(step) };
        let at = at.clamp(trace.launched_at.min(trace.zero()), trace.until());
        self.cursor = Some(at);
        let span = self.span();
        if at < self.from {
            self.from = at;
            self.follow = false;
        } else if at >= self.to {
            self.from = at.saturating_add(1).saturating_sub(span);
        }
        self.to = self.from.saturating_add(span);
    }

    /// Scrolls the rows.
    pub fn scroll(&mut self, by: i32, rows: usize) {
        let step = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        let to = if by < 0 { self.first_lane.saturating_sub(step) } else { self.first_lane.saturating_add(step) };
        self.first_lane = to.min(rows.saturating_sub(1));
    }

    /// Keeps the window inside the trace.
    pub fn clamp(&mut self, trace: &Trace) {
        let first = trace.launched_at.min(trace.zero());
        let longest = whole(trace);
        let span = self.span().clamp(1, longest);
        let last = first.saturating_add(longest);
        self.from = self.from.clamp(first, last.saturating_sub(span));
        self.to = self.from.saturating_add(span);
    }
}

/// Columns of the widest screen that a window is as narrow for as what is known allows.
const COLUMNS: u16 = 200;

/// The shortest window around an instant: no finer than it is known when something happened.
const fn narrowest(trace: &Trace, at: Nanos) -> Nanos {
    let known = trace.finest(at, COLUMNS);
    if known > NARROWEST { known } else { NARROWEST }
}

/// The longest window: from the launch to the end so far.
fn whole(trace: &Trace) -> Nanos {
    let first = trace.launched_at.min(trace.zero());
    let least = if trace.ended_at.is_none() { trace.zero().saturating_sub(first) + OPENING } else { NARROWEST };
    trace.until().saturating_sub(first).max(least)
}

fn scale(value: Nanos, numerator: u32, denominator: u32) -> Nanos {
    mul_div(value, u64::from(numerator), u64::from(denominator.max(1)))
}

fn mul_div(value: u64, numerator: u64, denominator: u64) -> u64 {
    u64::try_from(u128::from(value) * u128::from(numerator) / u128::from(denominator.max(1))).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn trace(launched: Nanos, startup: Nanos, length: Nanos, ended: bool) -> Trace {
        let end = launched + startup + length;
        Trace {
            launched_at: launched,
            program_at: Some(launched + startup),
            ended_at: ended.then_some(end),
            known_until: end,
            ..Trace::default()
        }
    }

    #[derive(Debug, Clone)]
    enum Step {
        Zoom(u32, u32),
        Pan(i32),
        Cursor(i32),
        Fit,
        Advance,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (1u32..5, 1u32..5).prop_map(|(a, b)| Step::Zoom(a, b)),
            (-40i32..40).prop_map(Step::Pan),
            (-300i32..300).prop_map(Step::Cursor),
            Just(Step::Fit),
            Just(Step::Advance),
        ]
    }

    proptest! {
        #[test]
        fn no_walk_leaves_the_trace(
            launched in 0u64..1_000_000_000_000, startup in 0u64..50_000_000, length in 0u64..5_000_000_000,
            ended: bool, steps in prop::collection::vec(step(), 0..40),
        ) {
            let trace = trace(launched, startup, length, ended);
            let mut view = Viewport::fit(&trace);
            for step in steps {
                match step {
                    Step::Zoom(a, b) => view.zoom(a, b, &trace),
                    Step::Pan(e) => view.pan(e, &trace),
                    Step::Cursor(by) => view.move_cursor(by, 80, &trace),
                    Step::Fit => view.fit_all(&trace),
                    Step::Advance => view.advance(&trace),
                }
                prop_assert!(view.from < view.to);
                prop_assert!(view.to <= trace.until().saturating_add(OPENING + startup));
                prop_assert!(view.to > trace.launched_at);
                if let Some(c) = view.cursor {
                    prop_assert!(c >= trace.launched_at && c <= trace.until());
                }
            }
        }

        #[test]
        fn zooming_in_keeps_the_cursor_in_its_column(at in 1_000_000u64..999_000_000) {
            let trace = trace(0, 0, 1_000_000_000, true);
            let mut view = Viewport { cursor: Some(at), ..Viewport::fit(&trace) };
            let column = |v: &Viewport| mul_div(at - v.from, 1000, v.span());
            let before = column(&view);
            view.zoom_in(&trace);
            prop_assert!(column(&view).abs_diff(before) <= 1);
            prop_assert_eq!(view.span(), 500_000_000);
        }
    }

    #[test]
    fn a_zoomed_window_follows_with_its_width() {
        let mut view = Viewport::fit(&trace(0, 0, 1_000_000_000, false));
        view.zoom_in(&trace(0, 0, 1_000_000_000, false));
        assert_eq!((view.from, view.to), (500_000_000, 1_000_000_000));
        view.advance(&trace(0, 0, 3_000_000_000, false));
        assert_eq!((view.from, view.to), (2_500_000_000, 3_000_000_000));
    }

    #[test]
    fn a_window_that_does_not_follow_stands_still() {
        let mut view = Viewport::fit(&trace(0, 0, 1_000_000_000, false));
        view.follow = false;
        let before = view.clone();
        view.advance(&trace(0, 0, 3_000_000_000, false));
        assert_eq!(view, before);
    }
}
