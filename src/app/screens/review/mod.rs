//! The review of what is due today: the calendar, then one question after the other.

pub mod paint;
pub mod state;
pub mod update;

use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Shown, Target};
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::screens::Kind;
use crate::app::screens::ask::Field;
use crate::app::update::act;
use ratatui::layout::{Position, Rect};
use state::Stage;

/// The review.
pub struct Reviewing;

impl Kind for Reviewing {
    fn scopes(&self, model: &Model) -> Vec<Scope> {
        let scope = match model.session.as_ref().map(|session| &session.stage) {
            Some(Stage::Overview | Stage::Told(_)) => Scope::Review,
            Some(Stage::Choosing) => Scope::Answer,
            Some(Stage::Sure(_)) => Scope::Sure,
            Some(Stage::Typing(field)) => return field.scopes(),
            None => return Vec::new(),
        };
        vec![scope]
    }

    fn typing<'a>(&self, model: &'a Model) -> Option<&'a Field> {
        if let Stage::Typing(field) = &model.session.as_ref()?.stage { Some(field) } else { None }
    }

    fn typing_mut<'a>(&self, model: &'a mut Model) -> Option<&'a mut Field> {
        if let Stage::Typing(field) = &mut model.session.as_mut()?.stage { Some(field) } else { None }
    }

    fn plan(&self, model: &Model, _shown: &Shown<'_>, area: Rect) -> Box<dyn Body> {
        Box::new(paint::Plan::new(model, area))
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
