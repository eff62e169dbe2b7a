//! The review of what is due today: the calendar, then one question after the other.

mod aloud;
mod keys;
pub mod paint;
pub mod state;
pub mod update;

pub use keys::KEYS;

use crate::app::aloud::{Aloud, Hearing};
use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Shown, Target};
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::screens::Kind;
use crate::app::screens::ask::Field;
use crate::app::update::act;
use ratatui::layout::{Position, Rect};
use state::ReviewStage;

/// The review.
pub struct Reviewing;

impl Kind for Reviewing {
    fn scopes(&self, model: &Model) -> Vec<Scope> {
        match model.sitting.as_ref().map(|sitting| &sitting.stage) {
            Some(ReviewStage::Overview | ReviewStage::Told(_)) => vec![Scope::Review],
            Some(ReviewStage::Asking(asking)) => asking.scopes().unwrap_or_else(|| vec![Scope::Answer]),
            None => Vec::new(),
        }
    }

    fn typing<'a>(&self, model: &'a Model) -> Option<&'a Field> {
        if let ReviewStage::Asking(asking) = &model.sitting.as_ref()?.stage { asking.field() } else { None }
    }

    fn typing_mut<'a>(&self, model: &'a mut Model) -> Option<&'a mut Field> {
        if let ReviewStage::Asking(asking) = &mut model.sitting.as_mut()?.stage { asking.field_mut() } else { None }
    }

    fn numbered(&self, model: &Model) -> Option<usize> {
        update::check(model).map(|(_, _, check)| check.choices().len())
    }

    fn wants(&self, model: &Model) -> Vec<usize> {
        update::check(model).map(|(lesson, ..)| lesson).into_iter().collect()
    }

    fn plan(&self, model: &Model, _shown: &Shown<'_>, area: Rect) -> Box<dyn Body> {
        Box::new(paint::Plan::new(model, area))
    }

    fn aloud(&self, hearing: Hearing<'_>) -> Aloud {
        aloud::say(hearing)
    }

    fn act(&self, model: &mut Model, _plan: &FramePlan, action: Action) -> Effects {
        update::act(model, action)
    }

    fn back(&self, model: &mut Model) -> Effects {
        update::back(model);
        Effects::none()
    }

    fn click(&self, model: &mut Model, plan: &FramePlan, placed: &Placed, _at: Position) -> Effects {
        match placed.target {
            Target::Key(action) => act(model, plan, action),
            Target::Choice(number) => update::numbered(model, number),
            _ => Effects::none(),
        }
    }
}
