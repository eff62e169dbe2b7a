//! What the runs say: the table, the sentence, the prediction beside the measurement, and how it was measured.

use crate::app::engine::RunId;
use crate::app::frame::layout;
use crate::app::model::Model;
use crate::app::screens::desk::paint::guesses;
use crate::app::screens::desk::panes::{PaneKind, Seen};
use crate::app::screens::desk::stale;
use crate::app::screens::desk::{Desk, Plan, Run};
use crate::clock::seconds;
use crate::lesson::{Headline, Knob};
use crate::runner::how_it_ended;
use crate::trace::machine::NameSource;
use crate::trace::{SwitchSource, Trace, WaitSource};
use crate::view::results as view;
use crate::view::{ResultRow, Results, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
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
    let mut told = guesses::predictions(model, desk, area.width);
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
    let told = view::told(&stale::told(model, run), guesses::headline_said(model, desk), cells, &model.theme);
    let (beside, drawn) = guesses::in_short(model, desk, cells);
    // What was drawn is looked at first; where there is no room for all, the rest is a key away.
    if drawn { beside.into_iter().chain(told).collect() } else { told.into_iter().chain(beside).collect() }
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
    let said = guesses::headline_said(model, desk);
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
    let shown = model.shown_run().and_then(|run| Some((run, run.outcome.as_deref()?)));
    let Some((run, outcome)) = shown else { return Vec::new() };
    let (palette, glyphs, cells) = (&model.theme.palette, &model.theme.glyphs, columns.saturating_sub(2));
    let mut lines = vec![Line::default()];
    if let Some(own) = &outcome.spec.own {
        // A notice is one line, and gone with the next key. What was raised is in the sentence.
        let ended =
            how_it_ended(outcome).filter(|_| run.raised.is_none()).map(|words| format!("{} {words}", glyphs.warn));
        lines.extend(ended.iter().flat_map(|words| draw::wrap_text(words, cells, palette.bad)));
        let why = own.chosen.as_ref().map(|why| format!("{}, {why}", outcome.spec.runtime.full_name()));
        lines.extend(why.iter().flat_map(|words| draw::wrap_text(words, cells, palette.dim)));
    }
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
