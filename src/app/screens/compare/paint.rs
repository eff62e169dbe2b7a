//! How a comparison is drawn.

use super::{Comparing, Plan, plan, runs};
use crate::app::frame::{Placed, Shown, Target, chrome, layout};
use crate::app::keymap::{self, Action, Id};
use crate::app::model::Model;
use crate::clock::{Nanos, seconds};
use crate::insight::{Ledger, words};
use crate::lesson::Prediction;
use crate::lesson::types::Knobs;
use crate::view::{Legend, Spent, Stack, StackRun, Standing, draw, reading};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// Rows at most for what each run did at an instant.
const MOST_TOLD: u16 = 7;

/// What is said where a program was not predicted yet.
pub const UNJUDGED: &str = "Nothing here is held against a prediction: those are still yours to make in the lesson.";

/// Draws what stands still while a run streams.
pub fn frame(model: &Model, plan: &Plan, buf: &mut Buffer) {
    let Some(comparing) = model.comparing.as_deref() else { return };
    let outline = model.desks[comparing.lesson].lesson.outline();
    let title =
        if comparing.demo { "One sum, three ways".to_owned() } else { format!("{}, side by side", outline.title) };
    chrome::header(model, &title, None, plan.parts.header, buf);
    draw::rule(buf, plan.parts.rule, plan.parts.rule.y, &model.theme);
}

/// Draws the rest.
pub fn body(model: &Model, shown: &Shown<'_>, plan: &Plan, buf: &mut Buffer) {
    let Some(comparing) = model.comparing.as_deref() else { return };
    let parts = &plan.parts;
    head(model, comparing, parts.head, buf);
    let rows = runs::rows(model, comparing, shown.trace);
    let stack = plan::stack(model, comparing, &rows, (plan.axis, plan_area(model)));
    Stack { marked: !parts.close.is_empty(), ..stack }.render(parts.stack, buf);
    said(model, comparing, &rows, parts.said, buf);
    // Of all runs, the one with the most to explain.
    let legends = rows.iter().filter_map(|row| row.trace).map(|trace| Legend {
        trace: Some(trace),
        meant: false,
        theme: &model.theme,
    });
    if let Some(legend) = legends.max_by_key(|legend| legend.states().len()) {
        (&legend).render(parts.legend, buf);
    }
    with_spent(model, comparing, stack.left().0, |spent| spent.render(parts.spent, buf));
    if parts.close.is_empty() {
        return;
    }
    let close = runs::close(&rows);
    let title = match comparing.cursor {
        Some(at) => format!("close up: 100 ms of each, around {}", instant(at)),
        None if plan.stack.bracketed => {
            format!("close up: 100 ms of each, where {} stands", model.theme.glyphs.bracket[..3].concat())
        }
        None => "close up: 100 ms of each, underlined".to_owned(),
    };
    chrome::titled_rule(model, parts.title, &title, buf);
    plan::close_up(model, &close, &stack).render(parts.close, buf);
}

/// Calls with what the cores' time went for in each run.
fn with_spent<T>(model: &Model, comparing: &Comparing, names: u16, then: impl FnOnce(&Spent<'_>) -> T) -> T {
    let programs = &model.desks[comparing.lesson].lesson.programs;
    let runs: Vec<(&str, &Ledger)> =
        comparing.spent.iter().map(|(program, ledger)| (programs[*program].name.as_str(), ledger)).collect();
    let runs = if runs::are_over(model) { runs } else { Vec::new() };
    then(&Spent { runs: &runs, names, theme: &model.theme })
}

/// Rows of what the cores' time went for.
pub fn spent_rows(model: &Model, comparing: &Comparing) -> u16 {
    if runs::are_over(model) { Spent::rows(comparing.spent.len()) } else { 0 }
}

const fn plan_area(model: &Model) -> Rect {
    Rect::new(0, 0, model.size.0, model.size.1)
}

/// An instant after the start of each run.
fn instant(at: Nanos) -> String {
    format!("{:.3} s", seconds(at))
}

/// What is compared, and how far it has come.
fn head(model: &Model, comparing: &Comparing, area: Rect, buf: &mut Buffer) {
    let palette = &model.theme.palette;
    let right = Rect { width: area.width.saturating_sub(1), ..area };
    let words = progress(model, comparing);
    let style = if runs::live(model).is_some() { palette.accent } else { palette.dim };
    draw::text_right(buf, right, area.y, &words, style);
    let room = right.width.saturating_sub(draw::width(&words) + 3);
    let text = draw::cut(&conditions(model, comparing), room, model.theme.glyphs.more);
    draw::text(buf, area, area.x + 1, area.y, &text, palette.dim);
}

/// The knobs' values, as the code that runs has them.
pub fn conditions(model: &Model, comparing: &Comparing) -> String {
    let desk = &model.desks[comparing.lesson];
    let mut used = Knobs::new();
    for program in &comparing.programs {
        used.extend(desk.used_knobs(*program, &comparing.runtime, &comparing.knobs));
    }
    // In the order of the source.
    let knobs = desk.lesson.knobs.iter().filter_map(|knob| used.get_key_value(&knob.name));
    let knobs: Vec<String> = knobs.map(|(name, value)| format!("{name} = {value}")).collect();
    let knobs = if knobs.is_empty() { String::new() } else { format!(", with {}", knobs.join(", ")) };
    let code = if comparing.demo { ": the code of lesson " } else { "; the code is that of lesson " };
    format!("The same work{code}{}{knobs}", comparing.lesson + 1)
}

/// How far it has come.
pub fn progress(model: &Model, comparing: &Comparing) -> String {
    let Some(active) = runs::live(model) else {
        let held = model.run_held;
        let what = if model.runtimes.looking { "looking for Pythons first" } else { "measuring this machine first" };
        return if held { what.to_owned() } else { String::new() };
    };
    let esc = keymap::name(Id::Back);
    if active.cancelled {
        return "stopping".to_owned();
    }
    let now = comparing.making.saturating_sub(active.then.len());
    format!("run {now} of {}; {esc} stops", comparing.making)
}

/// Rows of what is said below the stack, in so many columns: as many with a cursor as without, so that nothing jumps when
/// the learner points at an instant.
pub fn said_rows(model: &Model, comparing: &Comparing, columns: u16) -> u16 {
    let runs = comparing.programs.len() - comparing.why_not.len().min(comparing.programs.len());
    let instant = u16::try_from(1 + runs).unwrap_or(u16::MAX).min(MOST_TOLD);
    layout::rows(&said_lines(model, comparing, columns)).max(instant)
}

/// What is said below the stack, in so many columns.
fn said_lines(model: &Model, comparing: &Comparing, columns: u16) -> Vec<Line<'static>> {
    let palette = &model.theme.palette;
    let cells = columns.saturating_sub(2).min(reading::measure(columns).max(100));
    let mut lines = Vec::new();
    let said = &comparing.said;
    if !said.sentence.is_empty() {
        lines.extend(reading::sentences(&said.sentence, palette.heading, cells, &model.theme));
    }
    if !runs::are_over(model) {
        return lines;
    }
    // The way on stands before what a small screen has no room for.
    lines.extend(comparing.demo.then(|| way_on(model)));
    lines.extend(said.caveat.iter().flat_map(|caveat| draw::wrap_text(&words::sentence(caveat), cells, palette.dim)));
    if unjudged(model, comparing) {
        lines.extend(draw::wrap_text(UNJUDGED, cells, palette.dim));
    }
    lines
}

/// Where what a newcomer has just seen is explained.
fn way_on(model: &Model) -> Line<'static> {
    let (palette, title) = (&model.theme.palette, model.outlines().next().map_or("", |outline| outline.title.as_str()));
    Line::from(vec![
        Span::styled(keymap::name(Id::Why), palette.accent),
        Span::styled(format!("  Why? Lesson 1, {title}, begins there."), palette.heading),
    ])
}

/// What can be clicked in what is said.
pub fn said_targets(model: &Model, comparing: &Comparing, area: Rect) -> Vec<Placed> {
    let why = comparing.demo && comparing.cursor.is_none() && runs::are_over(model);
    let (lines, way_on) = (said_lines(model, comparing, area.width), way_on(model));
    let at = lines.iter().position(|line| *line == way_on).and_then(|at| u16::try_from(at).ok());
    let row = at.filter(|row| why && *row < area.height).map(|row| draw::row(area, row));
    row.map(|row| Placed::new(row, Target::Key(Action::Why))).into_iter().collect()
}

/// Whether a program of the comparison waits for a prediction.
pub fn unjudged(model: &Model, comparing: &Comparing) -> bool {
    let desk = &model.desks[comparing.lesson];
    let known = model.progress.lessons.get(&desk.lesson.id);
    let met = |p: &Prediction| known.is_some_and(|done| done.predicted(&p.id));
    !comparing.demo && comparing.programs.iter().any(|place| desk.predictions_for(*place).any(|(_, p)| !met(p)))
}

fn said(model: &Model, comparing: &Comparing, rows: &[StackRun<'_>], area: Rect, buf: &mut Buffer) {
    let palette = &model.theme.palette;
    let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let Some(at) = comparing.cursor else {
        draw::lines_cut(buf, inside, &said_lines(model, comparing, area.width), &model.theme);
        return;
    };
    let names = rows.iter().map(|row| draw::width(row.name)).max().unwrap_or(0);
    let mut lines = vec![Line::styled(format!("At {} after the start of each", instant(at)), palette.accent)];
    let there = rows.iter().filter(|row| !matches!(row.standing, Standing::Impossible(_)));
    let told = there.map(|row| {
        let gap = " ".repeat(usize::from(names - draw::width(row.name)) + 2);
        Line::from(vec![
            Span::styled(format!("{}{gap}", row.name), palette.heading),
            Span::styled(row.at_instant(at), palette.text),
        ])
    });
    lines.extend(told.map(|line| draw::cut_line(line, inside.width, model.theme.glyphs.more)));
    draw::lines_cut(buf, inside, &lines, &model.theme);
}
