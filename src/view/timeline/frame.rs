//! Where the parts of a timeline stand in its area.

use super::{Timeline, described};
use crate::view::draw;
use crate::view::lanes::Row;
use ratatui::layout::Rect;

/// Cells for the shares or the state of a lane, in words; from [`ROOMY`] on two shares stand side by side.
const WORDS: u16 = 24;
/// The same where the bars need the room.
const FEW_WORDS: u16 = 13;
/// From this width on there is room for all words.
const ROOMY: u16 = 100;
/// From this width on, ids stand beside the names.
const WIDE: u16 = 110;

/// Where the parts of a timeline stand.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// The row of the time axis.
    pub axis: Rect,
    /// Names and ids: so many cells at the left.
    pub names: u16,
    /// The bars of all lanes.
    pub bars: Rect,
    /// Words at the right: so many cells.
    pub words: u16,
    /// The line below the lanes; empty where there is no room.
    pub detail: Rect,
    /// Rows of a lane, its gap included: 1 to 6.
    pub height: u16,
    /// The first row shown.
    pub first: usize,
    area: Rect,
}

impl Frame {
    /// Lays the parts out.
    pub fn new(timeline: &Timeline<'_>, area: Rect, rows: &[Row]) -> Self {
        let detail = u16::from(area.height >= 4);
        let lanes = area.height.saturating_sub(1 + detail);
        let count = u16::try_from(rows.len()).unwrap_or(u16::MAX).max(1);
        // One lane alone leaves the room of a second: it shrinks less when the first thread comes up.
        let fits = |height: u16| count.max(2).saturating_mul(height) <= lanes.saturating_add(1);
        let height = [6, 5, 4, 3, 2].into_iter().find(|h| fits(*h)).unwrap_or(1);
        let names = names_width(timeline, rows, area.width, height).min(area.width);
        let words = match area.width {
            ROOMY.. => WORDS,
            56.. => FEW_WORDS,
            _ => 0,
        };
        let left = area.x.saturating_add(names);
        let width = area.width.saturating_sub(names + words);
        let capacity = usize::from(lanes.saturating_add(u16::from(height > 1)) / height);
        Frame {
            axis: draw::row(area, 0),
            names,
            bars: Rect { x: left, y: area.y.saturating_add(1), width, height: lanes },
            words,
            detail: Rect { y: area.bottom().saturating_sub(detail), height: detail, ..area },
            height,
            first: timeline.viewport.first_lane.min(rows.len().saturating_sub(capacity)),
            area,
        }
    }

    /// Whether the words of a lane have room for one share a row only.
    pub const fn narrow(&self) -> bool {
        self.words < WORDS
    }

    /// How many lanes there is room for.
    pub fn capacity(&self) -> usize {
        usize::from(self.bars.height.saturating_add(u16::from(self.height > 1)) / self.height)
    }

    /// Rows of a lane's bar: its height without the gap below.
    pub fn bar_rows(&self) -> u16 {
        self.height.saturating_sub(1).max(1)
    }

    /// Rows of a lane that words may stand on: where ids stand below the name, at least two.
    pub fn word_rows(&self) -> u16 {
        self.bar_rows().max(self.height.min(2))
    }

    /// The place of the `n`-th lane shown.
    pub fn place(&self, n: usize) -> Rect {
        let top = u16::try_from(n).unwrap_or(u16::MAX).saturating_mul(self.height);
        let left = self.bars.height.saturating_sub(top);
        Rect { y: self.bars.y.saturating_add(top), height: left.min(self.height), ..self.area }
    }
}

/// Cells that names need, with their ids where there is room for both.
fn names_width(timeline: &Timeline<'_>, rows: &[Row], width: u16, height: u16) -> u16 {
    let wide = |row: &Row| match row {
        Row::Helpers(_) => draw::width("+99 helper lanes"),
        Row::Gil { .. } => 0,
        Row::Lane { lane, child, .. } => {
            let lane = &timeline.trace.lanes[*lane];
            let ids = draw::width(&described::ids(lane));
            let name = draw::width(&lane.name) + if *child { 2 } else { 0 };
            if height > 1 {
                name.max(ids)
            } else if width >= WIDE {
                name + 2 + ids
            } else {
                name
            }
        }
    };
    let most = if width >= WIDE { 30 } else { 18 };
    // The cell before the name is the pointer's, the one after it the gap.
    rows.iter().map(wide).max().unwrap_or(0).clamp(8, most.max(8)) + 2
}
