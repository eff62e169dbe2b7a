//! A row of the key table.

use crate::app::keymap::{Action, Id, Scope};
use crossterm::event::{KeyCode, KeyModifiers};

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Its name.
    pub id: Id,
    /// Where it applies.
    pub scope: Scope,
    /// The keys as they are shown, such as `← →`.
    pub keys: &'static str,
    /// Two or three words for the footer.
    pub short: &'static str,
    /// A sentence for the help screen and the README.
    pub long: &'static str,
    /// Its place in the footer, 0 first: a small footer keeps the first ones. They have gaps, for rows to come.
    pub footer: u16,
    /// The keys and what each does.
    pub binds: &'static [(Key, Action)],
}

/// One key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub KeyCode, pub KeyModifiers);

impl Key {
    /// As a sentence names it, held together with alt where `alt`; `None` for what is no key of its own.
    #[must_use]
    pub fn spelled(self, unicode: bool, alt: bool) -> Option<String> {
        let arrow = |sign: &'static str, word: &'static str| if unicode { sign } else { word };
        let name = match self.0 {
            KeyCode::Char(' ') => "space".to_owned(),
            KeyCode::Char(c) if c.is_control() => return None,
            KeyCode::Char(c) => c.to_string(),
            KeyCode::F(n) => format!("F{n}"),
            KeyCode::Left => arrow("←", "left").to_owned(),
            KeyCode::Right => arrow("→", "right").to_owned(),
            KeyCode::Up => arrow("↑", "up").to_owned(),
            KeyCode::Down => arrow("↓", "down").to_owned(),
            KeyCode::Enter => "enter".to_owned(),
            KeyCode::Tab => "tab".to_owned(),
            KeyCode::BackTab => "shift-tab".to_owned(),
            KeyCode::Esc => "esc".to_owned(),
            KeyCode::Backspace => "backspace".to_owned(),
            KeyCode::Delete => "delete".to_owned(),
            KeyCode::Insert => "insert".to_owned(),
            KeyCode::Home => "home".to_owned(),
            KeyCode::End => "end".to_owned(),
            KeyCode::PageUp => "pgup".to_owned(),
            KeyCode::PageDown => "pgdn".to_owned(),
            _ => return None,
        };
        let held = |is: bool, word: &'static str| if is { word } else { "" };
        let ctrl = held(self.1.contains(KeyModifiers::CONTROL), "ctrl-");
        let shift = held(self.1.contains(KeyModifiers::SHIFT) && self.0 != KeyCode::BackTab, "shift-");
        Some(format!("{ctrl}{}{shift}{name}", held(alt, "alt-")))
    }
}

/// A letter or a sign.
#[must_use]
pub const fn k(c: char) -> Key {
    Key(KeyCode::Char(c), KeyModifiers::NONE)
}
/// A key that is no letter.
#[must_use]
pub const fn code(code: KeyCode) -> Key {
    Key(code, KeyModifiers::NONE)
}
/// Such a key with shift.
#[must_use]
pub const fn shift(code: KeyCode) -> Key {
    Key(code, KeyModifiers::SHIFT)
}
/// A letter with ctrl.
#[must_use]
pub const fn ctrl(c: char) -> Key {
    Key(KeyCode::Char(c), KeyModifiers::CONTROL)
}

/// A step down or up: the arrows, and the letters of vi.
#[must_use]
pub const fn down_up(down: Action, up: Action) -> [(Key, Action); 4] {
    [(code(KeyCode::Down), down), (code(KeyCode::Up), up), (k('j'), down), (k('k'), up)]
}
/// A step right or left, likewise.
#[must_use]
pub const fn right_left(right: Action, left: Action) -> [(Key, Action); 4] {
    [(code(KeyCode::Right), right), (code(KeyCode::Left), left), (k('l'), right), (k('h'), left)]
}

impl Row {
    /// The keys as they are shown, with arrows where they can be drawn.
    #[must_use]
    pub fn keys(&self, unicode: bool) -> &'static str {
        match self.keys {
            keys if unicode => keys,
            "↑ ↓" => "up down",
            "↓" => "down",
            "← →" => "left right",
            "↑ ↓ enter" => "up down enter",
            "← → ↑ ↓" => "arrows",
            keys => keys,
        }
    }
}
