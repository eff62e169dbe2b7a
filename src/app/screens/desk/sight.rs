//! What of a desk is in sight: keys that work on a part of it work only where that part is seen.

use crate::app::model::Model;
use crate::app::screens::desk::layout::{self, Needs};
use crate::app::screens::desk::{Desk, Gate, Pane};

/// Whether a pane is on the screen.
#[must_use]
pub fn pane(model: &Model, desk: &Desk, pane: Pane) -> bool {
    // However long the text is, it takes no other pane's place.
    let needs = Needs { pane: desk.pane, pages: desk.has_pages(), text_rows: 0, question: 0 };
    !layout::parts(model.size, needs).of(pane).is_empty()
}

/// The prediction that waits, where it can be seen.
#[must_use]
pub fn gate<'a>(model: &Model, desk: &'a Desk) -> Option<&'a Gate> {
    desk.gate.as_ref().filter(|_| pane(model, desk, Pane::Watch))
}

/// Whether the picture of a run can be seen.
#[must_use]
pub fn picture(model: &Model, desk: &Desk) -> bool {
    desk.gate.is_none() && pane(model, desk, Pane::Watch) && model.shown_times().is_some()
}

/// Whether the waits of something are marked where that can be seen.
#[must_use]
pub fn marked(model: &Model, desk: &Desk) -> bool {
    let chosen = desk.objects.as_ref().is_some_and(|listed| listed.chosen.is_some());
    chosen && (picture(model, desk) || pane(model, desk, Pane::Objects))
}

/// Whether the timeline's cursor is out where it can be seen.
#[must_use]
pub fn cursor(model: &Model, desk: &Desk) -> bool {
    desk.view.cursor.is_some() && picture(model, desk)
}
