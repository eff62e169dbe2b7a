//! What keys, clicks and the ends of runs do on a desk. One file a concern: [`reading`] turns pages, [`answering`]
//! takes answers to questions, [`gate`] predictions, [`choosing`] what runs, [`running`] runs and explains,
//! [`kept`] brings earlier runs back, [`spot`] the place in the lesson, [`copying`] fills the clipboard, [`objects`] lists what threads waited for, [`timeline`]
//! moves the window on time, [`proof`] an interview's proof, [`pointing`] the
//! mouse.

pub mod answering;
pub mod choosing;
pub mod copying;
pub mod gate;
pub mod kept;
pub mod objects;
pub mod pointing;
pub mod proof;
pub mod reading;
pub mod running;
pub mod spot;
pub mod timeline;

use crate::app::effect::Effects;
use crate::app::frame::FramePlan;
use crate::app::keymap::Action;
use crate::app::model::{Model, Overlay, Screen};
use crate::app::screens::desk::{Desk, Plan, sight};
use crate::app::screens::{compare, interview, task, typing};

/// One step out: what is open closes, then a run stops, then the desk is left for the lessons.
pub fn back(model: &mut Model) -> Effects {
    if close(model) {
        return Effects::none();
    }
    if model.active.is_some() {
        return running::cancel(model);
    }
    if !model.desk().is_some_and(Desk::has_pages) {
        // There is nothing to leave for: what is open out of sight closes.
        model.desk_mut().into_iter().for_each(Desk::close);
    } else if !proof::back(model) {
        return to_list(model);
    }
    Effects::none()
}

/// Closes what is open on the desk, an answer, a prediction or the cursor; tells whether anything was.
pub fn close(model: &mut Model) -> bool {
    if answering::back(model) {
        return true;
    }
    let Some(desk) = model.desk() else { return false };
    if sight::gate(model, desk).is_none() && sight::marked(model, desk) {
        objects::choose(model, None);
        return true;
    }
    let open = sight::gate(model, desk).is_some() || sight::cursor(model, desk);
    if open {
        model.desk_mut().into_iter().for_each(Desk::close);
    }
    open
}

fn to_list(model: &mut Model) -> Effects {
    let noted = spot::note(model);
    proof::leave(model);
    if let Screen::Desk(index) = model.screen {
        model.screen = Screen::List(index);
    }
    noted.into_iter().collect()
}

/// Does what a key or a click asks for.
pub fn act(model: &mut Model, plan: &FramePlan, action: Action) -> Effects {
    let at = &Plan::default();
    let at = plan.of::<Plan>().unwrap_or(at);
    if typing(model).is_some() {
        return while_typing(model, action);
    }
    if let Some(done) = timeline::cursor_keys(model, at, action) {
        return done;
    }
    match action {
        Action::NextPage => return reading::turn(model, 1),
        Action::PrevPage => return reading::turn(model, -1),
        Action::NextChoice => gate::select(model, 1),
        Action::PrevChoice => gate::select(model, -1),
        Action::Predict(choice) => return gate::choose(model, usize::from(choice)),
        Action::More => gate::stretch(model, 1),
        Action::Less => gate::stretch(model, -1),
        Action::Tenths(tenths) => gate::set_tenths(model, tenths),
        Action::Type => answering::begin(model),
        Action::ScrollDown => reading::scroll(model, at, 1),
        Action::ScrollUp => reading::scroll(model, at, -1),
        Action::PageDown => reading::scroll_lower(model, at, 8),
        Action::PageUp => reading::scroll_lower(model, at, -8),
        Action::NextPane => reading::next_pane(model, at),
        Action::NextObject => objects::step(model, at, 1),
        Action::PrevObject => objects::step(model, at, -1),
        Action::NextLesson => return reading::next_lesson(model),
        Action::ToMissing => return reading::to_missing(model),
        Action::Lessons => return to_list(model),
        Action::Interview => interview::update::open(model),
        Action::Run | Action::Commit => return running::run(model),
        Action::ShowQuestion => answering::show(model),
        Action::Answer(choice) | Action::Sure(choice) => return answering::number(model, at, usize::from(choice)),
        Action::Skip => return gate::skip(model),
        Action::NextTab => return choosing::turn_tab(model, 1),
        Action::PrevTab => return choosing::turn_tab(model, -1),
        Action::NextRuntime => choosing::next_runtime(model),
        Action::PickRuntime => model.overlay = Some(Overlay::Runtimes(model.runtimes.selected)),
        Action::NextKnob => choosing::next_knob(model),
        Action::KnobDown => choosing::turn_knob(model, -1),
        Action::KnobUp => choosing::turn_knob(model, 1),
        Action::Compare => return compare::update::open(model),
        Action::Copy | Action::CopyCode => return copying::copy(model, action),
        Action::Calibrate => return running::calibrate(model),
        Action::OpenTask => return task::update::open(model),
        _ => timeline::act(model, at, action),
    }
    Effects::none()
}

/// What the few keys that are no letters do while an answer is typed. What is clicked works as ever.
fn while_typing(model: &mut Model, action: Action) -> Effects {
    match action {
        Action::HandIn => return answering::hand_in(model),
        Action::NextLine => answering::next_line(model),
        _ => {}
    }
    Effects::none()
}
