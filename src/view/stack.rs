//! Runs stacked on one axis of time: who was faster is shorter, and what one run did stands below what the other did at
//! the same time after its start.
//!
//! Each run has its program's zero at the left edge. A run's lanes are drawn as a timeline draws them; the lanes of a run that
//! has more than there is room for fold into one row ([`fold`]). Where runs differ in length, a quiet hatch leads from the
//! end of a run to the end of the baseline. Like all pictures it is pure, and costs what its cells cost.

mod fold;
mod frame;
pub mod lanes;
mod marks;
mod words;

use crate::clock::Nanos;
use crate::trace::Trace;
use crate::view::draw;
use crate::view::theme::Theme;
use crate::view::timeline::bar::Paint;
use crate::view::timeline::{Window, axis, column, gil};
use frame::{Frame, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// How a run stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing<'a> {
    /// It has not begun.
    #[default]
    ToCome,
    /// It goes on.
    Live,
    /// It ended well, and the others are held against it.
    Baseline,
    /// It ended well, and is held against the baseline.
    Compared,
    /// The same, and the two cannot be told apart from noise: nothing was saved or lost.
    Undecided,
    /// It ended well, and is held against nothing: it does other work.
    Apart,
    /// It ended in another way, in a few words; it is held against nothing.
    Unjudged(&'a str),
    /// It cannot run here; why.
    Impossible(&'a str),
}

/// One run of a stack. Everything but the name may be unknown.
#[derive(Debug, Clone, Copy, Default)]
pub struct StackRun<'a> {
    /// The program's name.
    pub name: &'a str,
    /// Who ran it, where the runs differ in that.
    pub runtime: Option<&'a str>,
    /// What was recorded of it.
    pub trace: Option<&'a Trace>,
    /// How long it took, where that is another time than its trace's: a median over several runs.
    pub wall: Option<Nanos>,
    /// The zero of its picture, after its program's start: 0, or where a close-up of it begins.
    pub since: Nanos,
    /// How it stands among the others.
    pub standing: Standing<'a>,
    /// The stretch of it that a close-up below shows, after its program's start.
    pub stretch: Option<(Nanos, Nanos)>,
}

impl StackRun<'_> {
    /// How long it took, or has taken so far; `None` where that is not known.
    #[must_use]
    pub fn wall(&self) -> Option<Nanos> {
        self.wall.or_else(|| self.trace.map(|trace| trace.until() - trace.zero()))
    }

    /// How many lanes of it are drawn.
    #[must_use]
    pub fn lanes(&self) -> usize {
        self.trace.map_or(0, |trace| lanes::drawn(trace).len())
    }

    /// What it did at an instant after its zero, in words.
    #[must_use]
    pub fn at_instant(&self, after: Nanos) -> String {
        words::at_instant(self, after)
    }

    /// Whether it came to its end, well or not.
    const fn ended(&self) -> bool {
        !matches!(self.standing, Standing::ToCome | Standing::Live | Standing::Impossible(_))
    }
}

/// Runs stacked on one axis.
#[derive(Debug, Clone, Copy)]
pub struct Stack<'a> {
    /// Top to bottom.
    pub runs: &'a [StackRun<'a>],
    /// The first instant shown, after each run's zero.
    pub from: Nanos,
    /// The first instant no longer shown.
    pub to: Nanos,
    /// The instant that the learner points at, after each run's zero.
    pub cursor: Option<Nanos>,
    /// The first run shown, where not all have room.
    pub first: usize,
    /// Rows of a lane at most.
    pub tallest: u16,
    /// Cells that the names of the programs and of the lanes take at least.
    pub left: (u16, u16),
    /// Whether the runs' stretches are marked: where a close-up of them is shown.
    pub marked: bool,
    /// Whether it is a stretch of each run at its own time: then there are no lengths to compare.
    pub close_up: bool,
    /// How it looks.
    pub theme: &'a Theme,
}

/// Where things are in a stack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The bars of all runs: their columns are the window's.
    pub bars: Rect,
    /// The time that the columns show, after each run's zero.
    pub window: Window,
    /// Each run on the screen, over the whole width.
    pub runs: Vec<(Rect, usize)>,
    /// The rows of who holds a GIL: a sign there is a thread, not a state.
    pub owners: Vec<Rect>,
    /// How many runs can be scrolled past.
    pub most: usize,
    /// Whether stretches are bracketed in a row of their own; else they are underlined.
    pub bracketed: bool,
}

/// Where an axis may end while a run grows on it, in milliseconds.
const ENDS: [Nanos; 12] = [250, 500, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000, 20_000];

/// How long the axis is: as the longest run of those that did not fail. One that hung until it was ended would press the
/// others together; it goes on beyond the axis. While a run goes on the end stays ahead of it, and moves by leaps: so it is
/// the run that is seen to grow.
#[must_use]
pub fn axis_length(runs: &[StackRun<'_>]) -> Nanos {
    let failed = |run: &&StackRun<'_>| matches!(run.standing, Standing::Unjudged(_));
    let well = runs.iter().filter(|run| !failed(run)).filter_map(StackRun::wall).max();
    let longest = well.or_else(|| runs.iter().filter_map(StackRun::wall).max()).unwrap_or(0);
    if runs.iter().all(|run| !matches!(run.standing, Standing::Live | Standing::ToCome)) && longest > 0 {
        return longest;
    }
    let ends = ENDS.into_iter().map(|ms| ms * crate::clock::MILLISECOND);
    let minute = 60 * crate::clock::SECOND;
    ends.into_iter().find(|end| *end >= longest).unwrap_or_else(|| longest.div_ceil(minute) * minute)
}

impl<'a> Stack<'a> {
    /// These runs, whole.
    #[must_use]
    pub fn new(runs: &'a [StackRun<'a>], theme: &'a Theme) -> Self {
        Stack {
            runs,
            from: 0,
            to: axis_length(runs),
            cursor: None,
            first: 0,
            tallest: 2,
            left: (0, 0),
            marked: false,
            close_up: false,
            theme,
        }
    }

    /// How long the baseline took, once it has.
    fn baseline(&self) -> Option<Nanos> {
        self.runs.iter().find(|run| run.standing == Standing::Baseline).and_then(StackRun::wall)
    }

    /// Where things are, for whoever asks what a cell shows.
    #[must_use]
    pub fn places(&self, area: Rect) -> Places {
        let frame = Frame::new(self, area);
        let owners = frame.lines().into_iter().filter(|(_, line)| matches!(line, Line::Gil { .. }));
        let owners = owners.map(|(place, _)| place).collect();
        Places {
            bars: frame.bars,
            window: self.window(&frame),
            runs: frame.runs(),
            owners,
            most: frame.most,
            bracketed: frame.marks,
        }
    }

    /// Rows that it makes use of, where there are so many columns and at most so many rows.
    #[must_use]
    pub fn height(&self, columns: u16, most: u16) -> u16 {
        Frame::new(self, Rect::new(0, 0, columns, most)).used()
    }

    /// Cells that the names of the programs and of the lanes take, for a stack whose bars shall stand below these.
    #[must_use]
    pub fn left(&self) -> (u16, u16) {
        frame::left(self)
    }

    /// Rows that it needs where every lane has one.
    #[must_use]
    pub fn least(&self) -> u16 {
        frame::least(self)
    }

    const fn window(&self, frame: &Frame) -> Window {
        Window { from: self.from, to: self.to, columns: frame.bars.width }
    }

    /// The window on a run's own clock.
    fn on_clock(&self, run: &StackRun<'_>, trace: &Trace, frame: &Frame) -> Window {
        let zero = trace.zero().saturating_add(run.since);
        Window { from: zero.saturating_add(self.from), to: zero.saturating_add(self.to), columns: frame.bars.width }
    }

    fn draw_axis(&self, buf: &mut Buffer, frame: &Frame) {
        let (palette, glyphs, bars) = (&self.theme.palette, &self.theme.glyphs, frame.bars);
        let row = Rect { width: frame.axis.right().saturating_sub(bars.x), x: bars.x, ..frame.axis };
        for tick in axis::ticks(self.from, self.to, 0, bars.width, self.theme) {
            let x = bars.x.saturating_add(tick.column);
            if x.saturating_add(1 + draw::width(&tick.label)) <= row.right() {
                let x = draw::text(buf, row, x, row.y, glyphs.tick, palette.dim);
                draw::text(buf, row, x, row.y, &tick.label, palette.dim);
            }
        }
    }

    /// A line of a run: its bar, and what stands beside it.
    fn draw_line(&self, buf: &mut Buffer, frame: &Frame, place: Rect, line: Line) {
        let Some(run) = self.runs.get(line.run()) else { return };
        let bars = Rect { x: frame.bars.x, width: frame.bars.width, ..place };
        let label = Rect { x: frame.lanes_x(), width: frame.lane_names, ..place }.intersection(place);
        let palette = &self.theme.palette;
        let cut = |name: &str| draw::cut_middle(name, frame.lane_names.saturating_sub(1), self.theme.glyphs.more);
        match (line, run.trace) {
            (Line::Lane { lane, color, .. }, Some(trace)) => {
                let columns =
                    column::columns(&trace.lanes[lane].spans, self.on_clock(run, trace, frame), trace.known_until);
                Paint { theme: self.theme, color }.bar(buf, bars, &columns);
                if !frame.is_alone(line) {
                    let name = frame.lane_name(self, line, trace);
                    draw::text(buf, label, label.x, label.y, &cut(&name), self.theme.thread(color));
                }
            }
            (Line::Gil { track, .. }, Some(trace)) => {
                let window = self.on_clock(run, trace, frame);
                gil::paint(self.theme, trace, track, window, Rect { height: 1, ..bars }, buf);
                draw::text(buf, label, label.x, label.y, &cut("GIL"), palette.dim);
            }
            (Line::Folded { .. }, Some(trace)) => {
                fold::paint(self.theme, trace, self.on_clock(run, trace, frame), frame.scale, bars, buf);
                draw::text(buf, label, label.x, label.y, &cut(&words::folded(trace)), palette.dim);
            }
            _ => words::empty(self, run, bars, buf),
        }
    }

    fn draw_name(&self, buf: &mut Buffer, frame: &Frame, place: Rect, run: &StackRun<'_>) {
        let (palette, more) = (&self.theme.palette, self.theme.glyphs.more);
        let room =
            Rect { x: place.x.saturating_add(1), width: frame.names.saturating_sub(2), ..place }.intersection(place);
        let style = if run.trace.is_some() || run.ended() { palette.heading } else { palette.dim };
        let x = draw::text(buf, room, room.x, room.y, &draw::cut_middle(run.name, room.width, more), style);
        let Some(runtime) = run.runtime else { return };
        let (x, y) = if place.height > 1 { (room.x, room.y + 1) } else { (x.saturating_add(1), room.y) };
        let words = draw::cut(runtime, room.right().saturating_sub(x), more);
        draw::text(buf, room, x, y, &words, palette.dim);
    }
}

impl Widget for &Stack<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let frame = Frame::new(self, area);
        self.draw_axis(buf, &frame);
        for (place, line) in frame.lines() {
            self.draw_line(buf, &frame, place, line);
        }
        let at = self.cursor.filter(|at| (self.from..self.to).contains(at));
        let column = at.map(|at| frame.bars.x.saturating_add(self.window(&frame).column(at)));
        for (place, index) in frame.runs() {
            let run = &self.runs[index];
            if let Some(x) = column.filter(|_| run.trace.is_some()) {
                draw::cursor(buf, place, x, self.theme);
            }
            self.draw_name(buf, &frame, place, run);
            if !self.close_up {
                words::beside(self, run, &frame, place, buf);
                marks::goes_on(self, run, &frame, place, buf);
            }
            marks::stretch(self, run, &frame, place, buf);
        }
        if frame.most > 0 {
            let (up, down) = (self.first.min(frame.most) > 0, self.first < frame.most);
            let (glyphs, accent) = (&self.theme.glyphs, self.theme.palette.accent);
            let signs = format!("{}{}", if up { glyphs.up } else { " " }, if down { glyphs.down } else { " " });
            draw::text_right(buf, frame.axis, frame.axis.y, &signs, accent);
        }
    }
}

#[cfg(test)]
mod tests;
