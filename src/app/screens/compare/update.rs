//! What keys, clicks and the ends of runs do in a comparison.

use super::said;
use super::{Comparing, Plan, demo};
use crate::app::effect::Effects;
use crate::app::frame::{FramePlan, Placed, Target};
use crate::app::keymap::{self, Action, Id};
use crate::app::model::{Model, Place, Screen, unavailable};
use crate::app::screens::desk::Desk;
use crate::app::screens::desk::update::{reading, running, timeline};
use crate::app::update;
use crate::insight::Ledger;
use crate::insight::typical::typical;
use crate::lesson::types::Knobs;
use ratatui::layout::Position;
use std::collections::{BTreeMap, VecDeque};

/// Opens the comparison of the lesson on the open desk, under the runtime and the knobs that are set there.
pub fn open(model: &mut Model) -> Effects {
    let Some((lesson, desk)) = model.desk_index().zip(model.desk()) else { return Effects::none() };
    let (programs, knobs) = (programs(desk), desk.knobs.clone());
    show(model, lesson, programs, knobs, false)
}

/// Opens what a newcomer sees first.
pub fn open_demo(model: &mut Model) -> Effects {
    let Some((lesson, programs)) = demo::programs(model) else { return Effects::none() };
    // The lesson's own work: three runs of it take about three seconds in all.
    let knobs = model.desks[lesson].lesson.default_knobs();
    show(model, lesson, programs, knobs, true)
}

/// The programs of a lesson that do the same work; all, where it has no baseline.
fn programs(desk: &Desk) -> Vec<usize> {
    let all = &desk.lesson.programs;
    let alone = !all.iter().any(|program| program.baseline);
    (0..all.len()).filter(|place| alone || !all[*place].apart).collect()
}

fn show(model: &mut Model, lesson: usize, programs: Vec<usize>, knobs: Knobs, demo: bool) -> Effects {
    if model.active.is_some() {
        model.say_busy();
        return Effects::none();
    }
    let runtime = model.runtimes.current().clone();
    model.comparing = Some(Box::new(Comparing::new(lesson, programs, runtime, knobs, demo)));
    model.screen = Screen::Compare;
    begin(model, false)
}

/// Makes the runs that are missing, or all of them anew, one after the other.
pub fn begin(model: &mut Model, anew: bool) -> Effects {
    if model.active.is_some() {
        model.say_busy();
        return Effects::none();
    }
    if (model.runtimes.looking && !model.runtimes.chosen) || model.measuring {
        model.run_held = true;
        return Effects::none();
    }
    let Some(mut comparing) = model.comparing.take() else { return Effects::none() };
    let desk = &model.desks[comparing.lesson];
    comparing.runtime = model.runtimes.current().clone();
    let why_not = |program: &usize| Some((*program, unavailable(&desk.lesson, *program, &comparing.runtime)?));
    comparing.why_not = comparing.programs.iter().filter_map(why_not).collect();
    let wanted = |program: &usize| {
        let there = comparing.run(desk, *program).is_some_and(|run| !run.end.cancelled());
        !comparing.why_not.contains_key(program) && (anew || !there)
    };
    let queue: VecDeque<usize> = comparing.programs.iter().copied().filter(wanted).collect();
    comparing.making = queue.len();
    if anew {
        (comparing.cursor, comparing.window) = (None, None);
    }
    let (place, conditions) = (Place::Lesson(comparing.lesson), (comparing.runtime.clone(), comparing.knobs.clone()));
    model.comparing = Some(comparing);
    refresh(model);
    running::compare(model, place, queue, &conditions)
}

/// Works out anew what is said of the runs that are there.
fn refresh(model: &mut Model) {
    let Some(mut comparing) = model.comparing.take() else { return };
    let desk = &model.desks[comparing.lesson];
    let (mut close, mut spent) = (BTreeMap::new(), BTreeMap::new());
    let cores = u64::from(model.machine.map_or(model.cores, |machine| machine.cores));
    for program in &comparing.programs {
        if let Some(outcome) = comparing.run(desk, *program).and_then(|run| run.outcome.as_ref()) {
            let since = typical(&outcome.trace, super::state::CLOSE_UP) - outcome.trace.zero();
            close.insert(*program, since);
            spent.insert(*program, Ledger::of(&outcome.trace, cores));
        }
    }
    comparing.said = said::of(&comparing, desk, model.machine.unwrap_or_default());
    (comparing.ended, comparing.typical, comparing.spent) = (comparing.endings(desk), close, spent);
    model.comparing = Some(comparing);
}

/// A run of the comparison has ended, or the last one could not be started.
pub fn run_ended(model: &mut Model, stopped: bool) {
    refresh(model);
    if stopped {
        model.say(format!("Stopped; what ran stays. {} makes all runs anew.", keymap::name(Id::RunAnew)));
    }
}

/// A run of the comparison could not be started.
pub fn run_failed(model: &mut Model, program: usize, why: &str) {
    if let Some(comparing) = &mut model.comparing {
        comparing.why_not.insert(program, format!("not started: {why}"));
    }
    refresh(model);
}

/// Does what a key asks for.
pub fn act(model: &mut Model, plan: &FramePlan, action: Action) -> Effects {
    let unplanned = &Plan::default();
    let at = plan.of::<Plan>().unwrap_or(unplanned);
    let (axis, columns) = (at.axis, at.stack.window.columns);
    match action {
        Action::RunAnew => return begin(model, true),
        Action::Why => return why(model),
        _ => {}
    }
    let Some(comparing) = &mut model.comparing else { return Effects::none() };
    let cursor = comparing.cursor;
    match action {
        Action::CursorLater => comparing.step(1, columns, axis),
        Action::CursorEarlier => comparing.step(-1, columns, axis),
        Action::ZoomIn => comparing.zoom(true, axis, cursor),
        Action::ZoomOut => comparing.zoom(false, axis, cursor),
        Action::ZoomFit => comparing.window = None,
        Action::ScrollDown => comparing.first = (at.first + 1).min(at.stack.most),
        Action::ScrollUp => comparing.first = at.first.saturating_sub(1),
        _ => {}
    }
    Effects::none()
}

/// The first lesson begins to say why.
fn why(model: &mut Model) -> Effects {
    leave(model);
    reading::open(model, 0)
}

/// One step out: the cursor goes, then a run stops, then the comparison is left.
pub fn back(model: &mut Model) -> Effects {
    if model.comparing.as_mut().is_some_and(|comparing| comparing.cursor.take().is_some()) {
        return Effects::none();
    }
    if model.active.is_some() {
        return running::cancel(model);
    }
    leave(model);
    Effects::none()
}

/// Back to where it was opened.
fn leave(model: &mut Model) {
    model.run_held = false;
    let comparing = model.comparing.take();
    model.screen = match comparing {
        Some(comparing) if !comparing.demo => Screen::Desk(comparing.lesson),
        _ => Screen::List(crate::app::screens::map::update::place(model)),
    };
    timeline::show_whole(model);
}

/// Does what a click on this target asks for.
pub fn click(model: &mut Model, plan: &FramePlan, placed: &Placed, at: Position) -> Effects {
    match placed.target {
        Target::Key(action) => return update::act(model, plan, action),
        _ => point(model, placed, at),
    }
    Effects::none()
}

/// Points at the instant under the mouse.
pub fn point(model: &mut Model, placed: &Placed, at: Position) {
    if let (Target::Moment(window, _), Some(comparing)) = (placed.target, &mut model.comparing) {
        comparing.cursor = Some(window.instant(at.x.saturating_sub(placed.area.x)));
    }
}

/// The wheel zooms about the instant that it points at; elsewhere it scrolls the runs.
pub fn wheel(model: &mut Model, plan: &FramePlan, at: Position, by: i32) {
    let (Some(on), Some(comparing)) = (plan.of::<Plan>(), &mut model.comparing) else { return };
    match plan.at(at).map(|placed| (placed.target, placed.area)) {
        Some((Target::Moment(window, _), area)) => {
            let anchor = window.instant(at.x.saturating_sub(area.x));
            comparing.zoom(by < 0, on.axis, Some(anchor));
        }
        _ if by > 0 => comparing.first = (on.first + 1).min(on.stack.most),
        _ => comparing.first = on.first.saturating_sub(1),
    }
}
