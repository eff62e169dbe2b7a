//! The window on time, and the cursor that asks what happened at a point.

use crate::app::effect::Effects;
use crate::app::keymap::{self, Action, Id};
use crate::app::model::Model;
use crate::app::screens::desk::{Pane, Plan};
use crate::clock::{Nanos, seconds};
use crate::trace::Trace;
use crate::view::Viewport;
use crate::view::lanes::Pointed;
use crate::view::timeline::{Magnified, Steps, Window};

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
        Action::Unfold => unfold(model, plan),
        Action::LensEarlier => move_lens(model, plan, -1),
        Action::LensLater => move_lens(model, plan, 1),
        _ => {}
    }
}

/// Zooms in, as far as what is known goes.
fn zoom_in(model: &mut Model) {
    let before = model.desk().map(|desk| desk.view.span());
    with_view(model, Viewport::zoom_in);
    let stands = before == model.desk().map(|desk| desk.view.span());
    let (grain, folded) = model.shown_times().map_or((0, None), |trace| (trace.grain, since(trace)));
    if let (true, 0, Some(folded)) = (stands, grain, folded) {
        model.say(format!("Of what was earlier the totals are kept: {folded}."));
    } else if stands && grain > 0 {
        let run = keymap::name(Id::Run);
        model.say(format!("This run was kept with less detail than it was measured with. {run} runs it anew."));
    }
}

/// From when on a long run is known in full detail; `None` where all of it is.
pub fn since(trace: &Trace) -> Option<String> {
    let from = trace.detail.from.checked_sub(trace.zero()).filter(|from| *from > 0)?;
    Some(format!("detail kept from {:.1}\u{a0}s on", seconds(from)))
}

/// Opens what is folded into lanes, or folds it again.
fn unfold(model: &mut Model, plan: &Plan) {
    if model.shown_times().is_none() {
        return;
    }
    let Some(next) = plan.watch.timeline.next else {
        model.say("Nothing is folded here: every lane is in the picture.");
        return;
    };
    with_view(model, |view, _| {
        view.open = next;
        (view.first_lane, view.selected) = (0, None);
    });
}

/// Moves the lens by so many of its lengths.
fn move_lens(model: &mut Model, plan: &Plan, by: i64) {
    let Some(lens) = &plan.watch.timeline.lens else {
        model.say("There is no lens here: it opens where turns are too short for the picture.");
        return;
    };
    let (from, step) = (lens.window.from, lens.window.to.saturating_sub(lens.window.from));
    let step = step.saturating_mul(by.unsigned_abs());
    let to = if by < 0 { from.saturating_sub(step) } else { from.saturating_add(step) };
    set_lens(model, to, step);
}

/// Puts the middle of the lens to an instant; `lens` is what it shows now.
pub fn put_lens(model: &mut Model, at: Nanos, lens: Window) {
    let width = lens.to.saturating_sub(lens.from);
    set_lens(model, at.saturating_sub(width / 2), width);
}

/// Keeps the lens inside the picture, so that each step is one.
fn set_lens(model: &mut Model, from: Nanos, width: Nanos) {
    with_view(model, |view, trace| {
        let last = view.to.min(trace.until()).saturating_sub(width);
        view.lens = Some(from.min(last).max(view.from));
    });
}

/// Keys that move the cursor while it is out; `None` where the key means something else.
pub fn cursor_keys(model: &mut Model, plan: &Plan, action: Action) -> Option<Effects> {
    model.desk()?.view.cursor?;
    match action {
        Action::CursorLater => step_cursor(model, plan, 1),
        Action::CursorEarlier => step_cursor(model, plan, -1),
        Action::NextLane => move_lane(model, plan, |steps| steps.beside.1),
        Action::PrevLane => move_lane(model, plan, |steps| steps.beside.0),
        Action::ManyLanesDown => move_lane(model, plan, |steps| steps.far.1),
        Action::ManyLanesUp => move_lane(model, plan, |steps| steps.far.0),
        Action::FirstLane => move_lane(model, plan, |steps| steps.ends.0),
        Action::LastLane => move_lane(model, plan, |steps| steps.ends.1),
        Action::Cursor => toggle_cursor(model, plan),
        _ => return None,
    }
    Some(Effects::none())
}

/// Moves the cursor by a cell: of the lens, where there is one, which goes along.
fn step_cursor(model: &mut Model, plan: &Plan, by: i32) {
    let timeline = &plan.watch.timeline;
    let window = timeline.lens.as_ref().map_or(timeline.window, |lens| lens.window);
    let length = window.to.saturating_sub(window.from);
    with_view(model, |view, trace| {
        view.step_cursor(by, length / u64::from(window.columns.max(1)), trace);
        if timeline.lens.is_some()
            && let Some(at) = view.cursor
        {
            let first = (at + 1).saturating_sub(length);
            view.lens = Some(window.from.clamp(first, at.max(first)));
        }
    });
}

fn move_lane(model: &mut Model, plan: &Plan, to: impl FnOnce(&Steps) -> Option<Pointed>) {
    with_view(model, |view, _| {
        // From what was drawn: the plan of the next frame scrolls no further than it must.
        view.first_lane = plan.watch.first_lane;
        view.selected = to(&plan.watch.timeline.steps).or(view.selected);
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
            view.selected = None;
        } else {
            let middle = |lens: &Magnified| lens.window.instant(lens.window.columns / 2);
            view.cursor = plan.watch.timeline.lens.as_ref().map(middle);
            view.move_cursor(0, columns, trace);
            view.selected = plan.watch.timeline.steps.ends.0;
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

/// Where only one part has room from now on, it is the picture while a run goes on or is inspected, and of the learner's own
/// script: keys that move what is not seen are lost keys.
pub fn narrowed(model: &mut Model) {
    let live = model.live().is_some();
    let drawn = model.shown_times().is_some();
    if let Some(desk) = model.desk_mut()
        && drawn
        && (live || desk.view.cursor.is_some() || desk.is_alone())
    {
        desk.pane = Pane::Watch;
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
            // What is open stays open.
            *view = Viewport { open: view.open, ..Viewport::fit(trace) };
        }
    });
}
