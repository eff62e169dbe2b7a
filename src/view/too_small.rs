//! What a terminal below the smallest size shows: what it needs.

use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// The smallest terminal, in columns and rows.
pub const SMALLEST: (u16, u16) = (60, 15);

/// The message of a terminal that is too small.
#[derive(Debug, Clone, Copy)]
pub struct TooSmall<'a> {
    /// The key that leaves the tutor.
    pub quit: &'a str,
    /// How it looks.
    pub theme: &'a Theme,
}

impl TooSmall<'_> {
    /// Whether an area is too small for the app.
    #[must_use]
    pub const fn applies(area: Rect) -> bool {
        area.width < SMALLEST.0 || area.height < SMALLEST.1
    }
}

impl Widget for &TooSmall<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let (palette, times) = (&self.theme.palette, self.theme.glyphs.times);
        let need = format!("concur-tutor needs {}{times}{} cells.", SMALLEST.0, SMALLEST.1);
        let have = format!("This terminal has {}{times}{}.", area.width, area.height);
        let mut all = draw::wrap_text(&need, area.width, palette.heading);
        all.extend(draw::wrap_text(&have, area.width, palette.text));
        let or = format!("Enlarge it, or press {} to quit.", self.quit);
        all.extend(draw::wrap_text(&or, area.width, palette.dim));
        let used = u16::try_from(all.len()).unwrap_or(u16::MAX).min(area.height);
        let top = (area.height - used) / 2;
        draw::lines(buf, draw::below(area, top), &all);
    }
}
