//! What a task expects of a run, and what the last one did: a mark, the words, and why not.

use crate::view::draw;
use crate::view::reading::{measure, sentences};
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// What a task expects, and how it stands.
#[derive(Debug, Clone)]
pub struct Findings<'a> {
    /// How the last run ended, where it did not end well: "failed with ...".
    pub ended: Option<&'a str>,
    /// How the task stands.
    pub stands: Stands<'a>,
    /// What is expected, in order.
    pub rows: Vec<FindingRow<'a>>,
    /// The hint, where it is shown: Markdown.
    pub hint: Option<&'a str>,
    /// Where the learner's copy is.
    pub copy: Option<&'a str>,
    /// How it looks.
    pub theme: &'a Theme,
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands<'a> {
    /// No run of the text as it is now was judged.
    Open,
    /// The same, but the task was passed before.
    DoneBefore,
    /// The last run, on this runtime, did all that was expected.
    Done(&'a str),
    /// The last run did, and another one, with other data, is under way.
    OnceMore,
    /// The last run, on this runtime, did not.
    NotYet(&'a str),
    /// The program failed: nothing of its run was judged.
    Failed,
}

/// One expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingRow<'a> {
    /// What is expected: Markdown.
    pub says: &'a str,
    /// Whether it came true; `None` before a run was judged.
    pub held: Option<bool>,
    /// Why it did not.
    pub reason: Option<&'a str>,
}

impl Findings<'_> {
    /// Its lines in so many cells.
    #[must_use]
    pub fn lines(&self, cells: u16) -> Vec<Line<'static>> {
        let (palette, mut out) = (&self.theme.palette, Vec::new());
        if let Some(ended) = self.ended {
            let stop = if ended.ends_with(['.', '?', '!']) { "" } else { "." };
            let bold = palette.text.add_modifier(Modifier::BOLD);
            out.extend(draw::wrap_text(&format!("The run {ended}{stop}"), cells, bold));
            out.push(Line::default());
        }
        out.extend(draw::wrap(&self.head(), cells, 0));
        out.push(Line::default());
        out.extend(self.rows.iter().flat_map(|row| self.row(row, cells)));
        if let Some(hint) = self.hint {
            out.push(Line::default());
            out.extend(sentences(&format!("**Hint.** {}", hint.trim()), palette.text, cells, self.theme));
        }
        if let Some(copy) = self.copy {
            out.push(Line::default());
            out.extend(draw::wrap_text(&format!("Your copy: {copy}"), cells, palette.text));
        }
        out
    }

    fn head(&self) -> Vec<Span<'static>> {
        let palette = &self.theme.palette;
        let text = |words: String| Span::styled(words, palette.text);
        match self.stands {
            Stands::Open => vec![text("It is done when a run shows:".to_owned())],
            Stands::DoneBefore => vec![text("You have done it before. A run must show:".to_owned())],
            Stands::Done(runtime) => {
                vec![Span::styled("Done", palette.text.add_modifier(Modifier::BOLD)), text(format!(", on {runtime}:"))]
            }
            Stands::OnceMore => {
                vec![text("So far so good. Another run, with other data, must show the same:".to_owned())]
            }
            Stands::NotYet(runtime) => vec![text(format!("Not yet, on {runtime}:"))],
            Stands::Failed => vec![text("Nothing is judged until it runs. Then a run must show:".to_owned())],
        }
    }

    fn row(&self, row: &FindingRow<'_>, cells: u16) -> Vec<Line<'static>> {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let (mark, style) = match row.held {
            None => (glyphs.page_open, palette.text),
            Some(true) => (glyphs.yes, palette.good),
            Some(false) => (glyphs.no, palette.bad),
        };
        let mut spans = sentences(row.says, palette.text, u16::MAX, self.theme);
        let mut words = if spans.is_empty() { Vec::new() } else { spans.remove(0).spans };
        words.extend(row.reason.map(|reason| Span::styled(format!(": {}", plain(reason)), palette.text)));
        let lines = draw::wrap(&words, cells.saturating_sub(2), 0);
        draw::prefix(lines, &[Span::styled(format!("{mark} "), style)], &[Span::raw("  ")])
    }

    /// How many rows it takes at this width.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        u16::try_from(self.lines(measure(width)).len()).unwrap_or(u16::MAX)
    }
}

impl Widget for &Findings<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(1), ..area };
        draw::lines(buf, inner, &self.lines(measure(area.width)));
    }
}

/// Words of one line, without the signs that stand around code in text.
fn plain(words: &str) -> String {
    words.replace('`', "").replace('\n', " ")
}
