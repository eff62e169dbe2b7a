//! Bars that the learner sets before a run, and the measured ones laid over them: drawn is a line with an end, measured
//! is filled, so that both are seen in one row whatever the colours.

use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// One bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// What the learner drew, as a share of 1.
    pub drawn: Option<f64>,
    /// What was measured, as a share of 1.
    pub measured: Option<f64>,
}

/// Bars, one a row.
#[derive(Debug, Clone, Copy)]
pub struct Bars<'a> {
    /// Top to bottom.
    pub bars: &'a [Bar],
    /// The share at the right end.
    pub most: f64,
    /// The bar that the keys set.
    pub selected: Option<usize>,
    /// How it looks.
    pub theme: &'a Theme,
}

/// The longest bar.
const LENGTH: u16 = 60;
/// Cells before a bar's label.
const MARGIN: u16 = 2;

/// Where the columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    /// Cells of the labels, with the gap after them.
    labels: u16,
    /// Cells of the bars.
    cells: u16,
}

impl Bars<'_> {
    fn columns(&self, width: u16) -> Columns {
        let labels = self.bars.iter().map(|bar| draw::width(&bar.label)).max().unwrap_or(0).saturating_add(2);
        let words = self.bars.iter().map(|bar| draw::width(&Line::from(self.label(bar)).to_string())).max();
        // While a bar is set its words grow; it must not move under the hand.
        let words = words.unwrap_or(0).max(5);
        let room = width.saturating_sub(MARGIN + labels + 2 + words).min(LENGTH);
        // A step of the keys is a whole number of cells; where a bar may be longer than all, all ends with a cell.
        let unit = if self.most > 1.0 { 3 } else { 20 };
        let whole = room - room % unit;
        Columns { labels, cells: if whole > 0 { whole } else { room } }
    }

    /// What stands behind a bar.
    fn label(&self, bar: &Bar) -> Vec<Span<'static>> {
        let (palette, percent) = (&self.theme.palette, |share: f64| format!("{:.0} %", share * 100.0));
        let measured = |style: Style, share: f64| Span::styled(format!("measured {}", percent(share)), style);
        match (bar.drawn, bar.measured) {
            (Some(drawn), None) => vec![Span::styled(percent(drawn), palette.text)],
            (Some(drawn), Some(share)) => {
                vec![Span::styled(format!("you {}  ", percent(drawn)), palette.accent), measured(palette.text, share)]
            }
            (None, Some(share)) => vec![Span::styled(percent(share), palette.dim)],
            (None, None) => Vec::new(),
        }
    }

    /// The cells of one bar.
    fn cells(&self, bar: &Bar, cells: u16) -> Vec<Span<'static>> {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let length = |share: f64| (share / self.most).clamp(0.0, 1.0) * f64::from(cells);
        let filled = bar.measured.map_or(0.0, length);
        let end = bar.drawn.map(|share| length(share).round() - 1.0);
        let fill = if bar.drawn.is_some() { self.theme.thread(Some(0)) } else { palette.dim };
        let cell = |n: u16| {
            let left = f64::from(n);
            // What is filled of this cell, where it is enough for a sign.
            let part = Some(glyphs.part((filled - left).max(0.0))).filter(|part| *part != " ");
            let ends_here = end.is_some_and(|end| (end.max(0.0) - left).abs() < 0.5);
            match end {
                Some(_) if ends_here => Span::styled(glyphs.drawn_end, palette.accent),
                _ => match (part, end) {
                    (Some(part), _) => Span::styled(part, fill),
                    (None, Some(end)) if left < end => Span::styled(glyphs.drawn, palette.accent),
                    _ => Span::styled(glyphs.rule_light(), palette.faint),
                },
            }
        };
        (0..cells).map(cell).collect()
    }

    /// The bars as lines of at most `width` cells.
    #[must_use]
    pub fn lines(&self, width: u16) -> Vec<Line<'static>> {
        let (palette, columns) = (&self.theme.palette, self.columns(width));
        let line = |(place, bar): (usize, &Bar)| {
            let here = self.selected == Some(place);
            let (mark, style) = if here { (self.theme.glyphs.pointer, palette.selected) } else { (" ", palette.text) };
            let gap = usize::from(columns.labels.saturating_sub(draw::width(&bar.label)));
            let mut spans = vec![
                Span::styled(format!("{mark} "), palette.accent),
                Span::styled(bar.label.clone(), style),
                Span::raw(" ".repeat(gap)),
            ];
            spans.extend(self.cells(bar, columns.cells));
            spans.push(Span::raw("  "));
            spans.extend(self.label(bar));
            Line::from(spans)
        };
        self.bars.iter().enumerate().map(line).collect()
    }

    /// Where each bar can be set: its cells, and the one before them, where it is set to nothing. What a cell means is
    /// [`share_at`].
    pub fn placed(&self, area: Rect) -> impl Iterator<Item = (Rect, usize)> {
        let columns = self.columns(area.width);
        let x = area.x.saturating_add(MARGIN + columns.labels).saturating_sub(1);
        let row = Rect { x, width: columns.cells + 1, height: 1, ..area };
        let rows = (0..area.height).zip(0..self.bars.len());
        rows.map(move |(n, place)| (Rect { y: area.y + n, ..row }.intersection(area), place))
    }
}

/// The share of `most` that a click in column `x` of a bar's place gives it.
#[must_use]
pub fn share_at(place: Rect, x: u16, most: f64) -> f64 {
    let cells = place.width.saturating_sub(1).max(1);
    f64::from(x.saturating_sub(place.x).min(cells)) / f64::from(cells) * most
}

impl Widget for &Bars<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        draw::lines(buf, area, &self.lines(area.width));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars() -> [Bar; 2] {
        let bar = |label: &str, drawn, measured| Bar { label: label.to_owned(), drawn, measured };
        [bar("busiest core", Some(1.0), Some(0.55)), bar("2nd core", Some(0.2), Some(0.4))]
    }

    #[test]
    fn drawn_and_measured_are_both_seen() {
        for theme in [Theme::dark(), Theme::plain().ascii()] {
            let bars = Bars { bars: &bars(), most: 1.0, selected: None, theme: &theme };
            let rows: Vec<String> = bars.lines(78).iter().map(ToString::to_string).collect();
            let glyphs = &theme.glyphs;
            let count = |row: &String, glyph: &str| row.matches(glyph).count();
            assert_eq!((count(&rows[0], glyphs.full), count(&rows[0], glyphs.drawn)), (11, 8), "{rows:?}");
            assert_eq!((count(&rows[1], glyphs.full), count(&rows[1], glyphs.drawn)), (7, 0), "{rows:?}");
            assert!(rows.iter().all(|row| count(row, glyphs.drawn_end) == 1), "{rows:?}");
            assert!(rows[0].ends_with("you 100 %  measured 55 %"), "{rows:?}");
        }
    }

    #[test]
    fn a_click_sets_what_is_under_it() {
        let theme = Theme::dark();
        let bars = Bars { bars: &bars(), most: 1.0, selected: Some(0), theme: &theme };
        let area = Rect::new(3, 2, 78, 2);
        let cells = bars.columns(area.width).cells;
        let start = 3 + MARGIN + 14;
        let placed: Vec<(Rect, usize)> = bars.placed(area).collect();
        assert_eq!(placed.len(), 2);
        assert_eq!(placed[1], (Rect::new(start - 1, 3, cells + 1, 1), 1));
        let percent = |x| format!("{:.0}", share_at(placed[0].0, x, bars.most) * 100.0);
        assert_eq!([start - 1, start + cells / 2 - 1, start + cells - 1].map(percent), ["0", "50", "100"]);
    }
}
