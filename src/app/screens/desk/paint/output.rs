//! What the program wrote.

use crate::app::screens::desk::paint::page;
use crate::app::screens::desk::panes::{PaneKind, Seen};
use crate::app::screens::desk::{Pane, Plan};
use crate::view::Output;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// The pane. It is scrolled from its end.
pub struct Written;

fn output(seen: Seen<'_>, scroll: u16) -> Output<'_> {
    let (stdout, stderr) = (seen.shown.stdout, seen.shown.stderr);
    Output { stdout, stderr, scroll: usize::from(scroll), theme: &seen.model.theme }
}

impl PaneKind for Written {
    fn label(&self) -> &'static str {
        "Output"
    }

    fn rows(&self, seen: Seen<'_>, _page: &page::Plan, _area: Rect) -> u16 {
        u16::try_from(output(seen, 0).height()).unwrap_or(u16::MAX)
    }

    fn draw(&self, seen: Seen<'_>, plan: &Plan, area: Rect, buf: &mut Buffer) {
        output(seen, plan.scrolled(Pane::Output).at).render(area, buf);
    }
}
