//! The gallery of findings: opening it, and going from one pattern to another.

use super::Visit;
use crate::app::effect::Effects;
use crate::app::frame::Scrolled;
use crate::app::keymap::Action;
use crate::app::model::{Model, Screen};
use crate::app::screens::list;
use crate::insight::finding::RULES;

/// Rows that a page key scrolls by.
const PAGE: i32 = 8;

/// Opens the gallery: where a run is shown that something was found in, on that, else where it was left.
pub fn open(model: &mut Model) {
    if model.screen == Screen::Findings {
        return;
    }
    if model.active.is_some() {
        model.say_busy();
        return;
    }
    let shown = model.shown_run().and_then(|run| run.verdict.findings.first());
    let found = shown.and_then(|found| RULES.iter().position(|rule| rule.id == found.id));
    let row = found.unwrap_or(model.gallery.row);
    model.gallery = Visit { row, scroll: 0, from: model.screen };
    model.screen = Screen::Findings;
}

/// Does what a key asks for.
pub fn act(model: &mut Model, scroll: Scrolled, action: Action) -> Effects {
    match action {
        Action::PageDown => model.gallery.scroll = scroll.by(PAGE),
        Action::PageUp => model.gallery.scroll = scroll.by(-PAGE),
        _ => {
            if let Some(row) = list::row_after(model, model.gallery.row, RULES.len(), action) {
                show(model, row);
            }
        }
    }
    Effects::none()
}

/// Shows the pattern at this place.
pub fn show(model: &mut Model, row: usize) {
    let row = row.min(RULES.len() - 1);
    if row != model.gallery.row {
        model.gallery = Visit { row, scroll: 0, ..model.gallery };
    }
}
