//! What runs: the executor, the runtime and the knobs.

use crate::app::effect::Effects;
use crate::app::frame::layout;
use crate::app::keymap::{self, Id};
use crate::app::model::{Model, Screen};
use crate::app::screens::desk::{Pane, Scroll};
use crate::app::screens::task;
use crate::view::Viewport;

/// The next or the previous executor. One that cannot run here can be looked at too: its tab says why.
pub fn turn_tab(model: &mut Model, by: isize) -> Effects {
    let Some(desk) = model.desk() else { return Effects::none() };
    let count = desk.lesson.programs.len();
    select_tab(model, (desk.tab + count).saturating_add_signed(by) % count)
}

/// Selects a tab.
pub fn select_tab(model: &mut Model, tab: usize) -> Effects {
    let Some(desk) = model.desk_mut().filter(|desk| tab < desk.lesson.programs.len()) else { return Effects::none() };
    desk.tab = tab;
    tab_changed(model);
    if model.screen == Screen::Task { task::update::select(model, tab) } else { Effects::none() }
}

/// Another program is selected: its own picture is shown whole.
pub fn tab_changed(model: &mut Model) {
    super::answering::leave(model);
    let Some(desk) = model.desk_mut() else { return };
    (desk.gate, desk.found) = (None, None);
    desk.view = Viewport { follow: true, ..Viewport::default() };
    super::timeline::show_whole(model);
}

/// The next runtime on which the selected program can run.
pub fn next_runtime(model: &mut Model) {
    if let Some(place) = model.able_runtime() {
        choose_runtime(model, place);
    }
}

fn choose_runtime(model: &mut Model, place: usize) {
    super::answering::leave(model);
    model.runtimes.selected = place;
    model.runtimes.chosen = true;
    if let Some(desk) = model.desk_mut() {
        desk.gate = None;
    }
}

/// Uses the runtime in this row of the picker, or says why it cannot be used.
pub fn pick_runtime(model: &mut Model, row: usize) {
    if row < model.runtimes.usable.len() {
        model.overlay = None;
        choose_runtime(model, row);
    } else if let Some((path, reason)) = model.runtimes.unusable.get(row - model.runtimes.usable.len()) {
        let text = format!("{path} cannot be used: {reason}");
        model.complain(text);
    }
}

/// Selects the next knob.
pub fn next_knob(model: &mut Model) {
    let Some(desk) = model.desk_mut() else { return };
    match desk.lesson.knobs.len() {
        0 => {}
        1 => model.whisper(format!("There is one knob here; {} turns it.", keymap::names(Id::TurnKnob, true))),
        many => desk.knob = (desk.knob + 1) % many,
    }
}

/// Turns the selected knob by a step.
pub fn turn_knob(model: &mut Model, by: isize) {
    let Some(desk) = model.desk_mut() else { return };
    let Some(knob) = desk.lesson.knobs.get(desk.knob) else { return };
    let now = desk.knobs.get(&knob.name).copied().unwrap_or(knob.default);
    let next = if by > 0 { knob.next(now) } else { knob.prev(now) };
    if next != now {
        desk.knobs.insert(knob.name.clone(), next);
        // The constants stand at the top: what was turned is to be seen, and not where the last run had got stuck.
        let scroll = &mut desk.scroll[Pane::Source as usize];
        *scroll = if matches!(scroll, Scroll::Line(_)) { Scroll::default() } else { *scroll };
        if layout::one_by_one(model.size)
            && let Some(desk) = model.desk_mut()
        {
            desk.pane = Pane::Source;
        }
    }
}
