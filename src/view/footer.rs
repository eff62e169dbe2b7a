//! The footer: the keys that matter now, the most important first, as many as fit.

use crate::view::draw;
use crate::view::keys::KeyRow;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// One line of key hints, or of a message that passes.
#[derive(Debug, Clone, Copy)]
pub struct Footer<'a> {
    /// The keys that work now.
    pub keys: &'a [KeyRow<'a>],
    /// Something to say instead.
    pub message: Option<&'a str>,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Footer<'_> {
    /// The hints that fit into `cells`: the column at which each starts, and its place among the keys.
    fn fitting(&self, cells: u16) -> Vec<(u16, usize)> {
        let mut rows: Vec<usize> = (0..self.keys.len()).filter(|n| self.keys[*n].footer.is_some()).collect();
        rows.sort_by_key(|n| self.keys[*n].footer);
        let mut at = 1;
        let mut out = Vec::new();
        for row in rows {
            let wide = Self::width(&self.keys[row]);
            if at + wide > cells {
                break;
            }
            out.push((at, row));
            at += wide + 3;
        }
        out
    }

    fn width(row: &KeyRow<'_>) -> u16 {
        draw::width(row.keys) + 1 + draw::width(row.action)
    }

    /// Where each hint stands in `area`, by its place among the keys.
    #[must_use]
    pub fn placed(&self, area: Rect) -> Vec<(Rect, usize)> {
        let place = |(at, n): (u16, usize)| (Rect { x: area.x + at, width: Self::width(&self.keys[n]), ..area }, n);
        self.fitting(area.width).into_iter().map(place).collect()
    }
}

impl Widget for &Footer<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let palette = &self.theme.palette;
        if let Some(message) = self.message {
            let message = draw::cut(message, area.width.saturating_sub(2), self.theme.glyphs.more);
            draw::text(buf, area, area.x.saturating_add(1), area.y, &message, palette.accent);
            return;
        }
        for (at, n) in self.fitting(area.width) {
            let row = &self.keys[n];
            let x = draw::text(buf, area, area.x + at, area.y, row.keys, palette.accent);
            draw::text(buf, area, x + 1, area.y, row.action, palette.dim);
        }
    }
}
