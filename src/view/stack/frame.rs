//! Where the parts of a stack stand in its area.

use super::lanes::Drawn;
use super::{Stack, Standing, fold, lanes, words};
use crate::trace::Trace;
use crate::view::draw;
use crate::view::timeline::gil;
use ratatui::layout::Rect;

/// From this width on, lanes have their names.
const NAMED_LANES: u16 = 72;
/// Cells for what is said beside the bars.
const WORDS: u16 = 19;
/// The same where the bars need the room.
const FEW_WORDS: u16 = 16;
/// From this width on there is room for all words.
const ROOMY: u16 = 72;
/// From this width on there is room for more than how long each run took.
const TIGHT: u16 = 56;
/// Cells for that.
const LENGTH: u16 = 8;
/// The longest name of a program, of a lane.
const LONGEST: (u16, u16) = (16, 14);

/// Cells for the names of lanes that are not there yet.
const COMING: u16 = 9;

/// One line of a stack: a lane, a GIL, or a run that has none to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A lane, with its place among the workload's threads.
    Lane { run: usize, lane: usize, color: Option<usize> },
    /// Who held a GIL.
    Gil { run: usize, track: usize },
    /// All lanes in one row.
    Folded { run: usize },
    /// A run of which nothing was recorded.
    Empty { run: usize },
}

impl Line {
    /// The run that it belongs to.
    pub const fn run(self) -> usize {
        match self {
            Line::Lane { run, .. } | Line::Gil { run, .. } | Line::Folded { run } | Line::Empty { run } => run,
        }
    }
}

/// Where the parts of a stack stand.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The row of the time axis.
    pub axis: Rect,
    /// Cells of the programs' names.
    pub names: u16,
    /// Cells of the lanes' names.
    pub lane_names: u16,
    /// The bars of all runs.
    pub bars: Rect,
    /// Cells of the words at the right.
    pub words: u16,
    /// So many lanes at once fill a folded row.
    pub scale: f64,
    /// How many runs can be scrolled past.
    pub most: usize,
    /// The lines of each run.
    all: Vec<Vec<Line>>,
    /// Rows of a lane, and rows between two runs.
    steps: (u16, u16),
    /// Whether there is a row below each run for a mark.
    pub marks: bool,
    first: usize,
    area: Rect,
}

impl Frame {
    /// Lays the parts out.
    pub fn new(stack: &Stack<'_>, area: Rect) -> Self {
        let axis = draw::row(area, 0);
        let rows = area.height.saturating_sub(1);
        let (all, steps) = lines(stack, rows);
        let names = names(stack).max(stack.left.0);
        let lane_names = if area.width >= NAMED_LANES { lane_names(stack, &all).max(stack.left.1) } else { 0 };
        let words = match area.width {
            _ if stack.close_up => 1,
            ROOMY.. => WORDS,
            TIGHT.. => FEW_WORDS,
            _ => LENGTH,
        };
        let left = (names + lane_names).min(area.width);
        let bars = Rect {
            x: area.x.saturating_add(left),
            y: area.y.saturating_add(1),
            width: area.width.saturating_sub(left + words),
            height: rows,
        };
        let marks = stack.marked && steps.1 > 0;
        let mut frame =
            Frame { axis, names, lane_names, bars, words, scale: 1.0, most: 0, all, steps, marks, first: 0, area };
        frame.most = frame.scrolls(rows);
        frame.first = stack.first.min(frame.most);
        frame.scale = scale(stack, &frame);
        frame
    }

    /// Whether there is room to say more of a run than how long it took.
    pub const fn tells(&self) -> bool {
        self.words > LENGTH
    }

    /// Where the lanes' names begin.
    pub const fn lanes_x(&self) -> u16 {
        self.area.x.saturating_add(self.names)
    }

    /// Whether this is the only lane of its run: that needs no name.
    pub fn is_alone(&self, line: Line) -> bool {
        self.all[line.run()].len() == 1
    }

    /// A lane's name. Where a GIL's row cannot have colours, the lane's sign in that row stands before it.
    pub fn lane_name(&self, stack: &Stack<'_>, line: Line, trace: &Trace) -> String {
        let Line::Lane { run, lane, color } = line else { return String::new() };
        let name = &trace.lanes[lane].name;
        if signed(stack, &self.all[run]) {
            format!("{} {name}", gil::owner(&stack.theme.glyphs, color))
        } else {
            name.clone()
        }
    }

    /// Rows of a run.
    fn rows_of(&self, run: usize) -> u16 {
        rows(&self.all[run], self.steps.0)
    }

    /// How many runs can be scrolled past so that the last one is still in sight.
    fn scrolls(&self, rows: u16) -> usize {
        let mut room = rows;
        let fitting = (0..self.all.len()).rev().take_while(|run| {
            let fits = self.rows_of(*run) <= room;
            room = room.saturating_sub(self.rows_of(*run) + self.steps.1);
            fits
        });
        self.all.len().saturating_sub(fitting.count().max(1))
    }

    /// Each run on the screen: its rows over the whole width, and its place.
    pub fn runs(&self) -> Vec<(Rect, usize)> {
        let mut y = self.bars.y;
        let mut out = Vec::new();
        for run in self.first..self.all.len() {
            let place = Rect { y, height: self.rows_of(run), ..self.area };
            if place.bottom() > self.area.bottom() {
                break;
            }
            out.push((place, run));
            y = place.bottom().saturating_add(self.steps.1);
        }
        out
    }

    /// Each line on the screen: its rows over the whole width.
    pub fn lines(&self) -> Vec<(Rect, Line)> {
        let of = |(place, run): (Rect, usize)| {
            let mut y = place.y;
            let place_of = move |line: &Line| {
                let height = height(*line, self.steps.0);
                let at = Rect { y, height, ..place };
                y += height;
                (at, *line)
            };
            self.all[run].iter().map(place_of).collect::<Vec<_>>()
        };
        self.runs().into_iter().flat_map(of).collect()
    }

    /// Rows that are used, the axis counted.
    pub fn used(&self) -> u16 {
        self.runs().last().map_or(1, |(place, _)| place.bottom() - self.area.y + u16::from(self.marks))
    }
}

/// Rows of a stack whose lanes have one each, the axis counted.
pub fn least(stack: &Stack<'_>) -> u16 {
    let each = (0..stack.runs.len()).map(|run| rows(&lines_of(stack, run), 1));
    each.fold(1, u16::saturating_add)
}

/// Rows of a line, where a lane has so many.
const fn height(line: Line, rows: u16) -> u16 {
    match line {
        Line::Gil { .. } | Line::Empty { .. } => 1,
        Line::Lane { .. } | Line::Folded { .. } => rows,
    }
}

fn rows(lines: &[Line], lane: u16) -> u16 {
    lines.iter().map(|line| height(*line, lane)).fold(0, u16::saturating_add)
}

/// The lines of each run, rows of a lane, and rows between two runs, as many as there is room for.
fn lines(stack: &Stack<'_>, room: u16) -> (Vec<Vec<Line>>, (u16, u16)) {
    let whole: Vec<Vec<Line>> = (0..stack.runs.len()).map(|run| lines_of(stack, run)).collect();
    let needs = |all: &[Vec<Line>], (lane, gap): (u16, u16)| {
        let between = (all.len() + usize::from(stack.marked)).saturating_sub(1);
        let gaps = gap.saturating_mul(u16::try_from(between).unwrap_or(u16::MAX));
        all.iter().map(|lines| rows(lines, lane)).fold(gaps, u16::saturating_add)
    };
    let tall = (1..=stack.tallest.max(1)).rev().map(|lane| (lane, 1));
    if let Some(steps) = tall.chain([(1, 0)]).find(|steps| needs(&whole, *steps) <= room) {
        return (whole, steps);
    }
    // Those with the most lanes fold first.
    let mut most: Vec<usize> = whole.iter().map(Vec::len).collect();
    most.sort_unstable();
    let fold = |limit: usize| -> Vec<Vec<Line>> {
        let one = |(run, lines): (usize, &Vec<Line>)| {
            if lines.len() > limit { vec![Line::Folded { run }] } else { lines.clone() }
        };
        whole.iter().enumerate().map(one).collect()
    };
    let folded = most.iter().rev().map(|lines| fold(lines.saturating_sub(1).max(1)));
    let all = folded.clone().find(|all| needs(all, (1, 0)) <= room).unwrap_or_else(|| fold(1));
    let tall = (1..=stack.tallest.max(1)).rev().map(|lane| (lane, 1));
    let steps = tall.chain([(1, 0)]).find(|steps| needs(&all, *steps) <= room).unwrap_or((1, 0));
    (all, steps)
}

/// The lines of a run where there is room for all.
fn lines_of(stack: &Stack<'_>, run: usize) -> Vec<Line> {
    let Some(trace) = stack.runs[run].trace else { return vec![Line::Empty { run }] };
    let drawn = lanes::drawn(trace);
    let gils = if stack.close_up { Vec::new() } else { lanes::passed_on(trace, &drawn) };
    let mut out: Vec<Line> = match &drawn {
        Drawn::Few(lanes) => lanes.iter().map(|(lane, color)| Line::Lane { run, lane: *lane, color: *color }).collect(),
        Drawn::Crowd(_) => vec![Line::Folded { run }],
    };
    out.extend(gils.into_iter().map(|track| Line::Gil { run, track }));
    if out.is_empty() { vec![Line::Empty { run }] } else { out }
}

/// Whether lanes need a sign to be known by in the row of a GIL.
fn signed(stack: &Stack<'_>, lines: &[Line]) -> bool {
    !stack.theme.palette.colored && lines.iter().any(|line| matches!(line, Line::Gil { .. }))
}

/// Cells that the names of the programs and of the lanes take.
pub fn left(stack: &Stack<'_>) -> (u16, u16) {
    let all: Vec<Vec<Line>> = (0..stack.runs.len()).map(|run| lines_of(stack, run)).collect();
    (names(stack), lane_names(stack, &all))
}

/// Cells of the programs' names, with a gap.
fn names(stack: &Stack<'_>) -> u16 {
    let wide = stack.runs.iter().map(|run| draw::width(run.name).max(run.runtime.map_or(0, draw::width)));
    wide.max().unwrap_or(0).min(LONGEST.0) + 3
}

/// Cells of the lanes' names. The only lane of a run needs none.
fn lane_names(stack: &Stack<'_>, all: &[Vec<Line>]) -> u16 {
    let wide = |lines: &Vec<Line>| {
        let name = |line: &Line| match (*line, stack.runs[line.run()].trace) {
            (Line::Lane { lane, .. }, Some(trace)) => draw::width(&trace.lanes[lane].name),
            (Line::Folded { .. }, Some(trace)) => draw::width(&words::folded(trace)),
            _ => 0,
        };
        lines.iter().map(name).max().unwrap_or(0) + if signed(stack, lines) { 2 } else { 0 }
    };
    // What is to come has lanes too: their names have their room, so that nothing moves when they are there.
    let coming = stack.runs.iter().any(|run| matches!(run.standing, Standing::ToCome | Standing::Live));
    let least = if coming && stack.runs.len() > 1 { COMING } else { 0 };
    let wide = all.iter().filter(|lines| lines.len() > 1 || matches!(lines[..], [Line::Folded { .. }])).map(wide).max();
    wide.map_or(0, |wide| wide.min(LONGEST.1) + 1).max(least)
}

/// So many lanes at once fill a folded row: the most that any run had.
fn scale(stack: &Stack<'_>, frame: &Frame) -> f64 {
    if !frame.all.iter().flatten().any(|line| matches!(line, Line::Folded { .. })) {
        return 1.0;
    }
    let most = |(run, lines): (usize, &Vec<Line>)| {
        let folded = lines.iter().any(|line| matches!(line, Line::Folded { .. }));
        let trace: &Trace = stack.runs[run].trace.filter(|_| folded)?;
        Some(fold::most(trace, stack.on_clock(&stack.runs[run], trace, frame)))
    };
    frame.all.iter().enumerate().filter_map(most).fold(1.0, f64::max)
}
