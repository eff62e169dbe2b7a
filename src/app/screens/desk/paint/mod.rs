//! A desk: reading on the left, watching on the right, or one of them at a time where only one fits.

pub mod gate;
pub mod guesses;
pub mod objects;
pub mod output;
pub mod page;
pub mod proof;
pub mod question;
pub mod results;
pub mod source;
pub mod tabs;
pub mod watch;

use crate::app::frame::{Shown, chrome};
use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::app::screens::desk::layout::Parts;
use crate::app::screens::desk::panes::Seen;
use crate::app::screens::desk::plan::Plan;
use crate::app::screens::desk::{Desk, Pane};
use crate::view::draw;
use ratatui::buffer::Buffer;

/// Draws the open desk.
pub fn draw(seen: Seen<'_>, plan: &Plan, buf: &mut Buffer) {
    let Seen { model, desk, shown } = seen;
    let parts = &plan.parts;
    let of = desk
        .lesson_place(model.desk_index())
        .map(|lesson| chrome::Place { lesson, page: (desk.page, desk.lesson.pages.len()) });
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
    let cores = if shown.trace.is_some() && desk.gate.is_none() { "cores" } else { "" };
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    chrome::titled_rule(model, parts.rule, "", buf);
    for row in parts.between.rows() {
        draw::text(buf, row, row.x, row.y, glyphs.bar, palette.faint);
    }
    let title = match desk.pane {
        Pane::Output => "output".to_owned(),
        Pane::Objects => "what threads waited for".to_owned(),
        _ if parts.of(Pane::Source).is_empty() => format!("{}: source", keymap::name(Id::Pane)),
        _ => "source".to_owned(),
    };
    chrome::titled_rule(model, parts.fold, &title, buf);
    let title = if parts.of(Pane::Watch).is_empty() { "" } else { cores };
    chrome::titled_rule(model, parts.cores, title, buf);
}
