//! The map of the course: what is read, run, passed and due, and where to go on.

mod aloud;
mod aside;
mod keys;
pub mod paint;
pub mod update;

pub use keys::KEYS;

use crate::app::aloud::{Aloud, Hearing};
use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Shown, Target};
use crate::app::keymap::{Action, Scope};
use crate::app::model::{Model, Screen};
use crate::app::screens::Kind;
use crate::app::screens::compare::demo;
use crate::app::screens::desk::update::reading;
use crate::app::update::act;
use ratatui::layout::{Position, Rect};

/// The map.
pub struct Map;

impl Kind for Map {
    fn scopes(&self, model: &Model) -> Vec<Scope> {
        let newcomer = demo::is_offered(model).then_some(Scope::Newcomer);
        newcomer.into_iter().chain([Scope::List, Scope::Map]).collect()
    }

    fn numbered(&self, model: &Model) -> Option<usize> {
        Some(model.desks.len())
    }

    fn plan(&self, model: &Model, _shown: &Shown<'_>, area: Rect) -> Box<dyn Body> {
        Box::new(paint::Plan::new(model, selected(model), area))
    }

    fn aloud(&self, hearing: Hearing<'_>) -> Aloud {
        aloud::say(hearing, selected(hearing.model))
    }

    fn act(&self, model: &mut Model, _plan: &FramePlan, action: Action) -> Effects {
        update::act(model, selected(model), action)
    }

    fn back(&self, _model: &mut Model) -> Effects {
        Effects::none()
    }

    fn click(&self, model: &mut Model, plan: &FramePlan, placed: &Placed, _at: Position) -> Effects {
        match placed.target {
            Target::Item(row) => reading::open(model, row),
            Target::Key(action) => act(model, plan, action),
            _ => Effects::none(),
        }
    }
}

/// The lesson that the learner is on.
const fn selected(model: &Model) -> usize {
    if let Screen::List(row) = model.screen { row } else { 0 }
}
