//! The keys of a task.

use crate::app::keymap::row::{Row, k};
use crate::app::keymap::{Action as A, Id, Scope};

/// The rows of the key table.
pub const KEYS: &[Row] = &[
    Row {
        id: Id::BeginAnew,
        scope: Scope::Reset,
        keys: "y",
        short: "begin anew",
        long: "Throw your copy away and begin anew",
        footer: 300,
        binds: &[(k('y'), A::BeginAnew)],
    },
    Row {
        id: Id::Edit,
        scope: Scope::OnTask,
        keys: "e",
        short: "edit",
        long: "Change your copy in your editor ($VISUAL or $EDITOR)",
        footer: 310,
        binds: &[(k('e'), A::Edit)],
    },
    Row {
        id: Id::Hint,
        scope: Scope::OnTask,
        keys: "i",
        short: "hint",
        long: "Show or hide the hint",
        footer: 320,
        binds: &[(k('i'), A::Hint)],
    },
    Row {
        id: Id::ResetCopy,
        scope: Scope::OnTask,
        keys: "x",
        short: "reset",
        long: "Begin anew with the lesson's program; asks first",
        footer: 330,
        binds: &[(k('x'), A::ResetCopy)],
    },
];
