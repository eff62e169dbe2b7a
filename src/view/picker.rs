//! The list of runtimes: those that work, and those that do not with the reason.

use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// One runtime of the list.
#[derive(Debug, Clone, Copy)]
pub struct PickerItem<'a> {
    /// Its short name.
    pub label: &'a str,
    /// Where it is, or what it is.
    pub detail: &'a str,
    /// Why it cannot be used, if it cannot.
    pub unusable: Option<&'a str>,
}

/// The list.
#[derive(Debug, Clone, Copy)]
pub struct Picker<'a> {
    /// The runtimes.
    pub items: &'a [PickerItem<'a>],
    /// The line that the learner is on.
    pub selected: usize,
    /// The runtime in use.
    pub current: Option<usize>,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Picker<'_> {
    /// The first item shown in an area of this height.
    fn first(&self, rows: u16) -> usize {
        (self.selected + 1).saturating_sub(usize::from(rows.max(1)))
    }

    /// Where each item is drawn.
    pub fn placed(&self, area: Rect) -> impl Iterator<Item = (Rect, usize)> {
        let items = self.first(area.height)..self.items.len();
        (0..area.height).zip(items).map(move |(n, item)| (draw::row(area, n), item))
    }
}

impl Widget for &Picker<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let labels = self.items.iter().map(|i| draw::width(i.label)).max().unwrap_or(0).min(24);
        let first = self.first(area.height);
        for (i, y) in (first..self.items.len()).zip(area.top()..area.bottom()) {
            let item = &self.items[i];
            let here = i == self.selected;
            let mark = if here { glyphs.pointer } else { " " };
            let style = match (here, item.unusable) {
                (_, Some(_)) => palette.dim,
                (true, None) => palette.selected,
                (false, None) => palette.text,
            };
            let left = area.x.saturating_add(1);
            draw::text(buf, area, left, y, mark, palette.accent);
            draw::text(buf, area, left + 2, y, &draw::cut(item.label, labels, glyphs.more), style);
            let x = left + 2 + labels + 2;
            let current = if self.current == Some(i) { glyphs.yes } else { " " };
            let current = if item.unusable.is_some() { glyphs.no } else { current };
            draw::text(buf, area, x, y, current, if item.unusable.is_some() { palette.dim } else { palette.good });
            let room = area.right().saturating_sub(x + 2);
            let words = item.unusable.unwrap_or(item.detail);
            draw::text(buf, area, x + 2, y, &draw::cut(words, room, glyphs.more), palette.dim);
        }
    }
}
