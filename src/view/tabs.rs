//! Tabs: executors or runtimes, one of them current, each reachable by the key beside them.

use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// One tab.
#[derive(Debug, Clone, Copy)]
pub struct Tab<'a> {
    /// What stands on it.
    pub name: &'a str,
    /// Why it cannot be used, if it cannot.
    pub unavailable: Option<&'a str>,
    /// Whether it has run in this lesson.
    pub done: bool,
    /// Whether it was run otherwise than it would be now.
    pub old: bool,
}

/// A row of tabs; a second row, where there is one, tells why a tab is not available.
#[derive(Debug, Clone, Copy)]
pub struct Tabs<'a> {
    /// The key that goes through them, such as `tab`.
    pub key: &'a str,
    /// Left to right.
    pub tabs: &'a [Tab<'a>],
    /// The current one.
    pub selected: usize,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Tabs<'_> {
    /// Columns of each tab that is drawn, as (index, first, after). Tabs before the current one give way where the row
    /// is too short.
    fn layout(&self, area: Rect) -> Vec<(usize, u16, u16)> {
        let start = area.x.saturating_add(draw::width(self.key)).saturating_add(3);
        let wide = |i: usize| draw::width(self.tabs[i].name) + 2 + if self.mark(i).is_empty() { 0 } else { 2 };
        let mut first = 0;
        loop {
            let mut x = start;
            let mut out = Vec::new();
            for i in first..self.tabs.len() {
                let end = x.saturating_add(wide(i));
                // Where more follows, the sign for that has its room.
                let more = if i + 1 < self.tabs.len() { 2 } else { 0 };
                if end.saturating_add(more) > area.right() {
                    break;
                }
                out.push((i, x, end));
                x = end.saturating_add(1);
            }
            let shown = out.iter().any(|(i, ..)| *i == self.selected);
            if shown || first >= self.selected.min(self.tabs.len()) {
                return out;
            }
            first += 1;
        }
    }

    fn mark(&self, index: usize) -> &'static str {
        let glyphs = &self.theme.glyphs;
        match &self.tabs[index] {
            Tab { unavailable: Some(_), .. } => glyphs.no,
            Tab { done: true, old: true, .. } => glyphs.page_half,
            Tab { done: true, .. } => glyphs.yes,
            Tab { .. } => "",
        }
    }

    /// Where each tab stands in the first row of `area`.
    #[must_use]
    pub fn placed(&self, area: Rect) -> Vec<(Rect, usize)> {
        let row = draw::row(area, 0);
        self.layout(area).into_iter().map(|(i, x, end)| (Rect { x, width: end - x, ..row }, i)).collect()
    }

    /// The reason that the current tab is not available.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.tabs.get(self.selected)?.unavailable
    }
}

impl Widget for &Tabs<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let palette = &self.theme.palette;
        draw::text(buf, area, area.x.saturating_add(1), area.y, self.key, palette.accent);
        let layout = self.layout(area);
        for (i, from, _) in &layout {
            let tab = &self.tabs[*i];
            let chosen = *i == self.selected;
            let style = match tab.unavailable {
                Some(_) => palette.dim,
                None if chosen => palette.selected,
                None => palette.text,
            };
            let mark = self.mark(*i);
            let name = if mark.is_empty() { tab.name.to_owned() } else { format!("{} {mark}", tab.name) };
            let name = if chosen { format!("[{name}]") } else { format!(" {name} ") };
            draw::text(buf, area, *from, area.y, &name, style);
        }
        let end = layout.last().map_or(area.x, |(.., to)| *to);
        let more = self.theme.glyphs.more;
        if let Some((_, x, _)) = layout.first().filter(|(first, ..)| *first > 0) {
            draw::text(buf, area, x.saturating_sub(1), area.y, more, palette.dim);
        }
        if layout.last().is_some_and(|(last, ..)| last + 1 < self.tabs.len()) {
            draw::text(buf, area, end.saturating_add(1), area.y, more, palette.dim);
        }
        let Some(reason) = self.reason() else { return };
        let (x, y) =
            if area.height > 1 { (area.x.saturating_add(1), area.y + 1) } else { (end.saturating_add(2), area.y) };
        let words = draw::cut(reason, area.right().saturating_sub(x), self.theme.glyphs.more);
        draw::text(buf, area, x, y, &words, palette.dim);
    }
}
