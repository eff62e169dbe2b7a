//! What threads of the run on the screen waited for.

use crate::app::frame::{Placed, Target};
use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::app::screens::desk::paint::page;
use crate::app::screens::desk::panes::{PaneKind, Seen};
use crate::app::screens::desk::{Desk, Pane, Plan};
use crate::insight::objects::Object;
use crate::view::{ObjectList, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// The pane.
pub struct Listed;

impl PaneKind for Listed {
    fn label(&self) -> &'static str {
        "Locks"
    }

    fn rows(&self, seen: Seen<'_>, _page: &page::Plan, area: Rect) -> u16 {
        with_list(seen, 0, |list| list.height(area.width)).unwrap_or(0)
    }

    fn targets(&self, seen: Seen<'_>, plan: &Plan, area: Rect) -> Vec<Placed> {
        let placed = with_list(seen, plan.scrolled(Pane::Objects).at, |list| list.placed(area)).unwrap_or_default();
        placed.into_iter().map(|(area, place)| Placed::new(area, Target::Object(place))).collect()
    }

    fn draw(&self, seen: Seen<'_>, plan: &Plan, area: Rect, buf: &mut Buffer) {
        if with_list(seen, plan.scrolled(Pane::Objects).at, |list| list.render(area, buf)).is_none() {
            let words = if seen.model.live().is_some() { "listed once the run has ended" } else { "no run yet" };
            draw::text(buf, area, area.x.saturating_add(1), area.y, words, seen.model.theme.palette.dim);
        }
    }
}

/// Calls with the list, where there is a run to list it of.
pub fn with_list<T>(seen: Seen<'_>, scroll: u16, then: impl FnOnce(&ObjectList<'_>) -> T) -> Option<T> {
    let Seen { model, desk, .. } = seen;
    let run = model.shown_run().filter(|_| model.live().is_none())?;
    let listed = desk.objects.as_ref().filter(|listed| listed.run == run.id)?;
    let trace = &run.outcome.as_ref()?.trace;
    let keys = (keymap::name(Id::Objects), keymap::name(Id::Inspect));
    Some(then(&ObjectList {
        objects: &listed.all,
        trace,
        at: desk.view.cursor,
        chosen: listed.chosen,
        keys,
        scroll,
        theme: &model.theme,
    }))
}

/// That whose waits are marked in the picture.
#[must_use]
pub fn chosen<'a>(model: &Model, desk: &'a Desk) -> Option<&'a Object> {
    let run = model.shown_run().filter(|_| model.live().is_none())?;
    let listed = desk.objects.as_ref().filter(|listed| listed.run == run.id)?;
    listed.all.all.get(listed.chosen?)
}
