//! The gate before a first run: what the learner expects is chosen or drawn, then it is set beside what was measured.

use crate::app::effect::{Effect, Effects};
use crate::app::frame::layout;
use crate::app::keymap::{self, Id};
use crate::app::model::{Model, Place, Voice};
use crate::app::screens::desk::state::longest;
use crate::app::screens::desk::{Gate, Pane, Run};
use crate::insight::{drawn, predicted};
use crate::learner::progress::Guess;
use crate::lesson::types::Knobs;
use crate::lesson::{Drawing, Prediction, PredictionAsk, knobs};

/// A key makes a bar so many percent longer or shorter.
const STEP: u16 = 5;
/// The most cores that are drawn.
pub const MOST_CORES: usize = 8;

/// Opens the gate of this program, where it has one that was not met yet; tells whether it did.
pub fn open(model: &mut Model, program: usize) -> bool {
    let Some((prediction, bars)) = waiting(model, program) else { return false };
    let stacked = layout::stacked(model.size);
    if let Some(desk) = model.desk_mut() {
        desk.gate = Some(Gate { prediction, selected: 0, bars: vec![0; bars] });
        desk.view.cursor = None;
        if stacked {
            desk.pane = Pane::Watch;
        }
    }
    true
}

/// The prediction that this program still waits for, by place in the lesson, and how many bars are to be drawn.
fn waiting(model: &Model, program: usize) -> Option<(usize, usize)> {
    let desk = model.desk()?;
    let known = model.progress.lessons.get(&desk.lesson.id);
    let (label, gil) = (model.runtimes.current().label(), model.runtimes.current().has_gil());
    let met = |p: &Prediction| known.and_then(|l| l.guess(&p.id, gil)).is_some_and(|guess| guess.met(&label));
    let mut open = desk.predictions_for(program).filter(|(_, p)| !met(p) && !desk.skipped.contains(&p.id));
    let (place, prediction) = open.next()?;
    let cores = model.machine.map_or(model.cores, |machine| machine.cores);
    let bars = match prediction.ask {
        PredictionAsk::Choice { .. } => 0,
        PredictionAsk::Draw(Drawing::Wall) => 1,
        PredictionAsk::Draw(Drawing::Cores) => usize::try_from(cores).unwrap_or(1).clamp(1, MOST_CORES),
    };
    Some((place, bars))
}

/// The prediction at the gate.
fn at_gate(model: &Model) -> Option<(&Gate, &Prediction)> {
    let desk = model.desk()?;
    let gate = desk.gate.as_ref()?;
    Some((gate, desk.lesson.predictions.get(gate.prediction)?))
}

/// Passes the gate with the choice of this number.
pub fn choose(model: &mut Model, choice: usize) -> Effects {
    let guess = at_gate(model).and_then(|(_, p)| p.choices().get(choice)).map(|choice| Guess {
        choice: Some(choice.label.clone()),
        choice_id: Some(choice.id.clone()),
        ..Guess::default()
    });
    guess.map_or_else(Effects::none, |guess| pass(model, guess))
}

/// Passes the gate with what is selected or drawn.
pub fn commit(model: &mut Model) -> Effects {
    let Some((gate, _)) = at_gate(model) else { return Effects::none() };
    if gate.bars.is_empty() {
        let selected = gate.selected;
        return choose(model, selected);
    }
    if gate.bars.iter().all(|percent| *percent == 0) {
        let how = match model.voice {
            Voice::Screen => format!("{} or the mouse", keymap::names(Id::SetBar, model.theme.glyphs.unicode)),
            Voice::Lines => "a digit for each, such as 9 1".to_owned(),
        };
        model.say(format!("Set the bars first: {how}. {}: run without drawing.", keymap::name(Id::SkipDrawing)));
        return Effects::none();
    }
    let drawn = gate.bars.iter().map(|percent| f64::from(*percent) / 100.0).collect();
    pass(model, Guess { drawn, ..Guess::default() })
}

/// Passes the gate without predicting. The prediction is asked again the next time.
pub fn skip(model: &mut Model) -> Effects {
    let Some(id) = at_gate(model).map(|(_, prediction)| prediction.id.clone()) else { return Effects::none() };
    if let Some(desk) = model.desk_mut() {
        desk.skipped.insert(id);
    }
    pass(model, Guess::default())
}

/// Keeps the guess; then the next gate of the program opens, or it runs. What was predicted runs with the knobs that the
/// prediction was written for.
fn pass(model: &mut Model, guess: Guess) -> Effects {
    let Some((_, prediction)) = at_gate(model) else { return Effects::none() };
    let (id, runtime) = (prediction.id.clone(), model.runtimes.current().clone());
    let Some(desk) = model.desk_mut() else { return Effects::none() };
    desk.gate = None;
    let (lesson, program) = (desk.lesson.id.clone(), desk.tab);
    let written = if guess.skipped() { Knobs::new() } else { desk.written_for(program, &runtime) };
    desk.knobs.extend(written.clone());
    let knobs = desk.used_knobs(program, &runtime, &desk.knobs);
    let done = model.progress.lesson_mut(&lesson);
    // A gate that is skipped undoes no guess.
    if !guess.skipped() || done.guess(&id, runtime.has_gil()).is_none_or(Guess::skipped) {
        let (label, gil) = (Some(runtime.label()), Some(runtime.has_gil()));
        done.keep_guess(&id, Guess { runtime: label, gil, knobs, ..guess });
    }
    let effects = if open(model, program) { Effects::none() } else { super::running::begin(model, program) };
    if !written.is_empty() {
        model.say(format!("With {}, as the question says.", knobs::said(&written)));
    }
    effects.and(Effect::Save)
}

/// Moves between the choices or the bars.
pub fn select(model: &mut Model, by: isize) {
    let Some(count) = at_gate(model).map(|(gate, p)| gate.bars.len().max(p.choices().len())) else { return };
    if let Some(gate) = model.desk_mut().and_then(|desk| desk.gate.as_mut()) {
        gate.selected = gate.selected.saturating_add_signed(by).min(count.saturating_sub(1));
    }
}

/// Makes the selected bar longer or shorter by so many steps.
pub fn stretch(model: &mut Model, by: i16) {
    let Some(gate) = at_gate(model).map(|(gate, _)| gate) else { return };
    let (place, now) = (gate.selected, gate.bars.get(gate.selected).copied().unwrap_or(0));
    set(model, place, now.saturating_add_signed(by.saturating_mul(STEP.cast_signed())));
}

/// Sets the selected bar to so many tenths of all.
pub fn set_tenths(model: &mut Model, tenths: u8) {
    if let Some((gate, _)) = at_gate(model) {
        set(model, gate.selected, u16::from(tenths) * 10);
    }
}

/// Sets a bar to the step nearest to this share.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of at most 3")]
pub fn set_to(model: &mut Model, bar: usize, share: f64) {
    set(model, bar, (share * 100.0 / f64::from(STEP)).round().max(0.0) as u16 * STEP);
}

/// Sets a bar to so many percent, or as many as it can have.
pub fn set(model: &mut Model, bar: usize, percent: u16) {
    let Some((_, Prediction { ask: PredictionAsk::Draw(drawing), .. })) = at_gate(model) else { return };
    let most = longest(*drawing);
    let Some(gate) = model.desk_mut().and_then(|desk| desk.gate.as_mut()) else { return };
    if let Some(set) = gate.bars.get_mut(bar) {
        *set = percent.min(most);
        gate.selected = bar;
    }
}

/// The measurement beside each prediction of the last run's program, once: the first run on the runtime and with the knobs
/// that it was made for is what was predicted, unless it was disturbed.
pub fn set_beside(model: &mut Model, place: Place) -> Option<Effect> {
    let usable = model.machine.map(|machine| machine.usable_cores);
    let desk = match place {
        Place::Lesson(index) => model.desks.get_mut(index)?,
        Place::Task => model.task.as_deref_mut()?,
    };
    let run = desk.runs.last()?;
    let mut said = None;
    for (_, prediction) in desk.predictions_for(run.program) {
        let facts = (&run.summary, &run.verdict, run.end);
        let Some(measured) = predicted::measured(prediction, facts, usable) else { continue };
        let lesson = model.progress.lessons.get_mut(&desk.lesson.id)?;
        let runtime = &run.spec.runtime;
        let Some(guess) = lesson.guess_mut(&prediction.id, runtime.has_gil()) else { continue };
        let turned = prediction.turned(&desk.lesson, runtime.language(), &run.spec.knobs);
        if !turned.is_empty() || !guess.awaits(&runtime.label()) {
            continue;
        }
        guess.measured = Some(measured.value);
        guess.bars = bars(run, prediction);
        guess.runtime = Some(run.spec.runtime.label());
        guess.disturbed = measured.disturbed;
        let choices = prediction.choices();
        guess.right = predicted::is_right(choices, guess.chosen(choices), measured.value, measured.disturbed);
        said = said.or_else(|| Some(guessed(guess)));
    }
    let said = said?;
    if let Some(run) = desk.runs.last_mut() {
        run.said = said;
    }
    Some(Effect::Save)
}

/// What was measured of what was drawn; none where it is not known.
fn bars(run: &Run, prediction: &Prediction) -> Vec<f64> {
    match prediction.ask {
        PredictionAsk::Choice { .. } => Vec::new(),
        PredictionAsk::Draw(Drawing::Wall) => {
            run.summary.speedup.filter(|s| *s > 0.0).map(|speedup| 1.0 / speedup).into_iter().collect()
        }
        PredictionAsk::Draw(Drawing::Cores) => {
            let trace = run.outcome.as_deref().map(|outcome| &outcome.trace);
            let mut shares = trace.and_then(drawn::core_use).unwrap_or_default();
            shares.truncate(MOST_CORES);
            shares
        }
    }
}

/// What the learner said, for the table.
fn guessed(guess: &Guess) -> Option<String> {
    let drawn = || format!("drew {:.0} %", guess.drawn.iter().sum::<f64>() * 100.0);
    guess.choice.clone().or_else(|| (!guess.drawn.is_empty()).then(drawn))
}
