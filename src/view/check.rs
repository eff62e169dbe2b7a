//! A question after the run, and the answer to the very answer given.

use crate::lesson::{Check, CheckKind, Choice};
use crate::view::draw;
use crate::view::reading::sentences;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// A check on screen.
#[derive(Debug, Clone, Copy)]
pub struct CheckView<'a> {
    /// The question.
    pub check: &'a Check,
    /// The choice that the learner is on.
    pub selected: usize,
    /// The choice that the learner has made.
    pub chosen: Option<usize>,
    /// How it looks.
    pub theme: &'a Theme,
}

impl CheckView<'_> {
    fn choices(&self) -> &[Choice] {
        let CheckKind::Choice(choices) = &self.check.kind;
        choices
    }

    fn lines(&self, width: u16) -> (Vec<Line<'static>>, Vec<(usize, u16)>) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let mut out = sentences(&self.check.question, palette.heading, width, self.theme);
        out.push(Line::default());
        let mut rows = Vec::new();
        for (i, choice) in self.choices().iter().enumerate() {
            let (mark, style) = match self.chosen {
                Some(c) if c == i && choice.right => (glyphs.yes, palette.good),
                Some(c) if c == i => (glyphs.no, palette.bad),
                Some(_) => (" ", palette.dim),
                None if i == self.selected => (glyphs.pointer, palette.selected),
                None => (" ", palette.text),
            };
            let first = [Span::styled(format!("{mark} "), style), Span::styled(format!("{}  ", i + 1), palette.accent)];
            let text = sentences(&choice.text, style, width.saturating_sub(5), self.theme);
            for line in draw::prefix(text, &first, &[Span::raw("     ")]) {
                rows.push((i, u16::try_from(out.len()).unwrap_or(u16::MAX)));
                out.push(line);
            }
        }
        if let Some(choice) = self.chosen.and_then(|c| self.choices().get(c)) {
            out.push(Line::default());
            let (mark, style) = if choice.right { (glyphs.yes, palette.good) } else { (glyphs.no, palette.bad) };
            let text = sentences(&choice.explain, palette.text, width.saturating_sub(2), self.theme);
            out.extend(draw::prefix(text, &[Span::styled(format!("{mark} "), style)], &[Span::raw("  ")]));
        }
        (out, rows)
    }

    /// How many rows it takes at this width.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        u16::try_from(self.lines(width.saturating_sub(2)).0.len()).unwrap_or(u16::MAX)
    }

    /// The choice drawn at row `y`.
    #[must_use]
    pub fn choice_at(&self, area: Rect, y: u16) -> Option<usize> {
        let row = y.checked_sub(area.y).filter(|r| *r < area.height)?;
        let (_, rows) = self.lines(area.width.saturating_sub(2));
        rows.into_iter().find(|(_, r)| *r == row).map(|(i, _)| i)
    }
}

impl Widget for &CheckView<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
        draw::lines(buf, inner, &self.lines(inner.width).0);
    }
}
