//! The keys of the gallery of findings, and the one that opens it.

use crate::app::keymap::row::{Row, code, down_up, k};
use crate::app::keymap::{Action as A, Id, Scope};
use crossterm::event::KeyCode;

/// The rows of the key table.
pub const KEYS: &[Row] = &[
    Row {
        id: Id::Findings,
        scope: Scope::Anywhere,
        keys: "F",
        short: "findings",
        long: "The gallery of findings: what watch finds, on real runs",
        footer: 575,
        binds: &[(k('F'), A::Findings)],
    },
    Row {
        id: Id::ChooseFinding,
        scope: Scope::Gallery,
        keys: "↑ ↓",
        short: "another finding",
        long: "Go to another finding (g and G: the first, the last)",
        footer: 22,
        binds: &FINDINGS,
    },
    Row {
        id: Id::ScrollFinding,
        scope: Scope::Gallery,
        keys: "pgdn pgup",
        short: "scroll",
        long: "Scroll what is shown of it",
        footer: 24,
        binds: &[(code(KeyCode::PageDown), A::PageDown), (code(KeyCode::PageUp), A::PageUp)],
    },
];

const FINDINGS: [(crate::app::keymap::Key, A); 8] = {
    let [down, up, j, back] = down_up(A::NextRow, A::PrevRow);
    let ends = [(k('g'), A::FirstRow), (k('G'), A::LastRow)];
    [down, up, j, back, ends[0], ends[1], (code(KeyCode::Home), A::FirstRow), (code(KeyCode::End), A::LastRow)]
};
