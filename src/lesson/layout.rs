//! How many rows a page of Markdown needs, for the rule that a page is at most a screen.

use super::pages::markdown_options;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

/// Columns of text on the smallest screen, 80x24.
pub const WIDTH: usize = 74;
/// Rows of text on the smallest screen, below the title of the page.
pub const HEIGHT: usize = 16;

/// The rows that Markdown needs at a width: paragraphs wrapped at words, one blank row between blocks, list items
/// close together, code and table rows as they are.
#[must_use]
pub fn rows(markdown: &str, width: usize) -> usize {
    let mut page = Rows { width, ..Rows::default() };
    for event in Parser::new_ext(markdown, markdown_options()) {
        page.event(event);
    }
    page.flush();
    page.count
}

#[derive(Default)]
struct Rows {
    count: usize,
    width: usize,
    text: String,
    indent: usize,
    /// The next text begins a block, so a blank row stands before it.
    gap: bool,
    in_table: bool,
    in_code: bool,
}

impl Rows {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::List(_)) => {
                self.flush();
                self.gap = self.indent == 0;
                self.indent += 2;
            }
            Event::End(TagEnd::List(_)) => {
                self.flush();
                self.indent = self.indent.saturating_sub(2);
                self.gap = self.indent == 0;
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Table(_)) if self.indent == 0 => self.gap = true,
            Event::Start(Tag::CodeBlock(_)) => {
                self.flush();
                (self.gap, self.in_code) = (true, true);
            }
            Event::End(TagEnd::CodeBlock) => {
                self.flush();
                (self.gap, self.in_code) = (true, false);
            }
            Event::Start(Tag::TableHead) => self.in_table = true,
            Event::End(TagEnd::TableHead) => {
                self.flush();
                self.count += 1; // the rule below the head
            }
            Event::End(TagEnd::Table) => self.in_table = false,
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableRow) | Event::HardBreak => {
                self.flush();
            }
            Event::Rule => self.count += 2,
            Event::SoftBreak => self.text.push(' '),
            Event::Text(t) | Event::Code(t) => self.text.push_str(&t),
            _ => {}
        }
    }

    fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        if self.gap && self.count > 0 {
            self.count += 1;
        }
        self.gap = false;
        let text = std::mem::take(&mut self.text);
        self.count += if self.in_code {
            text.trim_end_matches('\n').lines().count().max(1)
        } else if self.in_table {
            1
        } else {
            wrapped(&text, self.width.saturating_sub(self.indent).max(1))
        };
    }
}

/// The rows of one paragraph, wrapped greedily at spaces.
fn wrapped(text: &str, width: usize) -> usize {
    let (mut rows, mut column) = (1, 0);
    for word in text.split_whitespace() {
        let length = word.width();
        if column > 0 && column + 1 + length > width {
            rows += 1;
            column = length;
        } else {
            column += length + usize::from(column > 0);
        }
        rows += column.saturating_sub(1) / width; // a word longer than a row
        column = if column > width { (column - 1) % width + 1 } else { column };
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_as_the_screen_will_show_them() {
        assert_eq!(rows("one two three", 7), 2);
        assert_eq!(rows("one\n\ntwo", 80), 3);
        assert_eq!(rows("text\n\n* a\n* b\n\nmore", 80), 6);
        assert_eq!(rows("```python\na\nb\n```", 80), 2);
        assert_eq!(rows("| a | b |\n|---|---|\n| 1 | 2 |", 80), 3);
        assert_eq!(rows("", 80), 0);
        assert_eq!(rows("abcdefghij", 4), 3);
    }
}
