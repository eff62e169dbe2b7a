//! The desk: where a lesson, its task or the learner's own script is read, run and watched.
//!
//! [`state`] is what is known, [`update`] what keys and clicks do, [`plan`] where everything is, [`paint`] how it is
//! drawn, [`aloud`] what it says in words.

pub mod aloud;
pub mod end;
pub mod found;
mod keys;
pub mod kind;
pub mod layout;
pub mod paint;
pub mod panes;
pub mod plan;
pub mod recorded;
pub mod script;
pub mod sight;
pub mod stale;
pub mod state;
pub mod update;

pub use keys::KEYS;

pub use found::Found;
pub use kind::DeskKind;
pub use panes::Pane;
pub use plan::Plan;
pub use state::{Answering, Desk, Gate, Run, Scroll};

use crate::app::aloud::{Aloud, Hearing};
use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Shown};
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::screens::Kind;
use crate::app::screens::ask::{Asking, Field};
use crate::lesson::CheckKind;
use ratatui::layout::{Position, Rect};

/// The open desk.
pub struct OnDesk;

impl Kind for OnDesk {
    fn scopes(&self, model: &Model) -> Vec<Scope> {
        model.desk().map_or_else(Vec::new, |desk| scopes(model, desk))
    }

    fn typing<'a>(&self, model: &'a Model) -> Option<&'a Field> {
        model.desk()?.answering.as_ref()?.asking.field()
    }

    fn typing_mut<'a>(&self, model: &'a mut Model) -> Option<&'a mut Field> {
        model.desk_mut()?.answering.as_mut()?.asking.field_mut()
    }

    fn typed(&self, model: &mut Model) {
        update::answering::show(model);
    }

    fn numbered(&self, model: &Model) -> Option<usize> {
        let desk = model.desk()?;
        if let Some(gate) = sight::gate(model, desk) {
            return Some(desk.lesson.predictions.get(gate.prediction)?.choices().len());
        }
        Some(model.open_check(desk)?.choices().len())
    }

    fn back_word(&self, model: &Model) -> &'static str {
        let open = |desk| {
            sight::gate(model, desk).is_some()
                || sight::cursor(model, desk)
                || sight::marked(model, desk)
                || desk.answering.is_some()
        };
        if model.active.is_some() && !model.desk().is_some_and(open) { "stop" } else { "back" }
    }

    fn wants(&self, model: &Model) -> Vec<usize> {
        let Some((place, desk)) = model.desk_index().zip(model.desk()) else { return Vec::new() };
        // Past the last page is the next lesson.
        let last = desk.page + 1 >= desk.page_count();
        if last { vec![place, place + 1] } else { vec![place] }
    }

    fn plan(&self, model: &Model, shown: &Shown<'_>, area: Rect) -> Box<dyn Body> {
        Box::new(model.desk().map_or_else(Plan::default, |desk| Plan::new(model, desk, shown, area)))
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
        update::pointing::click(model, plan, placed, at)
    }

    fn drag(&self, model: &mut Model, placed: &Placed, at: Position) {
        update::pointing::drag(model, placed, at);
    }

    fn wheel(&self, model: &mut Model, plan: &FramePlan, at: Position, by: i32) -> Effects {
        update::pointing::wheel(model, plan, at, by);
        Effects::none()
    }
}

/// The scopes whose keys apply on this desk.
pub fn scopes(model: &Model, desk: &Desk) -> Vec<Scope> {
    let asking = desk.answering.as_ref().map(|answering| &answering.asking);
    if let Some(Asking::Typing(field)) = asking {
        return field.scopes();
    }
    let mut scopes = Vec::new();
    let (gate, picture) = (sight::gate(model, desk), sight::picture(model, desk));
    if let Some(gate) = gate {
        scopes.push(if gate.bars.is_empty() { Scope::Question } else { Scope::Drawing });
    }
    if picture && desk.view.cursor.is_some() {
        scopes.push(Scope::Cursor);
    }
    if desk.on_end() {
        scopes.push(Scope::End);
        scopes.extend((!end::missing(model, desk).is_empty()).then_some(Scope::Missing));
    }
    if let (None, Some(check)) = (gate, model.open_check(desk)) {
        scopes.extend(asking.and_then(Asking::scopes).unwrap_or_else(|| match check.kind {
            CheckKind::Choice(_) => vec![Scope::Answer],
            CheckKind::Typed(_) => vec![Scope::Answerable],
        }));
    }
    if desk.tasks().is_some() {
        scopes.push(Scope::OnTask);
    } else if !desk.lesson.tasks.is_empty() {
        scopes.push(Scope::Task);
    }
    if picture {
        scopes.push(Scope::Picture);
        scopes.extend(model.live().map(|_| Scope::Live));
    }
    if desk.has_pages() {
        scopes.push(Scope::Lesson);
    }
    if !desk.lesson.knobs.is_empty() {
        scopes.push(Scope::Knobs);
    }
    if desk.counts() && desk.lesson.programs.len() > 1 && model.active.is_none() {
        scopes.push(Scope::Several);
    }
    if !desk.lesson.interview.is_empty() {
        scopes.push(Scope::Interviewed);
    }
    scopes.push(Scope::Desk);
    scopes
}
