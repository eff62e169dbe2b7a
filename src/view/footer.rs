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

impl<'a> Footer<'a> {
    /// The hints that fit into `cells`, with the column at which each starts.
    #[must_use]
    pub fn fitting(&self, cells: u16) -> Vec<(u16, &'a KeyRow<'a>)> {
        let mut rows: Vec<_> = self.keys.iter().filter(|k| k.footer.is_some()).collect();
        rows.sort_by_key(|k| k.footer);
        let mut at = 1;
        let mut out = Vec::new();
        for row in rows {
            let wide = draw::width(row.keys) + 1 + draw::width(row.action);
            if at + wide > cells {
                break;
            }
            out.push((at, row));
            at += wide + 3;
        }
        out
    }

    /// Where each hint stands in `area`.
    pub fn placed(&self, area: Rect) -> impl Iterator<Item = (Rect, &'a KeyRow<'a>)> {
        self.fitting(area.width).into_iter().map(move |(at, row)| {
            let width = draw::width(row.keys) + 1 + draw::width(row.action);
            (Rect { x: area.x + at, width, ..area }, row)
        })
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
        for (at, row) in self.fitting(area.width) {
            let x = draw::text(buf, area, area.x + at, area.y, row.keys, palette.accent);
            draw::text(buf, area, x + 1, area.y, row.action, palette.dim);
        }
    }
}
