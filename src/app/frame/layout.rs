//! Dividing areas: what every screen does alike.

use ratatui::layout::Rect;
use ratatui::text::Line;

/// From this many columns on, reading and watching stand side by side.
const SIDE_BY_SIDE: u16 = 96;

/// From this many rows on, text and source stand one above the other, and every row of tabs has its place. A terminal
/// panel of an editor has fewer.
const TALL: u16 = 22;

/// Whether a terminal of this size shows one pane at a time.
#[must_use]
pub const fn stacked(size: (u16, u16)) -> bool {
    size.0 < SIDE_BY_SIDE
}

/// Whether a terminal of this size has few rows.
#[must_use]
pub const fn low(size: (u16, u16)) -> bool {
    size.1 < TALL
}

/// Whether what is read is one pane at a time, and the results are one of them.
#[must_use]
pub const fn one_by_one(size: (u16, u16)) -> bool {
    stacked(size) || low(size)
}

/// How many rows lines take.
#[must_use]
pub fn rows(lines: &[Line<'_>]) -> u16 {
    count(lines)
}

/// How many rows things take that have one each.
#[must_use]
pub fn count<T>(things: &[T]) -> u16 {
    u16::try_from(things.len()).unwrap_or(u16::MAX)
}

/// The first `rows` rows of an area, and the rest.
#[must_use]
pub fn top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// A screen of one part: the header, the rule below it, the body and the footer.
#[must_use]
pub fn framed(area: Rect) -> (Rect, Rect, Rect, Rect) {
    let (header, rest) = top(area, 1);
    let (rest, footer) = bottom(rest, 1);
    let (rule, body) = top(rest, 1);
    (header, rule, Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body }, footer)
}

/// An area without its last `rows` rows, and these.
#[must_use]
pub fn bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let (rest, last) = top(area, area.height - rows);
    (rest, last)
}
