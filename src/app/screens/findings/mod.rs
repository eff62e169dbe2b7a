//! The gallery of findings: what `watch` can find, each pattern on a real run.

mod aloud;
mod keys;
mod paint;
pub mod update;

pub use keys::KEYS;

use crate::app::aloud::{Aloud, Hearing};
use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Shown, Target};
use crate::app::keymap::{Action, Scope};
use crate::app::model::{Model, Screen};
use crate::app::screens::Kind;
use crate::app::update::act;
use crate::insight::finding::{RULES, Rule};
use ratatui::layout::{Position, Rect};

/// The gallery.
pub struct Gallery;

/// The gallery while it is open, and where it was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// The pattern that is shown: its place among the rules.
    pub row: usize,
    /// The first row of it that is shown.
    pub scroll: u16,
    /// The screen that it was opened from.
    pub from: Screen,
}

impl Default for Visit {
    fn default() -> Visit {
        Visit { row: 0, scroll: 0, from: Screen::List(0) }
    }
}

impl Kind for Gallery {
    fn scopes(&self, _model: &Model) -> Vec<Scope> {
        vec![Scope::Gallery]
    }

    fn numbered(&self, _model: &Model) -> Option<usize> {
        Some(RULES.len())
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
        model.screen = model.gallery.from;
        Effects::none()
    }

    fn click(&self, model: &mut Model, plan: &FramePlan, placed: &Placed, _at: Position) -> Effects {
        match placed.target {
            Target::Key(action) => act(model, plan, action),
            Target::Item(row) => {
                update::show(model, row);
                Effects::none()
            }
            _ => Effects::none(),
        }
    }
}

/// The rule that is shown.
fn rule(model: &Model) -> &'static Rule {
    &RULES[model.gallery.row.min(RULES.len() - 1)]
}
