//! The last frame. While a run streams, nothing but its picture changes: the rest is taken from here, which keeps the
//! tutor's own share of a core small.

use crate::app::frame::{FramePlan, Shown};
use crate::app::model::Model;
use crate::clock::Nanos;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The last frame, and its plan: what is on the screen now.
#[derive(Debug, Default)]
pub struct LastFrame {
    epoch: u64,
    /// What shows outside of the picture too: whether there was a trace, the address of the run's server, and since when threads
    /// of the run were stuck.
    shown: (bool, Option<String>, Option<Nanos>),
    /// Its cells while a run streams, and none else: nothing but the picture of a run is drawn over what stands.
    cells: Buffer,
    plan: FramePlan,
}

impl LastFrame {
    /// What is on the screen.
    #[must_use]
    pub const fn plan(&self) -> &FramePlan {
        &self.plan
    }

    /// Whether it shows the model as it is now.
    #[must_use]
    pub fn is_of(&self, model: &Model) -> bool {
        self.epoch == model.epoch
    }

    /// Draws the model on an empty buffer; only the picture of the live run where the rest stands as it was. `plan`
    /// makes the plan of a whole frame.
    pub fn draw(
        &mut self,
        (model, shown): (&Model, &Shown<'_>),
        area: Rect,
        buf: &mut Buffer,
        plan: impl FnOnce(&Model, &Shown<'_>, Rect) -> FramePlan,
    ) {
        if (area.width, area.height) != model.size {
            // Resized between the last message and now: the next frame, a moment later, is drawn for the new size.
            return;
        }
        let same = self.epoch == model.epoch
            && self.cells.area == area
            && (self.shown.0, self.shown.1.as_deref(), self.shown.2)
                == (shown.trace.is_some(), shown.url, stuck(shown));
        let body = self.plan.body.as_mut().filter(|_| same && model.overlay.is_none() && model.live().is_some());
        if let Some(body) = body.filter(|body| !body.picture().is_empty()) {
            body.replan_picture(model, shown);
            copy_around(&self.cells, body.picture(), buf);
            body.paint_picture(model, shown, buf);
            // What is to be said lies over the picture's last row.
            self.plan.finish(model, shown, buf);
            return;
        }
        self.plan = plan(model, shown, area);
        self.plan.paint(model, shown, buf);
        self.epoch = model.epoch;
        self.shown = (shown.trace.is_some(), shown.url.map(str::to_owned), stuck(shown));
        if model.live().is_some() {
            self.cells.clone_from(buf);
        } else {
            self.cells = Buffer::default();
        }
    }
}

/// Since when threads of the run are stuck: their lines are marked in the source.
fn stuck(shown: &Shown<'_>) -> Option<Nanos> {
    Some(shown.trace?.standstill.as_ref()?.since)
}

/// Takes over everything but the picture.
fn copy_around(cells: &Buffer, picture: Rect, buf: &mut Buffer) {
    let area = cells.area;
    for y in area.top()..area.bottom() {
        let beside = (picture.top()..picture.bottom()).contains(&y);
        let (left, right) = if beside { (picture.left(), picture.right()) } else { (area.left(), area.left()) };
        for (from, to) in [(area.left(), left), (right, area.right())].into_iter().filter(|(from, to)| from < to) {
            let start = cells.index_of(from, y);
            let cells_of = start..start + usize::from(to - from);
            buf.content[cells_of.clone()].clone_from_slice(&cells.content[cells_of]);
        }
    }
}
