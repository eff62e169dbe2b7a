//! The cores: how busy each was in a window, and with whom.

use crate::clock::Nanos;
use crate::trace::Trace;
use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// One bar a core over the window `[from, to)`.
#[derive(Debug, Clone, Copy)]
pub struct Cores<'a> {
    /// The run.
    pub trace: &'a Trace,
    /// The first instant counted.
    pub from: Nanos,
    /// The first instant no longer counted.
    pub to: Nanos,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Widget for &Cores<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        draw::text(buf, area, area.x.saturating_add(1), area.y, "cores", self.theme.palette.dim);
    }
}
