//! The prediction before a first run, to be chosen or drawn; and the drawn bars with the measured ones over them.

use crate::app::frame::{Placed, Scrolled, Target, layout, paper};
use crate::app::keymap::{self, Id};
use crate::app::model::{Model, Voice};
use crate::app::screens::ask;
use crate::app::screens::desk::state::longest;
use crate::app::screens::desk::{Desk, Gate};
use crate::insight::drawn;
use crate::learner::progress::Guess;
use crate::lesson::{Drawing, Prediction, PredictionAsk, knobs};
use crate::view::{Ask, Bar, Bars, Choosable, Mark, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// The parts of the gate.
struct Parts {
    title: Rect,
    ask: Rect,
    bars: Rect,
    sum: Rect,
    hint: Rect,
}

/// The prediction that waits on this desk.
#[must_use]
pub fn waiting(desk: &Desk) -> Option<(&Gate, &Prediction)> {
    let gate = desk.gate.as_ref()?;
    Some((gate, desk.lesson.predictions.get(gate.prediction)?))
}

fn ask<'a>(model: &'a Model, gate: &Gate, prediction: &'a Prediction) -> Ask<'a> {
    let mark = |place| if place == gate.selected { Mark::Here } else { Mark::Open };
    let choices = prediction.choices().iter().enumerate();
    let choices = choices.map(|(place, choice)| Choosable { text: &choice.label, mark: mark(place) }).collect();
    Ask { choices, ..Ask::new(&prediction.question, &model.theme) }
}

/// Divides the gate; where it has not all the rows that it could use, the empty ones go first, then its title.
fn parts(ask: &mut Ask<'_>, bars: u16, area: Rect) -> Parts {
    let sum = if bars > 0 { 2 } else { 0 };
    ask.tight = 2 + ask.height(area.width) + bars + sum + 2 > area.height;
    let (gap, height) = (u16::from(!ask.tight), ask.height(area.width));
    let title = if height + bars + sum + 1 < area.height { 1 + gap } else { 0 };
    let (title, rest) = layout::top(area, title);
    let (asked, rest) = layout::top(rest, height);
    let (drawn, rest) = layout::top(rest, bars);
    let (sum, rest) = layout::top(rest, sum.min(1 + gap));
    let (_, rest) = layout::top(rest, gap);
    let inset = Rect { x: drawn.x.saturating_add(1), width: drawn.width.saturating_sub(2), ..drawn };
    Parts { title, ask: asked, bars: inset, sum, hint: layout::top(rest, 1).0 }
}

/// The bars of a prediction: those at the gate, or with `measured` those of a run.
fn rows(desk: &Desk, prediction: &Prediction, drawn: &[f64], measured: &[f64]) -> Vec<Bar> {
    let PredictionAsk::Draw(drawing) = prediction.ask else { return Vec::new() };
    let bar = |label: String, place: usize| Bar {
        label,
        drawn: drawn.get(place).copied(),
        measured: measured.get(place).copied(),
    };
    match drawing {
        Drawing::Cores => (0..drawn.len()).map(|place| bar(core(place), place)).collect(),
        Drawing::Wall => {
            let given = Bar { label: baseline(desk, prediction).to_owned(), drawn: None, measured: Some(1.0) };
            vec![given, bar(prediction.program.clone(), 0)]
        }
    }
}

/// The name of the program that the drawn one is compared with.
fn baseline<'a>(desk: &'a Desk, prediction: &Prediction) -> &'a str {
    let programs = &desk.lesson.programs;
    let program = programs.iter().position(|program| program.name == prediction.program);
    program.and_then(|program| desk.baseline(program)).map_or("the baseline", |place| programs[place].name.as_str())
}

/// A core is named by its place: which number it has makes no difference.
fn core(place: usize) -> String {
    match place {
        0 => "busiest core".to_owned(),
        1 => "2nd core".to_owned(),
        2 => "3rd core".to_owned(),
        n => format!("{}th core", n + 1),
    }
}

fn drawing(prediction: &Prediction) -> Option<Drawing> {
    if let PredictionAsk::Draw(drawing) = prediction.ask { Some(drawing) } else { None }
}

/// Calls with the bars at the gate.
fn with_bars<T>(
    model: &Model,
    desk: &Desk,
    (gate, prediction): (&Gate, &Prediction),
    then: impl FnOnce(&Bars<'_>) -> T,
) -> T {
    let drawn: Vec<f64> = gate.bars.iter().map(|percent| f64::from(*percent) / 100.0).collect();
    let bars = rows(desk, prediction, &drawn, &[]);
    // The baseline's bar stands above the one that is drawn, and is none to set.
    let selected = Some(gate.selected + bars.len().saturating_sub(drawn.len()));
    let most = drawing(prediction).map_or(1.0, |drawing| f64::from(longest(drawing)) / 100.0);
    then(&Bars { bars: &bars, most, selected, theme: &model.theme })
}

/// Draws the gate, if a prediction waits; tells whether one does.
pub fn draw(model: &Model, desk: &Desk, area: Rect, buf: &mut Buffer) -> bool {
    let Some((gate, prediction)) = waiting(desk) else { return false };
    let palette = &model.theme.palette;
    let mut ask = ask(model, gate, prediction);
    with_bars(model, desk, (gate, prediction), |bars| {
        let parts = parts(&mut ask, layout::count(bars.bars), area);
        draw::text(buf, parts.title, parts.title.x + 1, parts.title.y, &title(model, desk), palette.dim);
        (&ask).render(parts.ask, buf);
        bars.render(parts.bars, buf);
        if !bars.bars.is_empty() {
            let y = parts.sum.bottom().saturating_sub(1);
            let sum = sum(prediction, gate);
            draw::text(buf, parts.sum, parts.sum.x.saturating_add(3), y, &sum, palette.dim);
        }
        let hint = hint(model, &ask, gate.bars.len());
        draw::line(buf, parts.hint, parts.hint.x.saturating_add(1), parts.hint.y, &hint);
    });
    true
}

/// What stands above the question: with which knobs it will run, where the learner has turned them.
#[must_use]
pub fn title(model: &Model, desk: &Desk) -> String {
    let written = desk.written_for(desk.tab, model.runtimes.current());
    if written.is_empty() {
        return "Before you run it: what do you expect?".to_owned();
    }
    format!("Before you run it with {}: what do you expect?", knobs::said(&written))
}

/// The bars at the gate in words, each with its name.
#[must_use]
pub fn bars_in_words(desk: &Desk, prediction: &Prediction, gate: &Gate) -> Vec<String> {
    let drawn: Vec<f64> = gate.bars.iter().map(|percent| f64::from(*percent) / 100.0).collect();
    let bars = rows(desk, prediction, &drawn, &[]);
    bars.into_iter()
        .map(|bar| format!("{} {:.0} %", bar.label, bar.drawn.or(bar.measured).unwrap_or(0.0) * 100.0))
        .collect()
}

/// What the bars add up to.
#[must_use]
pub fn sum(prediction: &Prediction, gate: &Gate) -> String {
    let sum: u32 = gate.bars.iter().map(|percent| u32::from(*percent)).sum();
    match drawing(prediction) {
        Some(Drawing::Cores) => format!("in all {sum} %: 100 % is one core, busy all the time"),
        _ => "100 % is as long as the first bar".to_owned(),
    }
}

/// The keys of the gate.
fn hint(model: &Model, ask: &Ask<'_>, bars: usize) -> Line<'static> {
    let palette = &model.theme.palette;
    let set = format!("{} {}", model.keys(Id::SetBar), keymap::name(Id::SetTenths));
    let (set, which, run) = (set.as_str(), model.keys(Id::ChooseBar), keymap::name(Id::Drawn));
    let skip = keymap::name(Id::SkipDrawing);
    let count = keymap::numbers(ask.choices.len());
    let keys = match (ask.choices.len(), bars) {
        (0, 1) => vec![(set, "set the bar"), (run, "run"), (skip, "run without drawing")],
        (0, _) => vec![(set, "set a bar"), (which, "which bar"), (run, "run"), (skip, "skip drawing")],
        _ => vec![(count, "answer and run"), (keymap::name(Id::SkipChoosing), "run without predicting")],
    };
    let spans = keys.iter().flat_map(|(key, does)| {
        [Span::styled((*key).to_owned(), palette.accent), Span::styled(format!(" {does}    "), palette.dim)]
    });
    Line::from(spans.collect::<Vec<_>>())
}

/// What can be clicked at the gate.
#[must_use]
pub fn targets(model: &Model, desk: &Desk, area: Rect) -> Vec<Placed> {
    let Some((gate, prediction)) = waiting(desk) else { return Vec::new() };
    let mut ask = ask(model, gate, prediction);
    with_bars(model, desk, (gate, prediction), |bars| {
        let parts = parts(&mut ask, layout::count(bars.bars), area);
        let mut out = paper::targets(&ask::targets(&ask, parts.ask.width), 0, Scrolled::default(), parts.ask);
        let given = bars.bars.len() - gate.bars.len();
        let bar = |(area, row): (Rect, usize)| Some(Placed::new(area, Target::Bar(row.checked_sub(given)?, bars.most)));
        out.extend(bars.placed(parts.bars).filter_map(bar));
        out
    })
}

/// The drawn bars with the measured ones laid over them, and one sentence for the gap; empty where nothing was drawn.
/// Where there is little room, the sentence stands without more than four bars.
#[must_use]
pub fn overlaid(
    model: &Model,
    desk: &Desk,
    prediction: &Prediction,
    guess: &Guess,
    (cells, short): (u16, bool),
) -> Vec<Line<'static>> {
    let Some(drawing) = drawing(prediction).filter(|_| !guess.drawn.is_empty()) else { return Vec::new() };
    let bars = rows(desk, prediction, &guess.drawn, &guess.bars);
    let most = f64::from(longest(drawing)) / 100.0;
    let mut lines = if model.voice == Voice::Lines {
        bars.iter().flat_map(|bar| draw::wrap_text(&beside(bar), cells, model.theme.palette.text)).collect()
    } else if short && bars.len() > 4 {
        Vec::new()
    } else {
        Bars { bars: &bars, most, selected: None, theme: &model.theme }.lines(cells)
    };
    lines.extend(draw::wrap_text(&gap(desk, prediction, drawing, guess), cells, model.theme.palette.heading));
    lines
}

/// A bar in words.
fn beside(bar: &Bar) -> String {
    let share = |name: &str, share: Option<f64>| share.map(|share| format!("{name} {:.0} %", share * 100.0));
    let both: Vec<String> = [share("you", bar.drawn), share("measured", bar.measured)].into_iter().flatten().collect();
    format!("{}: {}", bar.label, both.join(", "))
}

/// Rows that the overlaid bars of a prediction will take, before there is anything to lay over them.
#[must_use]
pub fn overlaid_rows(model: &Model, desk: &Desk, prediction: &Prediction) -> u16 {
    let done = model.progress.lessons.get(&desk.lesson.id);
    let drawn = done.and_then(|done| done.predictions.get(&prediction.id)).map_or(&[][..], |guess| &guess.drawn);
    layout::count(&rows(desk, prediction, drawn, &[]))
}

fn gap(desk: &Desk, prediction: &Prediction, drawing: Drawing, guess: &Guess) -> String {
    match (drawing, guess.bars.first(), guess.measured) {
        (Drawing::Cores, Some(_), _) => drawn::cores_gap(&guess.drawn, &guess.bars),
        (Drawing::Cores, None, measured) => {
            let sum = measured.map_or_else(String::new, |sum| format!("; {:.0} % of one was measured", sum * 100.0));
            let said = guess.drawn.iter().sum::<f64>() * 100.0;
            format!(
                "You drew {said:.0} % of one core{sum}. Which core was busy is not known here: the switches of threads \
                 between cores were not recorded."
            )
        }
        (Drawing::Wall, measured, _) => {
            let drawn = guess.drawn.first().copied().unwrap_or_default();
            measured.map_or_else(String::new, |measured| drawn::wall_gap(drawn, *measured, baseline(desk, prediction)))
        }
    }
}
