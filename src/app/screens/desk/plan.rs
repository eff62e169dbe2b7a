//! Where everything on a desk is, worked out once a frame.

use crate::app::frame::{Body, Placed, Scrolled, Shown, Target, layout as areas, paper};
use crate::app::model::Model;
use crate::app::screens::desk::layout::{self, Parts};
use crate::app::screens::desk::paint::{self, page, proof, tabs, watch};
use crate::app::screens::desk::{Desk, Pane, Scroll};
use crate::view::Output;
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
        let page = page::Plan::new(model, desk, columns);
        let banner = proof::rows(model).min(area.height);
        let needs = layout::Needs { pane: desk.pane, pages: desk.has_pages(), text_rows: page.rows };
        let mut parts = layout::parts((area.width, area.height - banner), needs);
        parts.footer.y += banner;
        let scroll = Pane::ALL.map(|pane| {
            let (rows, height) = match pane {
                Pane::Text => (page.rows, parts.text.height),
                Pane::Source => (source_rows(model, desk, shown, parts.source), parts.source.height),
                Pane::Output => (output_rows(model, shown), parts.output.height),
                Pane::Watch | Pane::Results => (0, 0),
            };
            let at = match desk.scroll[pane as usize] {
                Scroll::Rows(rows) => rows,
                Scroll::End => u16::MAX,
                Scroll::Question(place) => page.questions.get(place).map_or(u16::MAX, |question| question.top),
            };
            Scrolled::new(at, rows, height)
        });
        let mut plan = Plan { parts, page, scroll, watch: watch::Plan::default(), targets: Vec::new(), around: 0 };
        plan.targets = plan.outside(model, desk, shown);
        plan.around = plan.targets.len();
        plan.watch(model, desk, shown);
        plan
    }

    /// How far this pane is scrolled.
    #[must_use]
    pub const fn scrolled(&self, pane: Pane) -> Scrolled {
        self.scroll[pane as usize]
    }

    /// What can be clicked outside of the watching column.
    fn outside(&self, model: &Model, desk: &Desk, shown: &Shown<'_>) -> Vec<Placed> {
        let parts = &self.parts;
        let areas = [
            (parts.text, Pane::Text),
            (parts.source, Pane::Source),
            (parts.output, Pane::Output),
            (parts.results, Pane::Results),
            (parts.watch, Pane::Watch),
        ];
        let areas = areas.into_iter().filter(|(area, _)| !area.is_empty());
        let mut out: Vec<Placed> = areas.map(|(area, pane)| Placed::new(area, Target::Part(pane))).collect();
        out.extend(tabs::targets(model, desk, parts));
        if !parts.text.is_empty() {
            let open = self.page.questions.iter().filter(|question| question.open);
            let rows = |question: &page::Question| {
                paper::targets(&question.targets, question.top, self.scrolled(Pane::Text), parts.text)
            };
            out.extend(open.flat_map(rows));
        }
        if !parts.source.is_empty() {
            let scroll = self.scrolled(Pane::Source).at;
            paint::with_source(model, desk, shown.url, scroll, |source| {
                let knobs = source.placed(parts.source).into_iter().filter(|(_, n)| *n < desk.lesson.knobs.len());
                out.extend(knobs.map(|(area, knob)| Placed::new(area, Target::Knob(knob))));
            });
        }
        out
    }

    /// Plans the watching column, for what is shown now.
    fn watch(&mut self, model: &Model, desk: &Desk, shown: &Shown<'_>) {
        self.targets.truncate(self.around);
        if !self.parts.watch.is_empty() {
            let (watch, targets) = watch::Plan::new(model, desk, shown.trace, self.parts.watch);
            self.watch = watch;
            self.targets.extend(targets);
        }
    }
}

fn source_rows(model: &Model, desk: &Desk, shown: &Shown<'_>, area: Rect) -> u16 {
    if area.is_empty() { 0 } else { paint::with_source(model, desk, shown.url, 0, |source| source.height(area.width)) }
}

fn output_rows(model: &Model, shown: &Shown<'_>) -> u16 {
    let output = Output { stdout: shown.stdout, stderr: shown.stderr, scroll: 0, theme: &model.theme };
    u16::try_from(output.height()).unwrap_or(u16::MAX)
}

impl Body for Plan {
    fn targets(&self) -> &[Placed] {
        &self.targets
    }

    fn paint(&self, model: &Model, shown: &Shown<'_>, buf: &mut Buffer) {
        if let Some(desk) = model.desk() {
            paint::draw(model, desk, self, shown, buf);
        }
    }

    fn overflows(&self) -> bool {
        self.parts.text.height > 0 && self.scrolled(Pane::Text).most > 0
    }

    fn picture(&self) -> Rect {
        // The output streams too, outside of the picture: then everything is drawn.
        if self.parts.output.is_empty() { self.parts.watch } else { Rect::default() }
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
