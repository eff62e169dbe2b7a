//! What is watched: the cores, the timeline and the results; before the first run, the prediction or an invitation.

use crate::app::desk::{Desk, Run};
use crate::app::engine::RunId;
use crate::app::model::{Model, unavailable};
use crate::app::progress::Guess;
use crate::app::screens::{Shown, chrome, layout};
use crate::lesson::Prediction;
use crate::runner::Exit;
use crate::trace::Trace;
use crate::view::predict::{metric_words, right_choice};
use crate::view::{Cores, Legend, Predict, ResultRow, Results, Timeline, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Rows that a timeline has at least where there is room: it does not jump while threads come up.
const LEAST_TIMELINE: u16 = 11;

/// Runs that the table shows at most.
const MOST_RESULTS: usize = 8;

/// From this width on, what the learner said stands in the table too.
const ROOM_FOR_SAID: u16 = 100;

/// The parts of the watching column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// The question before a run.
    pub gate: Rect,
    /// The cores.
    pub cores: Rect,
    /// The rule above the timeline, with the run's name.
    pub title: Rect,
    /// The lanes.
    pub timeline: Rect,
    /// What the glyphs mean.
    pub legend: Rect,
    /// The rule above the results.
    pub rule: Rect,
    /// The table of runs, the verdict.
    pub results: Rect,
    /// The prediction beside the measurement, and why.
    pub told: Rect,
}

/// Divides the watching column.
#[must_use]
pub fn parts(model: &Model, desk: &Desk, trace: Option<&Trace>, area: Rect) -> Parts {
    if desk.gate.is_some() {
        return Parts { gate: area, ..Parts::default() };
    }
    let Some(trace) = trace else {
        let (gate, rest) = layout::top(area, (area.height / 2).max(6));
        let (rule, results) = layout::top(rest, 1);
        return Parts { gate, rule, results, ..Parts::default() };
    };
    let cores = Cores { trace, from: 0, to: 0, theme: &model.theme }.height();
    let (cores, rest) = layout::top(area, cores.clamp(2, (area.height / 4).max(3)));
    let (title, rest) = layout::top(rest, 1);
    let lanes = Timeline { trace, viewport: &desk.view, theme: &model.theme }.rows().len();
    let needed = u16::try_from(lanes).unwrap_or(u16::MAX).saturating_mul(3).saturating_add(2).max(LEAST_TIMELINE);
    let least = needed.min((rest.height / 2).max(5));
    let told = rows(&told(model, desk, area.width));
    let told = told.min(rest.height.saturating_sub(least + wanted(model, desk, area.width).min(6) + 2));
    let results = wanted(model, desk, area.width).min(rest.height.saturating_sub(least + 2 + told));
    // The lanes take what they need and what is left over stays below: neighbours stand together.
    let (timeline, rest) = layout::top(rest, needed.min(rest.height.saturating_sub(results + told + 2)));
    let (legend, rest) = layout::top(rest, 1);
    let (rule, rest) = layout::top(rest, 1);
    let (results, rest) = layout::top(rest, results);
    let (told, _) = layout::top(rest, told);
    Parts { gate: Rect::default(), cores, title, timeline, legend, rule, results, told }
}

fn rows(lines: &[Line<'_>]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
}

/// Rows that the results below the picture take: all of them, or where room is short what the run means.
fn wanted(model: &Model, desk: &Desk, columns: u16) -> u16 {
    if layout::stacked(model.size) {
        return rows(&gist(model, desk, columns));
    }
    with_results(model, desk, Rect { height: u16::MAX, width: columns, ..Rect::default() }, |results| {
        // One more, so that the sentence stands apart from the table.
        results.height(columns).saturating_add(1)
    })
}

/// What the run on screen means, in the fewest rows: the sentence, and the prediction beside the measurement.
fn gist(model: &Model, desk: &Desk, columns: u16) -> Vec<Line<'static>> {
    let Some(run) = model.shown_run().filter(|run| run.ok && model.live().is_none()) else { return Vec::new() };
    let cells = columns.saturating_sub(2);
    let mut lines = draw::wrap_text(&run.verdict.sentence, cells, model.theme.palette.heading);
    if let Some((prediction, guess, measured)) = settled(model, desk) {
        lines.extend(said(model, prediction, guess, measured, cells));
    }
    lines
}

/// Draws the watching column.
pub fn draw(model: &Model, desk: &Desk, shown: &Shown<'_>, area: Rect, buf: &mut Buffer) {
    let parts = parts(model, desk, shown.trace, area);
    if let Some(predict) = gate(model, desk) {
        let (title, rest) = layout::top(parts.gate, 2);
        let words = "Before you run it: what do you expect?";
        draw::text(buf, title, title.x + 1, title.y, words, model.theme.palette.dim);
        (&predict).render(rest, buf);
        hint(model, &predict, rest, buf);
        return;
    }
    match shown.trace {
        Some(trace) => picture(model, desk, trace, &parts, buf),
        None => invite(model, desk, parts.gate, buf),
    }
    if parts.results.is_empty() {
        return;
    }
    if layout::stacked(model.size) {
        chrome::titled_rule(model, parts.rule, "v: all results", buf);
        draw::lines(buf, inset(parts.results), &gist(model, desk, parts.results.width));
        return;
    }
    if !desk.runs.is_empty() {
        chrome::titled_rule(model, parts.rule, "results", buf);
        with_results(model, desk, parts.results, |results| results.render(parts.results, buf));
    }
    draw::lines(buf, inset(parts.told), &told(model, desk, parts.told.width));
}

/// Draws the results alone: the table, the sentence, the prediction beside the measurement, and why.
pub fn results(model: &Model, desk: &Desk, area: Rect, buf: &mut Buffer) {
    if desk.runs.is_empty() {
        draw::text(buf, area, area.x.saturating_add(1), area.y, "no run yet", model.theme.palette.dim);
        return;
    }
    let told = told(model, desk, area.width);
    let room = area.height.saturating_sub(rows(&told).min(area.height / 2));
    let whole = Rect { height: room, ..area };
    let needed = with_results(model, desk, whole, |results| results.height(area.width).saturating_add(1));
    let (table, below) = layout::top(area, needed.min(room));
    with_results(model, desk, whole, |results| results.render(table, buf));
    draw::lines(buf, inset(below), &told);
}

/// The question that waits, if one does.
#[must_use]
pub fn gate<'a>(model: &'a Model, desk: &'a Desk) -> Option<Predict<'a>> {
    let gate = desk.gate?;
    let prediction = desk.lesson.predictions.get(gate.prediction)?;
    Some(Predict { prediction, selected: gate.selected, chosen: None, measured: None, theme: &model.theme })
}

/// The area in which the question's choices are drawn.
#[must_use]
pub fn gate_area(parts: &Parts) -> Rect {
    layout::top(parts.gate, 2).1
}

fn hint(model: &Model, predict: &Predict<'_>, area: Rect, buf: &mut Buffer) {
    let palette = &model.theme.palette;
    let y = area.y.saturating_add(predict.height(area.width)).saturating_add(1);
    let count = predict.prediction.choices.len();
    let line = Line::from(vec![
        Span::styled(format!("1-{count}"), palette.accent),
        Span::styled(" answer and run    ", palette.dim),
        Span::styled("s", palette.accent),
        Span::styled(" run without predicting", palette.dim),
    ]);
    draw::line(buf, area, area.x.saturating_add(1), y, &line);
}

/// Before the first run of a tab: what to press, or why it cannot run.
fn invite(model: &Model, desk: &Desk, area: Rect, buf: &mut Buffer) {
    let palette = &model.theme.palette;
    let program = &desk.current_program().name;
    let runtime = model.runtimes.current();
    let x = area.x.saturating_add(3);
    let y = area.y.saturating_add(area.height / 3);
    if let Some(reason) = unavailable(&desk.lesson, desk.tab, runtime) {
        let words = format!("{program} cannot run on {}: {reason}.", runtime.label());
        draw::text(buf, area, x, y, &words, palette.text);
        draw::text(buf, area, x, y + 1, "tab: another executor    r: another runtime", palette.dim);
        return;
    }
    let words = match (&model.active, model.run_held) {
        (Some(_), _) => Line::from(Span::styled("starting ...", palette.dim)),
        (None, true) => Line::from(Span::styled("the run starts in a moment ...", palette.dim)),
        (None, false) => Line::from(vec![
            Span::styled("space", palette.accent),
            Span::styled(format!("  runs {program} on {}", runtime.label()), palette.heading),
        ]),
    };
    draw::line(buf, area, x, y, &words);
    let what = "Every core and every thread is drawn here as the machine really ran them.";
    for (row, line) in (2..).zip(draw::wrap_text(what, area.width.saturating_sub(6), palette.dim)) {
        draw::line(buf, area, x, y + row, &line);
    }
}

fn picture(model: &Model, desk: &Desk, trace: &Trace, parts: &Parts, buf: &mut Buffer) {
    let view = &desk.view;
    let (from, to) = if view.span() == 0 { (trace.zero(), trace.until()) } else { (view.from, view.to) };
    Cores { trace, from, to, theme: &model.theme }.render(parts.cores, buf);
    chrome::titled_rule(model, parts.title, &title(model, desk), buf);
    Timeline { trace, viewport: view, theme: &model.theme }.render(parts.timeline, buf);
    Legend { trace: Some(trace), theme: &model.theme }.render(parts.legend, buf);
}

/// What the picture is of.
fn title(model: &Model, desk: &Desk) -> String {
    let programs = &desk.lesson.programs;
    match (model.live(), desk.last_run(desk.tab)) {
        (Some(active), _) => {
            let name = &active.request.program().name;
            let first = if active.then.is_empty() { "" } else { " first, as the baseline" };
            let stop = if active.cancelled { "stopping" } else { "running, esc stops it" };
            let follow = if desk.view.follow { "" } else { ", held: f follows" };
            format!("{name} on {}{first}: {stop}{follow}", active.request.runtime.label())
        }
        (None, Some(run)) => format!("{} on {}", programs[run.program].name, run.runtime.label()),
        (None, None) => String::new(),
    }
}

/// Calls with the table of runs: the last run of every program, runtime and set of knobs, as many as fit.
pub fn with_results<T>(model: &Model, desk: &Desk, area: Rect, then: impl FnOnce(&Results<'_>) -> T) -> T {
    let shown = model.shown_run().filter(|_| model.live().is_none());
    let latest: Vec<&Run> =
        desk.runs.iter().enumerate().filter(|(i, run)| !repeated(&desk.runs[i + 1..], run)).map(|(_, r)| r).collect();
    let latest = &latest[latest.len().saturating_sub(MOST_RESULTS)..];
    let notes: BTreeMap<RunId, String> =
        latest.iter().filter(|run| !run.ok).map(|run| (run.id, ended_badly(run))).collect();
    let labels: Vec<String> = latest.iter().map(|run| label(desk, run)).collect();
    let table: Vec<ResultRow<'_>> = latest
        .iter()
        .zip(&labels)
        .map(|(run, runtime)| ResultRow {
            program: &desk.lesson.programs[run.program].name,
            runtime,
            summary: (run.summary.wall_s > 0.0).then_some(&run.summary),
            said: run.said.as_deref().filter(|_| area.width >= ROOM_FOR_SAID),
            note: notes.get(&run.id).map(String::as_str),
            current: shown.is_some_and(|shown| shown.id == run.id),
        })
        .collect();
    // A script's exit status is its own affair: what it did until then was measured all the same.
    let verdict = shown.filter(|run| run.ok || desk.script && run.ended_itself()).map(|run| &run.verdict);
    then(&Results { rows: &table, verdict, theme: &model.theme })
}

fn ended_badly(run: &Run) -> String {
    let Some(outcome) = run.outcome.as_deref() else { return "failed".to_owned() };
    match (outcome.cancelled, &outcome.exit) {
        (true, _) => "stopped".to_owned(),
        (false, exit) if exit.timed_out => "took too long".to_owned(),
        (false, Exit { signal: Some(signal), .. }) => format!("signal {signal}"),
        (false, Exit { code: Some(code), .. }) => format!("exit {code}"),
        (false, _) => "failed".to_owned(),
    }
}

/// Whether a later run has the same program, runtime and knobs.
fn repeated(later: &[Run], run: &Run) -> bool {
    later.iter().any(|l| l.program == run.program && l.runtime == run.runtime && l.knobs == run.knobs)
}

/// The runtime, and the knobs that stand elsewhere than the lesson put them.
fn label(desk: &Desk, run: &Run) -> String {
    let mut out = run.runtime.label();
    for knob in &desk.lesson.knobs {
        if let Some(value) = run.knobs.get(&knob.name).filter(|value| **value != knob.default) {
            let _ = write!(out, " {}={value}", knob.name);
        }
    }
    out
}

/// The prediction of the open tab, the learner's guess and what was measured, once all three are there.
fn settled<'a>(model: &'a Model, desk: &'a Desk) -> Option<(&'a Prediction, &'a Guess, f64)> {
    let (_, prediction) = desk.prediction_for(desk.tab)?;
    if model.live().is_some() || desk.last_run(desk.tab).is_none() {
        return None;
    }
    let guess = model.progress.lessons.get(&desk.lesson.id)?.predictions.get(&prediction.id)?;
    Some((prediction, guess, guess.measured?))
}

/// The prediction of the open tab beside what was measured, and why it is so.
fn told(model: &Model, desk: &Desk, columns: u16) -> Vec<Line<'static>> {
    let Some((prediction, guess, measured)) = settled(model, desk) else { return Vec::new() };
    let cells = columns.saturating_sub(2);
    let mut lines = vec![Line::default()];
    lines.extend(said(model, prediction, guess, measured, cells));
    lines.extend(draw::wrap_text(&prediction.explain, cells, model.theme.palette.text));
    lines
}

fn said(model: &Model, prediction: &Prediction, guess: &Guess, measured: f64, cells: u16) -> Vec<Line<'static>> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let right = right_choice(&prediction.choices, measured).map(|place| prediction.choices[place].label.as_str());
    let value = metric_words(prediction.metric, measured, &model.theme);
    let said = guess.choice.as_deref();
    let (mark, style) = match said {
        _ if guess.disturbed => (glyphs.warn, palette.bad),
        Some(_) if said == right => (glyphs.yes, palette.good),
        Some(_) => (glyphs.no, palette.bad),
        None => (" ", palette.dim),
    };
    let words = said.map_or_else(|| "you did not predict".to_owned(), |said| format!("you said “{said}”"));
    let words = if glyphs.unicode { words } else { words.replace(['“', '”'], "\"") };
    let mut spans = vec![
        Span::styled(format!("{mark} "), style),
        Span::styled(format!("{words} {} measured ", glyphs.dot), palette.text),
        Span::styled(value, palette.selected),
    ];
    if guess.disturbed {
        spans.push(Span::styled(" on a disturbed machine: run it again", palette.dim));
    }
    draw::wrap(&spans, cells, 2)
}

fn inset(area: Rect) -> Rect {
    Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area }
}
