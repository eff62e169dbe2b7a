//! A program's source: highlighted, numbered, with its knobs marked.

use crate::lesson::Language;
use crate::view::draw;
use crate::view::theme::{Theme, Token};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

pub mod highlight;

pub use highlight::highlight;

/// Columns between the code and what is said about it.
const GAP: u16 = 2;
/// Fewer columns are too few for words.
const LEAST_WORDS: u16 = 8;

/// A source whose words have been told apart. Independent of the theme; the caller keeps it while the source stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlighted {
    /// One list of words a line.
    pub lines: Vec<Vec<(Token, String)>>,
}

impl Highlighted {
    /// Tells the words of `source` apart.
    #[must_use]
    pub fn new(source: &str, language: Language) -> Self {
        Highlighted { lines: highlight(source, language) }
    }

    /// The line, from 0, on which the constant `name` is set.
    #[must_use]
    pub fn line_of(&self, name: &str) -> Option<usize> {
        self.lines.iter().position(|words| {
            let line: String = words.iter().map(|(_, w)| w.as_str()).collect();
            let line = line.trim_start_matches("pub ");
            let line = line.strip_prefix("const ").or_else(|| line.strip_prefix("static ")).unwrap_or(line);
            let rest = line.strip_prefix(name).map(str::trim_start);
            rest.is_some_and(|r| r.starts_with(':') || (r.starts_with('=') && !r.starts_with("==")))
        })
    }
}

/// A knob beside the line that sets it.
#[derive(Debug, Clone, Copy)]
pub struct KnobLine<'a> {
    /// The constant's name.
    pub name: &'a str,
    /// The keys that turn it when it is selected, such as `[ ]`.
    pub keys: &'a str,
    /// What it means.
    pub label: &'a str,
    /// Whether the keys turn it now.
    pub selected: bool,
}

/// What a run says about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineMark {
    /// The line, from 1.
    pub line: usize,
    /// One cell, before the line's number.
    pub sign: &'static str,
    /// What happened there, in more words and in fewer; right of the code where there is room.
    pub words: [String; 2],
    /// How the mark looks.
    pub style: Style,
}

/// A program's source on screen.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The source.
    pub code: &'a Highlighted,
    /// The lines that have a knob, and how it is turned.
    pub knobs: &'a [KnobLine<'a>],
    /// What the last run says about lines.
    pub marks: &'a [LineMark],
    /// The first line shown.
    pub scroll: u16,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Source<'_> {
    /// Cells of the line numbers, with the gap after them.
    fn margin(&self) -> u16 {
        draw::width(&self.code.lines.len().to_string()).max(2) + 3
    }

    /// The rows of a line: one, or more where it is longer than the area is wide.
    fn rows_of(&self, words: &[(Token, String)], chosen: bool, columns: u16) -> Vec<Line<'static>> {
        let style = |token: Token| if chosen { self.theme.palette.selected } else { self.theme.token(token) };
        let spans: Vec<Span<'_>> = words.iter().map(|(token, word)| Span::styled(word, style(*token))).collect();
        draw::wrap_code(&spans, columns.saturating_sub(self.margin() + 1))
    }

    /// How many rows a line takes. Nearly all take one, which needs no wrapping to tell.
    fn count_of(&self, words: &[(Token, String)], columns: u16) -> u16 {
        let cells = words.iter().map(|(_, word)| draw::width(word)).fold(0, u16::saturating_add);
        if cells < columns.saturating_sub(self.margin()) {
            return 1;
        }
        u16::try_from(self.rows_of(words, false, columns).len()).unwrap_or(u16::MAX)
    }

    /// How many rows it takes at this width.
    #[must_use]
    pub fn height(&self, columns: u16) -> u16 {
        self.code.lines.iter().map(|words| self.count_of(words, columns)).fold(0, u16::saturating_add)
    }

    /// The row on which a line, from 0, begins at this width.
    #[must_use]
    pub fn row_of(&self, line: usize, columns: u16) -> u16 {
        let before = self.code.lines.iter().take(line);
        let rows = before.map(|words| self.rows_of(words, false, columns).len()).sum::<usize>();
        u16::try_from(rows).unwrap_or(u16::MAX)
    }

    /// Where the line of each knob is drawn, as far as it is in sight.
    #[must_use]
    pub fn placed(&self, area: Rect) -> Vec<(Rect, usize)> {
        let lines: Vec<_> = self.knobs.iter().map(|k| self.code.line_of(k.name)).collect();
        let (mut top, mut out) = (0u16, Vec::new());
        for (n, words) in self.code.lines.iter().enumerate() {
            let bottom = top.saturating_add(self.count_of(words, area.width));
            if let Some(knob) = lines.iter().position(|line| *line == Some(n)) {
                let y = area.y.saturating_add(top.saturating_sub(self.scroll));
                let height = bottom.saturating_sub(top.max(self.scroll));
                out.push((Rect { y, height, ..area }.intersection(area), knob));
            }
            top = bottom;
        }
        out.retain(|(place, _)| !place.is_empty());
        out
    }
}

impl Widget for &Source<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let palette = &self.theme.palette;
        let margin = self.margin();
        let knobs: Vec<_> = self.knobs.iter().map(|k| (self.code.line_of(k.name), k)).collect();
        let mut skipped = usize::from(self.scroll);
        let mut y = area.y;
        for (n, words) in self.code.lines.iter().enumerate() {
            if y >= area.bottom() {
                return;
            }
            let knob = knobs.iter().find(|(line, _)| *line == Some(n)).map(|(_, k)| *k);
            let chosen = knob.is_some_and(|k| k.selected);
            let mark = self.marks.iter().rfind(|mark| mark.line == n + 1);
            let rows = self.rows_of(words, chosen, area.width);
            for (part, row) in rows.iter().enumerate() {
                if skipped > 0 {
                    skipped -= 1;
                    continue;
                }
                if y >= area.bottom() {
                    return;
                }
                if chosen && part == 0 {
                    draw::text(buf, area, area.x, y, self.theme.glyphs.pointer, palette.accent);
                }
                // A row that goes on with a line of code has no number, but the sign of a child.
                let number = if part == 0 { (n + 1).to_string() } else { self.theme.glyphs.child.to_owned() };
                let number = format!("{number:>width$}", width = usize::from(margin - 3));
                let numbered = mark.map_or(palette.dim, |mark| mark.style);
                draw::text(buf, area, area.x.saturating_add(1), y, &number, numbered);
                if let Some(mark) = mark.filter(|_| part == 0) {
                    draw::text(buf, area, area.x, y, mark.sign, mark.style);
                }
                let x = draw::line(buf, area, area.x.saturating_add(margin), y, row);
                if let Some(knob) = knob.filter(|_| part + 1 == rows.len()) {
                    let said = words.iter().any(|(_, word)| word.trim_start().starts_with(['#', '/']));
                    self.draw_hint(buf, Rect { y, height: 1, ..area }, x, (knob, said));
                } else if let Some(mark) = mark.filter(|_| part + 1 == rows.len()) {
                    self.draw_mark(buf, Rect { y, height: 1, ..area }, x, mark);
                }
                y += 1;
            }
        }
    }
}

impl Source<'_> {
    /// What happened on a line, at the right edge, as far as there is room beside the code.
    fn draw_mark(&self, buf: &mut Buffer, row: Rect, code_end: u16, mark: &LineMark) {
        let room = row.right().saturating_sub(code_end.saturating_add(GAP + 1));
        if room >= LEAST_WORDS {
            let [long, short] = &mark.words;
            let words = if draw::width(long) <= room { long } else { short };
            let words = draw::cut(words, room, self.theme.glyphs.more);
            draw::text_right(buf, Rect { width: row.width.saturating_sub(1), ..row }, row.y, &words, mark.style);
        }
    }

    /// The keys of a knob, at the right edge, with its meaning where there is room and the code has not `said` it.
    fn draw_hint(&self, buf: &mut Buffer, row: Rect, code_end: u16, (knob, said): (&KnobLine<'_>, bool)) {
        let palette = &self.theme.palette;
        let (style, meaning) = if knob.selected { (palette.accent, palette.text) } else { (palette.dim, palette.dim) };
        let keys = row.right().saturating_sub(draw::width(knob.keys) + 1);
        if keys < code_end.saturating_add(GAP) {
            return;
        }
        draw::text(buf, row, keys, row.y, knob.keys, style);
        let label = keys.saturating_sub(draw::width(knob.label) + 2);
        if !said && label >= code_end.saturating_add(GAP) {
            draw::text(buf, row, label, row.y, knob.label, meaning);
        }
    }
}
