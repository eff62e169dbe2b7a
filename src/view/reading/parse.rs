//! Markdown becomes blocks.

use super::{Block, Inline, language};
use crate::view::source::Highlighted;
use crate::view::source::highlight::plain;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// What a page is being built from.
#[derive(Default)]
struct Page {
    blocks: Vec<Block>,
    text: Vec<Inline>,
    style: Inline,
    lists: Vec<Option<u64>>,
    first_item: bool,
    quote: bool,
    code: Option<(String, String)>,
    table: Vec<Vec<Vec<Inline>>>,
}

/// The blocks of a page.
#[must_use]
pub fn parse(markdown: &str) -> Vec<Block> {
    let mut page = Page::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        page.add(event);
    }
    page.blocks
}

impl Page {
    fn add(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.push(&text),
            },
            Event::Code(code) => {
                self.style.code = true;
                self.push(&code);
                self.style.code = false;
            }
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.push("\n"),
            Event::Rule => self.blocks.push(Block::Rule),
            Event::Html(text) | Event::InlineHtml(text) if !text.trim_start().starts_with("<!--") => self.push(&text),
            // Comments are for the lesson's reader, not for the learner; the rest is not switched on.
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push(Inline { text: text.to_owned(), ..self.style.clone() });
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.style.bold = true,
            Tag::Emphasis => self.style.italic = true,
            Tag::Link { dest_url, .. } => self.style.link = Some(dest_url.into_string()),
            Tag::BlockQuote(_) => self.quote = true,
            Tag::List(number) => {
                self.item();
                self.lists.push(number);
                self.first_item = self.lists.len() == 1;
            }
            Tag::CodeBlock(kind) => {
                self.item();
                let fence = match kind {
                    CodeBlockKind::Fenced(fence) => fence.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((fence, String::new()));
            }
            Tag::TableHead | Tag::TableRow => self.table.push(Vec::new()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.style.bold = false,
            TagEnd::Emphasis => self.style.italic = false,
            TagEnd::Link => self.link_end(),
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.text);
                self.blocks.push(Block::Heading(level as u8, text));
            }
            TagEnd::Paragraph if !self.lists.is_empty() => self.item(),
            TagEnd::Paragraph => {
                let text = std::mem::take(&mut self.text);
                self.blocks.push(if self.quote { Block::Quote(text) } else { Block::Paragraph(text) });
            }
            TagEnd::BlockQuote(_) => self.quote = false,
            TagEnd::Item => {
                self.item();
                if let Some(Some(number)) = self.lists.last_mut() {
                    *number += 1;
                }
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::CodeBlock => {
                let Some((fence, code)) = self.code.take() else { return };
                self.blocks.push(Block::Code(match language(&fence) {
                    Some(language) => Highlighted::new(&code, language),
                    None => Highlighted { lines: plain(&code) },
                }));
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.text);
                if let Some(row) = self.table.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                let table = std::mem::take(&mut self.table);
                self.blocks.push(Block::Table(table));
            }
            _ => {}
        }
    }

    /// Ends the text of a list's item, if there is any.
    fn item(&mut self) {
        if self.text.is_empty() || self.lists.is_empty() {
            return;
        }
        let depth = u16::try_from(self.lists.len() - 1).unwrap_or(u16::MAX);
        let text = std::mem::take(&mut self.text);
        let number = self.lists.last().copied().flatten();
        self.blocks.push(Block::Item { depth, number, text, first: std::mem::take(&mut self.first_item) });
    }

    /// Shows where a link leads, unless its text is that already.
    fn link_end(&mut self) {
        let Some(link) = self.style.link.take() else { return };
        let same = self.text.last().is_some_and(|t| t.text == link);
        if !same {
            self.text.push(Inline { text: format!(" <{link}>"), link: Some(link), ..Inline::default() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_block_is_read() {
        let blocks = parse(
            "# A\n\ntext **b** `c`\n\n- one\n  1. two\n\n> q\n\n---\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n```python\nx = 1\n```\n",
        );
        let kinds: Vec<&str> = blocks
            .iter()
            .map(|b| match b {
                Block::Heading(..) => "heading",
                Block::Paragraph(_) => "paragraph",
                Block::Item { number: None, depth: 0, .. } => "bullet",
                Block::Item { number: Some(1), depth: 1, .. } => "numbered",
                Block::Item { .. } => "item",
                Block::Table(t) if t.len() == 2 && t[0].len() == 2 => "table",
                Block::Table(_) => "odd table",
                Block::Code(_) => "code",
                Block::Quote(_) => "quote",
                Block::Rule => "rule",
            })
            .collect();
        assert_eq!(kinds, ["heading", "paragraph", "bullet", "numbered", "quote", "rule", "table", "code"]);
    }
}
