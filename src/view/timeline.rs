//! The timeline: every thread's life over a window of time, one lane each.
//!
//! A frame costs what its cells cost: each cell asks its lane for two running totals ([`mod@column`]), however many spans
//! lie under it, and lanes off the screen are not asked at all.

mod area;
pub mod axis;
pub mod bar;
pub mod column;
pub mod described;
mod frame;
pub mod gil;
pub mod in_words;
mod lens;
mod tasks;

use crate::clock::Nanos;
use crate::insight::words::{self, grouped_whole};
use crate::trace::Trace;
use crate::view::draw;
use crate::view::lanes::{Open, Pointed, Row, Rows, is_crowd};
use crate::view::theme::Theme;
use crate::view::viewport::Viewport;
use bar::Paint;
use frame::{Frame, Frames};
use lens::Stretch;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::Widget;

/// Rows that an area of many lanes makes good use of, axis and detail included.
const CROWD: u16 = 10;

/// Every thread's life over a window of time.
#[derive(Debug, Clone, Copy)]
pub struct Timeline<'a> {
    /// The run.
    pub trace: &'a Trace,
    /// Which part of it.
    pub viewport: &'a Viewport,
    /// How it looks.
    pub theme: &'a Theme,
}

/// A window on time that is so many columns wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// The first instant shown.
    pub from: Nanos,
    /// The first instant no longer shown.
    pub to: Nanos,
    /// Cells.
    pub columns: u16,
}

impl Window {
    /// The first instant of a column.
    #[must_use]
    pub fn instant(&self, column: u16) -> Nanos {
        let span = u128::from(self.to.saturating_sub(self.from));
        let offset = span * u128::from(column) / u128::from(self.columns.max(1));
        self.from.saturating_add(u64::try_from(offset).unwrap_or(u64::MAX))
    }

    /// The column that shows an instant of the window: the last one that begins no later.
    #[must_use]
    pub fn column(&self, at: Nanos) -> u16 {
        let span = u128::from(self.to.saturating_sub(self.from).max(1));
        let offset = u128::from(at.saturating_sub(self.from)) * u128::from(self.columns);
        let column = u16::try_from(offset / span).unwrap_or(u16::MAX);
        // A column's first instant is rounded down, so that it may count as the column before.
        let next = column.saturating_add(1);
        let column = if self.instant(next) <= at { next } else { column };
        column.min(self.columns.saturating_sub(1))
    }
}

/// Where things are in a timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The whole of it.
    pub all: Rect,
    /// The bars of all lanes: their columns are the window's.
    pub bars: Rect,
    /// What stands for folded lanes: its name, which opens them.
    pub folded: Vec<Rect>,
    /// Each lane and each GIL on the screen, over the whole width.
    pub lanes: Vec<(Rect, Pointed)>,
    /// Where the selection can go from here.
    pub steps: Steps,
    /// What the key that opens lanes shows next; `None` where nothing folds.
    pub next: Option<Open>,
    /// The time that the columns show.
    pub window: Window,
    /// The axis of time, as wide as the bars: the lens is moved there.
    pub axis: Rect,
    /// The same of the lens, where there is one.
    pub lens: Option<Magnified>,
}

/// Rows that a key moves by where there are thousands.
const MANY: isize = 20;

/// What the selection can move to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Steps {
    /// The first that can be selected, and the last.
    pub ends: (Option<Pointed>, Option<Pointed>),
    /// The one above, the one below.
    pub beside: (Option<Pointed>, Option<Pointed>),
    /// The same by a great step.
    pub far: (Option<Pointed>, Option<Pointed>),
}

impl Steps {
    fn new(rows: &Rows<'_>, from: Option<Pointed>) -> Steps {
        let ends = (rows.step(None, 0), rows.step(rows.step(None, 0), isize::MAX));
        let by = |rows_by| rows.step(from, rows_by);
        Steps { ends, beside: (by(-1), by(1)), far: (by(-MANY), by(MANY)) }
    }
}

/// Where things are in a lens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Magnified {
    /// The bars of all lanes.
    pub bars: Rect,
    /// Each lane and each GIL, over the whole width.
    pub lanes: Vec<(Rect, Pointed)>,
    /// The time that the columns show.
    pub window: Window,
}

impl Places {
    /// The instant under column `x` of the screen; `None` beside the bars.
    #[must_use]
    pub fn time_at(&self, x: u16) -> Option<Nanos> {
        let column = x.checked_sub(self.bars.x).filter(|c| *c < self.bars.width)?;
        Some(self.window.instant(column))
    }

    /// What is drawn at row `y` of the screen and can be pointed at.
    #[must_use]
    pub fn lane_at(&self, y: u16) -> Option<Pointed> {
        let here = |(place, _): &&(Rect, Pointed)| (place.top()..place.bottom()).contains(&y);
        self.lanes.iter().find(here).map(|(_, lane)| *lane)
    }
}

impl Places {
    /// Marks the lanes that a sentence is about, before their names, where nothing else is marked there.
    pub fn mark(&self, lanes: &[usize], theme: &Theme, buf: &mut Buffer) {
        let lens = self.lens.iter().flat_map(|lens| &lens.lanes);
        for (place, _) in
            self.lanes.iter().chain(lens).filter(|(_, row)| matches!(row, Pointed::Lane(n) if lanes.contains(n)))
        {
            let Some(cell) = buf.cell_mut((place.x, place.y)) else { continue };
            if cell.symbol() == " " {
                cell.set_symbol(theme.glyphs.meant).set_style(theme.palette.accent);
            }
        }
    }
}

impl Places {
    /// Marks in each lane the times of its own that it is asked for, in whatever state it was then.
    pub fn mark_times(&self, times: impl Fn(usize) -> Vec<(Nanos, Nanos)>, theme: &Theme, buf: &mut Buffer) {
        mark_in(&self.lanes, (self.bars, self.window), &times, theme, buf);
        if let Some(lens) = &self.lens {
            mark_in(&lens.lanes, (lens.bars, lens.window), &times, theme, buf);
        }
    }
}

/// Marks in lanes, whose bars show this window, the times that each is asked for.
fn mark_in(
    lanes: &[(Rect, Pointed)],
    (bars, window): (Rect, Window),
    times: &impl Fn(usize) -> Vec<(Nanos, Nanos)>,
    theme: &Theme,
    buf: &mut Buffer,
) {
    for (place, row) in lanes {
        let Pointed::Lane(lane) = row else { continue };
        for (from, to) in times(*lane) {
            if to <= window.from || from >= window.to || from >= to {
                continue;
            }
            let (first, last) = (window.column(from.max(window.from)), window.column(to.min(window.to) - 1));
            let columns = Rect { x: bars.x.saturating_add(first), width: last - first + 1, ..*place };
            buf.set_style(columns.intersection(bars), theme.palette.accent.add_modifier(Modifier::REVERSED));
        }
    }
}

impl Timeline<'_> {
    /// The rows, shown or not, top to bottom.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        Rows::new(self.trace, self.viewport.open)
    }

    /// Rows that a picture of this width makes use of at least, and where it has a lens, rows for all lanes in both.
    #[must_use]
    pub fn rows_wanted(&self, width: u16) -> (u16, Option<u16>) {
        let rows = self.rows();
        if rows.is_area() {
            return (CROWD, None);
        }
        if rows.few().is_some_and(|rows| rows.iter().any(|row| matches!(row, Row::Tasks(_)))) {
            return (u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(CROWD - 1), None);
        }
        let probe = Rect { width, height: u16::MAX, ..Rect::default() };
        let few = rows.few().filter(|_| Frames::new(self, probe, &rows).lens.is_some());
        let Some(few) = few else {
            return (u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(2), None);
        };
        let (least, both) = frame::with_lens(few);
        (least, Some(both))
    }

    /// Where the axis of time and the lanes are, for whoever asks what a cell shows.
    #[must_use]
    pub fn places(&self, area: Rect) -> Places {
        let rows = self.rows();
        let frames = Frames::new(self, area, &rows);
        let lanes = |frame: &Frame| {
            let lane = |(n, row): (usize, &Row)| Some((frame.place(n).intersection(area), row.pointed()?));
            frame.shown.iter().enumerate().filter_map(lane).collect()
        };
        let window = |from, to, frame: &Frame| Window { from, to, columns: frame.bars.width };
        let lens = frames.lens.as_ref().map(|(Stretch { from, to }, frame)| Magnified {
            bars: frame.bars,
            lanes: lanes(frame),
            window: window(*from, *to, frame),
        });
        let whole = &frames.whole;
        let axis = Rect { x: whole.bars.x, width: whole.bars.width, ..whole.axis };
        let window = window(self.viewport.from, self.viewport.to, whole);
        let name = |n: usize| Rect { width: whole.names.min(area.width), ..whole.place(n).intersection(area) };
        let folded = whole.shown.iter().enumerate().filter(|(_, row)| row.folds()).map(|(n, _)| name(n)).collect();
        let (steps, next) = (Steps::new(&rows, self.viewport.selected), rows.next());
        Places { all: area, bars: whole.bars, folded, lanes: lanes(whole), steps, next, window, axis, lens }
    }

    /// The first row that is shown here.
    #[must_use]
    pub fn first_row(&self, area: Rect) -> usize {
        let rows = self.rows();
        Frames::new(self, area, &rows).scrolling().first
    }

    /// The first row to show so that what is selected is on screen: the present one where it already is.
    #[must_use]
    pub fn first_lane_for(&self, area: Rect, selected: Pointed) -> usize {
        let rows = self.rows();
        let frames = Frames::new(self, area, &rows);
        let frame = frames.scrolling();
        let Some(at) = rows.place_of(selected) else { return frame.first };
        // Below the last lane stand the rows of those that are folded, which cannot be selected.
        let below = (at + 1..rows.len()).map_while(|n| rows.get(n)).take_while(Row::folds).count();
        frame.first.min(at).max((at + 1 + below).saturating_sub(frame.capacity().max(1))).min(at)
    }

    /// The time that the columns show.
    const fn window(&self, frame: &Frame) -> Window {
        Window { from: self.viewport.from, to: self.viewport.to, columns: frame.bars.width }
    }

    fn live(&self) -> bool {
        self.trace.ended_at.is_none() && self.viewport.follow
    }

    fn draw_axis(&self, buf: &mut Buffer, frame: &Frame) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        draw::text(buf, frame.axis, frame.axis.x.saturating_add(1), frame.axis.y, "threads", palette.dim);
        self.draw_ticks(buf, frame);
        let (sign, word, style) = match self.trace.ended_at {
            Some(_) => (glyphs.ended, "ended", palette.dim),
            None if self.viewport.follow => (glyphs.live, "live", palette.accent),
            None => (glyphs.live, "running on", palette.dim),
        };
        if frame.words > 0 {
            let room = Rect { width: frame.axis.width.saturating_sub(1), ..frame.axis };
            draw::text_right(buf, room, room.y, &format!("{sign} {word}"), style);
        }
    }

    fn draw_ticks(&self, buf: &mut Buffer, frame: &Frame) {
        let (palette, glyphs, bars) = (&self.theme.palette, &self.theme.glyphs, frame.bars);
        let labels = Rect { x: bars.x, width: bars.width, ..frame.axis };
        for tick in axis::ticks(self.viewport.from, self.viewport.to, self.trace.zero(), bars.width, self.theme) {
            let x = bars.x.saturating_add(tick.column);
            if x.saturating_add(1 + draw::width(&tick.label)) > labels.right() {
                continue;
            }
            let x = draw::text(buf, labels, x, labels.y, glyphs.tick, palette.dim);
            draw::text(buf, labels, x, labels.y, &tick.label, palette.dim);
        }
    }

    /// The axis of a lens: how much it shows, and from when on.
    fn draw_lens_axis(&self, buf: &mut Buffer, frame: &Frame) {
        let (palette, view) = (&self.theme.palette, self.viewport);
        let length = draw::duration(view.span(), self.theme);
        let all = format!("{length} of it");
        let words = if draw::width(&all) + 2 > frame.names { &length } else { &all };
        draw::text(buf, frame.axis, frame.axis.x.saturating_add(1), frame.axis.y, words, palette.accent);
        self.draw_ticks(buf, frame);
        if frame.words > 0 {
            let (zero, greatest) = (self.trace.zero(), self.trace.until().abs_diff(self.trace.zero()));
            let at = axis::label(view.from, zero, view.span() / 10, greatest, self.theme);
            let room = Rect { width: frame.axis.width.saturating_sub(1), ..frame.axis };
            draw::text_right(buf, room, room.y, &format!("at {at}"), palette.accent);
        }
    }

    /// Marks what the lens shows on the axis of the whole: words stay readable.
    fn mark_stretch(&self, buf: &mut Buffer, frame: &Frame, stretch: Stretch) {
        let window = Window { from: self.viewport.from, to: self.viewport.to, columns: frame.bars.width };
        let axis = Rect { x: frame.bars.x, width: frame.bars.width, ..frame.axis };
        let (first, last) = (window.column(stretch.from), window.column(stretch.to.saturating_sub(1)));
        let blank = |buf: &Buffer, x: u16| buf.cell((x, axis.y)).is_none_or(|cell| cell.symbol() == " ");
        let columns = (first..=last.max(first)).map(|column| axis.x.saturating_add(column));
        let marks: Vec<(u16, bool)> = columns
            .filter(|x| axis.contains((*x, axis.y).into()))
            // The blank before a unit belongs to its number.
            .map(|x| (x, blank(buf, x) && (blank(buf, x.saturating_sub(1)) || blank(buf, x + 1))))
            .collect();
        for (x, blank) in marks {
            let Some(cell) = buf.cell_mut((x, axis.y)) else { continue };
            let accent = self.theme.palette.accent;
            if blank {
                cell.set_symbol(self.theme.glyphs.stretch).set_style(accent);
            } else {
                cell.set_style(accent.add_modifier(Modifier::REVERSED));
            }
        }
    }

    fn draw_rows(&self, buf: &mut Buffer, frame: &Frame) {
        let mut bottom = frame.bars.y;
        for (n, row) in frame.shown.iter().enumerate() {
            let place = frame.place(n);
            self.draw_row(buf, frame, place, row);
            bottom = place.y.saturating_add(frame.bar_rows());
        }
        self.draw_cursor(buf, frame, bottom);
    }

    fn draw_row(&self, buf: &mut Buffer, frame: &Frame, area: Rect, row: &Row) {
        match row {
            Row::Crowd(_) => self.draw_crowd(buf, frame, area),
            Row::Ended(count) => self.draw_ended(buf, frame, area, *count),
            Row::Helpers(count) => {
                let s = if *count == 1 { "" } else { "s" };
                let words = format!("+{count} helper lane{s}");
                draw::text(buf, area, area.x.saturating_add(1), area.y, &words, self.theme.palette.dim);
                let room =
                    Rect { x: frame.bars.x.saturating_add(1), width: frame.bars.width.saturating_sub(1), ..area };
                let names = draw::cut(&described::helpers(self.trace), room.width, self.theme.glyphs.more);
                draw::text(buf, room, room.x, room.y, &names, self.theme.palette.dim);
            }
            Row::Task { task, color } => tasks::draw(self, buf, frame, area, (*task, *color)),
            Row::Tasks(own) => tasks::draw_all(self, buf, frame, area, *own),
            Row::Gil { track, child } => self.draw_gil(buf, frame, area, *track, *child),
            Row::Lane { lane, color, child } => {
                self.draw_name(buf, frame, area, *lane, *color, *child);
                let columns =
                    column::columns(&self.trace.lanes[*lane].spans, self.window(frame), self.trace.known_until);
                let bar = Rect { x: frame.bars.x, width: frame.bars.width, height: frame.bar_rows(), ..area };
                Paint { theme: self.theme, color: *color }.bar(buf, bar.intersection(area), &columns);
                tasks::tint(self, buf, bar.intersection(area), *lane, &columns);
                self.describe_lane(buf, frame, area, *lane);
            }
        }
    }

    /// Lanes as one area, with how many there are and how many of them are in which state.
    fn draw_crowd(&self, buf: &mut Buffer, frame: &Frame, area: Rect) {
        let (palette, view) = (&self.theme.palette, self.viewport);
        let names = Rect { width: frame.names, ..area };
        draw::text(buf, names, area.x.saturating_add(1), area.y, &described::lanes(self.trace), palette.text);
        let bar = Rect { x: frame.bars.x, width: frame.bars.width, height: frame.bar_rows(), ..area };
        let window = (self.window(frame), self.trace.known_until);
        let most = area::paint(self.theme, &self.trace.census, window, bar.intersection(area), buf);
        // What the height stands for: the most in any column.
        let most = area::height(most, frame.names.saturating_sub(2));
        draw::text(buf, names, area.x.saturating_add(1), area.y.saturating_add(1), &most, palette.dim);
        if frame.words > 0 {
            let room = Rect { x: frame.bars.right().saturating_add(1), width: frame.words.saturating_sub(1), ..area };
            let to = view.to.min(self.trace.until()).max(view.from);
            let totals = self.trace.census.between(view.from, to);
            draw::lines(buf, room, &area::words(&totals, to - view.from, frame.bar_rows(), self.theme));
        }
    }

    /// The short-lived lanes that have ended: how many there were at a time, and none of which lived longer than how long.
    fn draw_ended(&self, buf: &mut Buffer, frame: &Frame, area: Rect, count: usize) {
        let (palette, folded) = (&self.theme.palette, self.trace.roll.folded());
        let names = Rect { width: frame.names, ..area };
        draw::text(buf, names, area.x.saturating_add(1), area.y, &described::ended(count), palette.dim);
        let bar = Rect { x: frame.bars.x, width: frame.bars.width, height: frame.bar_rows(), ..area };
        let window = (self.window(frame), self.trace.known_until);
        area::paint(self.theme, &folded.census, window, bar.intersection(area), buf);
        let each = described::each(folded.longest, self.theme);
        let tall = frame.bar_rows() > 1;
        if tall {
            draw::text(buf, names, area.x.saturating_add(1), area.y.saturating_add(1), &each, palette.dim);
        }
        if frame.words > 0 {
            let room = Rect { x: frame.bars.right().saturating_add(1), width: frame.words.saturating_sub(1), ..area };
            let to = self.viewport.to.min(self.trace.known_until).max(self.viewport.from);
            let totals = folded.census.between(self.viewport.from, to);
            let words = area::words(&totals, to - self.viewport.from, frame.bar_rows(), self.theme);
            let short = each.trim_start_matches("each ");
            let alone = [Line::styled(if draw::width(&each) <= room.width { &each } else { short }, palette.dim)];
            draw::lines(buf, room, if tall { &words } else { &alone });
        }
    }

    /// Who held a GIL, with how often it passed on in this window.
    fn draw_gil(&self, buf: &mut Buffer, frame: &Frame, area: Rect, index: usize, child: bool) {
        let (palette, glyphs, track) = (&self.theme.palette, &self.theme.glyphs, &self.trace.gils[index]);
        let selected = self.viewport.selected == Some(Pointed::Gil(index));
        if selected {
            draw::text(buf, area, area.x, area.y, glyphs.pointer, palette.accent);
        }
        let mut x = area.x.saturating_add(1);
        if child {
            x = draw::text(buf, area, x, area.y, glyphs.child, palette.faint).saturating_add(1);
        }
        draw::text(
            buf,
            Rect { width: frame.names, ..area },
            x,
            area.y,
            "GIL",
            if selected { palette.heading } else { palette.text },
        );
        let window = self.window(frame);
        let bar = Rect { x: frame.bars.x, width: frame.bars.width, height: 1, ..area };
        // Where few rows are left of a crowd, each is high.
        let rows = if is_crowd(self.trace) { frame.bar_rows() } else { 1 };
        for row in 0..rows {
            let bar = Rect { y: bar.y.saturating_add(row), ..bar };
            gil::paint(self.theme, self.trace, index, window, bar.intersection(area), buf);
        }
        if frame.words > 0 {
            let room = Rect { x: frame.bars.right().saturating_add(1), width: frame.words.saturating_sub(1), ..area };
            let turns = track.between(self.viewport.from, self.viewport.to).turns;
            let words = format!("{} turn{}", grouped_whole(turns), if turns == 1 { "" } else { "s" });
            draw::text(buf, room, room.x, room.y, &words, palette.dim);
        }
    }

    fn draw_name(&self, buf: &mut Buffer, frame: &Frame, area: Rect, index: usize, color: Option<usize>, child: bool) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let lane = &self.trace.lanes[index];
        let names = Rect { width: frame.names, ..area };
        let selected = self.viewport.selected == Some(Pointed::Lane(index));
        if selected {
            draw::text(buf, names, area.x, area.y, glyphs.pointer, palette.accent);
        }
        let mut x = names.x.saturating_add(1);
        if child {
            x = draw::text(buf, names, x, area.y, glyphs.child, palette.faint).saturating_add(1);
        }
        let style = if selected { self.theme.thread(color).patch(palette.heading) } else { self.theme.thread(color) };
        let style = if selected { Style { fg: self.theme.thread(color).fg, ..style } } else { style };
        let ids = described::ids(lane);
        let below = frame.height > 1;
        let room = names.right().saturating_sub(x + 1);
        let beside =
            if below || room < draw::width(&lane.name) + draw::width(&ids) + 2 { 0 } else { draw::width(&ids) };
        draw::text(buf, names, x, area.y, &draw::cut_middle(&lane.name, room - beside, glyphs.more), style);
        if below {
            draw::text(buf, names, x, area.y + 1, &draw::cut(&ids, room, glyphs.more), palette.dim);
        } else if beside > 0 {
            draw::text(buf, names, names.right().saturating_sub(beside + 1), area.y, &ids, palette.dim);
        }
    }

    fn describe_lane(&self, buf: &mut Buffer, frame: &Frame, area: Rect, index: usize) {
        if frame.words == 0 {
            return;
        }
        let lane = &self.trace.lanes[index];
        let room = Rect { x: frame.bars.right().saturating_add(1), width: frame.words.saturating_sub(1), ..area };
        let totals = lane.spans.totals_in(self.viewport.from, self.viewport.to.min(self.trace.known_until));
        let shares = if frame.narrow() {
            described::narrow_shares(&totals, frame.word_rows() == 1, self.theme)
        } else {
            described::shares(&totals, self.theme)
        };
        let now = described::now(lane).filter(|_| self.live()).map(|(words, state)| {
            let style = state
                .map_or(self.theme.palette.dim, |s| if s.on_cpu() { Style::new() } else { self.theme.state(s, None) });
            let words =
                if draw::width(words) > room.width { state.map_or(words, crate::view::legend::short) } else { words };
            Line::styled(words, style)
        });
        let killed = lane.told.killed.filter(|_| lane.end.is_some());
        let killed = killed.map(|signal| Line::styled(words::signal(signal), self.theme.palette.bad));
        // A lane of one row says what is most urgent: its state while it lives, what killed it, else its shares.
        let lines: Vec<Line<'_>> =
            now.into_iter().chain(killed).chain(shares).take(usize::from(frame.word_rows())).collect();
        draw::lines(buf, room, &lines);
    }

    /// The cursor: a line through all lanes, which leaves the ground of each cell as it is.
    fn draw_cursor(&self, buf: &mut Buffer, frame: &Frame, bottom: u16) {
        let Some(at) = self.viewport.cursor.filter(|c| (self.viewport.from..self.viewport.to).contains(c)) else {
            return;
        };
        let window = self.window(frame);
        let x = frame.bars.x.saturating_add(window.column(at));
        let rows = Rect { height: bottom.min(frame.bars.bottom()).saturating_sub(frame.bars.y), ..frame.bars };
        draw::cursor(buf, rows, x, self.theme);
    }

    fn draw_detail(&self, buf: &mut Buffer, frames: &Frames) {
        let area = frames.detail;
        if area.is_empty() {
            return;
        }
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let (scrolling, rows) = (frames.scrolling(), frames.count);
        let (first, shown) = (scrolling.first, scrolling.shown.len());
        let mut room = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
        if shown < rows {
            let (up, down) =
                (if first > 0 { glyphs.up } else { " " }, if first + shown < rows { glyphs.down } else { " " });
            let [from, to, rows] = [first + 1, first + shown, rows].map(grouped_whole);
            let words = format!("{from}{}{to} of {rows} {up}{down}", glyphs.dash);
            draw::text_right(buf, room, room.y, &words, palette.dim);
            room.width = room.width.saturating_sub(draw::width(&words) + 2);
        }
        let (span, columns) = match &frames.lens {
            Some((stretch, frame)) => (stretch.to - stretch.from, frame.bars.width),
            None => (self.viewport.span(), frames.whole.bars.width),
        };
        if let Some(detail) = described::detail(self, span / u64::from(columns.max(1))) {
            draw::line(buf, room, room.x, room.y, &draw::cut_line(detail, room.width, glyphs.more));
        } else if let Some(stuck) = described::standstill(self.trace) {
            draw::text(buf, room, room.x, room.y, &draw::cut(&stuck, room.width, glyphs.more), palette.bad);
        } else if let Some(caveats) = described::caveats(self) {
            draw::text(buf, room, room.x, room.y, &draw::cut(&caveats, room.width, glyphs.more), palette.dim);
        }
    }
}

impl Widget for &Timeline<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let rows = self.rows();
        let frames = Frames::new(self, area, &rows);
        let whole = &frames.whole;
        self.draw_axis(buf, whole);
        if rows.is_empty() {
            let words =
                if self.trace.ended_at.is_some() { "no thread was seen" } else { "waiting for the first thread" };
            draw::text(buf, whole.bars, whole.bars.x, whole.bars.y, words, self.theme.palette.dim);
        }
        self.draw_rows(buf, whole);
        if let Some((stretch, frame)) = &frames.lens {
            self.mark_stretch(buf, whole, *stretch);
            let viewport = stretch.viewport(self.viewport);
            let lens = Timeline { viewport: &viewport, ..*self };
            lens.draw_lens_axis(buf, frame);
            lens.draw_rows(buf, frame);
        }
        self.draw_detail(buf, &frames);
    }
}
