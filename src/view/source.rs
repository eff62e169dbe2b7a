//! A program's source: highlighted, numbered, with its knobs marked.

use crate::lesson::Language;
use crate::view::draw;
use crate::view::theme::{Theme, Token};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

pub mod highlight;

pub use highlight::highlight;

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

/// A program's source on screen.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The source.
    pub code: &'a Highlighted,
    /// Its knobs.
    pub knobs: &'a [KnobLine<'a>],
    /// The first line shown.
    pub scroll: u16,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Source<'_> {
    /// How many lines there are.
    #[must_use]
    pub fn height(&self) -> u16 {
        u16::try_from(self.code.lines.len()).unwrap_or(u16::MAX)
    }

    /// The knob whose line is drawn at row `y`.
    #[must_use]
    pub fn knob_at(&self, area: Rect, y: u16) -> Option<usize> {
        let row = usize::from(y.checked_sub(area.y).filter(|r| *r < area.height)?) + usize::from(self.scroll);
        self.knobs.iter().position(|k| self.code.line_of(k.name) == Some(row))
    }
}

impl Widget for &Source<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let palette = &self.theme.palette;
        let digits = draw::width(&self.code.lines.len().to_string()).max(2);
        let lines: Vec<_> = self.knobs.iter().map(|k| (self.code.line_of(k.name), k)).collect();
        let first = usize::from(self.scroll);
        for ((n, words), y) in self.code.lines.iter().enumerate().skip(first).zip(area.top()..area.bottom()) {
            let knob = lines.iter().find(|(line, _)| *line == Some(n)).map(|(_, k)| *k);
            let number = format!("{:>width$}", n + 1, width = usize::from(digits));
            let chosen = knob.is_some_and(|k| k.selected);
            if chosen {
                draw::text(buf, area, area.x, y, self.theme.glyphs.pointer, palette.accent);
            }
            draw::text(buf, area, area.x.saturating_add(1), y, &number, palette.dim);
            let mut x = area.x.saturating_add(digits + 3);
            for (token, word) in words {
                let style = if chosen { palette.selected } else { self.theme.token(*token) };
                x = draw::text(buf, area, x, y, word, style);
            }
            let wide = words.iter().map(|(_, w)| draw::width(w)).fold(digits + 3, u16::saturating_add);
            if wide > area.width {
                draw::text_right(buf, Rect { y, height: 1, ..area }, y, self.theme.glyphs.more, palette.dim);
            }
            let Some(knob) = knob else { continue };
            self.draw_hint(buf, Rect { y, height: 1, ..area }, x, knob);
        }
    }
}

impl Source<'_> {
    /// The keys of a knob, at the right edge, with its meaning where there is room.
    fn draw_hint(&self, buf: &mut Buffer, row: Rect, code_end: u16, knob: &KnobLine<'_>) {
        let palette = &self.theme.palette;
        let (style, meaning) = if knob.selected { (palette.accent, palette.text) } else { (palette.dim, palette.dim) };
        let keys = row.right().saturating_sub(draw::width(knob.keys) + 1);
        if keys < code_end.saturating_add(2) {
            return;
        }
        draw::text(buf, row, keys, row.y, knob.keys, style);
        let label = keys.saturating_sub(draw::width(knob.label) + 2);
        if label >= code_end.saturating_add(2) {
            draw::text(buf, row, label, row.y, knob.label, meaning);
        }
    }
}
