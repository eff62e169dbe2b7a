//! The keys of the help, and of what is looked for by typing.

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
    Row {
        id: Id::ChooseFound,
        scope: Scope::Finding,
        keys: "↑ ↓",
        short: "choose",
        long: "Choose a row of what was found (pgdn, pgup: ten rows)",
        footer: 12,
        binds: &[
            (code(KeyCode::Down), A::NextRow),
            (code(KeyCode::Up), A::PrevRow),
            (code(KeyCode::PageDown), A::PageDown),
            (code(KeyCode::PageUp), A::PageUp),
        ],
    },
    Row {
        id: Id::OpenFound,
        scope: Scope::Finding,
        keys: "enter",
        short: "go",
        long: "Do what the row says, or go there",
        footer: 14,
        binds: &[(code(KeyCode::Enter), A::Open)],
    },
    Row {
        id: Id::CloseFound,
        scope: Scope::Finding,
        keys: "esc",
        short: "close",
        long: "Look for nothing",
        footer: 16,
        binds: &[(code(KeyCode::Esc), A::Back)],
    },
];
