//! What frames every screen: the header, the tabs, the footer.

use crate::app::frame::layout::{self, Parts};
use crate::app::frame::parts;
use crate::app::keymap::{self, Action, Row, Scope};
use crate::app::model::{Model, Screen, unavailable};
use crate::app::screens::desk::paint::page;
use crate::app::screens::desk::{Desk, Pane};
use crate::runner::{Machine, machine};
use crate::runtime::Runtime;
use crate::view::tabs::Tab;
use crate::view::{Footer, Header, KeyRow, Tabs, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

/// The machine as far as it is known: its cores at once, what they give after the calibration.
fn machine(model: &Model) -> Machine {
    // Counting the cores reads the limits of the control groups: files, and more than a frame wants to open.
    model.machine.unwrap_or_else(|| Machine { cores: machine::available(), usable_cores: 0.0 })
}

/// Draws the header of a desk, or of the list.
pub fn header(model: &Model, area: Rect, buf: &mut Buffer) {
    let runtime = match model.runtimes.current() {
        runtime @ Runtime::CPython(_) => format!("CPython {}", runtime.label()),
        runtime @ Runtime::Native { .. } => runtime.label(),
    };
    let runtime = match (model.runtimes.looking, model.measuring) {
        (true, _) => "looking for Pythons".to_owned(),
        (false, true) => format!("{runtime} {} measuring the cores", model.theme.glyphs.dot),
        (false, false) => runtime,
    };
    let desk = model.desk();
    let header = Header {
        title: match model.screen {
            Screen::List(_) => "Lessons",
            Screen::Review => "Review",
            Screen::Interview => "Interview",
            Screen::Desk(_) => desk.map_or("", |desk| &desk.lesson.title),
        },
        number: desk
            .filter(|desk| !desk.script)
            .and(model.desk_index())
            .map(|index| model.task.as_ref().map_or(index, |board| board.place) + 1),
        page: desk.filter(|desk| !desk.script).map(|desk| (desk.page, desk.page_count())),
        runtime: &runtime,
        machine: machine(model),
        theme: &model.theme,
    };
    (&header).render(area, buf);
}

/// A rule with a word in it, so that every part has its name.
pub fn titled_rule(model: &Model, area: Rect, title: &str, buf: &mut Buffer) {
    draw::rule(buf, area, area.y, &model.theme);
    if !title.is_empty() {
        let x = draw::text(buf, area, area.x.saturating_add(1), area.y, " ", model.theme.palette.dim);
        let title = draw::cut(title, area.right().saturating_sub(x + 1), model.theme.glyphs.more);
        let x = draw::text(buf, area, x, area.y, &title, model.theme.palette.dim);
        draw::text(buf, area, x, area.y, " ", model.theme.palette.dim);
    }
}

/// Names, reasons and marks of the executors' tabs.
fn executors(model: &Model, desk: &Desk) -> Vec<(String, Option<String>, bool)> {
    let runtime = model.runtimes.current();
    let one = |(place, program): (usize, &crate::lesson::Program)| {
        let reason = unavailable(&desk.lesson, place, runtime);
        // In the make step a tab is ticked when its task is passed, not when its program has run.
        let passed = model.task.as_ref().map(|board| board.tasks.get(place).is_some_and(|task| task.passed));
        let done = passed.unwrap_or_else(|| desk.last_run(place).is_some_and(|run| run.ok));
        (program.name.clone(), reason, done)
    };
    desk.lesson.programs.iter().enumerate().map(one).collect()
}

/// Calls with the executors' tabs.
pub fn with_executors<T>(model: &Model, desk: &Desk, then: impl FnOnce(&Tabs<'_>) -> T) -> T {
    let names = executors(model, desk);
    let tabs: Vec<Tab<'_>> =
        names.iter().map(|(name, reason, done)| Tab { name, unavailable: reason.as_deref(), done: *done }).collect();
    then(&Tabs {
        key: if desk.script { "   " } else { "tab" },
        tabs: &tabs,
        selected: desk.tab,
        hovered: None,
        theme: &model.theme,
    })
}

/// Labels of runtimes, each without its last number where that still tells it from the others.
fn short_labels(runtimes: &[Runtime]) -> Vec<String> {
    let short = |runtime: &Runtime| match runtime {
        Runtime::CPython(python) => {
            let numbers = format!("{}.{}", python.version.0, python.version.1);
            runtime.label().replacen(&python.version_text, &numbers, 1)
        }
        Runtime::Native { .. } => runtime.label(),
    };
    let all: Vec<String> = runtimes.iter().map(short).collect();
    let alone = |label: &String| all.iter().filter(|other| *other == label).count() == 1;
    all.iter().zip(runtimes).map(|(short, full)| if alone(short) { short.clone() } else { full.label() }).collect()
}

/// Calls with the runtimes' tabs.
pub fn with_runtimes<T>(model: &Model, then: impl FnOnce(&Tabs<'_>) -> T) -> T {
    let names = short_labels(&model.runtimes.usable);
    let tabs: Vec<Tab<'_>> = names.iter().map(|name| Tab { name, unavailable: None, done: false }).collect();
    let key = if model.desk().is_some_and(|desk| desk.script) { "   " } else { "r  " };
    then(&Tabs { key, tabs: &tabs, selected: model.runtimes.selected, hovered: None, theme: &model.theme })
}

/// Calls with the panes' tabs.
pub fn with_panes<T>(model: &Model, desk: &Desk, then: impl FnOnce(&Tabs<'_>, &[Pane]) -> T) -> T {
    let panes = layout::panes(model.size, !desk.script);
    let tabs: Vec<Tab<'_>> =
        panes.iter().map(|pane| Tab { name: pane.label(), unavailable: None, done: false }).collect();
    let selected = panes.iter().position(|pane| *pane == desk.pane).unwrap_or(0);
    then(&Tabs { key: "v  ", tabs: &tabs, selected, hovered: None, theme: &model.theme }, &panes)
}

/// Draws the tabs of a desk.
pub fn tabs(model: &Model, desk: &Desk, parts: &Parts, buf: &mut Buffer) {
    with_executors(model, desk, |tabs| tabs.render(parts.executors, buf));
    with_runtimes(model, |tabs| tabs.render(parts.runtimes, buf));
    if !parts.panes.is_empty() {
        with_panes(model, desk, |tabs, _| tabs.render(parts.panes, buf));
    }
}

/// The rows of the key table for these scopes, by scope, as the footer and the help take them; the footer orders them
/// as the table does.
#[must_use]
pub fn key_rows(scopes: &[Scope], unicode: bool) -> Vec<KeyRow<'static>> {
    let place = |row: &Row| keymap::TABLE.iter().position(|r| r.long == row.long).and_then(|p| u8::try_from(p).ok());
    let show = |row: &'static Row| KeyRow {
        keys: row.keys(unicode),
        action: row.short,
        description: row.long,
        group: row.scope.title(),
        footer: place(row),
    };
    keymap::rows(scopes).map(show).collect()
}

/// The keys that work now: a row whose first key means something else at the moment is left out.
#[must_use]
pub fn open_keys(model: &Model) -> Vec<KeyRow<'static>> {
    let scopes = model.scopes();
    let mut rows = key_rows(&scopes, model.theme.glyphs.unicode);
    rows.retain(|row| keymap::is_open(row.description, &scopes));
    if model.overlay.is_none() && matches!(model.screen, Screen::List(_)) {
        // The map is where all ways back end.
        rows.retain(|row| !keymap::does(row.description, Action::Back));
    }
    if overflows(model) {
        // What cannot be seen must be scrolled to before anything else is pressed.
        for row in rows.iter_mut().filter(|row| row.action == "scroll") {
            row.footer = Some(0);
        }
    }
    rows
}

/// Whether the page has more rows than the screen shows.
fn overflows(model: &Model) -> bool {
    let Some(desk) = model.desk().filter(|desk| !desk.script && model.overlay.is_none()) else { return false };
    let text = parts(model).text;
    text.height > 0 && page::height(model, desk, text.width) > text.height
}

/// Draws the footer: the keys; what is to be said stands in the row above, so that the keys stay in sight.
pub fn footer(model: &Model, area: Rect, buf: &mut Buffer) {
    let keys = open_keys(model);
    (&Footer { keys: &keys, message: None, theme: &model.theme }).render(area, buf);
    let Some(notice) = &model.notice else { return };
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let row = Rect { y: area.y.saturating_sub(1), ..area };
    Clear.render(row, buf);
    let (mark, style) = if notice.bad { (glyphs.warn, palette.bad) } else { (glyphs.pointer, palette.accent) };
    let x = draw::text(buf, row, row.x.saturating_add(1), row.y, mark, style);
    let room = row.right().saturating_sub(x.saturating_add(2));
    draw::text(buf, row, x.saturating_add(1), row.y, &draw::cut(&notice.text, room, glyphs.more), style);
}
