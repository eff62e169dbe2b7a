//! The keys of questions: choosing, typing, how sure.

use crate::app::keymap::row::{Key, Row, code, ctrl, k};
use crate::app::keymap::{Action as A, Id, Scope};
use crossterm::event::KeyCode;

const DIGITS: &[(Key, A)] = &[
    (k('1'), A::Answer(0)),
    (k('2'), A::Answer(1)),
    (k('3'), A::Answer(2)),
    (k('4'), A::Answer(3)),
    (k('5'), A::Answer(4)),
    (k('6'), A::Answer(5)),
    (k('7'), A::Answer(6)),
    (k('8'), A::Answer(7)),
    (k('9'), A::Answer(8)),
];

/// The rows of the key table.
pub const KEYS: &[Row] = &[
    Row {
        id: Id::Sure,
        scope: Scope::Sure,
        keys: "1-3",
        short: "how sure",
        long: "Say how sure you are: 1 a guess, 2 I think so, 3 sure",
        footer: 220,
        binds: &[(k('1'), A::Sure(0)), (k('2'), A::Sure(1)), (k('3'), A::Sure(2))],
    },
    Row {
        id: Id::Type,
        scope: Scope::Answerable,
        keys: "a",
        short: "answer",
        long: "Type the answer to the page's question",
        footer: 230,
        binds: &[(k('a'), A::Type)],
    },
    Row {
        id: Id::HandIn,
        scope: Scope::Typing,
        keys: "enter",
        short: "hand in",
        long: "Hand the answer in",
        footer: 240,
        binds: &[(code(KeyCode::Enter), A::HandIn)],
    },
    Row {
        id: Id::NextLine,
        scope: Scope::Lines,
        keys: "↓",
        short: "next line",
        long: "Go to the next line, or begin one",
        footer: 250,
        binds: &[(code(KeyCode::Down), A::NextLine), (ctrl('j'), A::NextLine)],
    },
    Row {
        id: Id::StopTyping,
        scope: Scope::Typing,
        keys: "esc",
        short: "stop typing",
        long: "Leave the answer as it is for now",
        footer: 260,
        binds: &[(code(KeyCode::Esc), A::StopTyping)],
    },
    Row {
        id: Id::QuitTyping,
        scope: Scope::Typing,
        keys: "ctrl-c",
        short: "quit",
        long: "Leave the tutor: letters are letters here",
        footer: 270,
        binds: &[(ctrl('c'), A::Quit), (ctrl('z'), A::Suspend)],
    },
    Row {
        id: Id::ShowQuestion,
        scope: Scope::Answer,
        keys: "a",
        short: "question",
        long: "Show the page's question and all its choices",
        footer: 275,
        binds: &[(k('a'), A::ShowQuestion)],
    },
    Row {
        id: Id::Answer,
        scope: Scope::Answer,
        keys: "1-9",
        short: "answer",
        long: "Answer the page's question with this choice",
        footer: 280,
        binds: DIGITS,
    },
];
