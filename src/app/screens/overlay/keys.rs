//! The keys of the help.

use crate::app::keymap::row::{Row, code, k};
use crate::app::keymap::{Action as A, Id, Scope};
use crossterm::event::KeyCode;

/// The rows of the key table.
pub const KEYS: &[Row] = &[
    Row {
        id: Id::ScrollHelp,
        scope: Scope::Help,
        keys: "↑ ↓",
        short: "scroll",
        long: "Scroll the help (also pgdn, pgup; g and G: to its ends)",
        footer: 0,
        binds: &[
            (code(KeyCode::Down), A::ScrollDown),
            (code(KeyCode::Up), A::ScrollUp),
            (k('j'), A::ScrollDown),
            (k('k'), A::ScrollUp),
            (code(KeyCode::PageDown), A::PageDown),
            (code(KeyCode::PageUp), A::PageUp),
            (k('g'), A::FirstRow),
            (k('G'), A::LastRow),
            (code(KeyCode::Home), A::FirstRow),
            (code(KeyCode::End), A::LastRow),
        ],
    },
    Row {
        id: Id::CloseHelp,
        scope: Scope::Help,
        keys: "enter",
        short: "close",
        long: "Close the help (also space)",
        footer: 10,
        binds: &[(code(KeyCode::Enter), A::Help), (k(' '), A::Help)],
    },
];
