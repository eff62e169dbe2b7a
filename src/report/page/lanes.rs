//! The lanes of a run on an axis of time, as SVG.

use super::area::Area;
use super::strokes::{Ink, Strokes, color, place, short};
use super::{escaped, push};
use crate::clock::{MILLISECOND, Nanos, SECOND};
use crate::insight::words::{grouped, grouped_whole};
use crate::trace::Trace;
use crate::view::draw;
use crate::view::stack::lanes;
use crate::view::theme::Theme;
use crate::view::timeline::{Window, axis, column};
use std::collections::BTreeSet;

/// Columns of the bars, each as wide as a unit of the picture.
pub const COLUMNS: u16 = 1000;
/// Columns of an area, and how wide each is: its edges are steps.
const STEPS: u16 = 500;
const STEP: u32 = 2;
/// Where the bars begin, and how wide a picture is with what is left behind them.
pub const LEFT: u32 = 150;
pub const WIDTH: u32 = LEFT + COLUMNS as u32 + 12;
/// Heights: the axis, a lane, the row of a GIL, an area.
pub const AXIS: u32 = 24;
const LANE: u32 = 15;
const GIL: u32 = 9;
const AREA: u32 = 60;
/// What is left free below a lane.
pub const FREE: u32 = 3;
/// What the words of a tick take, in tenths of a unit.
const TICK_WORDS: u32 = 400;
/// At most so many ticks.
const TICKS: u64 = 11;

/// Bars on one axis.
pub struct Bars<'a> {
    /// How long the axis is.
    pub axis_s: f64,
    /// A run with more lanes than these is drawn as an area.
    pub most_lanes: usize,
    /// Gets the inks that are taken.
    pub inks: &'a mut BTreeSet<Ink>,
}

impl Bars<'_> {
    /// The ticks of the axis, down to `bottom`.
    pub fn axis(&self, bottom: u32) -> String {
        let (to, theme) = (nanos(self.axis_s), Theme::dark());
        let step = step(to);
        let mut out = String::new();
        for at in (0..=to).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
            let x = LEFT * 10 + place(crate::clock::seconds(at), self.axis_s, COLUMNS);
            let words = axis::label(at, 0, step, to, &theme);
            let x = short(x);
            push(&mut out, format_args!("<path class=\"tick\" d=\"M{x} {AXIS}V{bottom}\"/>"));
            // The last one has no room for its words.
            if place(crate::clock::seconds(at), self.axis_s, COLUMNS) + TICK_WORDS <= u32::from(COLUMNS) * 10 {
                push(&mut out, format_args!("<text class=\"dim\" x=\"{x}\" y=\"16\">{words}</text>\n"));
            }
        }
        out
    }

    /// The lanes of a run and its GILs from `top` on, and their height.
    pub fn rows(&mut self, trace: &Trace, top: u32) -> (String, u32) {
        let drawn = lanes::drawn(trace);
        let (from, to) = (trace.zero(), trace.zero() + nanos(self.axis_s));
        let window = |columns: u16| Window { from, to, columns };
        let (mut out, mut y) = (String::new(), top);
        if drawn.len() > self.most_lanes {
            let area = Area::of(trace, &drawn, window(STEPS));
            out.push_str(&row(y, AREA / 2, &format!("{} lanes", grouped_whole(drawn.len())), None));
            out.push_str(&row(y + AREA / 2, AREA / 2, &format!("{} at once", grouped(area.most().round())), None));
            push(&mut out, format_args!("<g transform=\"translate({LEFT} {y})\">"));
            for (state, shape) in area.shapes(area.most(), f64::from(AREA), STEP) {
                self.inks.insert(if state.on_cpu() { Ink::Running(0) } else { Ink::Waiting(state) });
                push(&mut out, format_args!("<path class=\"a-{}\" d=\"{shape}\"/>", state.key()));
            }
            push(&mut out, format_args!("</g>\n"));
            return (out, AREA + FREE);
        }
        let gils = lanes::passed_on(trace, &drawn);
        for (lane, place) in drawn.few() {
            let columns = column::columns(&trace.lanes[*lane].spans, window(COLUMNS), trace.known_until);
            let name = if drawn.len() + gils.len() > 1 { trace.lanes[*lane].name.as_str() } else { "" };
            out.push_str(&row(y, LANE, name, Some(color(*place))));
            out.push_str(&self.strokes(&Strokes::of_lane(&columns, color(*place)), y, LANE));
            y += LANE + FREE;
        }
        for track in gils {
            out.push_str(&row(y, GIL, "GIL", None));
            out.push_str(&self.strokes(&Strokes::of_gil(trace, track, window(COLUMNS)), y, GIL));
            y += GIL + FREE;
        }
        (out, y - top)
    }

    fn strokes(&mut self, strokes: &Strokes, y: u32, height: u32) -> String {
        self.inks.extend(strokes.0.iter().map(|(_, ink)| *ink));
        format!("<g transform=\"translate({LEFT} {y})\">{}</g>\n", strokes.paths(f64::from(height)))
    }
}

/// The name of a row.
fn row(y: u32, height: u32, name: &str, color: Option<usize>) -> String {
    if name.is_empty() {
        return String::new();
    }
    let class = color.map_or("dim".to_owned(), |color| format!("l{color}"));
    let (x, y, name) = (LEFT - 8, y + height / 2 + 4, draw::cut_middle(name, 18, "…"));
    format!("<text class=\"lane {class}\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(&name))
}

/// The way between two ticks: 1, 2 or 5 of a power of ten.
fn step(to: Nanos) -> Nanos {
    let powers = (0..6).map(|power| MILLISECOND * 10u64.pow(power));
    let steps = powers.flat_map(|power| [power, 2 * power, 5 * power]);
    steps.into_iter().find(|step| to / step < TICKS).unwrap_or(to.max(1))
}

/// Seconds as nanoseconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a wall time")]
pub fn nanos(s: f64) -> Nanos {
    (s * SECOND as f64).round() as Nanos
}
