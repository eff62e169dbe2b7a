//! The keys of the interview.

use crate::app::keymap::row::{Row, code, down_up, k};
use crate::app::keymap::{Action as A, Id, Scope};
use crossterm::event::KeyCode;

/// The rows of the key table.
pub const KEYS: &[Row] = &[
    Row {
        id: Id::Interview,
        scope: Scope::Interviewed,
        keys: "i",
        short: "interview",
        long: "Open the interview: questions in your own words",
        footer: 60,
        binds: &[(k('i'), A::Interview)],
    },
    Row {
        id: Id::Tick,
        scope: Scope::Rubric,
        keys: "space",
        short: "tick",
        long: "Tick the point, if your answer named it",
        footer: 70,
        binds: &[(k(' '), A::Tick), (k('x'), A::Tick)],
    },
    Row {
        id: Id::ChoosePoint,
        scope: Scope::Rubric,
        keys: "↑ ↓",
        short: "point",
        long: "Go to another point",
        footer: 80,
        binds: &down_up(A::NextPoint, A::PrevPoint),
    },
    Row {
        id: Id::Prove,
        scope: Scope::Rubric,
        keys: "enter",
        short: "proof",
        long: "Run the proof: programs that show what the answer says",
        footer: 90,
        binds: &[(code(KeyCode::Enter), A::Prove)],
    },
    Row {
        id: Id::NextQuestion,
        scope: Scope::Rubric,
        keys: "n",
        short: "next question",
        long: "Keep this judgement and go on",
        footer: 100,
        binds: &[(k('n'), A::NextQuestion), (code(KeyCode::Right), A::NextQuestion)],
    },
    Row {
        id: Id::ScrollAnswers,
        scope: Scope::Rubric,
        keys: "pgdn pgup",
        short: "scroll",
        long: "Scroll the answers",
        footer: 110,
        binds: &[(code(KeyCode::PageDown), A::PageDown), (code(KeyCode::PageUp), A::PageUp)],
    },
];
