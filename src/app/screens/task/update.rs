//! Tasks: opening them, changing the copy, running and judging it, and leaving.

use crate::app::effect::{Effect, Effects, TaskCopy};
use crate::app::frame::layout;
use crate::app::keymap::{self, Action, Id};
use crate::app::message::CopyRead;
use crate::app::model::{Model, Overlay, Place, Screen, Voice};
use crate::app::screens::desk::update::{self as desk, running};
use crate::app::screens::desk::{Desk, DeskKind, Pane, Scroll};
use crate::app::screens::task::Tasks;
use crate::app::typeset::Typeset;
use crate::lesson::{Lesson, SharedLesson, knobs};
use crate::runner::Outcome;
use std::sync::Arc;

/// Opens the tasks of the open lesson.
pub fn open(model: &mut Model) -> Effects {
    let (Some(place), Some(desk)) = (model.desk_index(), model.desk()) else { return Effects::none() };
    if desk.lesson.tasks.is_empty() {
        return Effects::none();
    }
    if model.active.is_some() {
        model.say_busy();
        return Effects::none();
    }
    let done = model.progress.lessons.get(&desk.lesson.id);
    let tasks = Tasks::new(desk.lesson.clone(), place, |id| done.is_some_and(|done| done.tasks.contains(id)));
    let first = tasks.first_open();
    model.task = Some(Box::new(Desk::new(tasks.dressed().into(), DeskKind::Task(tasks))));
    model.screen = Screen::Task;
    select(model, first)
}

/// Shows the task in this place: its tab, its page, its knobs; its copy is read.
pub fn select(model: &mut Model, place: usize) -> Effects {
    let Some(desk) = model.task.as_deref_mut() else { return Effects::none() };
    let set = desk.tasks().and_then(|tasks| Some(tasks.lesson.tasks.get(place)?.set.clone()));
    (desk.tab, desk.page) = (place, place);
    desk.knobs = set.unwrap_or_default();
    copy(model, false).map(Effect::ReadCopy).into_iter().collect()
}

/// Does what a key or a click asks for, where that means something of its own here.
pub fn act(model: &mut Model, action: Action) -> Option<Effects> {
    let busy = model.active.is_some();
    match action {
        Action::Hint => hint(model),
        Action::Edit | Action::ResetCopy | Action::Run | Action::Lessons if busy => {
            model.say_busy();
        }
        Action::Lessons => leave(model, true),
        Action::Edit => return Some(copy(model, false).map(Effect::EditCopy).into_iter().collect()),
        Action::Run => return Some(copy(model, true).map(Effect::ReadCopy).into_iter().collect()),
        Action::ResetCopy => model.overlay = Some(Overlay::Reset),
        Action::NextPage | Action::PrevPage if model.desk()?.view.cursor.is_none() => {
            return Some(turn(model, action));
        }
        _ => return None,
    }
    Some(Effects::none())
}

/// One step out: what is open closes, then a run stops, then the lesson is on the screen again.
pub fn back(model: &mut Model) -> Effects {
    if desk::close(model) {
        return Effects::none();
    }
    if model.active.is_some() {
        return running::cancel(model);
    }
    leave(model, false);
    Effects::none()
}

/// Leaves the tasks for their lesson, or for the map of the course.
fn leave(model: &mut Model, to_map: bool) {
    let Some(place) = model.task.take().and_then(|desk| desk.tasks().map(|tasks| tasks.place)) else { return };
    model.screen = if to_map { Screen::List(place) } else { Screen::Desk(place) };
}

/// The next task or the one before; before the first is the lesson, after the last its end.
fn turn(model: &mut Model, action: Action) -> Effects {
    let (page, pages) = model.desk().map_or((0, 0), |desk| (desk.page, desk.lesson.pages.len()));
    let to = if action == Action::NextPage { Some(page + 1) } else { page.checked_sub(1) };
    match to.filter(|to| *to < pages) {
        _ if model.active.is_some() => model.say_busy(),
        Some(to) => return select(model, to),
        None => {
            leave(model, false);
            if action == Action::NextPage
                && let Some(desk) = model.desk_mut()
            {
                // Past the last task is the lesson's end.
                desk.page = desk.lesson.pages.len();
                (desk.pane, desk.scroll[Pane::Text as usize]) = (Pane::Text, Scroll::default());
            }
        }
    }
    Effects::none()
}

fn hint(model: &mut Model) {
    let Some(desk) = model.task.as_deref_mut() else { return };
    let tab = desk.tab;
    let Some(tasks) = desk.tasks_mut() else { return };
    if tasks.lesson.tasks.get(tab).is_some_and(|task| task.hint.is_none()) {
        model.say("This task has no hint.");
        return;
    }
    if let Some(standing) = tasks.each.get_mut(tab) {
        standing.hint = !standing.hint;
    }
    to_text(model);
}

/// Throws the learner's copy of the open task away.
pub fn reset(model: &mut Model) -> Effects {
    model.overlay = None;
    copy(model, false).map(Effect::ResetCopy).into_iter().collect()
}

fn copy(model: &Model, run: bool) -> Option<TaskCopy> {
    let desk = model.task.as_deref()?;
    Some(TaskCopy { lesson: desk.tasks()?.lesson.clone(), task: desk.tab, run })
}

/// The learner's text is known: it is shown, and runs where that was asked for.
pub fn copy_read(model: &mut Model, read: &CopyRead) -> Effects {
    let Some(desk) = model.task.as_deref_mut() else { return Effects::none() };
    let Some(standing) = desk.tasks_mut().and_then(|tasks| tasks.each.get_mut(read.task)) else {
        return Effects::none();
    };
    standing.path = Some(read.path.clone());
    let mut effects = Effects::none();
    match &read.text {
        Ok(text) => {
            let changed = standing.source != *text;
            if changed {
                standing.source.clone_from(text);
                standing.judged = None;
                for run in desk.runs.iter_mut().filter(|run| run.program == read.task) {
                    run.edited = true;
                }
            }
            if let Some(lesson) = desk.tasks().map(|tasks| SharedLesson::from(tasks.dressed())) {
                desk.typeset = desk.typeset.take().filter(|_| !changed);
                desk.lesson = lesson.clone();
                effects = effects.and(Effect::TypesetCopy(lesson));
            }
            if read.run && model.place() == Some(Place::Task) {
                draw_rounds(model, read.task);
                effects = effects.then(running::run(model));
            }
        }
        Err(why) => model.complain(format!("your copy cannot be used: {why} ({})", read.path.display())),
    }
    if let Some(notice) = &read.notice {
        model.complain(notice.clone());
    }
    effects
}

/// Draws the knobs for the runs that the task in this place has to pass: no learner can know them beforehand.
fn draw_rounds(model: &mut Model, place: usize) {
    let seed = model.now.and_utc().timestamp_micros().unsigned_abs().wrapping_add(model.next_run);
    let Some(desk) = model.task.as_deref_mut() else { return };
    let rounds = desk.tasks().and_then(|tasks| Some(tasks.lesson.tasks.get(place)?.rounds(seed)));
    let Some([first, second]) = rounds else { return };
    desk.knobs = first;
    if let Some(standing) = desk.tasks_mut().and_then(|tasks| tasks.each.get_mut(place)) {
        standing.to_come = [second].into();
    }
}

/// The next run that the task in this place has to pass, where there is one.
fn next_round(model: &mut Model, place: usize) -> Option<Effects> {
    let desk = model.task.as_deref_mut()?;
    let next = desk.tasks_mut()?.each.get_mut(place)?.to_come.pop_front()?;
    let with = if next.is_empty() { String::new() } else { format!(", with {}", knobs::said(&next)) };
    desk.knobs = next;
    let effects = running::begin(model, place);
    model.say(format!("So far so good. Once more, to be sure{with}."));
    Some(effects)
}

/// The sources of the learner's copies are ready to draw.
pub fn typeset_kept(model: &mut Model, lesson: &Lesson, typeset: &Arc<Typeset>) {
    let same =
        |desk: &&mut Desk| desk.lesson.programs.iter().map(|p| &p.python).eq(lesson.programs.iter().map(|p| &p.python));
    if let Some(desk) = model.task.as_deref_mut().filter(same) {
        desk.typeset = Some(Arc::clone(typeset));
    }
}

/// A run of the task in this place has ended: it is judged, and a task that is passed is remembered.
pub fn judge(model: &mut Model, place: usize, outcome: &Outcome) -> Effects {
    let machine = model.machine;
    let Some(tasks) = model.task.as_deref_mut().and_then(Desk::tasks_mut) else { return Effects::none() };
    tasks.judge(place, outcome, machine);
    let (lesson, judged) = (tasks.lesson.clone(), tasks.each.get(place).and_then(|t| t.judged.clone()));
    to_text(model);
    let (Some(task), Some(judged)) = (lesson.tasks.get(place), judged) else { return Effects::none() };
    let held = judged.found.iter().filter(|found| found.held()).count();
    if judged.failed() {
        model.complain("The program failed, so nothing is judged yet.");
        return Effects::none();
    }
    if judged.once_more
        && let Some(effects) = next_round(model, place)
    {
        return effects;
    }
    if judged.passed() {
        let arrow = match model.voice {
            Voice::Screen => model.keys(Id::Page).split(' ').next_back().unwrap_or_default(),
            Voice::Lines => keymap::row(Id::Page).short,
        };
        let done = model.task.as_deref().and_then(Desk::tasks).is_some_and(Tasks::all_passed);
        let on = if done { "the end of the lesson" } else { "the next task" };
        model.say(format!("Done: {held} of {held} hold. {arrow} goes on: {on}."));
    } else {
        model.complain(format!("Not yet: {held} of {} hold. The reasons stand with them.", judged.found.len()));
    }
    model.progress.judged(&lesson.id, &task.id, judged.passed());
    Effects::one(Effect::Save)
}

/// Shows the goal and what came true, where only one part is open.
fn to_text(model: &mut Model) {
    let one = layout::one_by_one(model.size);
    if let Some(desk) = model.desk_mut().filter(|_| one) {
        desk.pane = Pane::Text;
        desk.scroll[Pane::Text as usize] = Scroll::default();
    }
}
