//! The make step: opening it, changing the copy, running and judging it, and leaving.
//!
//! While it is open it has a model of its own, which every key goes to; what else happens reaches both.

use super::running;
use crate::app::effect::{Copy, Effect, Effects};
use crate::app::engine::RunId;
use crate::app::frame::FramePlan;
use crate::app::frame::layout;
use crate::app::keymap::Action;
use crate::app::message::{CopyRead, Message};
use crate::app::model::{Model, Screen};
use crate::app::screens::desk::board::Board;
use crate::app::screens::desk::{Pane, Scroll};
use crate::runner::Outcome;
use std::sync::Arc;
use std::time::Duration;

/// Opens the make step of the open lesson.
pub fn open(model: &mut Model) -> Effects {
    let (Some(place), Some(desk)) = (model.desk_index(), model.desk()) else { return Effects::none() };
    if desk.lesson.tasks.is_empty() {
        return Effects::none();
    }
    if model.active.is_some() {
        model.say("A run is going on. esc stops it.");
        return Effects::none();
    }
    let done = model.progress.lessons.get(&desk.lesson.id);
    let board = Board::new(Arc::clone(&desk.lesson), place, |id| done.is_some_and(|done| done.tasks.contains(id)));
    let mut inner = Model::new(vec![board.dressed(&model.theme.glyphs)], model.size, model.look);
    inner.theme = model.theme.clone();
    inner.runtimes = model.runtimes.clone();
    (inner.machine, inner.measuring) = (model.machine, model.measuring);
    (inner.next_run, inner.epoch) = (model.next_run, model.epoch + 1);
    inner.screen = Screen::Desk(0);
    let first = board.first_open();
    inner.task = Some(board);
    select(&mut inner, first);
    let effects = read(&inner, false);
    model.making = Some(Box::new(inner));
    effects
}

/// Applies a message while the make step is open. `None` where it is for the course as well.
pub fn take(model: &mut Model, plan: &FramePlan, message: &Message) -> Option<Effects> {
    let inner = model.making.as_deref_mut()?;
    let effects = match message {
        Message::Key(_) | Message::Mouse(_) => {
            let asked = asking(inner);
            let effects = inside(inner, plan, message);
            if let Some(board) = inner.task.as_mut().filter(|_| asked) {
                board.asking = false;
            }
            effects
        }
        Message::RunMoved(..) | Message::RunFailed(..) => inside(inner, plan, message),
        Message::RunEnded(id, outcome) => return Some(ended(model, plan, *id, outcome)),
        Message::Copy(read) => copy_read(inner, read),
        Message::CopyInked(lesson, ink) => {
            inner.epoch += 1;
            if inner.desks.first().is_some_and(|desk| same_sources(&desk.lesson, lesson)) {
                inner.inks[0] = Some(Arc::clone(ink));
            }
            Effects::none()
        }
        Message::Resize(..) | Message::LightTerminal | Message::Runtimes(..) | Message::Calibrated(..) => {
            let effects = inside(inner, plan, message);
            let outer = crate::app::update::apply(model, plan, message.clone());
            return Some(effects.then(outer));
        }
        _ => return None,
    };
    if model.making.as_ref().is_some_and(|inner| matches!(inner.screen, Screen::List(_))) {
        close(model);
    }
    Some(effects)
}

fn same_sources(a: &crate::lesson::Lesson, b: &crate::lesson::Lesson) -> bool {
    a.programs.iter().map(|p| &p.python).eq(b.programs.iter().map(|p| &p.python))
}

/// What the desk does with it; the task's own conditions are added to a run.
fn inside(inner: &mut Model, plan: &FramePlan, message: &Message) -> Effects {
    let before = inner.desk().map(|desk| desk.tab);
    let effects = crate::app::update::apply(inner, plan, message.clone());
    if let Some(tab) = inner.desk().map(|desk| desk.tab).filter(|tab| Some(*tab) != before) {
        select(inner, tab);
    }
    finish(inner, effects)
}

/// Runs have the task's time-out, and what the desk thinks is progress is none: only a task that is passed counts.
fn finish(inner: &Model, effects: Effects) -> Effects {
    let kept = effects.into_iter().filter(|effect| !matches!(effect, Effect::Save));
    kept.map(|mut effect| {
        if let (Effect::Start(_, request), Some(board)) = (&mut effect, &inner.task) {
            let task = board.lesson.tasks.get(request.program);
            request.timeout = task.map(|task| Duration::from_secs_f64(task.timeout_s));
        }
        effect
    })
    .collect()
}

/// Shows the task in this place: its tab, its page, its knobs.
fn select(inner: &mut Model, place: usize) {
    let set = inner.task.as_ref().and_then(|board| Some(board.lesson.tasks.get(place)?.set.clone()));
    if let Some(desk) = inner.desk_mut() {
        (desk.tab, desk.page) = (place, place);
        desk.knobs = set.unwrap_or_default();
    }
}

/// Leaves the make step; what was chosen there stays chosen.
fn close(model: &mut Model) {
    let Some(inner) = model.making.take() else { return };
    (model.next_run, model.epoch) = (inner.next_run, inner.epoch + 1);
    if let Some(board) = inner.task.as_ref().filter(|board| board.to_map) {
        model.screen = Screen::List(board.place);
    }
    if let Some(runtime) = inner.runtimes.chosen.then(|| inner.runtimes.current().clone()) {
        model.runtimes.choose(&runtime);
    }
}

fn asking(inner: &Model) -> bool {
    inner.task.as_ref().is_some_and(|board| board.asking)
}

/// Does what a key or a click asks for, where that means something of its own here.
pub fn act(inner: &mut Model, action: Action) -> Option<Effects> {
    if asking(inner) {
        inner.notice = None;
        return Some(if action == Action::Yes { effect(inner, Effect::ResetCopy) } else { Effects::none() });
    }
    if inner.overlay.is_some() {
        return None;
    }
    match action {
        Action::Hint => hint(inner),
        Action::Lessons if inner.active.is_none() => {
            inner.screen = Screen::List(0);
            if let Some(board) = &mut inner.task {
                board.to_map = true;
            }
        }
        Action::Edit | Action::ResetCopy | Action::Run | Action::Lessons if inner.active.is_some() => {
            inner.say("A run is going on. esc stops it.");
        }
        Action::Edit => return Some(effect(inner, Effect::EditCopy)),
        Action::Run => return Some(read(inner, true)),
        Action::ResetCopy => {
            if let Some(board) = &mut inner.task {
                board.asking = true;
            }
            inner.complain("Throw away what you changed, and begin anew? y: yes; any other key: no");
        }
        Action::NextPage | Action::PrevPage if no_cursor(inner) => return Some(turn(inner, action)),
        _ => return None,
    }
    Some(Effects::none())
}

/// The next task or the one before; past the ends is the lesson.
fn turn(inner: &mut Model, action: Action) -> Effects {
    let (page, pages) = inner.desk().map_or((0, 0), |desk| (desk.page, desk.lesson.pages.len()));
    let to = if action == Action::NextPage { Some(page + 1) } else { page.checked_sub(1) };
    match to.filter(|to| *to < pages) {
        _ if inner.active.is_some() => {
            inner.say("A run is going on. esc stops it.");
            Effects::none()
        }
        Some(to) => {
            select(inner, to);
            read(inner, false)
        }
        None => {
            inner.screen = Screen::List(0);
            Effects::none()
        }
    }
}

fn no_cursor(inner: &Model) -> bool {
    inner.desk().is_some_and(|desk| desk.view.cursor.is_none())
}

fn hint(inner: &mut Model) {
    let Some(place) = inner.desk().map(|desk| desk.tab) else { return };
    let Some(board) = &mut inner.task else { return };
    if board.lesson.tasks.get(place).is_some_and(|task| task.hint.is_none()) {
        inner.say("This task has no hint.");
        return;
    }
    if let Some(standing) = board.tasks.get_mut(place) {
        standing.hint = !standing.hint;
    }
    dress(inner);
    to_text(inner);
}

fn read(inner: &Model, run: bool) -> Effects {
    copy(inner, run).map(Effect::ReadCopy).into_iter().collect()
}

fn effect(inner: &Model, effect: impl FnOnce(Copy) -> Effect) -> Effects {
    copy(inner, false).map(effect).into_iter().collect()
}

fn copy(inner: &Model, run: bool) -> Option<Copy> {
    let (board, desk) = (inner.task.as_ref()?, inner.desk()?);
    Some(Copy { lesson: Arc::clone(&board.lesson), task: desk.tab, run })
}

/// The learner's text is known: it is shown, and runs where that was asked for.
fn copy_read(inner: &mut Model, read: &CopyRead) -> Effects {
    inner.epoch += 1;
    let Some(standing) = inner.task.as_mut().and_then(|board| board.tasks.get_mut(read.task)) else {
        return Effects::none();
    };
    standing.path = Some(read.path.clone());
    let mut effects = Effects::none();
    match &read.text {
        Ok(text) => {
            if standing.source != *text {
                standing.source.clone_from(text);
                standing.judged = None;
            }
            dress(inner);
            effects = effects.then(inner.desks.first().map(|desk| Effect::Ink(Arc::clone(&desk.lesson))));
            if read.run {
                let run = running::run(inner);
                effects = effects.then(finish(inner, run));
            }
        }
        Err(why) => inner.complain(format!("your copy cannot be used: {why} ({})", read.path.display())),
    }
    if let Some(notice) = &read.notice {
        inner.complain(notice.clone());
    }
    effects
}

/// Makes the lesson of the desk anew, of what is known now.
fn dress(inner: &mut Model) {
    let Some(board) = &inner.task else { return };
    let lesson = Arc::new(board.dressed(&inner.theme.glyphs));
    if let Some(desk) = inner.desks.first_mut() {
        if !same_sources(&desk.lesson, &lesson) {
            inner.inks[0] = None;
        }
        desk.lesson = lesson;
    }
}

/// A run of the make step has ended: it is judged, and a task that is passed is remembered.
fn ended(model: &mut Model, plan: &FramePlan, id: RunId, outcome: &Arc<Outcome>) -> Effects {
    let Some(inner) = model.making.as_deref_mut() else { return Effects::none() };
    let request = inner.active.as_ref().filter(|active| active.id == id).map(|active| active.request.clone());
    let effects = inside(inner, plan, &Message::RunEnded(id, Arc::clone(outcome)));
    let Some(request) = request.filter(|_| !outcome.cancelled) else { return effects };
    let machine = inner.machine;
    let Some(board) = &mut inner.task else { return effects };
    board.judge(request.program, &request, outcome, machine);
    let (lesson, judged) = (Arc::clone(&board.lesson), board.tasks.get(request.program).and_then(|t| t.judged.clone()));
    dress(inner);
    to_text(inner);
    let (Some(task), Some(judged)) = (lesson.tasks.get(request.program), judged) else { return effects };
    let held = judged.found.iter().filter(|found| found.held()).count();
    if judged.passed() {
        inner.say(format!("Done: {held} of {held} hold. esc goes back to the lesson."));
    } else {
        inner.complain(format!("Not yet: {held} of {} hold. The reasons stand with them.", judged.found.len()));
    }
    model.progress.judged(&lesson.id, &task.id, judged.passed());
    effects.and(Effect::Save)
}

/// Shows the goal and what came true, where only one part is open.
fn to_text(inner: &mut Model) {
    let stacked = layout::stacked(inner.size);
    if let Some(desk) = inner.desk_mut().filter(|_| stacked) {
        desk.pane = Pane::Text;
        desk.scroll[Pane::Text as usize] = Scroll::default();
    }
}
