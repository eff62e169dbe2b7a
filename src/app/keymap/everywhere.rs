//! The keys that work everywhere, and in every list.

use crate::app::keymap::row::{Row, code, ctrl, k};
use crate::app::keymap::{Action as A, Id, Scope};
use crossterm::event::KeyCode;

/// The rows of the key table.
pub const KEYS: &[Row] = &[
    Row {
        id: Id::ChooseRow,
        scope: Scope::List,
        keys: "↑ ↓",
        short: "choose",
        long: "Choose a row of the list",
        footer: 20,
        binds: &[
            (code(KeyCode::Down), A::NextRow),
            (code(KeyCode::Up), A::PrevRow),
            (k('j'), A::NextRow),
            (k('k'), A::PrevRow),
        ],
    },
    Row {
        id: Id::OpenRow,
        scope: Scope::List,
        keys: "enter",
        short: "open",
        long: "Open the lesson, use the runtime",
        footer: 30,
        binds: &[(code(KeyCode::Enter), A::Open), (k(' '), A::Open), (code(KeyCode::Right), A::Open)],
    },
    Row {
        id: Id::Help,
        scope: Scope::Anywhere,
        keys: "?",
        short: "help",
        long: "Show or hide this help",
        footer: 380,
        binds: &[(k('?'), A::Help), (code(KeyCode::F(1)), A::Help)],
    },
    Row {
        id: Id::Quit,
        scope: Scope::Anywhere,
        keys: "q",
        short: "quit",
        long: "Leave the tutor (also ctrl-c); ctrl-z suspends it",
        footer: 390,
        binds: &[(k('q'), A::Quit), (ctrl('c'), A::Quit), (ctrl('z'), A::Suspend)],
    },
    Row {
        id: Id::Back,
        scope: Scope::Anywhere,
        keys: "esc",
        short: "back",
        long: "Stop the run, close what is open, go back to the lessons",
        footer: 530,
        binds: &[(code(KeyCode::Esc), A::Back), (code(KeyCode::Backspace), A::Back)],
    },
];
