//! A prediction: asked before a run, set beside the measurement after it.

use crate::lesson::{Metric, Prediction, PredictionChoice};
use crate::view::draw;
use crate::view::reading::sentences;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// A prediction on screen.
#[derive(Debug, Clone, Copy)]
pub struct Predict<'a> {
    /// The question.
    pub prediction: &'a Prediction,
    /// The choice that the learner is on.
    pub selected: usize,
    /// The choice that the learner has made.
    pub chosen: Option<usize>,
    /// What was measured, once it was.
    pub measured: Option<f64>,
    /// How it looks.
    pub theme: &'a Theme,
}

/// A metric's value in words.
#[must_use]
pub fn metric_words(metric: Metric, value: f64, theme: &Theme) -> String {
    match metric {
        Metric::Speedup => format!("{value:.2}{} as fast", theme.glyphs.times),
        Metric::Parallelism => format!("{value:.2} cores busy"),
        Metric::GilWait => draw::percent(value).trim_start().to_owned(),
        Metric::Wall => format!("{value:.2} s"),
        Metric::UsableCores => format!("{value:.2} cores"),
    }
}

/// The choice that a measured value makes right.
#[must_use]
pub fn right_choice(choices: &[PredictionChoice], measured: f64) -> Option<usize> {
    choices.iter().position(|c| (c.from..c.to).contains(&measured))
}

impl Predict<'_> {
    fn lines(&self, width: u16) -> (Vec<Line<'static>>, Vec<(usize, u16)>) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let mut out = sentences(&self.prediction.question, palette.heading, width, self.theme);
        out.push(Line::default());
        let mut rows = Vec::new();
        let right = self.measured.and_then(|m| right_choice(&self.prediction.choices, m));
        for (i, choice) in self.prediction.choices.iter().enumerate() {
            let here = self.measured.is_none() && i == self.selected;
            let (mark, style) = match (right, self.chosen) {
                (Some(r), _) if r == i => (glyphs.yes, palette.good),
                (Some(_), Some(c)) if c == i => (glyphs.no, palette.bad),
                _ if here => (glyphs.pointer, palette.selected),
                _ => (" ", if self.measured.is_some() { palette.dim } else { palette.text }),
            };
            let first = [Span::styled(format!("{mark} "), style), Span::styled(format!("{}  ", i + 1), palette.accent)];
            let text = sentences(&choice.label, style, width.saturating_sub(5), self.theme);
            for line in draw::prefix(text, &first, &[Span::raw("     ")]) {
                rows.push((i, u16::try_from(out.len()).unwrap_or(u16::MAX)));
                out.push(line);
            }
        }
        if let Some(measured) = self.measured {
            out.push(Line::default());
            let value = metric_words(self.prediction.metric, measured, self.theme);
            let said = self.chosen.and_then(|c| self.prediction.choices.get(c));
            let said = said.map_or_else(|| "you skipped this one".to_owned(), |c| format!("you said {}", c.label));
            let spans = [
                Span::styled(format!("{said} {} measured ", glyphs.dot), palette.text),
                Span::styled(value, palette.selected),
            ];
            out.extend(draw::wrap(&spans, width, 0));
            out.push(Line::default());
            out.extend(sentences(&self.prediction.explain, palette.text, width, self.theme));
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

impl Widget for &Predict<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
        draw::lines(buf, inner, &self.lines(inner.width).0);
    }
}
