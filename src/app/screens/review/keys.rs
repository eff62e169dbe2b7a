//! The keys of a review.

use crate::app::keymap::row::{Row, code, k};
use crate::app::keymap::{Action as A, Id, Scope};
use crossterm::event::KeyCode;

/// The rows of the key table.
pub const KEYS: &[Row] = &[Row {
    id: Id::GoOn,
    scope: Scope::Review,
    keys: "enter",
    short: "go on",
    long: "Begin, or go on with the next question",
    footer: 50,
    binds: &[(code(KeyCode::Enter), A::GoOn), (k(' '), A::GoOn), (code(KeyCode::Right), A::GoOn)],
}];
