//! An interview's question: the learner's own words, how sure, the points of a good answer and a model answer.

use crate::view::draw;
use crate::view::reading::sentences;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// From this many columns on, the learner's answer and the model answer stand side by side.
const SIDE_BY_SIDE: u16 = 96;

/// A judged answer.
#[derive(Debug, Clone)]
pub struct Rubric<'a> {
    /// The question, in Markdown.
    pub question: &'a str,
    /// The points of a good answer, and whether the learner found each in theirs.
    pub points: Vec<(&'a str, bool)>,
    /// The point that the learner is on.
    pub here: usize,
    /// The learner's answer.
    pub own: &'a str,
    /// How sure the learner was, in words.
    pub sure: &'a str,
    /// The model answer, in Markdown.
    pub model: &'a str,
    /// The key that runs the proof, and what that is in a few words; `None` where there is none.
    pub proof: Option<(&'a str, &'a str)>,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Rubric<'_> {
    /// The point that each row is about, from the top, at this width; rows below the last point are left out.
    #[must_use]
    pub fn points(&self, width: u16) -> Vec<Option<usize>> {
        self.top(width.saturating_sub(2)).into_iter().map(|(_, place)| place).collect()
    }

    /// The question and its points, each row with the point that it is about.
    fn top(&self, width: u16) -> Vec<(Line<'static>, Option<usize>)> {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let plain = |lines: Vec<Line<'static>>| lines.into_iter().map(|line| (line, None));
        let mut out: Vec<_> = plain(sentences(self.question, palette.heading, width, self.theme)).collect();
        out.push((Line::default(), None));
        let named = self.points.iter().filter(|(_, named)| *named).count();
        let words = format!("Which of these did you name? {named} of {}", self.points.len());
        out.push((Line::styled(words, palette.dim), None));
        for (place, (point, named)) in self.points.iter().enumerate() {
            let here = place == self.here;
            let pointer = if here { glyphs.pointer } else { " " };
            let (mark, tone) = if *named { (glyphs.yes, palette.good) } else { (" ", palette.dim) };
            let style = match (here, named) {
                (true, _) => palette.selected,
                (false, true) => palette.text,
                (false, false) => palette.dim,
            };
            let first = [
                Span::styled(format!("{pointer} "), palette.accent),
                Span::styled("[", palette.dim),
                Span::styled(mark, tone),
                Span::styled("] ", palette.dim),
            ];
            let text = sentences(point, style, width.saturating_sub(6), self.theme);
            let lines = draw::prefix(text, &first, &[Span::raw("      ")]);
            out.extend(lines.into_iter().map(|line| (line, Some(place))));
        }
        out.push((Line::default(), None));
        let proof = match self.proof {
            Some((key, proof)) => {
                vec![Span::styled(format!("{key}  "), palette.accent), Span::styled(proof.to_owned(), palette.text)]
            }
            None => vec![Span::styled("There is no run that settles this one: it is about judgement.", palette.dim)],
        };
        out.extend(plain(draw::wrap(&proof, width, 7)));
        out.push((Line::default(), None));
        out
    }

    fn own(&self, width: u16) -> Vec<Line<'static>> {
        let palette = &self.theme.palette;
        let mut out = vec![Line::styled(format!("Your answer ({})", self.sure), palette.heading)];
        for line in self.own.lines() {
            out.extend(draw::wrap_text(line, width, palette.text));
        }
        out
    }

    fn model(&self, width: u16) -> Vec<Line<'static>> {
        let palette = &self.theme.palette;
        let mut out = vec![Line::styled("A good answer", palette.heading)];
        out.extend(sentences(self.model, palette.text, width, self.theme));
        out
    }

    /// The learner's answer and the model answer: beside each other, or one below the other.
    fn answers(&self, width: u16) -> (Vec<Line<'static>>, Vec<Line<'static>>) {
        if width >= SIDE_BY_SIDE {
            let half = half(width);
            (self.own(half), self.model(half))
        } else {
            let mut all = self.own(width);
            all.push(Line::default());
            all.extend(self.model(width));
            (all, Vec::new())
        }
    }

    /// How many rows it takes at this width.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        let width = width.saturating_sub(2);
        let (left, right) = self.answers(width);
        u16::try_from(self.top(width).len() + left.len().max(right.len())).unwrap_or(u16::MAX)
    }
}

const fn half(width: u16) -> u16 {
    width.saturating_sub(4) / 2
}

impl Widget for &Rubric<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
        let top: Vec<Line<'static>> = self.top(inner.width).into_iter().map(|(line, _)| line).collect();
        let rows = draw::lines(buf, inner, &top);
        let below = draw::below(inner, rows);
        let (left, right) = self.answers(inner.width);
        draw::lines(buf, below, &left);
        if right.is_empty() {
            return;
        }
        let x = below.x + half(inner.width) + 4;
        let beside = Rect { x, width: below.right().saturating_sub(x), ..below };
        let rows = draw::lines(buf, beside, &right).max(u16::try_from(left.len()).unwrap_or(0));
        for y in below.top()..below.bottom().min(below.y + rows) {
            draw::text(buf, below, x - 2, y, self.theme.glyphs.bar, self.theme.palette.faint);
        }
    }
}
