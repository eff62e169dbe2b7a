//! A question on screen: what is asked, the numbered choices, and the answer to the very answer given. The gate before
//! a run and the questions after it are the same picture.

use crate::view::draw;
use crate::view::reading::sentences;
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
    /// What can be chosen, by the numbers from 1.
    pub choices: Vec<Choosable<'a>>,
    /// What there is to say about the answer given.
    pub told: Option<Told<'a>>,
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

/// How a choice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// It can be chosen.
    #[default]
    Open,
    /// It can be chosen, and enter would.
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
pub struct Told<'a> {
    /// Whether the answer was right.
    pub right: bool,
    /// Why, in Markdown.
    pub explain: &'a str,
}

/// Lines, and the choice that each belongs to.
type Rows = Vec<(Line<'static>, Option<usize>)>;

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
        let mut add = |lines: Vec<Line<'static>>, choice| out.extend(lines.into_iter().map(|line| (line, choice)));
        add(sentences(self.question, palette.heading, width, self.theme), None);
        add(vec![Line::default()], None);
        for (place, choice) in self.choices.iter().enumerate() {
            let (mark, style) = self.mark(choice.mark);
            let number = Span::styled(format!("{}  ", place + 1), palette.accent);
            let text = sentences(choice.text, style, width.saturating_sub(5), self.theme);
            let first = [Span::styled(format!("{mark} "), style), number];
            add(draw::prefix(text, &first, &[Span::raw("     ")]), Some(place));
        }
        if let Some(told) = self.told {
            let (mark, style) = self.verdict(told.right);
            let text = sentences(told.explain, palette.text, width.saturating_sub(2), self.theme);
            add(vec![Line::default()], None);
            add(draw::prefix(text, &[Span::styled(format!("{mark} "), style)], &[Span::raw("  ")]), None);
        }
        out
    }

    /// How many rows it takes at this width.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        u16::try_from(self.rows(width.saturating_sub(2)).len()).unwrap_or(u16::MAX)
    }

    /// The choice drawn at row `y`.
    #[must_use]
    pub fn choice_at(&self, area: Rect, y: u16) -> Option<usize> {
        let row = y.checked_sub(area.y).filter(|r| *r < area.height)?;
        self.rows(area.width.saturating_sub(2)).get(usize::from(row)).and_then(|(_, choice)| *choice)
    }
}

impl Widget for &Ask<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
        let lines: Vec<Line<'static>> = self.rows(inner.width).into_iter().map(|(line, _)| line).collect();
        draw::lines(buf, inner, &lines);
    }
}
