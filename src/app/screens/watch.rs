//! What is watched: the cores, the timeline and the results; before the first run, the prediction or an invitation.

use crate::app::desk::{Desk, Run};
use crate::app::model::{Model, unavailable};
use crate::app::screens::{Shown, chrome, layout};
use crate::lesson::Prediction;
use crate::trace::Trace;
use crate::view::predict::{metric_words, right_choice};
use crate::view::{Cores, Legend, Predict, ResultRow, Results, Timeline, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use std::fmt::Write;

/// Columns of a lane's name, left of its time.
pub const NAMES: u16 = 16;

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
    let cores = u16::try_from(trace.cores.len().max(1)).unwrap_or(u16::MAX);
    let (cores, rest) = layout::top(area, cores.min((area.height / 4).max(2)));
    let (title, rest) = layout::top(rest, 1);
    let told = u16::try_from(told(model, desk, area.width).len()).unwrap_or(u16::MAX);
    let wanted = with_results(model, desk, u16::MAX, |results| results.height(area.width));
    let least = (rest.height / 3).clamp(5, 12);
    let (rest, told) = layout::bottom(rest, told.min(rest.height.saturating_sub(least + wanted.min(6) + 2)));
    let (rest, results) = layout::bottom(rest, wanted.min(rest.height.saturating_sub(least + 2)));
    let (rest, rule) = layout::bottom(rest, 1);
    let (timeline, legend) = layout::bottom(rest, 1);
    Parts { gate: Rect::default(), cores, title, timeline, legend, rule, results, told }
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
    if !desk.runs.is_empty() && !parts.results.is_empty() {
        chrome::titled_rule(model, parts.rule, "results", buf);
        with_results(model, desk, parts.results.height, |results| results.render(parts.results, buf));
    }
    draw::lines(buf, inset(parts.told), &told(model, desk, parts.told.width));
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
            let stop = if active.cancelled { "stopping" } else { "running, esc stops it" };
            let follow = if desk.view.follow { "" } else { ", picture held: f follows" };
            format!("{name} on {}: {stop}{follow}", active.request.runtime.label())
        }
        (None, Some(run)) => format!("{} on {}", programs[run.program].name, run.runtime.label()),
        (None, None) => String::new(),
    }
}

/// Calls with the table of runs: the last run of every program, runtime and set of knobs, as many as fit.
pub fn with_results<T>(model: &Model, desk: &Desk, rows: u16, then: impl FnOnce(&Results<'_>) -> T) -> T {
    let shown = model.shown_run().filter(|_| model.live().is_none());
    let latest: Vec<&Run> =
        desk.runs.iter().enumerate().filter(|(i, run)| !repeated(&desk.runs[i + 1..], run)).map(|(_, r)| r).collect();
    let room = usize::from(rows.saturating_sub(4)).max(1);
    let latest = &latest[latest.len().saturating_sub(room)..];
    let labels: Vec<String> = latest.iter().map(|run| label(desk, run)).collect();
    let table: Vec<ResultRow<'_>> = latest
        .iter()
        .zip(&labels)
        .map(|(run, runtime)| ResultRow {
            program: &desk.lesson.programs[run.program].name,
            runtime,
            summary: run.ok.then_some(&run.summary),
            said: run.said.as_deref(),
            note: (!run.ok).then(|| ended_badly(run)),
            current: shown.is_some_and(|shown| shown.id == run.id),
        })
        .collect();
    let verdict = shown.filter(|run| run.ok).map(|run| &run.verdict);
    then(&Results { rows: &table, verdict, theme: &model.theme })
}

fn ended_badly(run: &Run) -> &'static str {
    match run.outcome.as_deref() {
        Some(outcome) if outcome.cancelled => "stopped",
        Some(outcome) if outcome.exit.timed_out => "took too long",
        _ => "failed",
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

/// The prediction of the open tab beside what was measured, and why it is so.
fn told(model: &Model, desk: &Desk, columns: u16) -> Vec<Line<'static>> {
    let nothing = Vec::new;
    let Some((_, prediction)) = desk.prediction_for(desk.tab) else { return nothing() };
    if model.live().is_some() || desk.last_run(desk.tab).is_none() {
        return nothing();
    }
    let done = model.progress.lessons.get(&desk.lesson.id);
    let Some(guess) = done.and_then(|d| d.predictions.get(&prediction.id)) else { return nothing() };
    let Some(measured) = guess.measured else { return nothing() };
    let cells = columns.saturating_sub(2);
    let mut lines = vec![Line::default()];
    lines.extend(said(model, prediction, guess.choice.as_deref(), measured, cells));
    lines.extend(draw::wrap_text(&prediction.explain, cells, model.theme.palette.text));
    lines
}

fn said(model: &Model, prediction: &Prediction, choice: Option<&str>, measured: f64, cells: u16) -> Vec<Line<'static>> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let right = right_choice(&prediction.choices, measured).map(|place| prediction.choices[place].label.as_str());
    let value = metric_words(prediction.metric, measured, &model.theme);
    let (mark, style, words) = match choice {
        Some(said) if Some(said) == right => (glyphs.yes, palette.good, format!("you said “{said}”")),
        Some(said) => (glyphs.no, palette.bad, format!("you said “{said}”")),
        None => (" ", palette.dim, "you did not predict".to_owned()),
    };
    let words = if glyphs.unicode { words } else { words.replace(['“', '”'], "\"") };
    let spans = [
        Span::styled(format!("{mark} "), style),
        Span::styled(format!("{words} {} measured ", glyphs.dot), palette.text),
        Span::styled(value, palette.selected),
    ];
    draw::wrap(&spans, cells, 2)
}

fn inset(area: Rect) -> Rect {
    Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area }
}
