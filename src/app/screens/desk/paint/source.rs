//! The program's source: the code that runs, with the knobs' values in it.

use crate::app::frame::{Placed, Target};
use crate::app::keymap::{self, Id};
use crate::app::model::{Model, language};
use crate::app::screens::desk::paint::page;
use crate::app::screens::desk::panes::{PaneKind, Seen};
use crate::app::screens::desk::{Desk, Pane, Plan};
use crate::app::typeset;
use crate::lesson::{Knob, knobs};
use crate::view::{Highlighted, KnobLine, Source};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// The pane.
pub struct Listing;

impl PaneKind for Listing {
    fn label(&self) -> &'static str {
        "Source"
    }

    fn rows(&self, seen: Seen<'_>, _page: &page::Plan, area: Rect) -> u16 {
        with_source(seen, 0, |source| source.height(area.width))
    }

    fn targets(&self, seen: Seen<'_>, plan: &Plan, area: Rect) -> Vec<Placed> {
        with_source(seen, plan.scrolled(Pane::Source).at, |source| {
            // The server's address is no knob.
            let knobs = source.placed(area).into_iter().filter(|(_, n)| *n < seen.desk.lesson.knobs.len());
            knobs.map(|(area, knob)| Placed::new(area, Target::Knob(knob))).collect()
        })
    }

    fn draw(&self, seen: Seen<'_>, plan: &Plan, area: Rect, buf: &mut Buffer) {
        with_source(seen, plan.scrolled(Pane::Source).at, |source| source.render(area, buf));
    }
}

/// The selected program's source on this runtime, with the knobs' values in it and its server's address.
fn source(model: &Model, desk: &Desk, url: Option<&str>) -> Highlighted {
    typeset::source(
        desk.typeset.as_deref(),
        (&desk.lesson, desk.tab),
        language(model.runtimes.current()),
        &desk.knobs,
        url,
    )
}

/// Calls with the source, with the address that its run's server had, where there was a run.
fn with_source<T>(seen: Seen<'_>, scroll: u16, then: impl FnOnce(&Source<'_>) -> T) -> T {
    let (model, desk, url) = (seen.model, seen.desk, seen.shown.url);
    let code = source(model, desk, url);
    let line = |(place, knob): (usize, &'_ Knob)| {
        let selected = place == desk.knob;
        let (name, label) = (knob.name.clone(), knob.label.clone());
        (name, if selected { model.keys(Id::TurnKnob) } else { keymap::name(Id::NextKnob) }, label, selected)
    };
    let mut lines: Vec<_> = desk.lesson.knobs.iter().enumerate().map(line).collect();
    if desk.lesson.server {
        let label = if url.is_some() { "as it ran" } else { "set when run" };
        lines.push((knobs::URL.to_owned(), "", label.to_owned(), false));
    }
    let knobs: Vec<KnobLine<'_>> =
        lines.iter().map(|(name, keys, label, selected)| KnobLine { name, keys, label, selected: *selected }).collect();
    then(&Source { code: &code, knobs: &knobs, scroll, theme: &model.theme })
}
