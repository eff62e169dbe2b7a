//! What one cell of a lane says, however many spans lie under it.
//!
//! A cell that one state fills shows that state. A cell in which a thread begins or stops to run shows the edge, to an
//! eighth of a cell. Where more happens than that, the cell shows the share of time on a core, in a look that says so. In
//! all three the coloured area is the time on a core, so that half running looks like half, at any zoom. The cost is one
//! binary search and at most 32 additions a cell.

use super::Window;
use crate::clock::Nanos;
use crate::trace::{Mark, Span, Spans, State};
use crate::view::draw::share;

/// What one cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Column {
    /// The thread did not live.
    Blank,
    /// One state all along (or several waiting states, of which this took longest).
    Pure(State),
    /// Two halves of unequal width, one of them on a core.
    Edge {
        /// The state on the left; `None` before the thread's life.
        left: Option<State>,
        /// The state on the right; `None` after it.
        right: Option<State>,
        /// The left part, between 0 and 1.
        at: f64,
    },
    /// More than two stretches.
    Share {
        /// The part of the cell's time on a core, between 0 and 1.
        on: f64,
        /// The longer of the states on a core.
        state: State,
        /// The longest of the states off it, if there is any.
        rest: Option<State>,
    },
}

/// What the cells of a lane say in a window, left to right; `known` is as far as is known of what goes on.
#[must_use]
pub fn columns(spans: &Spans, window: Window, known: Nanos) -> Vec<Column> {
    let mut left = spans.mark(window.instant(0).min(known));
    let next = |column: u16| {
        let to = window.instant(column + 1);
        let right = spans.mark_after(&left, to.min(known));
        let cell = Column::between(spans, &left, &right, to);
        left = right;
        cell
    };
    (0..window.columns).map(next).collect()
}

/// More spans than these in a cell are not looked at one by one.
const FEW: usize = 8;

impl Column {
    /// What happened in `[from, to)`.
    #[cfg(test)]
    #[must_use]
    pub fn of(spans: &Spans, from: Nanos, to: Nanos) -> Self {
        Self::between(spans, &spans.mark(from), &spans.mark(to), to)
    }

    /// What happened between two marks of the same spans, in a cell that ends at `to`, which is later than the second mark
    /// where less is known. Neighbouring cells share the mark at which they meet.
    #[must_use]
    pub fn between(spans: &Spans, from: &Mark, known: &Mark, to: Nanos) -> Self {
        let (window, totals) = spans.between(from, known);
        let (from, known) = (from.at, known.at);
        if window.is_empty() || known <= from {
            return Column::Blank;
        }
        if window.len() <= FEW
            && let Some(column) = Self::simple(&stretches(window, from, known, to), to - from)
        {
            return column;
        }
        let on = share(totals.on_cpu(), to - from);
        let state = if totals.get(State::Native) > totals.get(State::Running) { State::Native } else { State::Running };
        let rest = totals.longest_of(|s| !s.on_cpu());
        match rest {
            Some(wait) if on <= 0.0 => Column::Pure(wait),
            None if on >= 1.0 => Column::Pure(state),
            _ => Column::Share { on, state, rest },
        }
    }

    /// A cell with at most one edge; `None` where it takes a share to tell.
    fn simple(parts: &[(Option<State>, Nanos)], width: Nanos) -> Option<Self> {
        let on = |s: Option<State>| s.is_some_and(State::on_cpu);
        match parts {
            [] => Some(Column::Blank),
            [(state, _)] => Some(state.map_or(Column::Blank, Column::Pure)),
            [(left, first), (right, _)] if on(*left) != on(*right) => {
                Some(Column::Edge { left: *left, right: *right, at: share(*first, width) })
            }
            _ if parts.iter().all(|(s, _)| !on(*s)) => {
                let longest = parts.iter().filter(|(s, _)| s.is_some()).max_by_key(|(_, length)| *length);
                longest.map(|(s, _)| s.map_or(Column::Blank, Column::Pure))
            }
            _ => None,
        }
    }

    /// The part of the cell's time that the thread was on a core, as far as the cell tells it.
    #[cfg(test)]
    #[must_use]
    pub fn on_share(&self) -> f64 {
        match *self {
            Column::Blank => 0.0,
            Column::Pure(state) => f64::from(u8::from(state.on_cpu())),
            Column::Edge { left, at, .. } if left.is_some_and(State::on_cpu) => at,
            Column::Edge { at, .. } => 1.0 - at,
            Column::Share { on, .. } => on,
        }
    }
}

/// The stretches of a cell, with the time before and after the thread's life, equal neighbours joined.
fn stretches(window: &[Span], from: Nanos, known: Nanos, to: Nanos) -> Vec<(Option<State>, Nanos)> {
    let mut out: Vec<(Option<State>, Nanos)> = Vec::with_capacity(window.len() + 2);
    let mut add = |state: Option<State>, length: Nanos| match out.last_mut() {
        _ if length == 0 => {}
        Some((last, sum)) if *last == state => *sum += length,
        _ => out.push((state, length)),
    };
    let mut at = from;
    for span in window {
        add(None, span.start.saturating_sub(at));
        let (start, end) = (span.start.max(from), span.end.min(known));
        add(Some(span.state), end.saturating_sub(start));
        at = end;
    }
    add(None, to.saturating_sub(at));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::runs::thin::thinned;
    use crate::trace::{Lane, LaneKind, Trace};
    use proptest::prelude::*;

    fn spans(parts: &[(u8, u64)]) -> Spans {
        let mut out = Spans::default();
        let mut at = 1000;
        for (state, length) in parts {
            let state = State::ALL[usize::from(*state) % State::COUNT];
            out.push(Span { start: at, end: at + length, state, core: None, wait: None });
            at += length;
        }
        out
    }

    proptest! {
        #[test]
        fn the_coloured_area_is_the_time_on_a_core(
            parts in prop::collection::vec((0u8..8, 0u64..60), 0..200), from in 900u64..9000, width in 1u64..400,
        ) {
            let spans = spans(&parts);
            let slow: u64 = spans.as_slice().iter().filter(|s| s.state.on_cpu())
                .map(|s| s.end.min(from + width).saturating_sub(s.start.max(from))).sum();
            let column = Column::of(&spans, from, from + width);
            prop_assert!((column.on_share() - share(slow, width)).abs() < 1e-9, "{column:?} for {slow} of {width}");
        }
    }

    /// A run that was kept for another day: at every width that it is kept for, each column has the same time on a core,
    /// to the two grains at its edges, and where one state fills it, it still does.
    #[test]
    fn a_thinned_run_has_the_same_picture_up_to_the_widest_screen() {
        let turns: Vec<(u8, u64)> =
            (0..30_000u64).map(|n| (if n % 2 == 0 { 0 } else { 2 }, 40_000 + n * 7919 % 90_000)).collect();
        let mut parts = turns.clone();
        parts.push((5, 900_000_000));
        parts.extend(turns);
        let all = spans(&parts);
        let end = all.as_slice().last().map_or(0, |span| span.end);
        let lane =
            Lane { pid: 1, tid: 1, kind: LaneKind::Main, start: 1000, end: Some(end), spans: all, ..Lane::default() };
        let trace = Trace { lanes: vec![lane], launched_at: 1000, ended_at: Some(end), ..Trace::default() };
        let thin = thinned(&trace, 20_000).expect("it can be thinned");
        assert!(thin.grain > 0 && thin.lanes[0].spans.as_slice().len() <= 20_000);
        for columns in 1..=200u64 {
            let at = |n: u64| 1000 + (end - 1000) * n / columns;
            for n in 0..columns {
                let (from, to) = (at(n), at(n + 1));
                let column = |trace: &Trace| Column::of(&trace.lanes[0].spans, from, to);
                let (was, is) = (column(&trace), column(&thin));
                let off = (was.on_share() - is.on_share()).abs();
                assert!(off <= share(2 * thin.grain, to - from), "{columns} columns, {n}: {was:?}, {is:?}");
                assert!(!matches!(was, Column::Pure(_)) || was == is, "{columns} columns, {n}: {was:?}, {is:?}");
            }
        }
    }

    #[test]
    fn what_goes_on_is_drawn_as_far_as_it_is_known() {
        let window = Window { from: 1000, to: 1400, columns: 4 };
        let (mut open, mut closed) = (spans(&[(2, 70)]), spans(&[(2, 70)]));
        let running = |end| Span { start: 1070, end, state: State::Running, core: None, wait: None };
        open.go_on(running(0));
        closed.push(running(1250));
        assert_eq!(columns(&open, window, 1250), columns(&closed, window, 1250));
        assert_eq!(
            columns(&open, window, 1250)[2..],
            [Column::Edge { left: Some(State::Running), right: None, at: 0.5 }, Column::Blank]
        );
    }

    #[test]
    fn a_change_inside_a_cell_is_an_edge() {
        let spans = spans(&[(0, 30), (2, 70)]);
        let edge = Column::Edge { left: Some(State::Running), right: Some(State::GilWait), at: 0.3 };
        assert_eq!(Column::of(&spans, 1000, 1100), edge);
        assert_eq!(Column::of(&spans, 1030, 1100), Column::Pure(State::GilWait));
        assert_eq!(Column::of(&spans, 1100, 1200), Column::Blank);
    }
}
