//! Where the parts of a timeline stand in its area.

use super::lens::Stretch;
use super::{Timeline, area, described, tasks};
use crate::view::draw;
use crate::view::lanes::{Row, Rows};
use ratatui::layout::Rect;

/// Cells for the shares or the state of a lane, in words; from [`ROOMY`] on two shares stand side by side.
const WORDS: u16 = 24;
/// The same where the bars need the room.
const FEW_WORDS: u16 = 13;
/// From this width on there is room for all words.
const ROOMY: u16 = 100;
/// From this width on, ids stand beside the names.
const WIDE: u16 = 110;
/// Rows of a lane in the picture and in the lens, their gaps included, by preference.
const HEIGHTS: [(u16, u16); 6] = [(3, 5), (3, 4), (2, 3), (2, 2), (1, 2), (1, 1)];
/// Names that are asked how wide they are: of thousands the first say it.
const NAMED: usize = 64;
/// And the last: among them are those that stand for others.
const LAST: usize = 4;
/// Of more lanes than these, a lens shows so many where it cannot show all.
const FEW: usize = 3;

/// Where the parts of a timeline stand: the picture of its window, and below it the lens where there is one.
#[derive(Debug, Clone)]
pub struct Frames {
    /// The picture of the window.
    pub whole: Frame,
    /// The lens, and what it shows.
    pub lens: Option<(Stretch, Frame)>,
    /// The line below the lanes; empty where there is no room.
    pub detail: Rect,
    /// Rows in all.
    pub count: usize,
}

/// Where one picture of lanes stands.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The row of the time axis.
    pub axis: Rect,
    /// Names and ids: so many cells at the left.
    pub names: u16,
    /// The bars of all lanes.
    pub bars: Rect,
    /// Words at the right: so many cells.
    pub words: u16,
    /// Rows of a lane, its gap included: 1 to 6.
    pub height: u16,
    /// The first row shown.
    pub first: usize,
    /// What is shown, top to bottom.
    pub shown: Vec<Row>,
    /// The row of many tasks, and what is left over, which it gets: an area says more the taller it is.
    tall: Option<(usize, u16)>,
    area: Rect,
}

/// The columns of a timeline.
#[derive(Debug, Clone, Copy)]
struct Columns {
    names: u16,
    words: u16,
    bars: u16,
}

impl Columns {
    fn new(timeline: &Timeline<'_>, width: u16, rows: &Rows<'_>, height: u16) -> Columns {
        let names = names_width(timeline, rows, width, height).min(width);
        let words = match width {
            ROOMY.. => WORDS,
            56.. => FEW_WORDS,
            _ => 0,
        };
        Columns { names, words, bars: width.saturating_sub(names + words) }
    }
}

impl Frames {
    /// Lays the parts out.
    pub fn new(timeline: &Timeline<'_>, area: Rect, rows: &Rows<'_>) -> Self {
        let detail = u16::from(area.height >= 4);
        let pictures = Rect { height: area.height - detail, ..area };
        let detail = Rect { y: pictures.bottom(), height: detail, ..area };
        let columns = Columns::new(timeline, area.width, rows, 1);
        let lens = Stretch::of(timeline, rows, columns.bars);
        if let Some((stretch, (whole, lens))) = lens.and_then(|s| Some((s, both(timeline, pictures, rows)?))) {
            return Frames { whole, lens: Some((stretch, lens)), detail, count: rows.len() };
        }
        let lanes = pictures.height.saturating_sub(1);
        let count = u16::try_from(rows.len()).unwrap_or(u16::MAX).max(1);
        // One lane alone leaves the room of a second: it shrinks less when the first thread comes up.
        let fits = |height: u16| count.max(2).saturating_mul(height) <= lanes.saturating_add(1);
        let crowd = rows.is_area();
        // An area takes all the room that there is.
        let tallest = if crowd { lanes.saturating_add(1).max(2) } else { 1 };
        let height = [6, 5, 4, 3, 2].into_iter().find(|h| !crowd && fits(*h)).unwrap_or(tallest);
        let columns = Columns::new(timeline, area.width, rows, height);
        let whole = Frame::new(timeline, pictures, rows, columns, height);
        Frames { whole, lens: None, detail, count: rows.len() }
    }

    /// The picture that scrolls: the lens, where only it shows the lanes.
    pub fn scrolling(&self) -> &Frame {
        match &self.lens {
            Some((_, lens)) if lens.shown.len() > self.whole.shown.len() => lens,
            _ => &self.whole,
        }
    }
}

/// Rows that a picture of `count` lanes takes, its axis included.
fn taken(count: usize, height: u16) -> u16 {
    let lanes = u16::try_from(count).unwrap_or(u16::MAX).saturating_mul(height);
    lanes.saturating_add(1).saturating_sub(u16::from(height > 1))
}

/// The same of the picture above a lens: the gap below its last lane sets them apart.
fn above(rows: &[Row], height: u16) -> u16 {
    taken(rows.len(), height).saturating_add(u16::from(height > 1))
}

/// Rows that a timeline of these rows takes with a lens: at least, and for all lanes twice.
pub fn with_lens(rows: &[Row]) -> (u16, u16) {
    let twice = taken(rows.len(), 1).saturating_mul(2).saturating_add(1);
    let short = taken(gils(rows).len(), 1).saturating_add(taken(rows.len(), 1)).saturating_add(1);
    let least = match (have_tasks(rows), gils(rows).is_empty()) {
        (true, _) => taken(rows.len(), 1).saturating_add(1),
        (false, true) => twice,
        (false, false) => short.min(twice),
    };
    (least, twice)
}

/// Whether there are rows of asyncio's tasks.
fn have_tasks(rows: &[Row]) -> bool {
    rows.iter().any(|row| matches!(row, Row::Task { .. } | Row::Tasks(_)))
}

/// The rows of GILs.
fn gils(rows: &[Row]) -> Vec<Row> {
    rows.iter().copied().filter(|row| matches!(row, Row::Gil { .. })).collect()
}

/// The picture and the lens below it: all lanes in both, or where there is no room for that who holds the GIL, or nothing but
/// the axis, in the one and the lanes in the other. `None` where there is no room for either.
fn both(timeline: &Timeline<'_>, area: Rect, all: &Rows<'_>) -> Option<(Frame, Frame)> {
    let rows = all.few()?;
    let split = |above: &[Row], (first, second): (u16, u16)| {
        let columns = Columns::new(timeline, area.width, all, first.min(second));
        let top = self::above(above, first).min(area.height);
        let below = Rect { y: area.y + top, height: area.height - top, ..area };
        let above = Rows::of(timeline.trace, above.to_vec());
        let whole = Frame::new(timeline, Rect { height: top, ..area }, &above, columns, first);
        (whole, Frame::new(timeline, below, all, columns, second))
    };
    let fits = |(a, b): &(u16, u16)| above(rows, *a).saturating_add(taken(rows.len(), *b)) <= area.height;
    if let Some(heights) = HEIGHTS.into_iter().find(fits) {
        return Some(split(rows, heights));
    }
    // The rows of tasks say whose turn it was: they stay in sight over the whole run.
    if have_tasks(rows) {
        return None;
    }
    let gils = gils(rows);
    let least = taken(gils.len(), 1).saturating_add(taken(rows.len().min(FEW + gils.len()), 1));
    if !gils.is_empty() && least <= area.height {
        return Some(split(&gils, (1, 1)));
    }
    // In few rows the axis alone stands for the whole.
    (taken(0, 1) + taken(rows.len(), 1) <= area.height).then(|| split(&[], (1, 1)))
}

impl Frame {
    fn new(timeline: &Timeline<'_>, area: Rect, rows: &Rows<'_>, columns: Columns, height: u16) -> Self {
        let left = area.x.saturating_add(columns.names);
        let lanes = area.height.saturating_sub(1);
        let capacity = usize::from(lanes.saturating_add(u16::from(height > 1)) / height);
        let first = timeline.viewport.first_lane.max(gil_in_sight(timeline, rows, capacity));
        let first = first.min(rows.len().saturating_sub(capacity));
        let taken =
            u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_mul(height).saturating_sub(u16::from(height > 1));
        let tasks = rows.few().and_then(|rows| rows.iter().position(|row| matches!(row, Row::Tasks(_))));
        let tall = tasks.zip(lanes.checked_sub(taken));
        Frame {
            axis: draw::row(area, 0),
            names: columns.names,
            bars: Rect { x: left, y: area.y.saturating_add(1), width: columns.bars, height: lanes },
            words: columns.words,
            height,
            first,
            shown: rows.slice(first, capacity),
            tall,
            area,
        }
    }

    /// Whether the words of a lane have room for one share a row only.
    pub const fn narrow(&self) -> bool {
        self.words < WORDS
    }

    /// How many lanes there is room for.
    pub fn capacity(&self) -> usize {
        usize::from(self.bars.height.saturating_add(u16::from(self.height > 1)) / self.height)
    }

    /// Rows of a lane's bar: its height without the gap below.
    pub fn bar_rows(&self) -> u16 {
        self.height.saturating_sub(1).max(1)
    }

    /// Rows of a lane that words may stand on: where ids stand below the name, at least two.
    pub fn word_rows(&self) -> u16 {
        self.bar_rows().max(self.height.min(2))
    }

    /// The place of the `n`-th lane shown.
    pub fn place(&self, n: usize) -> Rect {
        let extra = |of: usize| self.tall.filter(|(tall, _)| *tall < of).map_or(0, |(_, extra)| extra);
        let top = u16::try_from(n).unwrap_or(u16::MAX).saturating_mul(self.height).saturating_add(extra(n));
        let left = self.bars.height.saturating_sub(top);
        let height = self.height.saturating_add(extra(n + 1) - extra(n));
        Rect { y: self.bars.y.saturating_add(top), height: left.min(height), ..self.area }
    }
}

/// The first row to show, so that where not all have room the first GIL is among them: the lanes of threads that take turns look
/// like those of threads that run at once, each for half of the time, and who holds the GIL tells them apart. 0 where the
/// learner points at a row.
fn gil_in_sight(timeline: &Timeline<'_>, rows: &Rows<'_>, capacity: usize) -> usize {
    if timeline.viewport.selected.is_some() || capacity < 2 {
        return 0;
    }
    let gil = rows.few().and_then(|rows| rows.iter().position(|row| matches!(row, Row::Gil { .. })));
    gil.map_or(0, |gil| (gil + 1).saturating_sub(capacity))
}

/// Cells that names need, with their ids where there is room for both.
fn names_width(timeline: &Timeline<'_>, rows: &Rows<'_>, width: u16, height: u16) -> u16 {
    let wide = |row: &Row| match row {
        Row::Helpers(_) => draw::width("+99 helper lanes"),
        Row::Crowd(_) => draw::width(&described::lanes(timeline.trace)).max(area::HEIGHT),
        Row::Ended(count) if height > 1 => {
            let each = described::each(timeline.trace.roll.folded().longest, timeline.theme);
            draw::width(&described::ended(*count)).max(draw::width(&each))
        }
        Row::Ended(count) => draw::width(&described::ended(*count)),
        Row::Gil { .. } => 0,
        Row::Task { task, .. } => tasks::name_width(timeline.trace, *task),
        Row::Tasks(_) => draw::width("10,000 tasks") + 2,
        Row::Lane { lane, child, .. } => {
            let lane = &timeline.trace.lanes[*lane];
            let ids = draw::width(&described::ids(lane));
            let name = draw::width(&lane.name) + if *child { 2 } else { 0 };
            if height > 1 {
                name.max(ids)
            } else if width >= WIDE {
                name + 2 + ids
            } else {
                name
            }
        }
    };
    let most = if width >= WIDE { 30 } else { 18 };
    // The cell before the name is the pointer's, the one after it the gap.
    let last = rows.slice(rows.len().saturating_sub(LAST).max(NAMED), LAST);
    rows.slice(0, NAMED).iter().chain(&last).map(wide).max().unwrap_or(0).clamp(8, most.max(8)) + 2
}
