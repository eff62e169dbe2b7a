//! What was typed to find something, and what was found: rows, some of them under a heading.

use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

/// One thing that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FinderRow<'a> {
    /// The heading above it, where it is the first of its kind.
    pub heading: Option<&'a str>,
    /// What it says.
    pub line: Line<'static>,
}

/// The rows, one of them selected.
#[derive(Debug, Clone, Copy)]
pub struct Finder<'a> {
    /// What was found, in order.
    pub rows: &'a [FinderRow<'a>],
    /// The row that the learner is on.
    pub selected: usize,
    /// How it looks.
    pub theme: &'a Theme,
}

/// What one row of the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Heading(usize),
    Row(usize),
}

/// Cells before a row: the pointer, and a blank on either side of it.
pub const MARGIN: u16 = 3;

impl Finder<'_> {
    /// What is on screen, the selected row in the middle where not all of it fits; whether there is more above, below.
    fn visible(&self, height: u16) -> (Vec<Shown>, bool, bool) {
        let shown = |(n, row): (usize, &FinderRow<'_>)| {
            let heading = row.heading.map(|_| Shown::Heading(n));
            heading.into_iter().chain([Shown::Row(n)])
        };
        let all: Vec<Shown> = self.rows.iter().enumerate().flat_map(shown).collect();
        let height = usize::from(height);
        let at = all.iter().position(|shown| *shown == Shown::Row(self.selected)).unwrap_or(0);
        let first = at.saturating_sub(height / 2).min(all.len().saturating_sub(height));
        let below = first + height < all.len();
        (all.into_iter().skip(first).take(height).collect(), first > 0, below)
    }

    /// Where each row is drawn.
    pub fn placed(&self, area: Rect) -> impl Iterator<Item = (Rect, usize)> {
        let rows = (0..area.height).zip(self.visible(area.height).0);
        rows.filter_map(move |(n, shown)| match shown {
            Shown::Row(row) => Some((draw::row(area, n), row)),
            Shown::Heading(_) => None,
        })
    }
}

impl Widget for &Finder<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let (shown, above, below) = self.visible(area.height);
        for (n, shown) in (0..area.height).zip(shown) {
            let row = draw::row(area, n);
            match shown {
                Shown::Heading(n) => {
                    let words = self.rows[n].heading.unwrap_or_default();
                    draw::text(buf, row, row.x.saturating_add(1), row.y, words, palette.heading);
                }
                Shown::Row(n) => {
                    if n == self.selected {
                        draw::text(buf, row, row.x.saturating_add(1), row.y, glyphs.pointer, palette.accent);
                    }
                    let inside = Rect { width: row.width.saturating_sub(2), ..row };
                    draw::line(buf, inside, row.x.saturating_add(MARGIN), row.y, &self.rows[n].line);
                }
            }
        }
        if above {
            draw::text_right(buf, area, area.y, glyphs.up, palette.accent);
        }
        if below {
            draw::text_right(buf, area, area.bottom().saturating_sub(1), glyphs.down, palette.accent);
        }
    }
}
