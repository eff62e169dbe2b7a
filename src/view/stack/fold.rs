//! The lanes of a run in one row: how many of them were on a core at once, as a height. What one of them alone did in a
//! cell is in its colour. Where they took turns under a GIL the height is woven, as in a lane: turns are not a crowd.

use super::lanes::Drawn;
use crate::clock::Nanos;
use crate::trace::{Mark, State, StateTotals, Trace};
use crate::view::draw;
use crate::view::theme::Theme;
use crate::view::timeline::Window;
use crate::view::timeline::gil::Owned;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A lane that did this share of what was done in a cell did it alone.
const ALONE: f64 = 0.9;
/// More lanes on a core at once did not just take turns.
const TURNS: f64 = 1.1;
/// Below this part of the height a cell shows what was waited for.
const SLIVER: f64 = 0.06;

/// What all lanes together did in one cell.
#[derive(Debug, Clone, Copy, Default)]
struct Together {
    totals: StateTotals,
    /// The lane that was on a core longest, and how long.
    most: (Nanos, Option<usize>),
    /// How long the cell is.
    width: Nanos,
}

impl Together {
    /// How many lanes were on a core at once, on average.
    fn on(&self) -> f64 {
        draw::share(self.totals.on_cpu(), self.width)
    }
}

/// The cells of a run, left to right.
fn cells(trace: &Trace, window: Window) -> Vec<Together> {
    let width = |column: u16| window.instant(column + 1) - window.instant(column);
    let mut out: Vec<Together> =
        (0..window.columns).map(|column| Together { width: width(column), ..Together::default() }).collect();
    let known = |column: u16| window.instant(column).min(trace.known_until);
    let drawn = super::lanes::drawn(trace);
    if let Drawn::Crowd(_) = drawn {
        // Nobody can be told apart: all of them at once.
        let mut before = trace.census.before(known(0));
        for (column, cell) in (0..window.columns).zip(&mut out) {
            let until = trace.census.before(known(column + 1));
            let spent = until.0.iter().zip(before.0).map(|(until, before)| until.saturating_sub(before));
            cell.totals.0.iter_mut().zip(spent).for_each(|(total, spent)| *total = spent);
            before = until;
        }
        return out;
    }
    for (lane, color) in drawn.few() {
        let spans = &trace.lanes[*lane].spans;
        let mut left: Mark = spans.mark(known(0));
        for (column, cell) in (0..window.columns).zip(&mut out) {
            let right = spans.mark_after(&left, known(column + 1));
            let (_, totals) = spans.between(&left, &right);
            cell.totals.merge(&totals);
            if totals.on_cpu() > cell.most.0 {
                cell.most = (totals.on_cpu(), *color);
            }
            left = right;
        }
    }
    out
}

/// The most lanes of a run that were on a core at once, on average over a cell.
#[must_use]
pub fn most(trace: &Trace, window: Window) -> f64 {
    cells(trace, window).iter().map(Together::on).fold(0.0, f64::max)
}

/// Draws the row; `scale` lanes at once fill it.
pub fn paint(theme: &Theme, trace: &Trace, window: Window, scale: f64, area: Rect, buf: &mut Buffer) {
    let rows = f64::from(area.height);
    let gils = super::lanes::passed_on(trace, &super::lanes::drawn(trace));
    for ((column, cell), x) in (0..).zip(cells(trace, window)).zip(area.left()..area.right()) {
        let (from, to) = (window.instant(column), window.instant(column + 1));
        let passes = |gil: &usize| {
            matches!(
                Owned::of(&trace.gils[*gil], from, to.min(trace.known_until).max(from)),
                Owned::Passed(..) | Owned::Turns(..)
            )
        };
        let turns = cell.on() < TURNS && gils.iter().any(passes);
        let part = (cell.on() / scale.max(1.0)).min(1.0);
        let wait = cell.totals.longest_of(|state| !state.on_cpu() && state != State::Unknown);
        let ground = wait.and_then(|wait| theme.palette.tints[wait.index()]);
        let alone = cell.most.0 > 0 && draw::share(cell.most.0, cell.totals.on_cpu()) >= ALONE;
        let front = if alone { theme.thread(cell.most.1) } else { theme.palette.text };
        for y in area.top()..area.bottom() {
            let above = f64::from(area.bottom() - 1 - y);
            let filled = (part * rows - above).clamp(0.0, 1.0);
            let (glyph, style) = match wait {
                Some(wait) if part < SLIVER => (theme.glyphs.state(wait), theme.state(wait, None)),
                _ if turns && filled > 0.0 => (theme.glyphs.woven(filled), front),
                _ => (theme.glyphs.height(filled), front),
            };
            draw::text(buf, area, x, y, glyph, ground.map_or(style, |ground| Style { bg: Some(ground), ..style }));
        }
    }
}
