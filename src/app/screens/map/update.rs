//! The map of the course: choosing a lesson, going on where the learner left off, and forgetting.

use crate::app::effect::{Effect, Effects};
use crate::app::keymap::Action;
use crate::app::model::{Model, Overlay, Screen};
use crate::app::screens::compare;
use crate::app::screens::desk::update::spot;
use crate::app::screens::desk::{Desk, DeskKind};
use crate::app::screens::list;
use crate::learner::course;
use crate::learner::review::cards;
use std::path::PathBuf;

/// Does what a key asks for on the map.
pub fn act(model: &mut Model, row: usize, action: Action) -> Effects {
    match action {
        Action::Open => return crate::app::screens::desk::update::reading::open(model, row),
        Action::SeeIt => return compare::update::open_demo(model),
        Action::Review => crate::app::screens::review::update::open(model),
        Action::Forget => model.overlay = Some(Overlay::Forget(row)),
        _ => {
            if let Some(row) = list::row_after(model, row, model.desks.len(), action) {
                model.screen = Screen::List(row);
            }
        }
    }
    Effects::none()
}

/// The progress file has been read: the map stands on the lesson to go on with, and each desk on the page that was
/// read last, unless the learner was faster.
pub fn progress_known(model: &mut Model) {
    let open = model.desk_index();
    for (place, desk) in model.desks.iter_mut().enumerate() {
        let Some(done) = model.progress.lessons.get(&desk.lesson.outline().id) else { continue };
        let held = open == Some(place) && model.run_held;
        if desk.is_untouched() && !held && done.spot.as_ref().is_some_and(|at| spot::find(desk, at)) {
            continue;
        }
        let pages = &desk.lesson.pages;
        if open == Some(place) {
            continue;
        }
        let read = pages.iter().take_while(|page| done.pages.contains(&page.title)).count();
        if desk.page == 0 && read > 1 && read < pages.len() {
            desk.page = read - 1;
            desk.select_page_program();
        }
    }
    match model.screen {
        Screen::List(0) => model.screen = Screen::List(place(model)),
        // It was opened before anybody knew what is due.
        Screen::Review => crate::app::screens::review::update::open(model),
        _ => {}
    }
}

/// The lesson to stand on: the one to go on with.
#[must_use]
pub fn place(model: &Model) -> usize {
    course::go_on(model.outlines(), &model.progress).unwrap_or(0)
}

/// Has it forgotten in the file: nothing is forgotten before there is a copy of that.
pub fn forget(model: &mut Model, place: Option<usize>) -> Effects {
    model.overlay = None;
    if model.active.is_some() {
        model.say_busy();
        return Effects::none();
    }
    let lesson = place.and_then(|place| model.desks.get(place)).map(|desk| desk.lesson.outline().id.clone());
    Effects::one(Effect::Forget(lesson))
}

/// It was forgotten in the file, and a copy was kept; or it could not be.
pub fn forgotten(model: &mut Model, lesson: Option<&str>, kept: Result<Option<PathBuf>, String>) -> Effects {
    let copy = match kept {
        Ok(copy) => copy,
        Err(why) => {
            model.complain(format!("nothing was forgotten: {why}"));
            return Effects::none();
        }
    };
    model.progress.forget(lesson);
    (model.sitting, model.interview) = (None, None);
    for desk in model.desks.iter_mut().filter(|desk| lesson.is_none_or(|id| desk.lesson.outline().id == id)) {
        *desk = Desk::new(desk.lesson.clone(), DeskKind::Lesson);
    }
    let copy = copy.map_or_else(String::new, |path| format!(" A copy is kept as {}", path.display()));
    model.say(format!("Forgotten.{copy}"));
    Effects::one(Effect::Save)
}

/// Gives topics their cards after progress has changed.
pub fn schedule(model: &mut Model) {
    let lessons = model.desks.iter().filter(|desk| desk.counts()).map(|desk| desk.lesson.outline());
    cards::deal(&mut model.progress, lessons, model.today);
}
