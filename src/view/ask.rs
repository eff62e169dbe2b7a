//! A question on screen: what is asked, the numbered choices or the answer typed so far, how sure the learner is, and
//! the answer to the very answer given. The gate before a run and the questions after it are the same picture.

use crate::view::draw;
use crate::view::reading::{layout, sentences};
use crate::view::source::Highlighted;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// A question.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// What is asked, in Markdown.
    pub question: &'a str,
    /// The code that it is about.
    pub code: Option<&'a Highlighted>,
    /// What can be chosen, by the numbers from 1.
    pub choices: Vec<Choosable<'a>>,
    /// Where the answer is typed instead.
    pub field: Option<Typing<'a>>,
    /// Whether it is asked now how sure the learner is: then the numbers answer that.
    pub sure: bool,
    /// What there is to say about the answer given.
    pub told: Option<Feedback<'a>>,
    /// Whether there is no row to spare: no empty one stands between its parts.
    pub tight: bool,
    /// How it looks.
    pub theme: &'a Theme,
}

/// One choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choosable<'a> {
    /// What it says, in Markdown.
    pub text: &'a str,
    /// How it stands.
    pub mark: Mark,
}

/// An answer that is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing<'a> {
    /// Its lines so far; empty where nothing was typed yet.
    pub lines: Vec<&'a str>,
    /// Where the next letter goes, by row and letter; `None` while nobody types.
    pub cursor: Option<(usize, usize)>,
    /// How it stands.
    pub mark: Mark,
    /// The key that opens it, with what that does; `None` where it cannot be opened now.
    pub key: Option<(&'a str, &'a str)>,
}

/// How a choice or a typed answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// It can be chosen.
    #[default]
    Open,
    /// It is the one that is chosen now.
    Here,
    /// It was chosen, and is right.
    Right,
    /// It was chosen, and is wrong.
    Wrong,
    /// Another one was chosen.
    Past,
}

/// What there is to say about an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feedback<'a> {
    /// Whether the answer was right.
    pub right: bool,
    /// Why, in Markdown.
    pub explain: &'a str,
}

/// What a row of a question does when it is clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clickable {
    /// The same as this number's key, counted from 0.
    Number(usize),
    /// The answer is typed here.
    Field,
}

/// How sure a learner can be, from 1 on.
pub const SURE: [&str; 3] = ["a guess", "I think so", "sure"];

/// Lines, and the part that each belongs to.
type Rows = Vec<(Line<'static>, Option<Clickable>)>;

impl<'a> Ask<'a> {
    /// A question with nothing but its words.
    #[must_use]
    pub const fn new(question: &'a str, theme: &'a Theme) -> Self {
        Ask { question, code: None, choices: Vec::new(), field: None, sure: false, told: None, tight: false, theme }
    }
}

impl Ask<'_> {
    /// The sign and the style of right and wrong.
    const fn verdict(&self, right: bool) -> (&'static str, Style) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        if right { (glyphs.yes, palette.good) } else { (glyphs.no, palette.bad) }
    }

    const fn mark(&self, mark: Mark) -> (&'static str, Style) {
        let palette = &self.theme.palette;
        match mark {
            Mark::Open => (" ", palette.text),
            Mark::Here => (self.theme.glyphs.pointer, palette.selected),
            Mark::Right => self.verdict(true),
            Mark::Wrong => self.verdict(false),
            Mark::Past => (" ", palette.dim),
        }
    }

    fn rows(&self, width: u16) -> Rows {
        let palette = &self.theme.palette;
        let mut out: Rows = Vec::new();
        let mut add = |lines: Vec<Line<'static>>, part| out.extend(lines.into_iter().map(|line| (line, part)));
        let gap = || if self.tight { Vec::new() } else { vec![Line::default()] };
        add(sentences(self.question, palette.heading, width, self.theme), None);
        if let Some(code) = self.code {
            add(gap(), None);
            add(layout::code(code, width, self.theme), None);
        }
        add(gap(), None);
        for (place, choice) in self.choices.iter().enumerate() {
            let (mark, style) = self.mark(choice.mark);
            // A number that means something else now must not look like a key.
            let part = (!self.sure).then_some(Clickable::Number(place));
            let number = if self.sure { palette.dim } else { palette.accent };
            add(self.numbered(mark, (place, number), choice.text, style, width), part);
        }
        if let Some(field) = &self.field {
            add(self.typed(field, width), field.key.map(|_| Clickable::Field));
        }
        if self.sure {
            add(gap(), None);
            add(sentences("How sure are you?", palette.heading, width, self.theme), None);
            for (place, words) in SURE.into_iter().enumerate() {
                let row = self.numbered(" ", (place, palette.accent), words, palette.text, width);
                add(row, Some(Clickable::Number(place)));
            }
        }
        if let Some(told) = self.told {
            let (mark, style) = self.verdict(told.right);
            let text = sentences(told.explain, palette.text, width.saturating_sub(2), self.theme);
            add(gap(), None);
            add(draw::prefix(text, &[Span::styled(format!("{mark} "), style)], &[Span::raw("  ")]), None);
        }
        out
    }

    fn numbered(
        &self,
        mark: &str,
        (place, number): (usize, Style),
        words: &str,
        style: Style,
        width: u16,
    ) -> Vec<Line<'static>> {
        let first = [Span::styled(format!("{mark} "), style), Span::styled(format!("{}  ", place + 1), number)];
        let text = sentences(words, style, width.saturating_sub(5), self.theme);
        draw::prefix(text, &first, &[Span::raw("     ")])
    }

    /// The field, then the key that opens it.
    fn typed(&self, field: &Typing<'_>, width: u16) -> Vec<Line<'static>> {
        let palette = &self.theme.palette;
        let (mark, style) = self.mark(field.mark);
        let mut lines = Vec::new();
        for (row, text) in field.lines.iter().enumerate() {
            let cursor = field.cursor.filter(|(at, _)| *at == row).map(|(_, letter)| letter);
            let spans = with_cursor(text, cursor, if cursor.is_some() { palette.text } else { style });
            let sign = if row == 0 { format!("{mark} ") } else { "  ".to_owned() };
            let bar = Span::styled(format!("{} ", self.theme.glyphs.bar), palette.accent);
            let first = [Span::styled(sign, style), bar.clone()];
            lines.extend(draw::prefix(
                draw::wrap_code(&spans, width.saturating_sub(4)),
                &first,
                &[Span::raw("  "), bar],
            ));
        }
        if let Some((key, does)) = field.key {
            let words =
                [Span::styled(format!("  {key}  "), palette.accent), Span::styled(does.to_owned(), palette.dim)];
            lines.push(Line::from(words.to_vec()));
        }
        lines
    }

    /// How many rows it takes at this width.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        u16::try_from(self.rows(width.saturating_sub(2)).len()).unwrap_or(u16::MAX)
    }

    /// What each of its rows does when it is clicked, from the top, at this width.
    #[must_use]
    pub fn parts(&self, width: u16) -> Vec<Option<Clickable>> {
        self.rows(width.saturating_sub(2)).into_iter().map(|(_, part)| part).collect()
    }
}

/// A line of a field, with the cell in reverse that the next letter takes.
fn with_cursor(text: &str, cursor: Option<usize>, style: Style) -> Vec<Span<'static>> {
    let Some(at) = cursor else { return vec![Span::styled(text.to_owned(), style)] };
    let byte = |letter| text.char_indices().nth(letter).map_or(text.len(), |(byte, _)| byte);
    let (start, end) = (byte(at), byte(at + 1));
    let under = if start < end { &text[start..end] } else { " " };
    vec![
        Span::styled(text[..start].to_owned(), style),
        Span::styled(under.to_owned(), style.reversed()),
        Span::styled(text[end..].to_owned(), style),
    ]
}

impl Widget for &Ask<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
        let lines: Vec<Line<'static>> = self.rows(inner.width).into_iter().map(|(line, _)| line).collect();
        draw::lines(buf, inner, &lines);
    }
}
