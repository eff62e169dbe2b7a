//! Pages: opening a lesson, turning, scrolling, and the questions on a page.

use crate::app::effect::{Effect, Effects};
use crate::app::keymap::{self, Id};
use crate::app::model::{Model, Screen, Voice};
use crate::app::screens::desk::end::{self, Missing};
use crate::app::screens::desk::{Desk, Pane, Plan, Scroll};
use crate::app::screens::task;

/// Opens a lesson where the learner left it.
pub fn open(model: &mut Model, index: usize) -> Effects {
    if index >= model.desks.len() {
        return Effects::none();
    }
    super::proof::leave(model);
    model.screen = Screen::Desk(index);
    model.prefer_runtime();
    let id = model.desks[index].lesson.id.clone();
    let new = model.progress.last.replace(id.clone()) != Some(id);
    let effects = note_page(model);
    if new && !effects.save() { effects.and(Effect::Save) } else { effects }
}

/// Turns pages; past the last one there is the next lesson.
pub fn turn(model: &mut Model, by: isize) -> Effects {
    let last_desk = model.desks.len().saturating_sub(1);
    let Some(index) = model.desk_index() else { return Effects::none() };
    let desk = &mut model.desks[index];
    let Some(page) = desk.page.checked_add_signed(by) else { return Effects::none() };
    if page >= desk.page_count() {
        if index < last_desk {
            model.screen = Screen::List(index + 1);
        } else if desk.counts() {
            model.say(format!("This was the last lesson. {}: the list of lessons.", keymap::name(Id::Lessons)));
        }
        return Effects::none();
    }
    to_page(model, page)
}

/// Turns to a page of the open lesson, or to its end.
fn to_page(model: &mut Model, page: usize) -> Effects {
    let Some(desk) = model.desk_mut() else { return Effects::none() };
    desk.page = page;
    desk.pane = Pane::Text;
    desk.scroll[Pane::Text as usize] = Scroll::default();
    (desk.gate, desk.answering, desk.found) = (None, None, None);
    let tab = desk.tab;
    desk.select_page_program();
    if desk.tab != tab {
        super::choosing::tab_changed(model);
    }
    let noted = super::spot::note(model);
    let read = note_page(model);
    if read.save() { read } else { read.then(noted) }
}

/// Opens the lesson after the open one; after the last one there is the map.
pub fn next_lesson(model: &mut Model) -> Effects {
    let Some(index) = model.desk_index() else { return Effects::none() };
    if index + 1 < model.desks.len() {
        return open(model, index + 1);
    }
    model.screen = Screen::List(index);
    Effects::none()
}

/// Goes to the first thing that is missing to pass the open lesson: its page, its prediction, its task.
pub fn to_missing(model: &mut Model) -> Effects {
    let Some(first) = model.desk().and_then(|desk| end::missing(model, desk).first().copied()) else {
        return Effects::none();
    };
    match first {
        Missing::Question(page) => to_page(model, page),
        Missing::Task => task::update::open(model),
        Missing::Prediction(program, page) => {
            let effects = page.map_or_else(Effects::none, |page| to_page(model, page));
            let effects = effects.then(super::choosing::select_tab(model, program));
            // One that was skipped is asked again.
            if let Some(desk) = model.desk_mut() {
                desk.skipped.clear();
            }
            effects.then(super::running::run(model))
        }
    }
}

/// Remembers that the open page was opened.
fn note_page(model: &mut Model) -> Effects {
    let Some(desk) = model.desk() else { return Effects::none() };
    let (id, Some(page)) = (desk.lesson.id.clone(), desk.current_page()) else { return Effects::none() };
    let title = page.title.clone();
    let new = model.progress.lesson_mut(&id).pages.insert(title);
    if new { Effects::one(Effect::Save) } else { Effects::none() }
}

/// The panes that the arrow keys scroll, and the page keys.
fn scrolled_panes(model: &Model, plan: &Plan) -> (Pane, Pane) {
    model.desk().map_or_else(Default::default, |desk| plan.parts.scrolled(desk.pane, desk.has_pages()))
}

/// Scrolls the part that is read: the text, or what was put in its place.
pub fn scroll(model: &mut Model, plan: &Plan, by: i32) {
    let (pane, _) = scrolled_panes(model, plan);
    // The output's end is what is shown first: down is nearer to it.
    scroll_pane(model, plan, pane, if pane == Pane::Output { -by } else { by });
}

/// Scrolls what stands below the text, or the only pane that is open.
pub fn scroll_lower(model: &mut Model, plan: &Plan, by: i32) {
    let (_, pane) = scrolled_panes(model, plan);
    scroll_pane(model, plan, pane, if pane == Pane::Output { -by } else { by });
}

/// Scrolls one pane, from where it was drawn.
pub fn scroll_pane(model: &mut Model, plan: &Plan, pane: Pane, by: i32) {
    if let Some(desk) = model.desk_mut() {
        desk.scroll[pane as usize] = Scroll::Rows(plan.scrolled(pane).by(by));
    }
}

/// Shows the next part of the desk.
pub fn next_pane(model: &mut Model, plan: &Plan) {
    let all = match model.voice {
        Voice::Screen => plan.parts.choices(model.desk().is_some_and(Desk::has_pages)),
        // In lines the text stands in the scrollback: the first that is asked for is another part.
        Voice::Lines => Pane::ALL.split_at(1).1,
    };
    let first = usize::from(model.voice == Voice::Screen);
    let Some(desk) = model.desk_mut() else { return };
    // Side by side the first of them is open until another one was asked for.
    let place = all.iter().position(|p| *p == desk.pane).map_or(first, |place| place + 1);
    if let Some(pane) = all.get(place).or(all.first()) {
        desk.pane = *pane;
    }
}
