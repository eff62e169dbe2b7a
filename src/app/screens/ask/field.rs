//! A field in which an answer is typed. While it is open, letters are letters: no key means anything else, but those of
//! the key table's own scope for it.

use crate::app::keymap::Scope;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui_textarea::{CursorMove, TextArea};

/// The most lines of an answer.
const MOST_LINES: usize = 12;
/// The most letters of an answer.
const MOST_LETTERS: usize = 2000;

/// What was typed so far.
#[derive(Debug, Clone)]
pub struct Field {
    area: TextArea<'static>,
    /// Whether it can have more than one line.
    several: bool,
}

impl Field {
    /// A field with this text in it, and the cursor at its end. `several`: it can have more than one line.
    #[must_use]
    pub fn new(text: &str, several: bool) -> Field {
        let lines = if several { text.lines().map(str::to_owned).collect() } else { vec![text.replace('\n', " ")] };
        let mut area = TextArea::new(lines);
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Field { area, several }
    }

    /// Takes a key that the key table has no use for.
    pub fn press(&mut self, key: KeyEvent) {
        let control = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let letter = matches!(key.code, KeyCode::Char(_)) && !control;
        // What breaks a line is an action of its own; a tabulator is no part of any answer.
        let other = matches!(key.code, KeyCode::Enter | KeyCode::Tab | KeyCode::BackTab | KeyCode::Char('\n' | '\r'))
            || control && matches!(key.code, KeyCode::Char('m' | 'j'));
        let full = letter && self.letters() >= MOST_LETTERS;
        if !other && !full {
            self.area.input(key);
        }
    }

    /// Takes text that was pasted: its line breaks are lines where the answer can have several, and blanks elsewhere.
    pub fn paste(&mut self, text: &str) {
        for (at, line) in text.lines().enumerate() {
            if at > 0 && self.several && self.lines().len() < MOST_LINES {
                self.area.insert_newline();
            } else if at > 0 {
                self.type_in(' ');
            }
            line.chars().map(|c| if c == '\t' { ' ' } else { c }).for_each(|c| self.type_in(c));
        }
    }

    /// Has this text in place of what was typed so far.
    pub fn replace(&mut self, text: &str) {
        *self = Field::new("", self.several);
        self.paste(text);
    }

    /// Whether the answer can have more than one line.
    #[must_use]
    pub const fn several(&self) -> bool {
        self.several
    }

    /// One letter, unless the answer is long enough.
    fn type_in(&mut self, letter: char) {
        if !letter.is_control() && self.letters() < MOST_LETTERS {
            self.area.insert_char(letter);
        }
    }

    /// Goes to the next line, and begins one after the last.
    pub fn down(&mut self) {
        let last = self.lines().len() - 1;
        if self.cursor().0 < last {
            self.area.move_cursor(CursorMove::Down);
        } else if self.several && last + 1 < MOST_LINES {
            self.area.move_cursor(CursorMove::End);
            self.area.insert_newline();
        }
    }

    /// The lines; never none.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// Where the next letter goes: row and letter, from 0.
    #[must_use]
    pub fn cursor(&self) -> (usize, usize) {
        let at = self.area.cursor();
        (at.0, at.1)
    }

    /// The scopes of the keys that are no letters while it is open.
    #[must_use]
    pub fn scopes(&self) -> Vec<Scope> {
        if self.several { vec![Scope::Lines, Scope::Typing] } else { vec![Scope::Typing] }
    }

    /// The answer: without blanks around its lines, and without empty lines around it.
    #[must_use]
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines().iter().map(|line| line.trim_end()).collect();
        lines.join("\n").trim().to_owned()
    }

    fn letters(&self) -> usize {
        self.lines().iter().map(|line| line.chars().count() + 1).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_in(field: &mut Field, text: &str) {
        for c in text.chars() {
            field.press(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        }
    }

    #[test]
    fn letters_are_letters_and_lines_break_with_down_alone() {
        let mut field = Field::new("", true);
        type_in(&mut field, "0 1 qé?");
        for code in [KeyCode::Enter, KeyCode::Tab, KeyCode::BackTab] {
            field.press(KeyEvent::new(code, KeyModifiers::NONE));
        }
        field.press(KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL));
        assert_eq!(field.lines(), ["0 1 qé?"]);
        field.down();
        type_in(&mut field, "2");
        assert_eq!((field.text().as_str(), field.cursor()), ("0 1 qé?\n2", (1, 1)));
        field.press(KeyEvent::new(KeyCode::Up, KeyModifiers::NONE));
        field.down();
        assert_eq!(field.lines().len(), 2, "there is a next line already");
    }

    #[test]
    fn pasted_lines_are_lines_or_blanks_and_never_keys() {
        let mut several = Field::new("", true);
        several.paste("a\tb\r\n\x1b[31mc\nd");
        assert_eq!(several.lines(), ["a b", "[31mc", "d"]);
        let mut one = Field::new("", false);
        one.paste("a\nb\n");
        assert_eq!(one.lines(), ["a b"]);
        several.paste(&"x\n".repeat(MOST_LETTERS));
        assert!(several.lines().len() <= MOST_LINES && several.letters() <= MOST_LETTERS + 1);
    }

    #[test]
    fn an_answer_of_one_line_stays_one() {
        let mut field = Field::new("5", false);
        field.down();
        type_in(&mut field, " ms ");
        assert_eq!((field.text().as_str(), field.lines().len()), ("5 ms", 1));
        type_in(&mut field, &"x".repeat(2 * MOST_LETTERS));
        assert!(field.letters() <= MOST_LETTERS + 1, "an answer is no novel");
    }
}
