//! The runs of one runtime stacked on one axis, as SVG.

use crate::insight::Pace;
use crate::insight::comparison::Compared;
use crate::report::comparison::Stacked;
use crate::report::page::lanes::{AXIS, Bars, COLUMNS, FREE, LEFT, WIDTH};
use crate::report::page::strokes::{Ink, place, short};
use crate::report::page::{escaped, push};
use std::collections::BTreeSet;

/// The height of the line of a run's numbers.
const HEAD: u32 = 22;
/// What is left free below a run.
const BELOW: u32 = 14;
/// A run with more lanes than these is drawn as an area.
const MOST_LANES: usize = 12;
/// A hatch of at least so many units has room for its words.
const ROOM: u32 = 110;

/// What the runs of a picture share.
struct Picture<'a> {
    bars: Bars<'a>,
    /// How long the baseline took on this runtime.
    baseline_s: Option<f64>,
}

/// The picture of one runtime's runs; adds the inks that it takes.
pub fn svg(stacked: &Stacked<'_>, group: &[Compared<'_>], number: usize, inks: &mut BTreeSet<Ink>) -> String {
    let comparison = &stacked.comparison;
    let is_baseline = |run: &&Compared<'_>| Some(run.program) == comparison.baseline && run.counts();
    let baseline_s = group.iter().find(is_baseline).map(|run| run.summary.wall_s);
    let mut picture = Picture { bars: Bars { axis_s: comparison.axis_s, most_lanes: MOST_LANES, inks }, baseline_s };
    let (mut runs, mut y) = (String::new(), AXIS + FREE);
    for run in group {
        let (drawn, height) = picture.run(run);
        push(&mut runs, format_args!("<g transform=\"translate(0 {y})\">{drawn}</g>\n"));
        y += height + BELOW;
    }
    let said: Vec<String> = group.iter().map(|run| run.sentence.clone()).collect();
    format!(
        "<figure><svg viewBox=\"0 0 {WIDTH} {y}\" role=\"img\" aria-labelledby=\"t{number} d{number}\">\n\
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
        let bottom = height - BELOW;
        let mut out = self.bars.axis(bottom);
        if let Some(baseline) = self.baseline_s {
            let x = short(LEFT * 10 + place(baseline, self.bars.axis_s, COLUMNS));
            push(&mut out, format_args!("<path class=\"base\" d=\"M{x} {AXIS}V{bottom}\"/>\n"));
        }
        out
    }

    /// One run and its height.
    fn run(&mut self, run: &Compared<'_>) -> (String, u32) {
        let Some(outcome) = run.outcome else { return (head(run, None), HEAD) };
        let (rows, height) = self.bars.rows(&outcome.trace, HEAD);
        let difference = difference(run);
        let hatch = self.hatch(run, difference.as_deref(), height);
        let named = hatch.as_ref().is_some_and(|(_, named)| *named);
        let beyond = (run.summary.wall_s > self.bars.axis_s * 1.001).then(|| "goes on beyond the axis".to_owned());
        let head = head(run, difference.filter(|_| !named).or(beyond));
        (format!("{head}{rows}{}", hatch.map(|(hatch, _)| hatch).unwrap_or_default()), HEAD + height)
    }

    /// What was saved, from the end of the run to that of the baseline, or lost beyond it; and whether it bears its words.
    fn hatch(&self, run: &Compared<'_>, words: Option<&str>, height: u32) -> Option<(String, bool)> {
        let (baseline, words) = (self.baseline_s?, words?);
        let ends = [run.summary.wall_s, baseline].map(|s| place(s, self.bars.axis_s, COLUMNS));
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
