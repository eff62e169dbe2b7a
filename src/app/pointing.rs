//! The mouse: what is drawn can be clicked.

use crate::app::effect::Effects;
use crate::app::frame::hit::{self, Target};
use crate::app::keymap::Action;
use crate::app::model::{Model, Screen};
use crate::app::screens::desk::Pane;
use crate::app::screens::desk::update::{answering, choosing, gate, reading, running, timeline};
use crate::app::screens::interview::update as interview;
use crate::app::update::act;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

/// Rows that one step of the wheel scrolls.
const WHEEL: i32 = 3;

/// Applies what the mouse did.
pub fn mouse(model: &mut Model, event: MouseEvent) -> Effects {
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => click(model, at),
        MouseEventKind::Drag(MouseButton::Left) => drag(model, at),
        MouseEventKind::ScrollDown => wheel(model, at, 1),
        MouseEventKind::ScrollUp => wheel(model, at, -1),
        _ => Effects::none(),
    }
}

fn click(model: &mut Model, at: Position) -> Effects {
    model.notice = None;
    match hit::target(model, at) {
        Some(Target::Key(action)) => act(model, action),
        Some(Target::Lesson(row)) => reading::open(model, row),
        Some(Target::Executor(tab)) => {
            choosing::select_tab(model, tab);
            Effects::none()
        }
        Some(Target::Runtime(place)) => {
            choosing::pick_runtime(model, place);
            Effects::none()
        }
        Some(Target::Pane(pane)) => {
            answering::leave(model);
            if let Some(desk) = model.desk_mut() {
                desk.pane = pane;
            }
            Effects::none()
        }
        Some(Target::Choice(choice)) => match (model.screen, u8::try_from(choice)) {
            (Screen::Review | Screen::Interview, Ok(choice)) => act(model, Action::Answer(choice)),
            _ => running::answer(model, choice),
        },
        Some(Target::Question(place)) => interview::choose(model, place),
        Some(Target::Point(place)) => interview::tick(model, place),
        Some(Target::Bar(bar, share)) => {
            gate::set_to(model, bar, share);
            Effects::none()
        }
        Some(Target::Knob(knob)) => {
            if let Some(desk) = model.desk_mut() {
                desk.knob = knob;
            }
            Effects::none()
        }
        Some(Target::Moment { at, lane }) => {
            timeline::with_view(model, |view, _| {
                view.cursor = Some(at);
                view.selected_lane = lane.or(view.selected_lane);
                view.follow = false;
            });
            Effects::none()
        }
        Some(Target::Part(_)) | None => Effects::none(),
    }
}

/// The mouse is moved with its button held: a bar follows it.
fn drag(model: &mut Model, at: Position) -> Effects {
    if let Some(Target::Bar(bar, share)) = hit::target(model, at) {
        gate::set_to(model, bar, share);
    }
    Effects::none()
}

fn wheel(model: &mut Model, at: Position, by: i32) -> Effects {
    match (model.overlay, model.screen) {
        (Some(_), _) | (None, Screen::List(_) | Screen::Review | Screen::Interview) => {
            return act(model, if by > 0 { Action::Down } else { Action::Up });
        }
        (None, Screen::Desk(_)) => {}
    }
    match hit::target(model, at) {
        Some(Target::Moment { at, .. }) => timeline::with_view(model, |view, trace| {
            let cursor = view.cursor.replace(at);
            if by > 0 {
                view.zoom_out(trace);
            } else {
                view.zoom_in(trace);
            }
            view.cursor = cursor;
        }),
        Some(Target::Part(Pane::Output)) => reading::scroll_pane(model, Pane::Output, -by * WHEEL),
        Some(Target::Part(pane)) => reading::scroll_pane(model, pane, by * WHEEL),
        Some(Target::Knob(_)) => reading::scroll_pane(model, Pane::Source, by * WHEEL),
        Some(Target::Choice(_)) => reading::scroll_pane(model, Pane::Text, by * WHEEL),
        _ => {}
    }
    Effects::none()
}
