//! The runs of a lesson stacked on one axis of time: what is missing is made on the spot, one after the other.
//!
//! [`state`] is what is known, [`update`] what keys, clicks and the ends of runs do, [`runs`] which run is which row,
//! [`plan`] where everything is, [`paint`] how it is drawn. [`demo`] is what a newcomer sees first.

mod aloud;
pub mod demo;
mod keys;
pub mod paint;
pub mod plan;
pub mod runs;
mod said;
pub mod state;
pub mod update;

pub use keys::KEYS;
pub use plan::Plan;
pub use state::Comparing;

use crate::app::aloud::{Aloud, Hearing};
use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Shown};
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::screens::Kind;
use crate::trace::Trace;
use ratatui::layout::{Position, Rect};

/// The runs of the open comparison that were made, each with its program's name.
pub fn measured(model: &Model) -> impl Iterator<Item = (&str, &Trace)> {
    let open = model.comparing.as_deref().map(|comparing| (comparing, &model.desks[comparing.lesson]));
    open.into_iter().flat_map(|(comparing, desk)| {
        comparing.programs.iter().filter_map(move |program| {
            let outcome = comparing.run(desk, *program)?.outcome.as_deref()?;
            Some((desk.lesson.programs[*program].name.as_str(), &outcome.trace))
        })
    })
}

/// The runs of a lesson side by side.
pub struct OnCompare;

impl Kind for OnCompare {
    fn scopes(&self, model: &Model) -> Vec<Scope> {
        let over = model.comparing.as_ref().filter(|_| runs::are_over(model));
        let why = over.filter(|comparing| comparing.demo).map(|_| Scope::Demo);
        why.into_iter().chain([Scope::Compare]).collect()
    }

    fn back_word(&self, model: &Model) -> &'static str {
        let pointing = model.comparing.as_ref().is_some_and(|comparing| comparing.cursor.is_some());
        if model.active.is_some() && !pointing { "stop" } else { "back" }
    }

    fn plan(&self, model: &Model, shown: &Shown<'_>, area: Rect) -> Box<dyn Body> {
        Box::new(Plan::new(model, shown, area))
    }

    fn aloud(&self, hearing: Hearing<'_>) -> Aloud {
        aloud::say(hearing)
    }

    fn act(&self, model: &mut Model, plan: &FramePlan, action: Action) -> Effects {
        update::act(model, plan, action)
    }

    fn back(&self, model: &mut Model) -> Effects {
        update::back(model)
    }

    fn click(&self, model: &mut Model, plan: &FramePlan, placed: &Placed, at: Position) -> Effects {
        update::click(model, plan, placed, at)
    }

    fn drag(&self, model: &mut Model, placed: &Placed, at: Position) {
        update::point(model, placed, at);
    }

    fn wheel(&self, model: &mut Model, plan: &FramePlan, at: Position, by: i32) -> Effects {
        update::wheel(model, plan, at, by);
        Effects::none()
    }
}
