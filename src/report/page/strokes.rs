//! What a lane did, and who held a GIL, as strokes of ink along the axis.

use super::push;
use crate::trace::{State, Trace};
use crate::view::theme::THREAD_COLORS;
use crate::view::timeline::Window;
use crate::view::timeline::column::Column;
use crate::view::timeline::gil::Owned;
use std::collections::BTreeMap;
use std::ops::Range;

/// A column of the picture in tenths: what the strokes are counted in.
const TENTHS: u32 = 10;

/// What a stroke is drawn with. A thread is its place among the workload's threads, in the colours that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ink {
    /// A thread on a core.
    Running(usize),
    /// The same without the GIL.
    Native(usize),
    /// A state off the core.
    Waiting(State),
    /// Turns of one thread that are too short to be drawn: so many quarters of the time on a core.
    Woven(usize, u8),
    /// A GIL that passed between threads too often to be drawn: the two that held it longest.
    Turns(usize, usize),
}

/// Strokes of one row, left to right, in tenths of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strokes(pub Vec<(Range<u32>, Ink)>);

impl Ink {
    fn of(state: State, color: usize) -> Ink {
        match state {
            State::Running => Ink::Running(color),
            State::Native => Ink::Native(color),
            wait => Ink::Waiting(wait),
        }
    }

    /// The name of its class, or of its pattern.
    pub fn name(self) -> String {
        match self {
            Ink::Running(color) => format!("t{color}"),
            Ink::Native(color) => format!("n{color}"),
            Ink::Waiting(state) => state.key().to_owned(),
            Ink::Woven(color, quarters) => format!("v{color}-{quarters}"),
            Ink::Turns(a, b) => format!("g{a}-{b}"),
        }
    }

    /// Whether it is a pattern.
    pub const fn is_pattern(self) -> bool {
        !matches!(self, Ink::Running(_) | Ink::Native(_))
    }
}

/// A thread's place in the colours that there are; whoever has none shares the first.
pub fn color(place: Option<usize>) -> usize {
    place.map_or(0, |place| place % THREAD_COLORS)
}

impl Strokes {
    /// What a lane did in each column.
    pub fn of_lane(columns: &[Column], color: usize) -> Strokes {
        let mut out = Strokes::default();
        for (x, column) in (0..).step_by(TENTHS as usize).zip(columns) {
            let all = x..x + TENTHS;
            match *column {
                Column::Blank => {}
                Column::Pure(state) => out.add(all, Ink::of(state, color)),
                Column::Edge { left, right, at } => {
                    let middle = x + tenths(at);
                    for (state, at) in [(left, x..middle), (right, middle..x + TENTHS)] {
                        if let Some(state) = state {
                            out.add(at, Ink::of(state, color));
                        }
                    }
                }
                Column::Share { on, rest: Some(wait), .. } if quarters(on) == 0 => out.add(all, Ink::Waiting(wait)),
                Column::Share { on, .. } => out.add(all, Ink::Woven(color, quarters(on).clamp(1, 3))),
            }
        }
        out
    }

    /// Who held a GIL in each column; `colors` has every lane's place.
    pub fn of_gil(trace: &Trace, gil: usize, window: Window) -> Strokes {
        let place = |lane: usize| color(trace.roll.color(lane));
        let mut out = Strokes::default();
        for (x, column) in (0..).step_by(TENTHS as usize).zip(0..window.columns) {
            let all = x..x + TENTHS;
            match Owned::of(&trace.gils[gil], window.instant(column), window.instant(column + 1)) {
                Owned::Nobody => {}
                Owned::One(lane, share) => match quarters(share) {
                    4.. => out.add(all, Ink::Running(place(lane))),
                    some => out.add(all, Ink::Woven(place(lane), some.max(1))),
                },
                Owned::Passed(left, right, at) => {
                    let middle = x + tenths(at);
                    out.add(x..middle, Ink::Running(place(left)));
                    out.add(middle..x + TENTHS, Ink::Running(place(right)));
                }
                Owned::Turns(a, b) => out.add(all, Ink::Turns(place(a), place(b))),
            }
        }
        out
    }

    /// Adds a stroke; one that goes on with the same ink is one with it.
    fn add(&mut self, at: Range<u32>, ink: Ink) {
        match self.0.last_mut() {
            _ if at.is_empty() => {}
            Some((last, same)) if *same == ink && last.end == at.start => last.end = at.end,
            _ => self.0.push((at, ink)),
        }
    }

    /// One path for each ink, along the middle of a row of this height.
    pub fn paths(&self, height: f64) -> String {
        let mut by_ink: BTreeMap<Ink, (String, u32)> = BTreeMap::new();
        for (at, ink) in &self.0 {
            let (path, end) = by_ink.entry(*ink).or_default();
            if path.is_empty() {
                push(path, format_args!("M{} {}", short(at.start), height / 2.0));
            } else {
                push(path, format_args!("m{} 0", short(at.start - *end)));
            }
            push(path, format_args!("h{}", short(at.end - at.start)));
            *end = at.end;
        }
        let mut out = String::new();
        for (ink, (path, _)) in by_ink {
            let paint = if ink.is_pattern() {
                format!("stroke=\"url(#{})\"", ink.name())
            } else {
                format!("class=\"{}\"", ink.name())
            };
            push(&mut out, format_args!("<path {paint} stroke-width=\"{height}\" d=\"{path}\"/>"));
        }
        out
    }
}

/// Tenths as the shortest number.
pub fn short(tenths: u32) -> String {
    match (tenths / TENTHS, tenths % TENTHS) {
        (whole, 0) => whole.to_string(),
        (whole, rest) => format!("{whole}.{rest}"),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10")]
fn tenths(share: f64) -> u32 {
    (share * f64::from(TENTHS)).round().clamp(0.0, f64::from(TENTHS)) as u32
}

/// A share in quarters, 0 to 4.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 4")]
fn quarters(share: f64) -> u8 {
    (share * 4.0).round().clamp(0.0, 4.0) as u8
}

/// The cells of a time on the axis, in tenths of a column.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place on the axis")]
pub fn place(s: f64, axis_s: f64, columns: u16) -> u32 {
    let share = if axis_s > 0.0 { (s / axis_s).clamp(0.0, 1.0) } else { 0.0 };
    (share * f64::from(columns) * f64::from(TENTHS)).round() as u32
}
