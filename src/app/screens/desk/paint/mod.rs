//! A desk: reading on the left, watching on the right, or one of them at a time where only one fits.

pub mod gate;
pub mod page;
pub mod proof;
pub mod question;
pub mod results;
pub mod tabs;
pub mod watch;

use crate::app::frame::{Shown, chrome};
use crate::app::ink;
use crate::app::model::{Model, language};
use crate::app::screens::desk::layout::Parts;
use crate::app::screens::desk::plan::Plan;
use crate::app::screens::desk::{Desk, Pane};
use crate::lesson::{Knob, knobs};
use crate::view::{Highlighted, KnobLine, Output, Source, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Draws the open desk.
pub fn draw(model: &Model, desk: &Desk, plan: &Plan, shown: &Shown<'_>, buf: &mut Buffer) {
    let parts = &plan.parts;
    let of = desk
        .lesson_place(model.desk_index())
        .map(|lesson| chrome::Place { lesson, page: (desk.page, desk.page_count()) });
    chrome::header(model, &desk.lesson.title, of, parts.header, buf);
    frame(model, desk, parts, shown, buf);
    tabs::draw(model, desk, parts, buf);
    if !parts.text.is_empty() {
        page::draw(model, desk, (&plan.page, plan.scrolled(Pane::Text).at), parts.text, buf);
    }
    if !parts.source.is_empty() {
        let scroll = plan.scrolled(Pane::Source).at;
        with_source(model, desk, shown.url, scroll, |source| source.render(parts.source, buf));
    }
    if !parts.output.is_empty() {
        let (stdout, stderr) = (shown.stdout, shown.stderr);
        let scroll = usize::from(plan.scrolled(Pane::Output).at);
        Output { stdout, stderr, scroll, theme: &model.theme }.render(parts.output, buf);
    }
    if !parts.watch.is_empty() {
        watch::draw(model, desk, shown, &plan.watch, buf);
    }
    if !parts.results.is_empty() {
        results::draw(model, desk, parts.results, buf);
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
        let title = if parts.watch.is_empty() { "" } else { cores };
        chrome::titled_rule(model, Rect { x: area.x, y, width: area.width, height: 1 }, title, buf);
        return;
    }
    chrome::titled_rule(model, Rect { y: 1, height: 1, ..area }, "", buf);
    let x = parts.watch.x.saturating_sub(1);
    for y in 2..parts.footer.y {
        draw::text(buf, area, x, y, glyphs.bar, palette.faint);
    }
    let below = if desk.pane == Pane::Output { parts.output } else { parts.source };
    if !parts.text.is_empty() && below.y > 0 {
        let title = if desk.pane == Pane::Output { "output" } else { "source" };
        chrome::titled_rule(model, Rect { y: below.y - 1, height: 1, ..below }, title, buf);
    }
    let rule = Rect { y: parts.runtimes.bottom(), height: 1, ..parts.watch };
    chrome::titled_rule(model, rule, cores, buf);
}

/// The selected program's source on this runtime, with the knobs' values in it and its server's address.
fn source(model: &Model, desk: &Desk, url: Option<&str>) -> Highlighted {
    ink::source(desk.ink.as_deref(), (&desk.lesson, desk.tab), language(model.runtimes.current()), &desk.knobs, url)
}

/// Calls with the source; `url` is the address that its run's server had, where there was a run.
pub fn with_source<T>(
    model: &Model,
    desk: &Desk,
    url: Option<&str>,
    scroll: u16,
    then: impl FnOnce(&Source<'_>) -> T,
) -> T {
    let code = source(model, desk, url);
    let line = |(place, knob): (usize, &'_ Knob)| {
        let selected = place == desk.knob;
        let (name, label) = (knob.name.clone(), knob.label.clone());
        (name, if selected { "[ ]" } else { "w" }, label, selected)
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
