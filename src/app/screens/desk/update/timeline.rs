//! The window on time, and the cursor that asks what happened at a point.

use crate::app::effect::Effects;
use crate::app::keymap::{self, Action, Id};
use crate::app::model::Model;
use crate::app::screens::desk::Plan;
use crate::trace::Trace;
use crate::view::Viewport;
use crate::view::lanes::neighbour;

/// Lanes that a key moves by where there are thousands.
const MANY: isize = 20;

/// Moves the window of the open desk.
pub fn act(model: &mut Model, plan: &Plan, action: Action) {
    match action {
        Action::ZoomIn => zoom_in(model),
        Action::ZoomOut => with_view(model, Viewport::zoom_out),
        Action::ZoomFit => with_view(model, |view, trace| {
            view.fit_all(trace);
            view.follow = trace.ended_at.is_none();
        }),
        Action::PanLeft => with_view(model, |view, trace| view.pan(-2, trace)),
        Action::PanRight => with_view(model, |view, trace| view.pan(2, trace)),
        Action::Follow => with_view(model, |view, trace| {
            view.follow = !view.follow && trace.ended_at.is_none();
            view.advance(trace);
        }),
        Action::Cursor => toggle_cursor(model, plan),
        _ => {}
    }
}

/// Zooms in, as far as what is known goes.
fn zoom_in(model: &mut Model) {
    let before = model.desk().map(|desk| desk.view.span());
    with_view(model, Viewport::zoom_in);
    let stands = before == model.desk().map(|desk| desk.view.span());
    let grain = model.shown_times().map_or(0, |trace| trace.grain);
    if stands && grain > 0 {
        let run = keymap::name(Id::Run);
        model.say(format!("This run was kept with less detail than it was measured with. {run} runs it anew."));
    }
}

/// Keys that move the cursor while it is out; `None` where the key means something else.
pub fn cursor_keys(model: &mut Model, plan: &Plan, action: Action) -> Option<Effects> {
    model.desk()?.view.cursor?;
    let columns = plan.watch.timeline.window.columns;
    match action {
        Action::CursorLater => with_view(model, |view, trace| view.move_cursor(1, columns, trace)),
        Action::CursorEarlier => with_view(model, |view, trace| view.move_cursor(-1, columns, trace)),
        Action::NextLane => move_lane(model, plan, 1),
        Action::PrevLane => move_lane(model, plan, -1),
        Action::ManyLanesDown => move_lane(model, plan, MANY),
        Action::ManyLanesUp => move_lane(model, plan, -MANY),
        Action::FirstLane => move_lane(model, plan, isize::MIN),
        Action::LastLane => move_lane(model, plan, isize::MAX),
        Action::Cursor => toggle_cursor(model, plan),
        _ => return None,
    }
    Some(Effects::none())
}

fn move_lane(model: &mut Model, plan: &Plan, by: isize) {
    with_view(model, |view, trace| {
        // From what was drawn: the plan of the next frame scrolls no further than it must.
        view.first_lane = plan.watch.first_lane;
        view.selected_lane = neighbour(trace, view.selected_lane, by);
    });
}

fn toggle_cursor(model: &mut Model, plan: &Plan) {
    if model.shown_times().is_none() {
        model.say(format!("There is no run to inspect yet. {} runs the program.", keymap::name(Id::Run)));
        return;
    }
    let columns = plan.watch.timeline.window.columns;
    with_view(model, |view, trace| {
        if view.cursor.take().is_some() {
            view.selected_lane = None;
        } else {
            view.move_cursor(0, columns, trace);
            view.selected_lane = neighbour(trace, None, 0);
        }
    });
}

/// Changes the window of the open desk by the times of the run that it shows, where it shows one.
pub fn with_view(model: &mut Model, change: impl FnOnce(&mut Viewport, &Trace)) {
    let Some(mut view) = model.desk().map(|desk| desk.view.clone()) else { return };
    let Some(trace) = model.shown_times() else { return };
    change(&mut view, trace);
    if let Some(desk) = model.desk_mut() {
        desk.view = view;
    }
}

/// A run has recorded more: the window goes along where it follows.
pub fn moved(model: &mut Model) {
    if model.live().is_none() {
        return;
    }
    with_view(model, |view, trace| {
        if view.span() == 0 {
            *view = Viewport::fit(trace);
        } else {
            view.advance(trace);
        }
    });
}

/// The picture of a run that has ended, shown whole where the window had followed it.
pub fn show_whole(model: &mut Model) {
    with_view(model, |view, trace| {
        if view.span() == 0 || view.follow {
            *view = Viewport::fit(trace);
        }
    });
}
