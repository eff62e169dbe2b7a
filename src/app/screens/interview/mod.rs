//! The interview: questions in the learner's own words.

mod aloud;
mod keys;
pub mod paint;
pub mod state;
pub mod update;

pub use keys::KEYS;

pub use state::{Interview, InterviewStage, Judging, Proving};

use crate::app::aloud::{Aloud, Hearing};
use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Shown, Target};
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::screens::Kind;
use crate::app::screens::ask::Field;
use crate::app::update::act;
use ratatui::layout::{Position, Rect};

/// The interview.
pub struct Interviewing;

impl Kind for Interviewing {
    fn scopes(&self, model: &Model) -> Vec<Scope> {
        match model.interview.as_ref().map(|interview| &interview.stage) {
            Some(InterviewStage::Choosing) => vec![Scope::List],
            Some(InterviewStage::Asking(asking)) => asking.scopes().unwrap_or_default(),
            Some(InterviewStage::Judging(_)) => vec![Scope::Rubric],
            None => Vec::new(),
        }
    }

    fn typing<'a>(&self, model: &'a Model) -> Option<&'a Field> {
        if let InterviewStage::Asking(asking) = &model.interview.as_ref()?.stage { asking.field() } else { None }
    }

    fn typing_mut<'a>(&self, model: &'a mut Model) -> Option<&'a mut Field> {
        if let InterviewStage::Asking(asking) = &mut model.interview.as_mut()?.stage {
            asking.field_mut()
        } else {
            None
        }
    }

    fn numbered(&self, model: &Model) -> Option<usize> {
        let interview = model.interview.as_ref()?;
        Some(model.desks.get(interview.lesson)?.lesson.interview.len())
    }

    fn plan(&self, model: &Model, _shown: &Shown<'_>, area: Rect) -> Box<dyn Body> {
        Box::new(paint::Plan::new(model, area))
    }

    fn aloud(&self, hearing: Hearing<'_>) -> Aloud {
        aloud::say(hearing)
    }

    fn act(&self, model: &mut Model, plan: &FramePlan, action: Action) -> Effects {
        let scroll = plan.of::<paint::Plan>().map(|plan| plan.scroll).unwrap_or_default();
        update::act(model, scroll, action)
    }

    fn back(&self, model: &mut Model) -> Effects {
        update::back(model)
    }

    fn click(&self, model: &mut Model, plan: &FramePlan, placed: &Placed, _at: Position) -> Effects {
        let stage = model.interview.as_ref().map(|interview| &interview.stage);
        match (placed.target, stage) {
            (Target::Key(action), _) => act(model, plan, action),
            (Target::Item(place), Some(InterviewStage::Choosing)) => update::choose(model, place),
            (Target::Item(place), Some(InterviewStage::Judging(_))) => update::tick(model, place),
            (Target::Choice(number), _) => {
                u8::try_from(number).map_or_else(|_| Effects::none(), |n| act(model, plan, Action::Sure(n)))
            }
            _ => Effects::none(),
        }
    }
}
