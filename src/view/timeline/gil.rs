//! The row of a GIL: who held it, drawn by its holder and never by a mean.
//!
//! A cell in which one thread held it has that thread's colour. A cell in which it passed on once is cut where it did.
//! A cell of more turns says that by a look of its own, in the colours of the two that held it longest: turns that are
//! too short for the cell do not look like two threads that run at once.

use super::Window;
use crate::clock::Nanos;
use crate::trace::{GilTrack, Held, Hold, Trace};
use crate::view::draw;
use crate::view::theme::{Glyphs, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What one cell of the row says. A holder is an index into the trace's lanes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Owned {
    /// Nobody held it, or it is not known who did.
    Nobody,
    /// One thread alone held it, for this share of the cell.
    One(usize, f64),
    /// It passed on once: the left holder, the right one, and where, between 0 and 1.
    Passed(usize, usize, f64),
    /// It passed on more often: the two that held it longest.
    Turns(usize, usize),
}

/// Of more holds than these in a cell, the first ones say who they are.
const FEW: usize = 32;

impl Owned {
    /// Who held the GIL in `[from, to)`.
    #[must_use]
    pub fn of(track: &GilTrack, from: Nanos, to: Nanos) -> Owned {
        let Held { holds, total, turns } = track.between(from, to);
        let (Some(first), Some(last)) = (holds.first(), holds.last()) else { return Owned::Nobody };
        match turns {
            0 => Owned::One(first.lane, draw::share(total, to - from)),
            1 => {
                let passed = holds.iter().find(|hold| hold.lane != first.lane).map_or(from, |hold| hold.start);
                Owned::Passed(first.lane, last.lane, draw::share(passed.saturating_sub(from), to - from))
            }
            _ => longest(&holds[..holds.len().min(FEW)], from, to),
        }
    }
}

impl Owned {
    /// The same, of what is known up to an instant.
    #[must_use]
    pub fn known(track: &GilTrack, from: Nanos, to: Nanos, known: Nanos) -> Owned {
        let until = to.min(known).max(from);
        let part = draw::share(until - from, to - from);
        match Owned::of(track, from, until) {
            Owned::One(lane, share) => Owned::One(lane, share * part),
            Owned::Passed(left, right, at) => Owned::Passed(left, right, at * part),
            other => other,
        }
    }
}

/// The two that held it longest.
fn longest(holds: &[Hold], from: Nanos, to: Nanos) -> Owned {
    let mut sums: Vec<(usize, Nanos)> = Vec::new();
    for hold in holds {
        let length = hold.end.min(to).saturating_sub(hold.start.max(from));
        match sums.iter_mut().find(|(lane, _)| *lane == hold.lane) {
            Some((_, sum)) => *sum += length,
            None => sums.push((hold.lane, length)),
        }
    }
    // The order of lanes, not of sizes, decides which colour is where: equals do not flicker.
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    let mut two: Vec<usize> = sums.iter().take(2).map(|(lane, _)| *lane).collect();
    two.sort_unstable();
    match two[..] {
        [a, b] => Owned::Turns(a, b),
        [a] => Owned::Turns(a, a),
        _ => Owned::Nobody,
    }
}

/// Draws the cells of a run's GIL into the first row of `area`.
pub fn paint(theme: &Theme, trace: &Trace, gil: usize, window: Window, area: Rect, buf: &mut Buffer) {
    let (glyphs, place) = (&theme.glyphs, |lane: usize| trace.roll.color(lane));
    let Some(gil) = trace.gils.get(gil) else { return };
    for (column, x) in (0..window.columns).zip(area.left()..area.right()) {
        let (from, to) = (window.instant(column), window.instant(column + 1));
        if from >= trace.known_until {
            break;
        }
        let (glyph, style) = match Owned::known(gil, from, to, trace.known_until) {
            Owned::Nobody => (" ", Style::new()),
            Owned::One(lane, share) => (held(theme, place(lane), share), theme.thread(place(lane))),
            Owned::Passed(left, right, at) => passed(theme, place(left), place(right), at),
            Owned::Turns(a, b) => (glyphs.turns, two(theme.thread(place(a)), theme.thread(place(b)))),
        };
        draw::text(buf, area, x, area.y, glyph, style);
    }
}

/// A cell that one thread held for a share of it. Without colours, a sign of the thread's own says who.
fn held(theme: &Theme, color: Option<usize>, share: f64) -> &'static str {
    if theme.palette.colored { theme.glyphs.height(share) } else { owner(&theme.glyphs, color) }
}

/// A cell that is cut where the GIL passed on.
fn passed(theme: &Theme, left: Option<usize>, right: Option<usize>, at: f64) -> (&'static str, Style) {
    let (a, b) = (theme.thread(left), theme.thread(right));
    match theme.glyphs.left(super::bar::eighths(at)) {
        Some(glyph) if theme.palette.colored => (glyph, two(a, b)),
        _ if at >= 0.5 => (held(theme, left, 1.0), a),
        _ => (held(theme, right, 1.0), b),
    }
}

/// One colour on the other.
pub fn two(front: Style, ground: Style) -> Style {
    ground.fg.map_or(front, |color| front.bg(color))
}

/// A thread's sign, where it cannot have a colour.
#[must_use]
pub fn owner(glyphs: &Glyphs, color: Option<usize>) -> &'static str {
    color.map_or(glyphs.others, |color| glyphs.owners[color % glyphs.owners.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(holds: &[(usize, Nanos, Nanos)]) -> GilTrack {
        let mut track = GilTrack::new(10, 7);
        for (lane, start, end) in holds {
            track.push(*lane, *start, *end);
        }
        track
    }

    #[test]
    fn a_cell_says_who_held_it_and_never_a_mean() {
        let track = track(&[(0, 0, 50), (1, 50, 80), (0, 80, 100), (1, 110, 150), (1, 150, 160)]);
        assert_eq!(Owned::of(&track, 0, 50), Owned::One(0, 1.0));
        assert_eq!(Owned::of(&track, 40, 60), Owned::Passed(0, 1, 0.5));
        assert_eq!(Owned::of(&track, 0, 100), Owned::Turns(0, 1));
        assert_eq!(Owned::of(&track, 110, 210), Owned::One(1, 0.5), "taken again by who had it is no turn");
        assert_eq!(Owned::of(&track, 100, 110), Owned::Nobody);
    }
}
