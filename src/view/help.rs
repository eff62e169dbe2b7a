//! The help: every key with what it does, from the same table that binds them.

use crate::view::draw;
use crate::view::keys::KeyRow;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// The table of keys.
#[derive(Debug, Clone, Copy)]
pub struct Help<'a> {
    /// The table.
    pub keys: &'a [KeyRow<'a>],
    /// The first line shown.
    pub scroll: u16,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Help<'_> {
    /// The groups, in order of their first key.
    fn groups(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for row in self.keys {
            if !out.contains(&row.group) {
                out.push(row.group);
            }
        }
        out
    }

    /// How many lines there are.
    #[must_use]
    pub fn height(&self) -> u16 {
        let groups = self.groups().len();
        u16::try_from(self.keys.len() + groups * 2).unwrap_or(u16::MAX).saturating_sub(1)
    }
}

impl Widget for &Help<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let palette = &self.theme.palette;
        let keys = self.keys.iter().map(|k| draw::width(k.keys)).max().unwrap_or(0);
        let mut n = 0u16;
        let mut at = |rows: u16| {
            let y = n.checked_sub(self.scroll).filter(|y| *y < area.height).map(|y| area.y + y);
            n = n.saturating_add(rows);
            y
        };
        for (i, group) in self.groups().into_iter().enumerate() {
            if i > 0 {
                at(1);
            }
            if let Some(y) = at(1) {
                draw::text(buf, area, area.x.saturating_add(1), y, group, palette.heading);
            }
            for row in self.keys.iter().filter(|k| k.group == group) {
                let Some(y) = at(1) else { continue };
                let left = area.x.saturating_add(3);
                let indent = keys.saturating_sub(draw::width(row.keys));
                draw::text(buf, area, left + indent, y, row.keys, palette.accent);
                let x = left + keys + 2;
                let words = draw::cut(row.description, area.right().saturating_sub(x), self.theme.glyphs.more);
                draw::text(buf, area, x, y, &words, palette.text);
            }
        }
    }
}
