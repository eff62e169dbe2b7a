//! The tabs of a desk: its executors, the runtimes, and its panes where only one is open.

use crate::app::frame::plan::{Placed, Target};
use crate::app::keymap::{self, Id};
use crate::app::model::{Model, unavailable};
use crate::app::screens::desk::layout::Parts;
use crate::app::screens::desk::{Desk, Pane, sight};
use crate::runtime::Runtime;
use crate::view::Tabs;
use crate::view::tabs::Tab;
use ratatui::buffer::Buffer;
use ratatui::widgets::Widget;

/// Names, reasons and marks of the executors' tabs.
fn executors(model: &Model, desk: &Desk) -> Vec<(String, Option<String>, (bool, bool))> {
    let runtime = model.runtimes.current();
    let one = |(place, program): (usize, &crate::lesson::Program)| {
        // Where the picture would be, the reason stands at length.
        let reason = unavailable(&desk.lesson, place, runtime);
        let reason = reason.map(|reason| if sight::pane(model, desk, Pane::Watch) { String::new() } else { reason });
        (program.name.clone(), reason, (desk.ticked(place), desk.tick_is_old(place, &model.runtimes)))
    };
    desk.lesson.programs.iter().enumerate().map(one).collect()
}

/// Calls with the executors' tabs.
fn with_executors<T>(model: &Model, desk: &Desk, then: impl FnOnce(&Tabs<'_>) -> T) -> T {
    let names = executors(model, desk);
    let tabs: Vec<Tab<'_>> = names
        .iter()
        .map(|(name, reason, (done, old))| Tab { name, unavailable: reason.as_deref(), done: *done, old: *old })
        .collect();
    then(&Tabs { key: &key(desk.has_pages(), Id::Executor), tabs: &tabs, selected: desk.tab, theme: &model.theme })
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
fn with_runtimes<T>(model: &Model, then: impl FnOnce(&Tabs<'_>) -> T) -> T {
    let names = short_labels(&model.runtimes.usable);
    let tabs: Vec<Tab<'_>> =
        names.iter().map(|name| Tab { name, unavailable: None, done: false, old: false }).collect();
    let key = key(model.desk().is_some_and(Desk::has_pages), Id::Runtime);
    then(&Tabs { key: &key, tabs: &tabs, selected: model.runtimes.selected, theme: &model.theme })
}

/// Calls with the panes' tabs.
fn with_panes<T>(model: &Model, desk: &Desk, parts: &Parts, then: impl FnOnce(&Tabs<'_>, &[Pane]) -> T) -> T {
    let panes = parts.choices(desk.has_pages());
    let tabs: Vec<Tab<'_>> = panes
        .iter()
        .map(|pane| Tab { name: pane.kind().label(), unavailable: None, done: false, old: false })
        .collect();
    let selected = panes.iter().position(|pane| *pane == desk.pane).unwrap_or(0);
    then(&Tabs { key: &key(true, Id::Pane), tabs: &tabs, selected, theme: &model.theme }, panes)
}

/// Draws the tabs of a desk.
pub fn draw(model: &Model, desk: &Desk, parts: &Parts, buf: &mut Buffer) {
    with_executors(model, desk, |tabs| tabs.render(parts.executors, buf));
    with_runtimes(model, |tabs| tabs.render(parts.runtimes, buf));
    if !parts.names.is_empty() {
        with_panes(model, desk, parts, |tabs, _| tabs.render(parts.names, buf));
    }
}

/// The key that goes through a row of tabs, where there is one; all are of one width.
fn key(there: bool, id: Id) -> String {
    format!("{:<3}", if there { keymap::name(id) } else { "" })
}

/// Where the tabs are.
#[must_use]
pub fn targets(model: &Model, desk: &Desk, parts: &Parts) -> Vec<Placed> {
    let mut out = Vec::new();
    with_executors(model, desk, |tabs| {
        out.extend(tabs.placed(parts.executors).into_iter().map(|(area, n)| Placed::new(area, Target::Executor(n))));
    });
    with_runtimes(model, |tabs| {
        out.extend(tabs.placed(parts.runtimes).into_iter().map(|(area, n)| Placed::new(area, Target::Runtime(n))));
    });
    with_panes(model, desk, parts, |tabs, panes| {
        out.extend(tabs.placed(parts.names).into_iter().map(|(area, n)| Placed::new(area, Target::Pane(panes[n]))));
    });
    out
}
