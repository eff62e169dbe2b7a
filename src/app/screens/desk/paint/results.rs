//! What the runs say: the table, the sentence, the prediction beside the measurement, and how it was measured.

use crate::app::engine::RunId;
use crate::app::frame::layout;
use crate::app::model::Model;
use crate::app::screens::desk::paint::gate;
use crate::app::screens::desk::panes::{PaneKind, Seen};
use crate::app::screens::desk::stale;
use crate::app::screens::desk::{Desk, Plan, Run};
use crate::clock::seconds;
use crate::insight::{Caveat, predicted};
use crate::learner::progress::Guess;
use crate::lesson::{Headline, Knob, Prediction};
use crate::trace::machine::NameSource;
use crate::trace::{SwitchSource, Trace, WaitSource};
use crate::view::metric::measured_words;
use crate::view::reading::sentences;
use crate::view::results as view;
use crate::view::{ResultRow, Results, Said, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use std::collections::BTreeMap;

/// Runs that the table shows at most.
const MOST_RESULTS: usize = 8;

/// Printed lines that stand below the picture at most.
const MOST_PRINTED: usize = 4;
/// What stands before them.
const PRINTED: &str = "printed  ";

/// From this width on, what the learner said stands in the table too.
const ROOM_FOR_SAID: u16 = 100;

/// The pane.
pub struct Table;

impl PaneKind for Table {
    fn label(&self) -> &'static str {
        "Results"
    }

    fn draw(&self, seen: Seen<'_>, _plan: &Plan, area: Rect, buf: &mut Buffer) {
        draw(seen.model, seen.desk, area, buf);
    }
}

/// Draws the results alone: the table, the sentence, the prediction beside the measurement, and why.
fn draw(model: &Model, desk: &Desk, area: Rect, buf: &mut Buffer) {
    if desk.runs.is_empty() {
        draw::text(buf, area, area.x.saturating_add(1), area.y, "no run yet", model.theme.palette.dim);
        return;
    }
    let mut told = predictions(model, desk, area.width);
    if desk.expects_success() {
        told.extend(printed(model, area.width));
    }
    told.extend(measured(model, area.width));
    let room = area.height.saturating_sub(layout::rows(&told).min(area.height / 2));
    let whole = Rect { height: room, ..area };
    let needed = with_results(model, desk, whole, |results| results.height(area.width).saturating_add(1));
    let (table, below) = layout::top(area, needed.min(room));
    with_results(model, desk, whole, |results| results.render(table, buf));
    draw::lines(buf, inset(below), &told);
}

/// What the run on screen means, in the fewest rows: what happened, the prediction beside it, and why.
#[must_use]
pub fn in_short(model: &Model, desk: &Desk, columns: u16) -> Vec<Line<'static>> {
    let tells = |run: &&Run| run.end.success() || desk.expects_success();
    let Some(run) = model.shown_run().filter(tells).filter(|_| model.live().is_none()) else { return Vec::new() };
    let cells = columns.saturating_sub(2);
    let told = view::told(&stale::told(model, run), headline_said(model, desk), cells, &model.theme);
    let guesses = measured_guesses(model, desk);
    let drawn = guesses.iter().any(|(_, guess, _)| !guess.drawn.is_empty());
    let beside = guesses.into_iter().flat_map(|guess| said(model, desk, guess, (cells, true)));
    // What was drawn is looked at first; where there is no room for all, the rest is a key away.
    if drawn { beside.chain(told).collect() } else { told.into_iter().chain(beside).collect() }
}

/// The run that the speed-up of this one is measured against; itself, where it is that one.
fn measured_against<'a>(desk: &'a Desk, run: &Run) -> Option<&'a Run> {
    desk.same_run(desk.baseline(run.program)?, &run.spec.runtime, &run.spec.knobs)
}

/// The last run of every program, runtime and set of knobs, in an order that no further run changes: by runtime, then in the
/// lesson's order. Where there are many, the oldest are left out, but not the one on screen nor what it is measured against.
fn rows<'a>(desk: &'a Desk, shown: Option<&'a Run>) -> Vec<&'a Run> {
    let all = &desk.runs;
    let latest = all.iter().enumerate().filter(|(i, run)| !repeated(&all[i + 1..], run)).map(|(_, run)| run);
    let mut rows: Vec<&Run> = latest.collect();
    let kept: Vec<RunId> = shown
        .into_iter()
        .flat_map(|run| [Some(run), measured_against(desk, run)])
        .flatten()
        .map(|run| run.id)
        .collect();
    while rows.len() > MOST_RESULTS {
        let Some(oldest) = rows.iter().position(|run| !kept.contains(&run.id)) else { break };
        rows.remove(oldest);
    }
    let place = |run: &Run| {
        let runtime = all.iter().position(|other| other.spec.runtime == run.spec.runtime);
        let knobs = all.iter().position(|other| other.program == run.program && other.used == run.used);
        (runtime, run.program, knobs)
    };
    rows.sort_by_key(|run| place(run));
    rows
}

/// Calls with the table of runs.
pub fn with_results<T>(model: &Model, desk: &Desk, area: Rect, then: impl FnOnce(&Results<'_>) -> T) -> T {
    let shown = model.shown_run().filter(|_| model.live().is_none());
    let latest = rows(desk, shown);
    let baseline = shown.and_then(|run| measured_against(desk, run)).map(|run| run.id);
    let notes: BTreeMap<RunId, String> =
        latest.iter().filter(|run| !run.end.success()).map(|run| (run.id, run.end.short())).collect();
    let roomy = area.width >= ROOM_FOR_SAID;
    let name = |run: &Run| {
        let name = desk.lesson.programs[run.program].name.clone();
        notes.get(&run.id).filter(|_| !roomy).map_or(name.clone(), |note| format!("{name} ({note})"))
    };
    let names: Vec<(String, String)> = latest.iter().map(|run| (name(run), turned(desk, run))).collect();
    let labels: Vec<String> = latest.iter().map(|run| run.spec.runtime.label()).collect();
    let headlines: Vec<Headline> = latest.iter().map(|run| desk.headline(run.program)).collect();
    let table: Vec<ResultRow<'_>> = latest
        .iter()
        .zip(names.iter().zip(&labels).zip(&headlines))
        .map(|(run, (((program, knobs), runtime), headline))| ResultRow {
            program,
            runtime,
            knobs,
            headline,
            summary: (run.summary.wall_s > 0.0).then_some(&run.summary),
            said: run.said.as_deref().filter(|_| roomy),
            note: notes.get(&run.id).map(String::as_str).filter(|_| roomy),
            current: shown.is_some_and(|shown| shown.id == run.id),
            baseline: baseline == Some(run.id),
        })
        .collect();
    // A script's exit status is its own affair: what it did until then was measured all the same.
    let told = shown.filter(|run| desk.expects_success() || run.end.ended_itself());
    let verdict = told.map(|run| stale::told(model, run));
    let headline = desk.headline(desk.tab);
    let said = headline_said(model, desk);
    then(&Results { rows: &table, verdict: verdict.as_deref(), said, headline: &headline, theme: &model.theme })
}

/// Whether a later run has the same program, runtime and knobs.
fn repeated(later: &[Run], run: &Run) -> bool {
    later.iter().any(|l| l.program == run.program && l.spec.runtime == run.spec.runtime && l.used == run.used)
}

/// The knobs that stand elsewhere than the lesson put them.
fn turned(desk: &Desk, run: &Run) -> String {
    let value = |knob: &Knob| run.used.get(&knob.name).filter(|value| **value != knob.default).copied();
    let words = desk.lesson.knobs.iter().filter_map(|knob| Some(format!("{}={}", knob.name, value(knob)?)));
    words.collect::<Vec<_>>().join(" ")
}

/// The predictions of the open tab, the learner's guesses and what was measured, where all three are there.
fn measured_guesses<'a>(model: &'a Model, desk: &'a Desk) -> Vec<(&'a Prediction, &'a Guess, f64)> {
    if model.live().is_some() || desk.last_run(desk.tab).is_none() {
        return Vec::new();
    }
    let Some(done) = model.progress.lessons.get(&desk.lesson.id) else { return Vec::new() };
    let one = |(_, prediction): (usize, &'a Prediction)| {
        let guess = done.predictions.get(&prediction.id)?;
        Some((prediction, guess, guess.measured?))
    };
    desk.predictions_for(desk.tab).filter_map(one).collect()
}

/// The predictions of the open tab beside what was measured, and why it is so.
#[must_use]
pub fn predictions(model: &Model, desk: &Desk, columns: u16) -> Vec<Line<'static>> {
    let cells = columns.saturating_sub(2);
    let mut lines = Vec::new();
    for (prediction, guess, measured) in measured_guesses(model, desk) {
        lines.push(Line::default());
        lines.extend(said(model, desk, (prediction, guess, measured), (cells, false)));
        lines.extend(sentences(&prediction.explain, model.theme.palette.text, cells, &model.theme));
    }
    lines
}

/// What the learner had said of the headline of the run on screen, where that is the run that was predicted.
fn headline_said<'a>(model: &'a Model, desk: &'a Desk) -> Option<Said<'a>> {
    let headline = model.shown_run()?.verdict.heading.as_ref().map(|_| desk.headline(desk.tab))?;
    let guesses = measured_guesses(model, desk).into_iter();
    let mut about = guesses.filter(|(prediction, ..)| *prediction.metric() == headline.metric);
    let (prediction, guess, measured) = about.next()?;
    let words = guess.choice.as_deref().filter(|_| another_run(model, prediction, guess, measured).is_none())?;
    let usable = model.machine.map(|machine| machine.usable_cores);
    let now = model.shown_run().and_then(|run| run.metric(prediction.metric(), usable)).unwrap_or(measured);
    let choices = prediction.choices();
    let right = if (now - measured).abs() < 1e-9 {
        judged(prediction, guess, measured)
    } else {
        predicted::is_right(choices, guess.chosen(choices), now, guess.disturbed)
    };
    Some(Said { words, right: right.filter(|_| !guess.disturbed) })
}

/// What was predicted beside what was measured, where it does not stand beside the headline; `short` where there is little
/// room.
fn said(
    model: &Model,
    desk: &Desk,
    (prediction, guess, measured): (&Prediction, &Guess, f64),
    (cells, short): (u16, bool),
) -> Vec<Line<'static>> {
    let dim = model.theme.palette.dim;
    let beside = headline_said(model, desk).is_some() && *prediction.metric() == desk.headline(desk.tab).metric;
    if beside && guess.drawn.is_empty() {
        let words =
            if guess.disturbed { format!("Your guess is not judged: {}.", unsettled(model)) } else { String::new() };
        return if words.is_empty() { Vec::new() } else { draw::wrap_text(&words, cells, dim) };
    }
    let mut lines = gate::overlaid(model, desk, prediction, guess, (cells, short));
    if lines.is_empty() {
        return chosen(model, prediction, guess, measured, cells);
    }
    if guess.disturbed {
        lines.extend(draw::wrap_text(&format!("Not judged: {}.", unsettled(model)), cells, dim));
    }
    lines
}

/// The choice beside what was measured.
fn chosen(model: &Model, prediction: &Prediction, guess: &Guess, measured: f64, cells: u16) -> Vec<Line<'static>> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let words = |value| measured_words(prediction, value, &model.theme);
    let (mark, style) = match judged(prediction, guess, measured) {
        _ if guess.disturbed => (glyphs.warn, palette.dim),
        Some(true) => (glyphs.yes, palette.good.add_modifier(Modifier::BOLD)),
        Some(false) => (glyphs.no, palette.bad),
        None => (" ", palette.dim),
    };
    let said = guess
        .choice
        .as_deref()
        .map_or_else(|| "you did not predict".to_owned(), |said| format!("you said {}", glyphs.quoted(said)));
    let dot = glyphs.dot;
    let mut spans = vec![Span::styled(format!("{mark} "), style)];
    if let Some((place, now)) = another_run(model, prediction, guess, measured) {
        // The number beside a picture is the picture's: what was predicted was another run.
        spans.push(Span::styled(format!("{said} of an earlier run{place}, which had "), palette.text));
        spans.push(Span::styled(words(measured), palette.text));
        spans.push(Span::styled(format!(" {dot} this one has "), palette.text));
        spans.push(Span::styled(words(now), palette.selected));
    } else {
        spans.push(Span::styled(format!("{said} {dot} measured "), palette.text));
        spans.push(Span::styled(words(measured), palette.selected));
        if guess.disturbed {
            spans.push(Span::styled(format!(", not judged: {}", unsettled(model)), palette.dim));
        }
    }
    draw::wrap(&spans, cells, 2)
}

/// Whether the learner's choice was right, as it was judged when the run ended. A guess of before judgements were kept is
/// judged now.
fn judged(prediction: &Prediction, guess: &Guess, measured: f64) -> Option<bool> {
    let choices = prediction.choices();
    guess.right.or_else(|| predicted::is_right(choices, guess.chosen(choices), measured, guess.disturbed))
}

/// Why the run on screen settles nothing.
fn unsettled(model: &Model) -> &'static str {
    let lacks = |caveat: &Caveat| matches!(caveat, Caveat::OneUsableCore { .. });
    if model.shown_run().is_some_and(|run| run.verdict.caveats.iter().any(lacks)) {
        "it takes more than one core"
    } else {
        "the machine was busy, run it again"
    }
}

/// Where the run on screen is not the one that was predicted: where that one was, and what this one measured.
fn another_run(model: &Model, prediction: &Prediction, guess: &Guess, measured: f64) -> Option<(String, f64)> {
    let desk = model.desk()?;
    let run = desk.last_run(desk.tab)?;
    let usable = model.machine.map(|m| m.usable_cores);
    let now = run.metric(prediction.metric(), usable)?;
    // The very same number is the very same run, as is one whose baseline alone ran again.
    if run.said.is_some() || (now - measured).abs() < 1e-9 {
        return None;
    }
    let elsewhere = guess.runtime.as_ref().filter(|label| **label != run.spec.runtime.label());
    Some((elsewhere.map(|label| format!(" on {label}")).unwrap_or_default(), now))
}

/// The last lines that the run on screen has printed, a few of them; the output pane has all.
#[must_use]
pub fn printed(model: &Model, columns: u16) -> Vec<Line<'static>> {
    let outcome = model.shown_run().filter(|_| model.live().is_none()).and_then(|run| run.outcome.as_deref());
    let Some(outcome) = outcome else { return Vec::new() };
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let text = String::from_utf8_lossy(&outcome.stdout);
    let all: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let first = all.len().saturating_sub(MOST_PRINTED);
    let room = columns.saturating_sub(2 + draw::width(PRINTED));
    let line = |(place, line): (usize, &&str)| {
        let label = if place == first { PRINTED.to_owned() } else { " ".repeat(PRINTED.len()) };
        // What was printed before has no room here.
        let line = if place == first && first > 0 { format!("{} {line}", glyphs.more) } else { (*line).to_owned() };
        let plain: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let text = Span::styled(draw::cut(&plain, room, glyphs.more), palette.text);
        Line::from(vec![Span::styled(label, palette.dim), text])
    };
    let lines: Vec<Line<'static>> = all.iter().enumerate().skip(first).map(line).collect();
    if lines.is_empty() { lines } else { [vec![Line::default()], lines].concat() }
}

/// How the run on screen was measured, what was lost and what the measuring cost.
#[must_use]
pub fn measured(model: &Model, columns: u16) -> Vec<Line<'static>> {
    if model.live().is_some() {
        return Vec::new();
    }
    let Some(outcome) = model.shown_run().and_then(|run| run.outcome.as_deref()) else { return Vec::new() };
    let (palette, cells) = (&model.theme.palette, columns.saturating_sub(2));
    let mut lines = vec![Line::default()];
    lines.extend(draw::wrap_text(&sources(&outcome.trace, model.theme.glyphs.dot), cells, palette.dim));
    for note in &outcome.notes {
        lines.extend(draw::wrap_text(note, cells, palette.dim));
    }
    lines
}

fn sources(trace: &Trace, dot: &str) -> String {
    let switches = match trace.sources.switches {
        SwitchSource::Perf => "perf, exact",
        SwitchSource::Schedstat => "schedstat, sampled",
        SwitchSource::None => "not measured",
    };
    let waits = match trace.sources.waits {
        WaitSource::Preload => "preloaded library, exact",
        WaitSource::Procfs => "procfs, sampled",
        WaitSource::None => "not measured",
    };
    let names = match trace.sources.names {
        NameSource::Startup => "the program's",
        NameSource::Kernel => "the kernel's",
    };
    let lost = match (trace.lost.switches, trace.lost.events) {
        (0, 0) => "nothing lost".to_owned(),
        (switches, events) => format!("lost: {switches} switches, {events} marks"),
    };
    let cost = seconds(trace.observer_cpu) * 1e3;
    format!("on-CPU: {switches} {dot} waits: {waits} {dot} names: {names} {dot} {lost} {dot} probes {cost:.0} ms CPU")
}

/// An area without its outermost columns.
#[must_use]
pub fn inset(area: Rect) -> Rect {
    Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area }
}
