//! What happened, applied to what is known: pure, so every flow is tested without a terminal.
//!
//! One file a concern: [`map`] is the course, [`reading`] turns pages, [`answering`] takes answers to questions,
//! [`gate`] predictions, [`running`] runs and explains, [`timeline`] moves the window on time, [`pointing`] is the
//! mouse. None of them does I/O: what has to be done
//! outside is returned as [`Effect`]s.

pub use crate::app::screens::desk::update::reading::open;

use crate::app::effect::{Effect, Effects};
use crate::app::keymap::{self, Action};
use crate::app::message::Message;
use crate::app::model::{Model, Overlay, Screen};
use crate::app::pointing;
use crate::app::screens::desk::update::{answering, choosing, gate, making, proof, reading, running, timeline};
use crate::app::screens::interview::update as interview;
use crate::app::screens::map::update as map;
use crate::app::screens::review::update as review;
use crate::view::Background;
use crossterm::event::{KeyEvent, KeyEventKind};
use std::sync::Arc;

/// Applies one message; returns what has to be done outside.
pub fn update(model: &mut Model, message: Message) -> Effects {
    let effects = match making::take(model, &message) {
        Some(effects) => effects,
        None => apply(model, message),
    };
    if effects.save() {
        map::settle(model);
    }
    inks(model).then(effects)
}

/// Asks for what is on screen, and will be, to be laid out and highlighted.
fn inks(model: &Model) -> Effects {
    let mut wanted = match model.screen {
        // Most often the lesson that is opened is the one that the list begins with.
        Screen::List(row) if model.inked.is_empty() => vec![row],
        Screen::Desk(place) => vec![place],
        Screen::Review => review::check(model).map(|(lesson, ..)| lesson).into_iter().collect(),
        Screen::List(_) | Screen::Interview => Vec::new(),
    };
    if let Some((place, _)) =
        model.desk_index().zip(model.desk()).filter(|(_, desk)| desk.page + 1 >= desk.page_count())
    {
        wanted.push(place + 1);
    }
    let open = wanted.into_iter().filter(|place| !model.inked.contains(place));
    let prepare = |place: usize| Some(Effect::Prepare(place, Arc::clone(&model.desks.get(place)?.lesson)));
    open.filter_map(prepare).collect()
}

pub(super) fn apply(model: &mut Model, message: Message) -> Effects {
    if !matches!(message, Message::RunMoved(..)) {
        model.epoch += 1;
    }
    match message {
        Message::Key(event) => key(model, event),
        Message::Paste(text) => paste(model, &text),
        Message::Mouse(event) => pointing::mouse(model, event),
        Message::Resize(columns, rows) => {
            model.size = (columns, rows);
            reading::clamp_scroll(model);
            Effects::none()
        }
        Message::LightTerminal => {
            model.look.background = Background::Light;
            model.theme = model.look.theme();
            Effects::none()
        }
        Message::Runtimes(found, all) => {
            model.runtimes.absorb(found, all);
            model.prefer_runtime();
            running::held_run(model)
        }
        Message::Progress(loaded) => {
            model.progress.absorb(loaded.progress);
            model.progress_known = true;
            map::progress_known(model);
            if let Some(text) = loaded.message {
                model.complain(text);
            }
            Effects::one(Effect::Save)
        }
        Message::NotSaved(why) => {
            model.complain(format!("your progress cannot be saved: {why}; everything else works"));
            Effects::none()
        }
        // The make step was left meanwhile.
        Message::Copy(_) | Message::CopyInked(..) => Effects::none(),
        Message::BackedUp(lesson, kept) => map::backed_up(model, lesson.as_deref(), kept),
        Message::Calibrated(result) => running::calibrated(model, result),
        Message::Inked(desk, ink) => {
            if let Some(place) = model.inks.get_mut(desk).filter(|_| model.inked.contains(&desk)) {
                *place = Some(ink);
            }
            Effects::none()
        }
        // The shell has looked how it ended, and tells that.
        Message::RunOver(_) => Effects::none(),
        Message::RunMoved(id, times) => {
            if let Some(active) = model.active.as_mut().filter(|active| active.id == id) {
                active.times = Some(times);
                timeline::moved(model);
            }
            Effects::none()
        }
        Message::RunEnded(id, outcome) => running::ended(model, id, &outcome),
        Message::RunFailed(id, why) => running::failed(model, id, &why),
        Message::Terminate(signal) => Effects::one(Effect::Quit(Some(signal))),
        Message::InputEnded => Effects::one(Effect::Quit(None)),
        Message::Suspend => Effects::one(Effect::Suspend),
        Message::Continued => Effects::one(Effect::Repaint),
    }
}

fn key(model: &mut Model, event: KeyEvent) -> Effects {
    if event.kind == KeyEventKind::Release {
        return Effects::none();
    }
    model.notice = None;
    if let Some(action) = keymap::lookup(event, &model.scopes()) {
        return act(model, action);
    }
    // With an overlay open, or without a field, there is nothing to type into.
    if model.typing().is_some()
        && let Some(field) = model.typing_mut()
    {
        field.press(event);
        answering::show(model);
    }
    Effects::none()
}

/// Pasted text goes into the field that is open, and nowhere else: its letters are no keys.
fn paste(model: &mut Model, text: &str) -> Effects {
    if model.typing().is_some()
        && let Some(field) = model.typing_mut()
    {
        field.paste(text);
        answering::show(model);
    }
    Effects::none()
}

/// Does what a key or a click asks for.
pub fn act(model: &mut Model, action: Action) -> Effects {
    match action {
        Action::Quit => return Effects::one(Effect::Quit(None)),
        Action::Suspend => return Effects::one(Effect::Suspend),
        Action::Help => toggle_help(model),
        _ if model.task.is_some()
            && let Some(effects) = making::act(model, action) =>
        {
            return effects;
        }
        Action::Back => return back(model),
        _ => {
            return match (model.overlay, model.screen) {
                (Some(overlay), _) => in_overlay(model, overlay, action),
                (None, Screen::List(row)) => map::act(model, row, action),
                (None, Screen::Review) => review::act(model, action),
                (None, Screen::Interview) => interview::act(model, action),
                (None, Screen::Desk(_)) => on_desk(model, action),
            };
        }
    }
    Effects::none()
}

fn toggle_help(model: &mut Model) {
    model.overlay = match model.overlay {
        Some(Overlay::Help(_)) => None,
        _ => Some(Overlay::Help(0)),
    };
}

/// One step out: what is open closes, then a run stops, then the desk is left for the lessons.
fn back(model: &mut Model) -> Effects {
    if model.overlay.take().is_some() {
        return Effects::none();
    }
    match model.screen {
        Screen::Review => {
            review::back(model);
            return Effects::none();
        }
        Screen::Interview => return interview::back(model),
        Screen::List(_) | Screen::Desk(_) => {}
    }
    if answering::back(model) {
        return Effects::none();
    }
    let Some(desk) = model.desk_mut() else { return Effects::none() };
    if desk.gate.take().is_some() || desk.view.cursor.take().is_some() {
        desk.view.selected_lane = None;
        return Effects::none();
    }
    if model.active.is_some() {
        return running::cancel(model);
    }
    if model.desk().is_some_and(|desk| !desk.script) && !proof::back(model) {
        to_list(model);
    }
    Effects::none()
}

fn to_list(model: &mut Model) {
    proof::leave(model);
    if let Screen::Desk(index) = model.screen {
        model.screen = Screen::List(index);
    }
}

fn in_overlay(model: &mut Model, overlay: Overlay, action: Action) -> Effects {
    match (overlay, action) {
        (Overlay::Help(row), Action::Down) => model.overlay = Some(Overlay::Help(row.saturating_add(1))),
        (Overlay::Help(row), Action::Up) => model.overlay = Some(Overlay::Help(row.saturating_sub(1))),
        (Overlay::Runtimes(row), Action::Down) => {
            let last = model.runtimes.usable.len() + model.runtimes.unusable.len();
            model.overlay = Some(Overlay::Runtimes((row + 1).min(last.saturating_sub(1))));
        }
        (Overlay::Runtimes(row), Action::Up) => model.overlay = Some(Overlay::Runtimes(row.saturating_sub(1))),
        (Overlay::Runtimes(row), Action::Run) => choosing::pick_runtime(model, row),
        (Overlay::Help(_), Action::Run) => model.overlay = None,
        (Overlay::Forget(place), Action::ForgetLesson) => return map::forget(model, Some(place)),
        (Overlay::Forget(_), Action::ForgetAll) => return map::forget(model, None),
        _ => {}
    }
    Effects::none()
}

fn on_desk(model: &mut Model, action: Action) -> Effects {
    if model.typing().is_some() {
        return while_typing(model, action);
    }
    if let Some(done) = timeline::cursor_keys(model, action) {
        return done;
    }
    match action {
        Action::NextPage => return reading::turn(model, 1),
        Action::PrevPage => return reading::turn(model, -1),
        Action::Down if gate::select(model, 1) => {}
        Action::Up if gate::select(model, -1) => {}
        Action::More => gate::stretch(model, 1),
        Action::Less => gate::stretch(model, -1),
        Action::Type => answering::begin(model),
        Action::Down => reading::scroll(model, 1),
        Action::Up => reading::scroll(model, -1),
        Action::PageDown => reading::scroll_lower(model, 8),
        Action::PageUp => reading::scroll_lower(model, -8),
        Action::NextPane => reading::next_pane(model),
        Action::Lessons => to_list(model),
        Action::Interview => interview::open(model),
        Action::Run => return running::run(model),
        Action::Answer(choice) => return running::answer(model, usize::from(choice)),
        Action::Skip => return gate::skip(model),
        Action::NextTab => choosing::turn_tab(model, 1),
        Action::PrevTab => choosing::turn_tab(model, -1),
        Action::NextRuntime => choosing::next_runtime(model),
        Action::PickRuntime => model.overlay = Some(Overlay::Runtimes(model.runtimes.selected)),
        Action::NextKnob => choosing::next_knob(model),
        Action::KnobDown => choosing::turn_knob(model, -1),
        Action::KnobUp => choosing::turn_knob(model, 1),
        Action::Calibrate => return running::calibrate(model),
        Action::Make => return making::open(model),
        _ => timeline::act(model, action),
    }
    Effects::none()
}

/// What the few keys that are no letters do while an answer is typed. What is clicked works as ever.
fn while_typing(model: &mut Model, action: Action) -> Effects {
    match action {
        Action::Run => return answering::hand_in(model),
        Action::Down => {
            if let Some(field) = model.typing_mut() {
                field.down();
            }
            answering::show(model);
        }
        _ => {}
    }
    Effects::none()
}
