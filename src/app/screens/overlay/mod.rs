//! What lies over a screen: the help, the runtimes, the commands, a search, and whether to forget, or to begin anew.

pub mod aloud;
pub mod commands;
pub mod finding;
mod keys;
pub mod paint;
pub mod search;

pub use keys::KEYS;

use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Target};
use crate::app::keymap::{Action, Scope};
use crate::app::model::{Model, Overlay};
use crate::app::screens::ask::Field;
use crate::app::screens::desk::update::choosing;
use crate::app::screens::map::update as map;
use crate::app::screens::{list, task};
use crate::app::update::act as press;
use finding::Finding;
use ratatui::layout::Rect;

/// Rows that a key scrolls the help by.
const PAGE: i32 = 10;

/// The scopes whose keys apply while this lies over a screen.
#[must_use]
pub fn scopes(overlay: Overlay) -> Vec<Scope> {
    match overlay {
        Overlay::Forget(_) => vec![Scope::Forget],
        Overlay::Reset => vec![Scope::Reset],
        Overlay::Help(_) => vec![Scope::Help],
        Overlay::Runtimes(_) => vec![Scope::List],
        Overlay::Commands | Overlay::Search => vec![Scope::Finding, Scope::Typing],
    }
}

/// How many things the numbers choose among in it, where they choose.
#[must_use]
pub fn numbered(model: &Model, overlay: Overlay) -> Option<usize> {
    matches!(overlay, Overlay::Runtimes(_)).then(|| runtimes(model))
}

/// How many rows the list of runtimes has.
fn runtimes(model: &Model) -> usize {
    model.runtimes.usable.len() + model.runtimes.unusable.len()
}

/// The field in it in which the learner types.
#[must_use]
pub const fn field(model: &Model, overlay: Overlay) -> Option<&Field> {
    match overlay {
        Overlay::Commands => Some(&model.commands.field),
        Overlay::Search => Some(&model.search.finding.field),
        _ => None,
    }
}

/// What is looked for in it, to be changed.
pub const fn finding_mut(model: &mut Model, overlay: Overlay) -> Option<&mut Finding> {
    match overlay {
        Overlay::Commands => Some(&mut model.commands),
        Overlay::Search => Some(&mut model.search.finding),
        _ => None,
    }
}

/// Changes its field, where it has one: what was found is another then.
pub fn type_in(model: &mut Model, overlay: Overlay, change: impl FnOnce(&mut Field)) {
    if let Some(finding) = finding_mut(model, overlay) {
        change(&mut finding.field);
        finding.row = 0;
    }
    if overlay == Overlay::Search {
        search::look(model);
    }
}

/// Where everything in it is, on a screen of this size.
#[must_use]
pub fn plan(model: &Model, overlay: Overlay, area: Rect) -> Box<dyn Body> {
    Box::new(paint::Plan::new(model, overlay, area))
}

/// Does what a key asks for.
pub fn act(model: &mut Model, plan: &FramePlan, overlay: Overlay, action: Action) -> Effects {
    let scrolled = plan.over::<paint::Plan>().map(|plan| plan.scroll).unwrap_or_default();
    match (overlay, action) {
        (Overlay::Help(_), Action::ScrollDown) => model.overlay = Some(Overlay::Help(scrolled.by(1))),
        (Overlay::Help(_), Action::ScrollUp) => model.overlay = Some(Overlay::Help(scrolled.by(-1))),
        (Overlay::Help(_), Action::PageDown) => model.overlay = Some(Overlay::Help(scrolled.by(PAGE))),
        (Overlay::Help(_), Action::PageUp) => model.overlay = Some(Overlay::Help(scrolled.by(-PAGE))),
        (Overlay::Help(_), Action::FirstRow) => model.overlay = Some(Overlay::Help(0)),
        (Overlay::Help(_), Action::LastRow) => model.overlay = Some(Overlay::Help(scrolled.most)),
        (Overlay::Runtimes(row), Action::Open) => choosing::pick_runtime(model, row),
        (Overlay::Runtimes(row), action) => {
            let count = runtimes(model);
            if let Some(row) = list::row_after(model, row, count, action) {
                model.overlay = Some(Overlay::Runtimes(row));
            }
        }
        (Overlay::Forget(place), Action::ForgetLesson) => return map::forget(model, Some(place)),
        (Overlay::Forget(_), Action::ForgetAll) => return map::forget(model, None),
        (Overlay::Search, action) => return search::act(model, action),
        (Overlay::Commands, action) => return commands::act(model, plan, action),
        (Overlay::Reset, Action::BeginAnew) => return task::update::reset(model),
        _ => {}
    }
    Effects::none()
}

/// Does what a click on one of its targets asks for.
pub fn click(model: &mut Model, plan: &FramePlan, overlay: Overlay, placed: &Placed) -> Effects {
    match placed.target {
        Target::Key(action) => press(model, plan, action),
        Target::Item(row) if overlay == Overlay::Search => search::choose(model, row),
        Target::Item(row) if overlay == Overlay::Commands => commands::choose(model, plan, row),
        Target::Runtime(row) => {
            choosing::pick_runtime(model, row);
            Effects::none()
        }
        _ => Effects::none(),
    }
}
