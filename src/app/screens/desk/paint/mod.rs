//! A desk: reading on the left, watching on the right, or one of them at a time where only one fits.

pub mod gate;
pub mod output;
pub mod page;
pub mod proof;
pub mod question;
pub mod results;
pub mod source;
pub mod tabs;
pub mod watch;

use crate::app::frame::{Shown, chrome};
use crate::app::model::Model;
use crate::app::screens::desk::layout::Parts;
use crate::app::screens::desk::panes::Seen;
use crate::app::screens::desk::plan::Plan;
use crate::app::screens::desk::{Desk, Pane};
use crate::view::draw;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws the open desk.
pub fn draw(seen: Seen<'_>, plan: &Plan, buf: &mut Buffer) {
    let Seen { model, desk, shown } = seen;
    let parts = &plan.parts;
    let of = desk
        .lesson_place(model.desk_index())
        .map(|lesson| chrome::Place { lesson, page: (desk.page, desk.page_count()) });
    chrome::header(model, &desk.lesson.title, of, parts.header, buf);
    frame(model, desk, parts, shown, buf);
    tabs::draw(model, desk, parts, buf);
    for pane in Pane::ALL {
        let area = parts.of(pane);
        if !area.is_empty() {
            pane.kind().draw(seen, plan, area, buf);
        }
    }
    proof::draw(model, parts.footer, buf);
}

/// The lines between the parts.
fn frame(model: &Model, desk: &Desk, parts: &Parts, shown: &Shown<'_>, buf: &mut Buffer) {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let cores = if shown.trace.is_some() && desk.gate.is_none() { "cores" } else { "" };
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    if parts.stacked {
        let y = parts.runtimes.bottom();
        let title = if parts.of(Pane::Watch).is_empty() { "" } else { cores };
        chrome::titled_rule(model, Rect { x: area.x, y, width: area.width, height: 1 }, title, buf);
        return;
    }
    chrome::titled_rule(model, Rect { y: 1, height: 1, ..area }, "", buf);
    let x = parts.of(Pane::Watch).x.saturating_sub(1);
    for y in 2..parts.footer.y {
        draw::text(buf, area, x, y, glyphs.bar, palette.faint);
    }
    let below = if desk.pane == Pane::Output { parts.of(Pane::Output) } else { parts.of(Pane::Source) };
    if !parts.of(Pane::Text).is_empty() && below.y > 0 {
        let title = if desk.pane == Pane::Output { "output" } else { "source" };
        chrome::titled_rule(model, Rect { y: below.y - 1, height: 1, ..below }, title, buf);
    }
    let rule = Rect { y: parts.runtimes.bottom(), height: 1, ..parts.of(Pane::Watch) };
    chrome::titled_rule(model, rule, cores, buf);
}
