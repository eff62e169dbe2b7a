//! What happened, applied to what is known: pure, so every flow is tested without a terminal.
//!
//! Here is what concerns all screens; what a key or a click does on one is in its folder. None of it does I/O: what has
//! to be done outside is returned as [`Effects`].

pub use crate::app::screens::desk::update::reading::open;

use crate::app::effect::{Effect, Effects};
use crate::app::frame::layout::stacked;
use crate::app::frame::{FramePlan, Placed, Target};
use crate::app::keymap::{self, Action};
use crate::app::looks;
use crate::app::message::Message;
use crate::app::model::{Model, Overlay};
use crate::app::screens::ask::Field;
use crate::app::screens::desk::update::{kept, objects, running, spot, timeline};
use crate::app::screens::findings::update as gallery;
use crate::app::screens::map::update as map;
use crate::app::screens::task::update as task;
use crate::app::screens::{field, kind, overlay, scopes, typing};
use crate::view::Background;
use crossterm::event::{KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

/// What ctrl-c asks for, where it is no key: `SIGINT`.
const INTERRUPT: i32 = 2;

/// Applies one message; returns what has to be done outside. `plan` is of the frame that is on the screen: a click means
/// what was seen there.
pub fn update(model: &mut Model, plan: &FramePlan, message: Message) -> Effects {
    let effects = apply(model, plan, message);
    if effects.save() {
        map::schedule(model);
    }
    objects::refresh(model);
    to_typeset(model).then(kept::to_read(model)).then(effects)
}

/// Asks for what is on screen, and will be, to be laid out and highlighted.
fn to_typeset(model: &Model) -> Effects {
    let open = kind(model.screen).wants(model).into_iter().filter(|place| !model.typeset_kept.contains(place));
    let prepare = |place: usize| Some(Effect::Prepare(place, model.desks.get(place)?.lesson.clone()));
    open.filter_map(prepare).collect()
}

fn apply(model: &mut Model, plan: &FramePlan, message: Message) -> Effects {
    if !matches!(message, Message::RunMoved(..)) {
        model.epoch += 1;
    }
    match message {
        Message::Key(event) => key(model, plan, event),
        Message::Paste(text) => paste(model, &text),
        Message::Choose(target) => choose(model, plan, target),
        Message::Typed(text) => type_in(model, |field| field.replace(&text)),
        Message::Interrupt => running::interrupted(model).unwrap_or_else(|| quit(model, Some(INTERRUPT))),
        Message::Mouse(event) => mouse(model, plan, event),
        Message::Resize(columns, rows) => {
            let before = std::mem::replace(&mut model.size, (columns, rows));
            if stacked(model.size) && !stacked(before) {
                timeline::narrowed(model);
            }
            Effects::none()
        }
        Message::LightTerminal => {
            model.assumed.appearance.background = Background::Light;
            model.dress();
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
            looks::kept(model);
            map::progress_known(model);
            if let Some(text) = loaded.message {
                model.complain(text);
            }
            Effects::one(Effect::Save)
        }
        Message::CaughtUp(progress) => {
            model.progress = *progress;
            map::schedule(model);
            Effects::none()
        }
        Message::NotSaved(why) => {
            model.complain(format!("your progress cannot be saved: {why}; everything else works"));
            Effects::none()
        }
        Message::RunsRead(place, runs) => {
            kept::read(model, place, runs);
            Effects::none()
        }
        Message::NotKept(why) => {
            model.complain(why);
            Effects::none()
        }
        Message::LessonsRead(index) => {
            overlay::search::read(model, index);
            Effects::none()
        }
        Message::Copy(read) => task::copy_read(model, &read),
        Message::CopyTypeset(lesson, typeset) => {
            task::typeset_kept(model, &lesson, &typeset);
            Effects::none()
        }
        Message::Forgotten(lesson, kept) => map::forgotten(model, lesson.as_deref(), kept),
        Message::Calibrated(result) => running::calibrated(model, result),
        Message::Typeset(desk, typeset) => {
            if let Some(desk) = model.desks.get_mut(desk).filter(|_| model.typeset_kept.contains(&desk)) {
                desk.typeset = Some(typeset);
            }
            Effects::none()
        }
        // The shell has looked how it ended, or what others have saved, and tells that; and the front what a line means.
        Message::RunOver(_) | Message::Saved | Message::Line(_) | Message::NoMoreLines => Effects::none(),
        Message::RunMoved(id, times) => {
            if let Some(active) = model.active.as_mut().filter(|active| active.id == id) {
                if active.times.replace(times).is_none() {
                    // From now on there is a picture, and the keys that work on one.
                    model.epoch += 1;
                }
                timeline::moved(model);
            }
            Effects::none()
        }
        Message::RunEnded(id, outcome) => running::ended(model, id, &outcome),
        Message::RunFailed(id, why) => running::failed(model, id, &why),
        Message::Terminate(signal) => quit(model, Some(signal)),
        Message::Suspend => Effects::one(Effect::Suspend),
        Message::Continued => Effects::one(Effect::Repaint),
    }
}

fn key(model: &mut Model, plan: &FramePlan, event: KeyEvent) -> Effects {
    if event.kind == KeyEventKind::Release {
        return Effects::none();
    }
    model.notice = None;
    let action = keymap::lookup(event, &scopes(model));
    if !matches!(action, Some(Action::Digit(_))) {
        model.number = None;
    }
    if let Some(action) = action {
        return act(model, plan, action);
    }
    if model.overlay == Some(Overlay::Reset) {
        // Whatever is not yes is no.
        model.overlay = None;
        return Effects::none();
    }
    if field(model).is_none() {
        say_idle(model, event);
    }
    if let Some(finding) = model.overlay.and_then(|over| overlay::finding_mut(model, over)) {
        finding.about_to_press(event);
    }
    type_in(model, |field| field.press(event))
}

/// Says that a key does nothing here, and where it would.
fn say_idle(model: &mut Model, event: KeyEvent) {
    let Some(key) = keymap::spelled(event, model.theme.glyphs.unicode) else { return };
    let row = keymap::elsewhere(event, &scopes(model));
    let elsewhere = row.map_or_else(String::new, |row| format!(" {}: {}.", row.scope.title(), row.short));
    model.whisper(format!("{key} does nothing here.{elsewhere}"));
}

/// Pasted text goes into the field that is open, and nowhere else: its letters are no keys.
fn paste(model: &mut Model, text: &str) -> Effects {
    type_in(model, |field| field.paste(text))
}

/// Changes the field that is open, where one is.
fn type_in(model: &mut Model, change: impl FnOnce(&mut Field)) -> Effects {
    if let Some(over) = model.overlay {
        overlay::type_in(model, over, change);
        return Effects::none();
    }
    let screen = kind(model.screen);
    if typing(model).is_some()
        && let Some(field) = screen.typing_mut(model)
    {
        change(field);
        screen.typed(model);
    }
    Effects::none()
}

/// Does what a click on this target does: it was chosen without a mouse.
fn choose(model: &mut Model, plan: &FramePlan, target: Target) -> Effects {
    (model.notice, model.number) = (None, None);
    let placed = Placed::new(Rect::default(), target);
    match model.overlay {
        Some(over) => overlay::click(model, plan, over, &placed),
        None => kind(model.screen).click(model, plan, &placed, Position::ORIGIN),
    }
}

/// What the mouse did means what was seen where it points; what is no longer there cannot be clicked.
fn mouse(model: &mut Model, plan: &FramePlan, event: MouseEvent) -> Effects {
    let at = Position::new(event.column, event.row);
    if plan.screen != Some((model.screen, model.overlay)) {
        return Effects::none();
    }
    let screen = kind(model.screen);
    match (event.kind, model.overlay) {
        (MouseEventKind::Down(MouseButton::Left), over) => {
            (model.notice, model.number) = (None, None);
            let Some(placed) = plan.at(at) else { return Effects::none() };
            match over {
                Some(over) => overlay::click(model, plan, over, placed),
                None => screen.click(model, plan, placed, at),
            }
        }
        (MouseEventKind::Drag(MouseButton::Left), None) => {
            if let Some(placed) = plan.at(at) {
                screen.drag(model, placed, at);
            }
            Effects::none()
        }
        (MouseEventKind::ScrollDown, None) => screen.wheel(model, plan, at, 1),
        (MouseEventKind::ScrollUp, None) => screen.wheel(model, plan, at, -1),
        (MouseEventKind::ScrollDown | MouseEventKind::ScrollUp, Some(over)) => {
            let by = if event.kind == MouseEventKind::ScrollDown { 1 } else { -1 };
            keymap::arrow(by, &scopes(model))
                .map_or_else(Effects::none, |action| overlay::act(model, plan, over, action))
        }
        _ => Effects::none(),
    }
}

/// Does what a key or a click asks for.
pub fn act(model: &mut Model, plan: &FramePlan, action: Action) -> Effects {
    match action {
        Action::Quit => return quit(model, None),
        Action::Suspend => return Effects::one(Effect::Suspend),
        Action::Help => toggle_help(model),
        Action::Commands => overlay::commands::open(model),
        Action::Search => return overlay::search::open(model),
        Action::Findings => {
            model.overlay = None;
            gallery::open(model);
        }
        Action::NextTheme => return looks::next_theme(model),
        Action::OtherGlyphs => return looks::other_glyphs(model),
        Action::Back if model.overlay.take().is_some() => {}
        Action::Back | Action::StopTyping => return kind(model.screen).back(model),
        _ => {
            return match model.overlay {
                Some(overlay) => overlay::act(model, plan, overlay, action),
                None => kind(model.screen).act(model, plan, action),
            };
        }
    }
    Effects::none()
}

/// Leaves, once it is noted where the learner was.
fn quit(model: &mut Model, signal: Option<i32>) -> Effects {
    spot::note(model).into_iter().collect::<Effects>().and(Effect::Quit(signal))
}

fn toggle_help(model: &mut Model) {
    model.overlay = match model.overlay {
        Some(Overlay::Help(_)) => None,
        _ => Some(Overlay::Help(0)),
    };
}
