//! The mouse on a desk.

use crate::app::effect::Effects;
use crate::app::frame::{FramePlan, Placed, Target};
use crate::app::model::Model;
use crate::app::screens::desk::update::{answering, choosing, gate, objects, reading, running, timeline};
use crate::app::screens::desk::{Pane, Plan};
use crate::app::update::act;
use crate::view::bars::share_at;
use crate::view::timeline::Window;
use ratatui::layout::{Position, Rect};

/// Rows that one step of the wheel scrolls.
const WHEEL: i32 = 3;

/// Does what a click on this target asks for.
pub fn click(model: &mut Model, plan: &FramePlan, placed: &Placed, at: Position) -> Effects {
    match placed.target {
        Target::Key(action) => return act(model, plan, action),
        Target::Choice(choice) => {
            let none = &Plan::default();
            return running::answer(model, plan.of::<Plan>().unwrap_or(none), choice);
        }
        Target::Executor(tab) => return choosing::select_tab(model, tab),
        Target::Runtime(place) => choosing::pick_runtime(model, place),
        Target::Pane(pane) => {
            answering::leave(model);
            if let Some(desk) = model.desk_mut() {
                desk.pane = pane;
            }
        }
        Target::Bar(bar, most) => gate::set_to(model, bar, share_at(placed.area, at.x, most)),
        Target::Percent(bar, percent) => gate::set(model, bar, percent),
        Target::Knob(knob) => {
            if let Some(desk) = model.desk_mut() {
                desk.knob = knob;
            }
        }
        Target::Object(place) => objects::choose(model, Some(place)),
        Target::Moment(window, lane) => {
            let instant = moment(window, placed.area, at);
            let first = plan.of::<Plan>().map(|plan| plan.watch.first_lane);
            timeline::with_view(model, |view, _| {
                view.cursor = Some(instant);
                // The rows stay where they were seen.
                view.first_lane = first.unwrap_or(view.first_lane);
                view.selected = lane.or(view.selected);
                view.follow = false;
            });
            let lens = plan.of::<Plan>().and_then(|plan| plan.watch.timeline.lens.as_ref());
            if let Some(lens) = lens.filter(|lens| !(lens.window.from..lens.window.to).contains(&instant)) {
                timeline::put_lens(model, instant, lens.window);
            }
        }
        Target::Lens(window, lens) => timeline::put_lens(model, moment(window, placed.area, at), lens),
        Target::Item(_) | Target::Part(_) => {}
    }
    Effects::none()
}

/// The instant under the mouse.
fn moment(window: Window, area: Rect, at: Position) -> crate::clock::Nanos {
    window.instant(at.x.saturating_sub(area.x))
}

/// A bar follows the mouse, and so does the lens.
pub fn drag(model: &mut Model, placed: &Placed, at: Position) {
    match placed.target {
        Target::Bar(bar, most) => gate::set_to(model, bar, share_at(placed.area, at.x, most)),
        Target::Lens(window, lens) => timeline::put_lens(model, moment(window, placed.area, at), lens),
        _ => {}
    }
}

/// The wheel zooms the timeline and scrolls everything else.
pub fn wheel(model: &mut Model, frame: &FramePlan, at: Position, by: i32) {
    let (Some(placed), Some(plan)) = (frame.at(at), frame.of::<Plan>()) else { return };
    match placed.target {
        Target::Moment(window, _) | Target::Lens(window, _) => timeline::with_view(model, |view, trace| {
            let cursor = view.cursor.replace(moment(window, placed.area, at));
            if by > 0 {
                view.zoom_out(trace);
            } else {
                view.zoom_in(trace);
            }
            view.cursor = cursor;
        }),
        Target::Part(Pane::Output) => reading::scroll_pane(model, plan, Pane::Output, -by * WHEEL),
        Target::Part(pane) => reading::scroll_pane(model, plan, pane, by * WHEEL),
        Target::Object(_) => reading::scroll_pane(model, plan, Pane::Objects, by * WHEEL),
        Target::Knob(_) => reading::scroll_pane(model, plan, Pane::Source, by * WHEEL),
        Target::Choice(_) => reading::scroll_pane(model, plan, Pane::Text, by * WHEEL),
        _ => {}
    }
}
