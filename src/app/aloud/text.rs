//! Text as lines without a look.

use crate::app::model::Model;
use crate::view::{draw, reading};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Lines without their look.
#[must_use]
pub fn plain(lines: &[Line<'_>]) -> Vec<String> {
    lines.iter().map(|line| line.spans.iter().map(|span| &*span.content).collect::<String>()).map(bare).collect()
}

fn bare(line: String) -> String {
    if line.ends_with(char::is_whitespace) { line.trim_end().to_owned() } else { line }
}

/// A few sentences of Markdown in so many columns.
#[must_use]
pub fn sentences(markdown: &str, model: &Model, columns: u16) -> Vec<String> {
    plain(&reading::sentences(markdown, Style::new(), columns, &model.theme))
}

/// Markdown as one line, however long.
#[must_use]
pub fn flat(markdown: &str, model: &Model) -> String {
    sentences(markdown, model, u16::MAX).join(" ")
}

/// Words in so many columns.
#[must_use]
pub fn wrapped(words: &str, columns: u16) -> Vec<String> {
    plain(&draw::wrap_text(words, columns, Style::new()))
}

/// Words in so many columns, with this before the first line and blanks before the others.
#[must_use]
pub fn led(before: &str, words: &str, columns: u16) -> Vec<String> {
    let wide = draw::width(before);
    let lines = draw::wrap_text(words, columns.saturating_sub(wide), Style::new());
    let blank = " ".repeat(usize::from(wide));
    plain(&draw::prefix(lines, &[Span::raw(before.to_owned())], &[Span::raw(blank)]))
}

/// What a program wrote, without anything that a terminal would obey.
#[must_use]
pub fn written(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let tame = |line: &str| line.replace('\t', "    ").chars().filter(|c| !c.is_control()).collect::<String>();
    text.lines().map(tame).map(bare).collect()
}

/// A line in signs that the terminal can show.
#[must_use]
pub fn shown(line: &str, unicode: bool) -> String {
    // Whatever it comes from, no line commands the terminal.
    let letters = line.chars().filter(|c| !c.is_control());
    if unicode { letters.collect() } else { letters.map(crate::app::frame::to_ascii).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_program_wrote_commands_the_terminal() {
        assert_eq!(written(b"\x1b[31mred\x1b[0m\r\n\tin\n"), ["[31mred[0m", "    in"]);
        assert_eq!(shown("a\u{1b}[2J\u{9b}b ×", false), "a[2Jb x");
    }

    #[test]
    fn what_is_led_hangs_below_its_first_line() {
        assert_eq!(led("1) ", "as long as one thread alone", 14), ["1) as long as", "   one thread", "   alone"]);
    }
}
