//! Predict, run, explain: the gate before a first run, the run, and what it says afterwards.

use super::gate;
use crate::app::conclusion;
use crate::app::effect::{Effect, Effects};
use crate::app::engine::RunId;
use crate::app::frame::layout;
use crate::app::keymap::{self, Id};
use crate::app::model::{Active, Model, Place, Screen, Voice, unavailable};
use crate::app::screens::compare;
use crate::app::screens::desk::{Desk, Pane, Plan, Run, Scroll, recorded, sight};
use crate::app::screens::task;
use crate::lesson::types::Knobs;
use crate::runner::{Machine, Outcome, Raised, how_it_ended};
use crate::runtime::Runtime;
use crate::view::Viewport;
use std::collections::VecDeque;
use std::sync::Arc;

/// Runs the selected program, or asks for the prediction that gates its first run.
pub fn run(model: &mut Model) -> Effects {
    if model.desk().is_some_and(Desk::is_recorded) {
        model.say(recorded::NOTHING_RUNS);
        return Effects::none();
    }
    if model.active.is_some() {
        model.say_busy();
        return Effects::none();
    }
    if (model.runtimes.looking && !model.runtimes.chosen) || model.measuring {
        model.run_held = true;
        let what = if model.measuring { "Measuring this machine" } else { "Looking for Pythons" };
        model.say(format!("{what} first; the run starts by itself."));
        return Effects::none();
    }
    if let Err(instead) = can_run(model) {
        return instead;
    }
    let Some(desk) = model.desk_mut() else { return Effects::none() };
    let program = desk.tab;
    if desk.gate.is_some() {
        if model.desk().is_some_and(|desk| sight::gate(model, desk).is_none()) {
            // Nothing is answered that is not seen.
            model.desk_mut().into_iter().for_each(|desk| desk.pane = Pane::Watch);
            return Effects::none();
        }
        return gate::commit(model);
    }
    if gate::open(model, program) {
        return Effects::none();
    }
    begin(model, program)
}

/// Whether the selected program can run, or else what is done instead: where it cannot on the selected runtime, the next one
/// that can run it is selected; where packages alone are missing, they are offered.
fn can_run(model: &mut Model) -> Result<(), Effects> {
    let Some(desk) = model.desk() else { return Err(Effects::none()) };
    let (name, runtime) = (desk.current_program().name.clone(), model.runtimes.current().label());
    let Some(reason) = unavailable(&desk.lesson, desk.tab, model.runtimes.current()) else { return Ok(()) };
    if model.lacks_packages() {
        return Err(Effects::one(Effect::Install));
    }
    let Some(able) = model.able_runtime() else {
        let executor = keymap::name(Id::Executor);
        model.complain(format!("{name} cannot run on {runtime}: {reason}. {executor}: another executor"));
        return Err(Effects::none());
    };
    // For this program: another lesson begins with its own again.
    model.runtimes.selected = able;
    model.say(format!("On {}: {name} cannot run on {runtime}.", model.runtimes.current().label()));
    Ok(())
}

/// A run that waited for discovery or the calibration starts now.
pub fn held_run(model: &mut Model) -> Effects {
    if std::mem::take(&mut model.run_held) {
        model.notice = None;
        return if model.screen == Screen::Compare { compare::update::begin(model, false) } else { run(model) };
    }
    Effects::none()
}

/// A number answers the gate, or else the page's question.
pub fn answer(model: &mut Model, plan: &Plan, number: usize) -> Effects {
    if model.desk().is_some_and(|desk| sight::gate(model, desk).is_some()) {
        return gate::choose(model, number);
    }
    super::answering::number(model, plan, number)
}

/// Starts a program; the baseline runs before it where speed-up has nothing to be measured against.
pub fn begin(model: &mut Model, program: usize) -> Effects {
    let runtime = model.runtimes.current().clone();
    let Some((place, desk)) = model.place().zip(model.desk()) else { return Effects::none() };
    let baseline =
        desk.baseline(program).filter(|b| *b != program && unavailable(&desk.lesson, *b, &runtime).is_none());
    let missing = baseline.filter(|b| desk.same_run(*b, &runtime, &desk.knobs).is_none());
    let mut queue: VecDeque<usize> = missing.into_iter().chain([program]).collect();
    if let Some(baseline) = missing {
        let name = &desk.lesson.programs[baseline].name;
        let text = format!("{name} runs first: speed-up is measured against it.");
        model.say(text);
    }
    let first = queue.pop_front().unwrap_or(program);
    start(model, place, first, queue)
}

/// Runs programs of a desk one after the other.
pub fn chain(model: &mut Model, desk: Place, mut programs: VecDeque<usize>) -> Effects {
    let first = programs.pop_front();
    first.map_or_else(Effects::none, |first| start(model, desk, first, programs))
}

fn start(model: &mut Model, desk: Place, program: usize, then: VecDeque<usize>) -> Effects {
    let Some(on) = model.desk_at(desk) else { return Effects::none() };
    // A run of a chain keeps the chain's conditions, whatever was turned meanwhile.
    let chain = model.active.as_ref().map(|before| (before.spec.runtime.clone(), before.spec.knobs.clone()));
    let conditions = chain.unwrap_or_else(|| (model.runtimes.current().clone(), on.knobs.clone()));
    let effects = launch(model, desk, program, (then, false), &conditions);
    let (stacked, voice) = (layout::stacked(model.size), model.voice);
    if let Some(place) = model.desk_at_mut(desk) {
        place.view = Viewport { follow: true, ..Viewport::default() };
        place.pane = match voice {
            // In lines a part is read, and then something else is done.
            Voice::Lines => Pane::Text,
            Voice::Screen if stacked => Pane::Watch,
            Voice::Screen => place.pane,
        };
    }
    effects
}

/// Runs programs of a desk one after the other for a comparison, under these conditions: the desk stays as it is.
pub fn compare(
    model: &mut Model,
    desk: Place,
    mut programs: VecDeque<usize>,
    conditions: &(Runtime, Knobs),
) -> Effects {
    let first = programs.pop_front();
    first.map_or_else(Effects::none, |first| launch(model, desk, first, (programs, true), conditions))
}

fn launch(
    model: &mut Model,
    desk: Place,
    program: usize,
    (then, comparing): (VecDeque<usize>, bool),
    (runtime, knobs): &(Runtime, Knobs),
) -> Effects {
    let Some(on) = model.desk_at(desk) else { return Effects::none() };
    let (lesson, spec) = (on.lesson.clone(), on.spec(program, runtime, knobs));
    let id = RunId(model.next_run);
    model.next_run += 1;
    let cancelled = false;
    model.active = Some(Active { id, desk, program, spec: spec.clone(), then, comparing, cancelled, times: None });
    Effects::one(Effect::Start(id, lesson, Box::new(spec)))
}

/// A run of a comparison is over: the next one starts, however this one ended, unless it was stopped.
fn next_compared(model: &mut Model, mut active: Active, stopped: bool) -> Effects {
    let conditions = (active.spec.runtime, active.spec.knobs);
    match active.then.pop_front() {
        Some(next) if !stopped => launch(model, active.desk, next, (active.then, true), &conditions),
        _ => Effects::none(),
    }
}

/// Stops the run in progress and what would have followed it.
pub fn cancel(model: &mut Model) -> Effects {
    let Some(active) = &mut model.active else { return Effects::none() };
    active.cancelled = true;
    active.then.clear();
    Effects::one(Effect::Cancel(active.id))
}

/// Stops the run in progress, unless that was asked for already; `None` where there is nothing to stop.
pub fn interrupted(model: &mut Model) -> Option<Effects> {
    let goes_on = model.active.as_ref().is_some_and(|active| !active.cancelled);
    goes_on.then(|| cancel(model))
}

/// A run could not be started.
pub fn failed(model: &mut Model, id: RunId, why: &str) -> Effects {
    let Some(active) = model.active.take_if(|active| active.id == id) else { return Effects::none() };
    if active.comparing {
        let (program, stopped) = (active.program, active.cancelled);
        let effects = next_compared(model, active, stopped);
        compare::update::run_failed(model, program, why);
        return effects;
    }
    model.complain(format!("not started: {why}"));
    Effects::none()
}

/// A run has ended: its numbers are taken, the prediction meets the measurement, the next of the chain starts.
pub fn ended(model: &mut Model, id: RunId, outcome: &Arc<Outcome>) -> Effects {
    let Some(mut active) = model.active.take_if(|active| active.id == id) else { return Effects::none() };
    let ok = outcome.end.success();
    let (machine, now) = (model.machine, model.now);
    // The learner has left the task meanwhile: nobody asks any more.
    let Some(desk) = model.desk_at_mut(active.desk) else { return Effects::none() };
    let (mut summary, mut verdict) = conclusion::conclude(outcome, active.program, desk, machine);
    // Half a run is not faster than a whole one.
    summary.speedup = summary.speedup.filter(|_| ok);
    let raised = Raised::in_run(outcome).filter(|_| !outcome.end.cancelled());
    if let Some(words) = how_it_ended(outcome) {
        let name = &desk.lesson.programs[active.program].name;
        match &raised {
            _ if desk.expects_success() => conclusion::ended_badly(&mut verdict, name, &words, outcome.end),
            Some(_) => conclusion::raised(&mut verdict, name, &words),
            None => {}
        }
    }
    desk.remember(Run {
        id,
        program: active.program,
        spec: outcome.spec.clone(),
        used: desk.used_knobs(active.program, &outcome.spec.runtime, &outcome.spec.knobs),
        said: None,
        summary,
        verdict,
        end: outcome.end,
        raised,
        edited: false,
        at: now,
        kept: false,
        outcome: Some(Arc::clone(outcome)),
    });
    conclusion::compare(desk);
    if active.comparing && desk.tab == active.program {
        desk.view = Viewport::fit(&outcome.trace);
    }
    let mut effects = Effects::none();
    if !outcome.end.cancelled() && !active.cancelled {
        effects = effects.then(note_run(model, &active));
    }
    if active.comparing {
        // Nobody was asked what they expect of it, so nothing is held against that.
        let stopped = outcome.end.cancelled() || active.cancelled;
        effects = effects.then(model.desk_at(active.desk).and_then(super::kept::keep));
        effects = effects.then(next_compared(model, active, stopped));
        compare::update::run_ended(model, stopped);
        return effects;
    }
    effects = effects.then(gate::set_beside(model, active.desk));
    if !active.cancelled {
        effects = effects.then(model.desk_at(active.desk).and_then(super::kept::keep));
    }
    match active.then.pop_front() {
        Some(next) if ok => {
            let (desk, then) = (active.desk, std::mem::take(&mut active.then));
            model.active = Some(active);
            effects = effects.then(start(model, desk, next, then));
        }
        _ => {
            tell_end(model, &active, outcome);
            super::timeline::show_whole(model);
            if active.desk == Place::Task && !outcome.end.cancelled() {
                effects = effects.then(task::update::judge(model, active.program, outcome));
            }
        }
    }
    effects
}

/// Remembers that a lesson's program was run to its end, or until the tutor had to end it.
fn note_run(model: &mut Model, active: &Active) -> Option<Effect> {
    let desk = model.desk_at(active.desk).filter(|desk| desk.counts())?;
    let (lesson, name) = (desk.lesson.id.clone(), active.spec.program.clone());
    model.progress.lesson_mut(&lesson).runs.insert(name).then_some(Effect::Save)
}

fn tell_end(model: &mut Model, active: &Active, outcome: &Outcome) {
    let Some(desk) = model.desk_at(active.desk) else { return };
    let name = desk.lesson.programs[active.program].name.clone();
    let (line, raised) = (desk.runs.last().and_then(blamed), desk.runs.last().is_some_and(|run| run.raised.is_some()));
    model.notice = None;
    if outcome.end.cancelled() || active.cancelled {
        let until = if model.voice == Voice::Lines {
            "what it did until then follows"
        } else {
            "what it did until then is on screen"
        };
        model.say(format!("{name} was stopped; {until}."));
        return;
    }
    let (stacked, low) = (layout::stacked(model.size), layout::low(model.size));
    // A program that hung has often written nothing: then its source says more.
    let silent = outcome.stdout.is_empty() && outcome.stderr.is_empty();
    // Where a line is to blame, the source with its mark says more than what was written.
    // In lines it has been said already.
    let wrote = match (silent || line.is_some() || model.voice == Voice::Lines, stacked) {
        (true, _) => String::new(),
        (false, true) => format!(" {} shows what it wrote.", keymap::name(Id::Pane)),
        (false, false) => " What it wrote is on the left.".to_owned(),
    };
    let spoken = model.voice == Voice::Lines;
    if !outcome.end.success()
        && let Some(desk) = model.desk_at_mut(active.desk)
    {
        // The baseline may have failed before the program that was asked for: then it is what has to be looked at.
        desk.tab = active.program;
        desk.pane = match line {
            // In lines it has been said.
            _ if spoken => desk.pane,
            // Where one pane is open at a time: of what hung, the results say more, where they are not in sight anyway.
            Some(_) if desk.pane == Pane::Output || stacked && raised || low && !stacked => Pane::Source,
            None if !stacked && !silent => Pane::Output,
            _ => desk.pane,
        };
        if let Some(line) = line {
            desk.scroll[Pane::Source as usize] = Scroll::Line(line);
        }
    }
    // The whole sentence stands with the results; a notice is one line.
    let short = outcome.end.ended_by().map(|by| format!("was ended: {}", by.short()));
    if let Some(words) = short.or_else(|| how_it_ended(outcome)) {
        model.complain(format!("{name} {words}.{wrote}"));
    }
}

/// The line of the source that says most about how a run ended: where its program failed, or where its threads got stuck.
fn blamed(run: &Run) -> Option<usize> {
    let raised = run.raised.as_ref().and_then(|raised| raised.at.as_ref()).map(|at| at.line);
    let stuck = || run.outcome.as_ref()?.stuck.iter().map(|stuck| stuck.line).find(|line| *line > 0);
    raised.or_else(stuck)
}

/// Measures the machine again.
pub fn calibrate(model: &mut Model) -> Effects {
    if model.desk().is_some_and(Desk::is_recorded) {
        model.say("This is a recording: its machine was measured when it ran.");
        return Effects::none();
    }
    if model.active.is_some() {
        let esc = keymap::name(Id::Back);
        model.say(format!("A run is going on: measuring now would disturb it. {esc} stops it."));
        return Effects::none();
    }
    if std::mem::replace(&mut model.measuring, true) {
        return Effects::none();
    }
    Effects::one(Effect::Calibrate)
}

/// The calibration has ended.
pub fn calibrated(model: &mut Model, result: Result<Machine, String>) -> Effects {
    model.measuring = false;
    match result {
        Ok(machine) if machine.usable_cores > 0.0 => model.machine = Some(machine),
        // It was recorded without.
        Ok(_) => {}
        Err(why) => model.complain(format!("this machine could not be measured: {why}")),
    }
    held_run(model)
}
