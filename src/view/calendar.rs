//! The calendar: a few weeks from this Monday on, and which topics are due on which day.

use crate::view::draw;
use crate::view::theme::Theme;
use chrono::{Datelike, Days, NaiveDate};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Days of a week, as headings.
const WEEK: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Rows of one week: the day of the month, the topics, a blank.
const EACH: u16 = 3;

/// One day with something due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The day.
    pub date: NaiveDate,
    /// The numbers of the lessons.
    pub lessons: Vec<usize>,
}

/// The calendar.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a> {
    /// The Monday that it begins with.
    pub from: NaiveDate,
    /// The day that is marked.
    pub today: NaiveDate,
    /// Weeks shown, where there is room.
    pub weeks: u16,
    /// The days with something due.
    pub days: &'a [Marked],
    /// How it looks.
    pub theme: &'a Theme,
}

impl Calendar<'_> {
    /// How many rows it takes.
    #[must_use]
    pub const fn height(&self) -> u16 {
        1 + self.weeks * EACH
    }

    fn day(&self, date: NaiveDate, first: bool, cell: Rect, buf: &mut Buffer) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let today = date == self.today;
        let style = match () {
            () if today => palette.selected,
            () if date < self.today => palette.faint,
            () => palette.text,
        };
        // The month stands where it changes, and on the first day shown.
        let form = if first || date.day() == 1 { "%-d %b" } else { "%-d" };
        let mark = if today { glyphs.pointer } else { " " };
        let x = draw::text(buf, cell, cell.x, cell.y, mark, palette.accent);
        draw::text(buf, cell, x + 1, cell.y, &date.format(form).to_string(), style);
        let Some(day) = self.days.iter().find(|day| day.date == date) else { return };
        let style = if today { palette.accent } else { palette.good };
        let x = draw::text(buf, cell, cell.x + 2, cell.y + 1, glyphs.page_done, style);
        let room = cell.right().saturating_sub(x + 2);
        let numbers = day.lessons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        draw::text(buf, cell, x + 1, cell.y + 1, &draw::cut(&numbers, room, glyphs.more), style);
    }
}

impl Widget for &Calendar<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let wide = area.width / 7;
        let cell = |column: u16, y: u16, height: u16| {
            Rect { x: area.x.saturating_add(column * wide), y, width: wide, height }.intersection(area)
        };
        for (column, name) in (0..).zip(WEEK) {
            let head = cell(column, area.y, 1);
            draw::text(buf, head, head.x.saturating_add(2), head.y, name, self.theme.palette.dim);
        }
        for week in 0..self.weeks {
            for column in 0..7u16 {
                let days = u64::from(week) * 7 + u64::from(column);
                let Some(date) = self.from.checked_add_days(Days::new(days)) else { continue };
                let place = cell(column, area.y.saturating_add(1 + week * EACH), 2);
                if !place.is_empty() {
                    self.day(date, days == 0, place, buf);
                }
            }
        }
    }
}
