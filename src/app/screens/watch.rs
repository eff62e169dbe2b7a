//! What is watched: the cores, the timeline and the results; before the first run, the prediction or an invitation.

use crate::app::desk::Desk;
use crate::app::model::{Model, unavailable};
use crate::app::screens::{Shown, chrome, layout, results};
use crate::lesson::Program;
use crate::runtime::Runtime;
use crate::trace::Trace;
use crate::view::{Cores, Legend, Predict, Timeline, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// Rows that a timeline has at least where there is room: it does not jump while threads come up.
const LEAST_TIMELINE: u16 = 11;

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
    let told = layout::rows(&told(model, desk, area.width));
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

/// Rows that the results below the picture take: all of them, or where room is short what the run means.
fn wanted(model: &Model, desk: &Desk, columns: u16) -> u16 {
    if layout::stacked(model.size) {
        return layout::rows(&results::gist(model, desk, columns));
    }
    results::with_results(model, desk, Rect { height: u16::MAX, width: columns, ..Rect::default() }, |results| {
        // One more, so that the sentence stands apart from the table.
        results.height(columns).saturating_add(1)
    })
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
        draw::lines(buf, results::inset(parts.results), &results::gist(model, desk, parts.results.width));
        return;
    }
    if !desk.runs.is_empty() {
        chrome::titled_rule(model, parts.rule, "results", buf);
        results::with_results(model, desk, parts.results, |results| results.render(parts.results, buf));
    }
    draw::lines(buf, results::inset(parts.told), &told(model, desk, parts.told.width));
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
        (None, Some(run)) => {
            let program = &programs[run.program];
            let note = note(program, &run.runtime).map_or_else(String::new, |note| format!(" ({note})"));
            format!("{} on {}{note}", program.name, run.runtime.label())
        }
        (None, None) => String::new(),
    }
}

/// What is to be known of a program on this runtime.
fn note<'a>(program: &'a Program, runtime: &Runtime) -> Option<&'a str> {
    let note = program.note.as_deref()?;
    match note.strip_prefix("native: ") {
        Some(note) => matches!(runtime, Runtime::Native { .. }).then_some(note),
        None => Some(note),
    }
}

/// The prediction beside the measurement, and how it was measured.
fn told(model: &Model, desk: &Desk, columns: u16) -> Vec<Line<'static>> {
    if layout::stacked(model.size) {
        return Vec::new();
    }
    let mut lines = results::told(model, desk, columns);
    lines.extend(results::measured(model, columns));
    lines
}
