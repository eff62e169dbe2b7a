//! The runs of one runtime stacked on one axis, as SVG.

use super::area::Area;
use super::strokes::{Ink, Strokes, color, place, short};
use super::{escaped, push};
use crate::clock::{MILLISECOND, Nanos};
use crate::insight::Pace;
use crate::insight::comparison::Compared;
use crate::insight::words::{grouped, grouped_whole};
use crate::report::comparison::Stacked;
use crate::report::comparison::text::nanos;
use crate::trace::Trace;
use crate::view::draw;
use crate::view::stack::lanes;
use crate::view::theme::Theme;
use crate::view::timeline::{Window, axis, column};
use std::collections::BTreeSet;

/// Columns of the bars, each as wide as a unit of the picture.
const COLUMNS: u16 = 1000;
/// Columns of an area, and how wide each is: its edges are steps.
const STEPS: u16 = 500;
const STEP: u32 = 2;
/// Where the bars begin, and what is left behind them.
const LEFT: u32 = 150;
const RIGHT: u32 = 12;
/// Heights: the axis, the line of a run's numbers, a lane, the row of a GIL, an area.
const AXIS: u32 = 24;
const HEAD: u32 = 22;
const LANE: u32 = 15;
const GIL: u32 = 9;
const AREA: u32 = 60;
/// What is left free below a lane, and below a run.
const FREE: u32 = 3;
const BELOW: u32 = 14;
/// A run with more lanes than these is drawn as an area.
const MOST_LANES: usize = 12;
/// A hatch of at least so many units has room for its words.
const ROOM: u32 = 110;
/// What the words of a tick take, in tenths of a unit.
const TICK_WORDS: u32 = 400;
/// At most so many ticks.
const TICKS: u64 = 11;

/// What the runs of a picture share.
struct Picture<'a> {
    axis_s: f64,
    /// How long the baseline took on this runtime.
    baseline_s: Option<f64>,
    inks: &'a mut BTreeSet<Ink>,
}

/// The picture of one runtime's runs; adds the inks that it takes.
pub fn svg(stacked: &Stacked<'_>, group: &[Compared<'_>], number: usize, inks: &mut BTreeSet<Ink>) -> String {
    let comparison = &stacked.comparison;
    let is_baseline = |run: &&Compared<'_>| Some(run.program) == comparison.baseline && run.counts();
    let baseline_s = group.iter().find(is_baseline).map(|run| run.summary.wall_s);
    let mut picture = Picture { axis_s: comparison.axis_s, baseline_s, inks };
    let (mut runs, mut y) = (String::new(), AXIS + FREE);
    for run in group {
        let (drawn, height) = picture.run(run);
        push(&mut runs, format_args!("<g transform=\"translate(0 {y})\">{drawn}</g>\n"));
        y += height + BELOW;
    }
    let width = LEFT + u32::from(COLUMNS) + RIGHT;
    let said: Vec<String> = group.iter().map(|run| run.sentence.clone()).collect();
    format!(
        "<figure><svg viewBox=\"0 0 {width} {y}\" role=\"img\" aria-labelledby=\"t{number} d{number}\">\n\
         <title id=\"t{number}\">The runs of {} on one axis of {:.2} s</title>\n<desc id=\"d{number}\">{}</desc>\n\
         {}{runs}</svg></figure>\n",
        escaped(comparison.lesson),
        comparison.axis_s,
        escaped(&said.join(" ")),
        picture.axis(y),
    )
}

impl Picture<'_> {
    /// The ticks of the axis through all runs, and where the baseline ends.
    fn axis(&self, height: u32) -> String {
        let (to, theme) = (nanos(self.axis_s), Theme::dark());
        let step = step(to);
        let mut out = String::new();
        for at in (0..=to).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
            let x = LEFT * 10 + place(crate::clock::seconds(at), self.axis_s, COLUMNS);
            let words = axis::label(at, 0, step, to, &theme);
            let (x, bottom) = (short(x), height - BELOW);
            push(&mut out, format_args!("<path class=\"tick\" d=\"M{x} {AXIS}V{bottom}\"/>"));
            // The last one has no room for its words.
            if place(crate::clock::seconds(at), self.axis_s, COLUMNS) + TICK_WORDS <= u32::from(COLUMNS) * 10 {
                push(&mut out, format_args!("<text class=\"dim\" x=\"{x}\" y=\"16\">{words}</text>\n"));
            }
        }
        if let Some(baseline) = self.baseline_s {
            let x = short(LEFT * 10 + place(baseline, self.axis_s, COLUMNS));
            push(&mut out, format_args!("<path class=\"base\" d=\"M{x} {AXIS}V{}\"/>\n", height - BELOW));
        }
        out
    }

    /// One run and its height.
    fn run(&mut self, run: &Compared<'_>) -> (String, u32) {
        let Some(outcome) = run.outcome else { return (head(run, None), HEAD) };
        let (rows, height) = self.rows(&outcome.trace);
        let difference = difference(run);
        let hatch = self.hatch(run, difference.as_deref(), height);
        let named = hatch.as_ref().is_some_and(|(_, named)| *named);
        let beyond = (run.summary.wall_s > self.axis_s * 1.001).then(|| "goes on beyond the axis".to_owned());
        let head = head(run, difference.filter(|_| !named).or(beyond));
        (format!("{head}{rows}{}", hatch.map(|(hatch, _)| hatch).unwrap_or_default()), HEAD + height)
    }

    /// The lanes of a run and its GILs, below its numbers.
    fn rows(&mut self, trace: &Trace) -> (String, u32) {
        let drawn = lanes::drawn(trace);
        let (from, to) = (trace.zero(), trace.zero() + nanos(self.axis_s));
        let window = |columns: u16| Window { from, to, columns };
        let (mut out, mut y) = (String::new(), HEAD);
        if drawn.len() > MOST_LANES {
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
        (out, y - HEAD)
    }

    fn strokes(&mut self, strokes: &Strokes, y: u32, height: u32) -> String {
        self.inks.extend(strokes.0.iter().map(|(_, ink)| *ink));
        format!("<g transform=\"translate({LEFT} {y})\">{}</g>\n", strokes.paths(f64::from(height)))
    }

    /// What was saved, from the end of the run to that of the baseline, or lost beyond it; and whether it bears its words.
    fn hatch(&self, run: &Compared<'_>, words: Option<&str>, height: u32) -> Option<(String, bool)> {
        let (baseline, words) = (self.baseline_s?, words?);
        let ends = [run.summary.wall_s, baseline].map(|s| place(s, self.axis_s, COLUMNS));
        let (from, to) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        let (x, wide) = (short(LEFT * 10 + from), (to - from) / 10);
        if ends[0] > ends[1] {
            let line = format!("<path class=\"lost\" d=\"M{x} {}h{}\"/>\n", HEAD - 2, short(to - from));
            return Some((line, false));
        }
        let mut out = format!(
            "<rect class=\"saved\" x=\"{x}\" y=\"{HEAD}\" width=\"{}\" height=\"{}\"/>",
            short(to - from),
            height - FREE
        );
        let named = wide >= ROOM;
        if named {
            let (x, y) = (short(LEFT * 10 + from + (to - from) / 2), HEAD + height / 2 + 4);
            push(&mut out, format_args!("<text class=\"good\" x=\"{x}\" y=\"{y}\">{words}</text>"));
        }
        out.push('\n');
        Some((out, named))
    }
}

/// The line above a run's lanes: its name, how long it took, how that is beside the baseline, and what it did at once.
fn head(run: &Compared<'_>, difference: Option<String>) -> String {
    let name = escaped(run.program);
    let mut parts = Vec::new();
    if run.outcome.is_some() {
        parts.push(format!("<tspan class=\"wall\">{:.2} s</tspan>", run.summary.wall_s));
    }
    parts.extend(run.pace().map(|pace| escaped(&if run.unclear() { UNCLEAR.to_owned() } else { pace.cell("×") })));
    parts.extend(difference.map(|words| escaped(&words)));
    parts.extend(run.heading.iter().map(|heading| escaped(&heading.words)));
    let note = run.note();
    let class = if run.counts() { "dim" } else { "bad" };
    if !note.is_empty() {
        parts.push(format!("<tspan class=\"{class}\">{}</tspan>", escaped(&note)));
    }
    format!(
        "<text class=\"name\" x=\"0\" y=\"15\">{name}</text><text x=\"{LEFT}\" y=\"15\">{}</text>\n",
        parts.join("<tspan class=\"dim\"> · </tspan>")
    )
}

/// What stands for a pace that may be noise.
const UNCLEAR: &str = "no clear difference";

/// What a run saved or lost, such as `0.79 s saved`; `None` where that is nothing.
fn difference(run: &Compared<'_>) -> Option<String> {
    let tells = !run.unclear() && !matches!(run.pace(), None | Some(Pace::Same(_)));
    let saved = run.saved_s.filter(|saved| tells && saved.abs() >= 0.001)?;
    Some(format!("{:.2} s {}", saved.abs(), if saved > 0.0 { "saved" } else { "lost" }))
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
