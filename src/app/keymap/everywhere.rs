//! The keys that work everywhere, and in every list.

use crate::app::keymap::row::{Key, Row, code, ctrl, k};
use crate::app::keymap::{Action as A, Id, Scope};
use crossterm::event::KeyCode;

/// The digits of the number of a row.
const DIGITS: &[(Key, A)] = &[
    (k('1'), A::Digit(1)),
    (k('2'), A::Digit(2)),
    (k('3'), A::Digit(3)),
    (k('4'), A::Digit(4)),
    (k('5'), A::Digit(5)),
    (k('6'), A::Digit(6)),
    (k('7'), A::Digit(7)),
    (k('8'), A::Digit(8)),
    (k('9'), A::Digit(9)),
    (k('0'), A::Digit(0)),
];

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
        id: Id::GoToRow,
        scope: Scope::List,
        keys: "1-9",
        short: "go to",
        long: "Go to the row of this number: 1, then 9, goes to 19",
        footer: 55,
        binds: DIGITS,
    },
    Row {
        id: Id::RowEnds,
        scope: Scope::List,
        keys: "g G",
        short: "first, last",
        long: "Go to the first row or the last (also home and end)",
        footer: 540,
        binds: &[
            (k('g'), A::FirstRow),
            (k('G'), A::LastRow),
            (code(KeyCode::Home), A::FirstRow),
            (code(KeyCode::End), A::LastRow),
        ],
    },
    Row {
        id: Id::ManyRows,
        scope: Scope::List,
        keys: "pgdn pgup",
        short: "many rows",
        long: "Go down or up by ten rows",
        footer: 550,
        binds: &[(code(KeyCode::PageDown), A::PageDown), (code(KeyCode::PageUp), A::PageUp)],
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
        id: Id::Commands,
        scope: Scope::Anywhere,
        keys: ":",
        short: "commands",
        long: "List every action that works here (also ctrl-p)",
        footer: 395,
        binds: &[(k(':'), A::Commands), (ctrl('p'), A::Commands)],
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
        id: Id::Theme,
        scope: Scope::Anywhere,
        keys: "T",
        short: "theme",
        long: "The next theme: dark, light, high contrast, no colours; kept",
        footer: 560,
        binds: &[(k('T'), A::NextTheme)],
    },
    Row {
        id: Id::Glyphs,
        scope: Scope::Anywhere,
        keys: "U",
        short: "signs",
        long: "Draw with Unicode, or with ASCII alone; kept",
        footer: 570,
        binds: &[(k('U'), A::OtherGlyphs)],
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
