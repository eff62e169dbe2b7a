//! The course map: every lesson in its part, and what is read, run, passed and due.

use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

/// Columns from the left edge: the pointer, the number, the title, then what is read, run, passed and due. Where there is no
/// room for all, what is read and passed.
const POINTER: u16 = 1;
const NUMBER: u16 = 3;
const TITLE: u16 = 7;
const READ: u16 = 38;
const RUN: u16 = 47;
const PASSED: u16 = 55;
const DUE: u16 = 63;
/// The columns of the whole map.
pub const WIDTH: u16 = 74;
/// The columns of what there is always room for.
pub const NARROW: u16 = 54;

/// One lesson on the map.
#[derive(Debug, Clone, Copy)]
pub struct MapRow<'a> {
    /// The heading of the part that begins with it.
    pub part: Option<&'a str>,
    /// Its place in the course, from 1.
    pub number: usize,
    /// What the lesson is about, in its own words.
    pub title: &'a str,
    /// Pages read, and pages in all.
    pub read: (usize, usize),
    /// Programs run, and programs in all.
    pub run: (usize, usize),
    /// Whether it is passed.
    pub passed: bool,
    /// When it comes back, in words, and whether that is today.
    pub due: Option<(&'a str, bool)>,
    /// What stands beside its title, such as "start here".
    pub sign: Option<&'a str>,
}

/// The map.
#[derive(Debug, Clone, Copy)]
pub struct Map<'a> {
    /// The lessons, in order.
    pub rows: &'a [MapRow<'a>],
    /// The lesson that the learner is on.
    pub selected: usize,
    /// How it looks.
    pub theme: &'a Theme,
}

/// What one row of the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Part(usize),
    Lesson(usize),
    Blank,
}

impl Map<'_> {
    /// Everything from the top, with blanks between the parts where all of it fits then.
    fn plan(&self, height: u16) -> Vec<Shown> {
        let plan = |blanks: bool| {
            let mut out = Vec::new();
            for (place, row) in self.rows.iter().enumerate() {
                if row.part.is_some() {
                    out.extend((blanks && place > 0).then_some(Shown::Blank));
                    out.push(Shown::Part(place));
                }
                out.push(Shown::Lesson(place));
            }
            out
        };
        let airy = plan(true);
        if airy.len() <= usize::from(height) { airy } else { plan(false) }
    }

    /// What is on screen: the selected lesson in the middle, where not all of it fits.
    fn visible(&self, area: Rect) -> (Vec<Shown>, bool, bool) {
        let plan = self.plan(area.height);
        let height = usize::from(area.height);
        let at = plan.iter().position(|shown| *shown == Shown::Lesson(self.selected)).unwrap_or(0);
        let first = at.saturating_sub(height / 2).min(plan.len().saturating_sub(height));
        let below = first + height < plan.len();
        (plan.into_iter().skip(first).take(height).collect(), first > 0, below)
    }

    /// Where each lesson is drawn.
    pub fn placed(&self, area: Rect) -> impl Iterator<Item = (Rect, usize)> {
        let rows = (0..area.height).zip(self.visible(area).0);
        rows.filter_map(move |(n, shown)| match shown {
            Shown::Lesson(place) => Some((draw::row(area, n), place)),
            Shown::Part(_) | Shown::Blank => None,
        })
    }

    /// The names of the columns, for the row above the map.
    pub fn heads(&self, area: Rect, buf: &mut Buffer) {
        let dim = self.theme.palette.dim;
        let narrow = area.width < WIDTH;
        let words = [(READ, "read"), (RUN, "run"), (PASSED, "passed"), (DUE, "due")];
        let few = [(READ, "read"), (RUN, "passed")];
        for (column, word) in if narrow { &few[..] } else { &words } {
            draw::text(buf, area, area.x + column, area.y, word, dim);
        }
    }

    fn lesson(&self, place: usize, area: Rect, buf: &mut Buffer) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let row = &self.rows[place];
        let here = place == self.selected;
        let style = if here { palette.selected } else { palette.text };
        if here {
            draw::text(buf, area, area.x + POINTER, area.y, glyphs.pointer, palette.accent);
        }
        draw::text(buf, area, area.x + NUMBER, area.y, &format!("{:>2}", row.number), palette.dim);
        let room = READ - TITLE - 1;
        let sign = row.sign.map_or(0, |sign| draw::width(sign) + 4);
        let title = draw::cut(row.title, room.saturating_sub(sign), glyphs.more);
        let x = draw::text(buf, area, area.x + TITLE, area.y, &title, style);
        if let Some(sign) = row.sign {
            let x = draw::text(buf, area, x + 2, area.y, glyphs.points_left, palette.accent);
            draw::text(buf, area, x + 1, area.y, sign, palette.accent);
        }
        self.count(row.read, (area, READ), buf);
        let (mark, style) = if row.passed { (glyphs.yes, palette.good) } else { (glyphs.rule_light(), palette.faint) };
        if area.width < WIDTH {
            draw::text(buf, area, area.x + RUN + 2, area.y, mark, style);
            return;
        }
        self.count(row.run, (area, RUN), buf);
        draw::text(buf, area, area.x + PASSED + 2, area.y, mark, style);
        if let Some((words, now)) = row.due {
            let style = if now { palette.accent } else { palette.dim };
            if now {
                draw::text(buf, area, area.x + DUE - 2, area.y, glyphs.pointer, style);
            }
            draw::text(buf, area, area.x + DUE, area.y, words, style);
        }
    }

    /// So many of so many, with a sign that says none, some or all.
    fn count(&self, (done, all): (usize, usize), (area, column): (Rect, u16), buf: &mut Buffer) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let (mark, style): (&str, Style) = match done {
            0 => (glyphs.page_open, palette.faint),
            done if done >= all => (glyphs.page_done, palette.good),
            _ => (glyphs.page_half, palette.accent),
        };
        let x = draw::text(buf, area, area.x + column, area.y, mark, style);
        draw::text(buf, area, x + 1, area.y, &format!("{done}/{all}"), palette.dim);
    }
}

impl Widget for &Map<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let (rows, above, below) = self.visible(area);
        for (n, shown) in (0..area.height).zip(&rows) {
            let row = draw::row(area, n);
            match shown {
                Shown::Part(place) => {
                    let title = self.rows[*place].part.unwrap_or_default();
                    draw::text(buf, row, row.x + NUMBER, row.y, title, palette.heading);
                }
                Shown::Lesson(place) => self.lesson(*place, row, buf),
                Shown::Blank => {}
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
