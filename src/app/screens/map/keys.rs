//! The keys of the map, and of what is asked before progress is forgotten.

use crate::app::keymap::row::{Row, k};
use crate::app::keymap::{Action as A, Id, Scope};

/// The rows of the key table.
pub const KEYS: &[Row] = &[
    Row {
        id: Id::Review,
        scope: Scope::Map,
        keys: "r",
        short: "review",
        long: "Open the review: what is due today, and the calendar",
        footer: 40,
        binds: &[(k('r'), A::Review)],
    },
    Row {
        id: Id::Forget,
        scope: Scope::Map,
        keys: "X",
        short: "forget",
        long: "Forget the progress of a lesson, or of all; asks first",
        footer: 535,
        binds: &[(k('X'), A::Forget)],
    },
    Row {
        id: Id::ForgetLesson,
        scope: Scope::Forget,
        keys: "y",
        short: "forget this lesson",
        long: "Forget the progress of this lesson; a copy is kept",
        footer: 130,
        binds: &[(k('y'), A::ForgetLesson)],
    },
    Row {
        id: Id::ForgetAll,
        scope: Scope::Forget,
        keys: "A",
        short: "forget all",
        long: "Forget the progress of every lesson; a copy is kept",
        footer: 140,
        binds: &[(k('A'), A::ForgetAll)],
    },
];
