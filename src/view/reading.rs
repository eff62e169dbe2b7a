//! A page to read: Markdown, laid out for a width.

use crate::lesson::Language;
use crate::view::draw;
use crate::view::source::Highlighted;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

pub mod layout;
pub mod parse;

/// A page that was parsed, its code highlighted. Independent of theme and width; the caller keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its parts, in reading order.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of a level from 1.
    Heading(u8, Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// Items with their marker (a bullet, or a number with its dot) and depth from 0.
    Item {
        /// Nesting, from 0.
        depth: u16,
        /// `None` for a bullet.
        number: Option<u64>,
        /// What it says.
        text: Vec<Inline>,
        /// Whether it is the first of its list.
        first: bool,
    },
    /// A table: its head, then its rows.
    Table(Vec<Vec<Vec<Inline>>>),
    /// A block of code.
    Code(Highlighted),
    /// A quotation.
    Quote(Vec<Inline>),
    /// A rule.
    Rule,
}

/// A stretch of text in one style.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inline {
    /// The words.
    pub text: String,
    /// Important.
    pub bold: bool,
    /// Emphasised.
    pub italic: bool,
    /// In the look of code.
    pub code: bool,
    /// Where it links to.
    pub link: Option<String>,
}

impl Document {
    /// Parses a page. Code blocks without a language are plain; `title`, where there is one, becomes the first heading.
    #[must_use]
    pub fn new(title: Option<&str>, markdown: &str) -> Self {
        let mut blocks = Vec::new();
        if let Some(title) = title {
            blocks.push(Block::Heading(1, vec![Inline { text: title.to_owned(), ..Inline::default() }]));
        }
        blocks.extend(parse::parse(markdown));
        Document { blocks }
    }

    /// The lines of its first heading, where it begins with one, and those of the text below it.
    #[must_use]
    pub fn title_and_text(&self, cells: u16, theme: &Theme) -> (Vec<Line<'static>>, Vec<Line<'static>>) {
        let mut title = self.lines(cells, theme);
        if !matches!(self.blocks.first(), Some(Block::Heading(1, _))) {
            return (Vec::new(), title);
        }
        let end = title.iter().position(|line| line.spans.is_empty()).unwrap_or(title.len());
        let text = title.split_off(end);
        (title, text.into_iter().skip(1).collect())
    }

    /// The page as lines of at most `cells`.
    #[must_use]
    pub fn lines(&self, cells: u16, theme: &Theme) -> Vec<Line<'static>> {
        layout::lines(self, theme.palette.text, cells, theme)
    }
}

/// A few sentences of Markdown as lines of at most `cells`, in style `base` where the Markdown says nothing else.
#[must_use]
pub fn sentences(markdown: &str, base: Style, cells: u16, theme: &Theme) -> Vec<Line<'static>> {
    layout::lines(&Document::new(None, markdown), base, cells, theme)
}

/// The language of a fenced block.
#[must_use]
pub fn language(fence: &str) -> Option<Language> {
    match fence.split([',', ' ']).next().unwrap_or_default() {
        "python" | "py" => Some(Language::Python),
        "rust" | "rs" => Some(Language::Rust),
        _ => None,
    }
}

/// A page on screen.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The page.
    pub document: &'a Document,
    /// The first line shown.
    pub scroll: u16,
    /// How it looks.
    pub theme: &'a Theme,
}

/// Lines are easiest to read up to here.
const MEASURE: u16 = 78;

/// Cells of text in an area of this width.
#[must_use]
pub fn measure(width: u16) -> u16 {
    width.saturating_sub(2).min(MEASURE)
}

impl Reading<'_> {
    /// How many lines the page has in an area of this width.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        let lines = self.document.lines(measure(width), self.theme).len();
        u16::try_from(lines).unwrap_or(u16::MAX)
    }
}

impl Widget for &Reading<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let lines = self.document.lines(measure(area.width), self.theme);
        let first = usize::from(self.scroll).min(lines.len());
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(1), ..area };
        draw::lines(buf, inner, &lines[first..]);
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        if first > 0 {
            draw::text_right(buf, area, area.y, glyphs.up, palette.dim);
        }
        if lines.len() - first > usize::from(area.height) {
            draw::text_right(buf, area, area.bottom() - 1, glyphs.down, palette.dim);
        }
    }
}
