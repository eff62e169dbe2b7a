//! The keys of a comparison.

use crate::app::keymap::row::{Row, code, down_up, k, right_left};
use crate::app::keymap::{Action as A, Id, Scope};
use crossterm::event::KeyCode;

/// The rows of the key table.
pub const KEYS: &[Row] = &[
    Row {
        id: Id::SeeIt,
        scope: Scope::Newcomer,
        keys: "space",
        short: "see it",
        long: "See the same work done three ways, live, on one axis",
        footer: 2,
        binds: &[(k(' '), A::SeeIt)],
    },
    Row {
        id: Id::Compare,
        scope: Scope::Several,
        keys: "c",
        short: "compare",
        long: "Compare the lesson's programs: their runs on one axis",
        footer: 379,
        binds: &[(k('c'), A::Compare)],
    },
    Row {
        id: Id::Why,
        scope: Scope::Demo,
        keys: "enter",
        short: "why?",
        long: "Open the first lesson, which begins to say why",
        footer: 4,
        binds: &[(code(KeyCode::Enter), A::Why), (k(' '), A::Why)],
    },
    Row {
        id: Id::Instant,
        scope: Scope::Compare,
        keys: "← →",
        short: "instant",
        long: "Point at an instant: what each run did then",
        footer: 351,
        binds: &right_left(A::CursorLater, A::CursorEarlier),
    },
    Row {
        id: Id::ZoomRuns,
        scope: Scope::Compare,
        keys: "+ -",
        short: "zoom",
        long: "Zoom all runs together; 0 shows them whole",
        footer: 352,
        binds: &[(k('+'), A::ZoomIn), (k('='), A::ZoomIn), (k('-'), A::ZoomOut), (k('0'), A::ZoomFit)],
    },
    Row {
        id: Id::ScrollRuns,
        scope: Scope::Compare,
        keys: "↑ ↓",
        short: "scroll",
        long: "Scroll the runs, where there are more than have room",
        footer: 354,
        binds: &down_up(A::ScrollDown, A::ScrollUp),
    },
    Row {
        id: Id::RunAnew,
        scope: Scope::Compare,
        keys: "r",
        short: "run anew",
        long: "Make all runs of the comparison anew",
        footer: 353,
        binds: &[(k('r'), A::RunAnew)],
    },
];
