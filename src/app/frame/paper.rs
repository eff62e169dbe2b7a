//! What is longer than the screen: drawn in full beside it, and taken over as far as it is in sight.

use crate::app::frame::Scrolled;
use crate::app::frame::plan::{Placed, Target};
use crate::app::model::Model;
use crate::view::draw;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws something of so many rows on paper and takes over what is visible of it, so many rows further down; signs
/// say that there is more.
pub fn scrolled(
    model: &Model,
    (rows, scroll): (u16, u16),
    area: Rect,
    buf: &mut Buffer,
    draw_on: impl FnOnce(Rect, &mut Buffer),
) {
    let scroll = scroll.min(rows.saturating_sub(area.height));
    let whole = Rect::new(0, 0, area.width, rows.max(area.height));
    let mut paper = Buffer::empty(whole);
    draw_on(whole, &mut paper);
    take_over(&paper, scroll, area, buf);
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    if scroll > 0 {
        draw::text_right(buf, area, area.y, glyphs.up, palette.accent);
    }
    if rows - scroll > area.height {
        draw::text_right(buf, area, area.bottom().saturating_sub(1), glyphs.down, palette.accent);
    }
}

fn take_over(paper: &Buffer, scroll: u16, area: Rect, buf: &mut Buffer) {
    for y in 0..area.height {
        for x in 0..area.width {
            if let (Some(from), Some(to)) = (paper.cell((x, y + scroll)), buf.cell_mut((area.x + x, area.y + y))) {
                *to = from.clone();
            }
        }
    }
}

/// Where rows of paper with a target each are on the screen, neighbours of one target together: the paper's row `top`
/// is the first of them.
#[must_use]
pub fn targets(rows: &[Option<Target>], top: u16, scroll: Scrolled, area: Rect) -> Vec<Placed> {
    let mut out: Vec<Placed> = Vec::new();
    for (n, target) in (top..).zip(rows) {
        let Some(y) = n.checked_sub(scroll.at).filter(|y| *y < area.height) else { continue };
        let Some(target) = *target else { continue };
        let row = Rect { y: area.y + y, height: 1, ..area };
        match out.last_mut() {
            Some(last) if last.target == target && last.area.bottom() == row.y => last.area.height += 1,
            _ => out.push(Placed::new(row, target)),
        }
    }
    out
}
