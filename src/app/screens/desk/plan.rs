//! Where everything on a desk is, worked out once a frame.

use crate::app::frame::{Body, Placed, Scrolled, Shown, Target, layout as areas};
use crate::app::model::Model;
use crate::app::screens::desk::layout::{self, Parts};
use crate::app::screens::desk::paint::{self, page, proof, source, tabs, watch};
use crate::app::screens::desk::panes::Seen;
use crate::app::screens::desk::{Desk, Pane, Scroll, sight};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Where everything on a desk is.
#[derive(Debug, Default)]
pub struct Plan {
    /// The parts of the screen.
    pub parts: Parts,
    /// The open page.
    pub page: page::Plan,
    /// How far each pane is scrolled.
    pub scroll: [Scrolled; Pane::COUNT],
    /// The watching column.
    pub watch: watch::Plan,
    /// Whether the page's question waits for a number, and its choices are out of sight.
    pub unseen: bool,
    targets: Vec<Placed>,
    /// How many of the targets, the first ones, lie outside of the watching column.
    around: usize,
}

impl Plan {
    /// The desk on a screen of this size.
    #[must_use]
    pub fn new(model: &Model, desk: &Desk, shown: &Shown<'_>, area: Rect) -> Plan {
        let stacked = areas::stacked(model.size);
        let columns = if stacked { area.width } else { layout::reading_width(area.width) - 1 };
        let page = page::Plan::new(model, desk, columns, areas::low(model.size));
        let banner = proof::rows(model).min(area.height);
        let needs =
            layout::Needs { pane: desk.pane, pages: desk.has_pages(), text_rows: page.rows, question: page.needed() };
        let mut parts = layout::parts((area.width, area.height - banner), needs);
        parts.footer.y += banner;
        let seen = Seen { model, desk, shown };
        let scroll = Pane::ALL.map(|pane| {
            let area = parts.of(pane);
            // What is not open is not counted: an output may have megabytes.
            let rows = if area.is_empty() { 0 } else { pane.kind().rows(seen, &page, area) };
            let at = match (pane, desk.scroll[pane as usize]) {
                (Pane::Text, scroll) => page.first_row(scroll, area.height),
                (_, Scroll::Rows(rows)) => rows,
                (_, Scroll::Line(line)) => source::row_of(seen, area.width, line).saturating_sub(area.height / 3),
                _ => 0,
            };
            Scrolled::new(at, rows, area.height)
        });
        let watch = watch::Plan::default();
        let mut plan = Plan { parts, page, scroll, watch, unseen: false, targets: Vec::new(), around: 0 };
        plan.unseen = plan.is_unseen(model, desk);
        plan.targets = plan.outside(seen);
        plan.around = plan.targets.len();
        plan.watch(model, desk, shown);
        plan
    }

    /// How far this pane is scrolled.
    #[must_use]
    pub const fn scrolled(&self, pane: Pane) -> Scrolled {
        self.scroll[pane as usize]
    }

    /// Whether this number's choice can be given now: what is out of sight cannot be chosen.
    #[must_use]
    pub fn in_sight(&self, number: usize) -> bool {
        let (area, scrolled) = (self.parts.of(Pane::Text), self.scrolled(Pane::Text));
        !area.is_empty() && self.page.in_sight(scrolled.at, area.height, number)
    }

    fn is_unseen(&self, model: &Model, desk: &Desk) -> bool {
        let chooses = model.open_check(desk).is_some_and(|check| !check.choices().is_empty());
        chooses && sight::gate(model, desk).is_none() && desk.answering.is_none() && !self.in_sight(0)
    }

    /// What can be clicked outside of the watching column.
    fn outside(&self, seen: Seen<'_>) -> Vec<Placed> {
        let open =
            || Pane::ALL.into_iter().map(|pane| (pane, self.parts.of(pane))).filter(|(_, area)| !area.is_empty());
        let mut out: Vec<Placed> = open().map(|(pane, area)| Placed::new(area, Target::Part(pane))).collect();
        out.extend(tabs::targets(seen.model, seen.desk, &self.parts));
        out.extend(open().flat_map(|(pane, area)| pane.kind().targets(seen, self, area)));
        out
    }

    /// Plans the watching column, for what is shown now.
    fn watch(&mut self, model: &Model, desk: &Desk, shown: &Shown<'_>) {
        self.targets.truncate(self.around);
        let area = self.parts.of(Pane::Watch);
        if !area.is_empty() {
            let (watch, targets) = watch::Plan::new(model, desk, shown.trace, area);
            self.watch = watch;
            self.targets.extend(targets);
        }
    }
}

impl Body for Plan {
    fn targets(&self) -> &[Placed] {
        &self.targets
    }

    fn paint(&self, model: &Model, shown: &Shown<'_>, buf: &mut Buffer) {
        if let Some(desk) = model.desk() {
            paint::draw(Seen { model, desk, shown }, self, buf);
        }
    }

    fn overflows(&self) -> bool {
        !self.parts.of(Pane::Text).is_empty() && self.scrolled(Pane::Text).most > 0
    }

    fn unseen(&self) -> bool {
        self.unseen
    }

    fn picture(&self) -> Rect {
        // The output streams too, outside of the picture: then everything is drawn.
        if self.parts.of(Pane::Output).is_empty() { self.parts.of(Pane::Watch) } else { Rect::default() }
    }

    fn replan_picture(&mut self, model: &Model, shown: &Shown<'_>) {
        if let Some(desk) = model.desk() {
            self.watch(model, desk, shown);
        }
    }

    fn paint_picture(&self, model: &Model, shown: &Shown<'_>, buf: &mut Buffer) {
        if let Some(desk) = model.desk() {
            watch::draw(model, desk, shown, &self.watch, buf);
        }
    }
}
