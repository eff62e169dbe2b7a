//! The timeline.

use crate::clock::Nanos;
use crate::trace::Trace;
use crate::view::lanes::{self, Row};
use crate::view::theme::Theme;
use crate::view::viewport::Viewport;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Every thread's life over a window of time.
#[derive(Debug, Clone, Copy)]
pub struct Timeline<'a> {
    /// The run.
    pub trace: &'a Trace,
    /// Which part of it.
    pub viewport: &'a Viewport,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Timeline<'_> {
    /// The instant under column `x` of the screen.
    #[must_use]
    pub fn time_at(&self, area: Rect, x: u16) -> Option<Nanos> {
        let _ = (area, x);
        None
    }
    /// The lane drawn at row `y` of the screen: an index into the trace's lanes.
    #[must_use]
    pub fn lane_at(&self, area: Rect, y: u16) -> Option<usize> {
        let _ = (area, y);
        None
    }
    /// How many rows there are, shown or not.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        lanes::rows(self.trace, self.viewport.show_helpers)
    }
}

impl Widget for &Timeline<'_> {
    fn render(self, _area: Rect, _buf: &mut Buffer) {}
}
