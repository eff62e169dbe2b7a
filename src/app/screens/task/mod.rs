//! A lesson's tasks: the learner changes a program as the lesson asks and runs it.
//!
//! What is known is in [`tasks`]; the screen is a desk, with a few keys of its own.

mod keys;
pub mod tasks;
pub mod update;

pub use keys::KEYS;

pub use tasks::Tasks;

use crate::app::aloud::{Aloud, Hearing};
use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Shown};
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::screens::Kind;
use crate::app::screens::desk::{Desk, OnDesk};
use crate::judge::Judgement;
use crate::lesson::types::Expect;
use crate::view::{FindingRow, Findings, Stands, Theme};
use ratatui::layout::{Position, Rect};
use tasks::{Judged, short};

/// The desk of a lesson's tasks.
pub struct OnTask;

impl Kind for OnTask {
    fn scopes(&self, model: &Model) -> Vec<Scope> {
        OnDesk.scopes(model)
    }

    fn numbered(&self, model: &Model) -> Option<usize> {
        OnDesk.numbered(model)
    }

    fn back_word(&self, model: &Model) -> &'static str {
        OnDesk.back_word(model)
    }

    fn plan(&self, model: &Model, shown: &Shown<'_>, area: Rect) -> Box<dyn Body> {
        OnDesk.plan(model, shown, area)
    }

    fn aloud(&self, hearing: Hearing<'_>) -> Aloud {
        OnDesk.aloud(hearing)
    }

    fn act(&self, model: &mut Model, plan: &FramePlan, action: Action) -> Effects {
        match update::act(model, action) {
            Some(effects) => effects,
            None => OnDesk.act(model, plan, action),
        }
    }

    fn back(&self, model: &mut Model) -> Effects {
        update::back(model)
    }

    fn click(&self, model: &mut Model, plan: &FramePlan, placed: &Placed, at: Position) -> Effects {
        OnDesk.click(model, plan, placed, at)
    }

    fn wheel(&self, model: &mut Model, plan: &FramePlan, at: Position, by: i32) -> Effects {
        OnDesk.wheel(model, plan, at, by)
    }
}

/// Calls with what the open task expects and how it stands; `None` where the desk is of no task.
pub fn with_findings<'a, T>(desk: &'a Desk, theme: &Theme, then: impl FnOnce(&Findings<'_>) -> T) -> Option<T> {
    let tasks = desk.tasks()?;
    let (task, standing) = (tasks.lesson.tasks.get(desk.tab)?, tasks.each.get(desk.tab)?);
    let judged = standing.judged.as_ref();
    let row = |(place, expect): (usize, &'a Expect)| {
        let judgement = judged.and_then(|judged| judged.found.get(place)).filter(|judgement| judgement.judged());
        FindingRow {
            says: expect.says.trim(),
            held: judgement.map(Judgement::held),
            reason: judgement.and_then(Judgement::reason),
        }
    };
    let copy = standing.path.as_deref().map(short);
    Some(then(&Findings {
        ended: judged.and_then(|judged| judged.ended.as_deref()),
        stands: match judged {
            Some(judged) if judged.passed() => Stands::Done(&judged.runtime),
            Some(judged) if judged.failed() => Stands::Failed,
            Some(Judged { once_more: true, .. }) => Stands::OnceMore,
            Some(Judged { runtime, .. }) => Stands::NotYet(runtime),
            None if standing.passed => Stands::DoneBefore,
            None => Stands::Open,
        },
        rows: task.expects.iter().enumerate().map(row).collect(),
        hint: task.hint.as_deref().filter(|_| standing.hint),
        copy: copy.as_deref(),
        theme,
    }))
}
