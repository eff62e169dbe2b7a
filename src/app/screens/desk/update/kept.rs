//! The runs that are kept for the next time: they are given to the saver when they end, and come back when their lesson is
//! opened. Nothing is judged anew by them.

use crate::app::conclusion::{self, conclude};
use crate::app::effect::Effect;
use crate::app::engine::RunId;
use crate::app::model::{Model, Screen};
use crate::app::screens::desk::{Desk, Run};
use crate::app::typeset;
use crate::insight::{Summary, Verdict};
use crate::learner::runs::{KeptRun, fingerprint};
use crate::runner::{Machine, Raised, RunSpec};

/// Asks once for what was kept of the lesson that is open, whose runs stand side by side, or that was run and is selected on
/// the map.
pub fn to_read(model: &mut Model) -> Option<Effect> {
    let compared = || model.comparing.as_ref().filter(|_| model.screen == Screen::Compare).map(|of| of.lesson);
    let place = model.desk_index().or_else(compared).or_else(|| on_map(model))?;
    let desk = model.desks.get_mut(place).filter(|desk| desk.counts() && !desk.kept_asked)?;
    desk.kept_asked = true;
    Some(Effect::ReadRuns(place, desk.lesson.id.clone()))
}

/// The lesson that is selected on the map, where the learner has run something of it.
fn on_map(model: &Model) -> Option<usize> {
    let Screen::List(place) = model.screen else { return None };
    let done = model.progress.lessons.get(&model.desks.get(place)?.lesson.outline().id)?;
    (!done.runs.is_empty()).then_some(place)
}

/// Has the last run of a desk kept, where it is one of a lesson.
pub fn keep(desk: &Desk) -> Option<Effect> {
    let run = desk.runs.last().filter(|run| desk.counts() && !run.end.cancelled())?;
    let kept = KeptRun {
        at: run.at,
        spec: run.spec.clone(),
        used: run.used.clone(),
        source: source(desk, run.program, &run.spec)?,
        said: run.said.clone(),
        end: run.end,
        conclusion: rmp_serde::to_vec_named(&(&run.summary, &run.verdict)).ok()?,
        outcome: run.outcome.clone(),
    };
    Some(Effect::KeepRun(desk.lesson.id.clone(), Box::new(kept)))
}

/// The text that this run is of, as the lesson has it now.
fn source(desk: &Desk, program: usize, spec: &RunSpec) -> Option<u64> {
    typeset::text(&desk.lesson, program, spec.runtime.language()).map(fingerprint)
}

/// What was kept of a lesson's runs has been read: it stands before the runs of today.
pub fn read(model: &mut Model, place: usize, kept: Result<Vec<KeptRun>, String>) {
    let kept = match kept {
        Ok(kept) => kept,
        Err(why) => {
            let lesson = model.desks.get(place).map_or("a lesson", |desk| &desk.lesson.outline().title).to_owned();
            return model.complain(format!("your last runs of {lesson} are not shown: {why}"));
        }
    };
    let (machine, mut id) = (model.machine, model.next_run);
    let Some(desk) = model.desks.get_mut(place).filter(|desk| desk.counts()) else { return };
    let today = std::mem::take(&mut desk.runs);
    // What ended while it was read may be in it already.
    let known = |kept: &KeptRun| today.iter().any(|run| run.at == kept.at && run.spec.program == kept.spec.program);
    for run in kept.into_iter().filter(|kept| !known(kept)) {
        if let Some(run) = restored(desk, run, RunId(id), machine) {
            desk.remember(run);
            id += 1;
        }
    }
    for run in today {
        desk.remember(run);
    }
    conclusion::compare(desk);
    model.next_run = id;
    if model.desk_index() == Some(place) && model.live().is_none() {
        super::timeline::show_whole(model);
    }
}

/// A run as it was; `None` where it is of a program that is not the lesson's any more, or says nothing.
fn restored(desk: &Desk, kept: KeptRun, id: RunId, machine: Option<Machine>) -> Option<Run> {
    let program = desk.lesson.programs.iter().position(|program| program.name == kept.spec.program)?;
    if source(desk, program, &kept.spec) != Some(kept.source) {
        return None;
    }
    let as_it_was: Option<(Summary, Verdict)> = rmp_serde::from_slice(&kept.conclusion).ok();
    // Of a thinned trace it is not known what happened at the same time: nothing is concluded from it.
    let whole = || kept.outcome.as_ref().filter(|outcome| outcome.trace.grain == 0);
    let anew = || whole().map(|outcome| conclude(outcome, program, desk, machine));
    let (summary, verdict) = as_it_was.or_else(anew)?;
    Some(Run {
        id,
        program,
        used: kept.used,
        said: kept.said,
        summary,
        verdict,
        end: kept.end,
        raised: kept.outcome.as_deref().and_then(Raised::in_run),
        edited: false,
        at: kept.at,
        kept: true,
        spec: kept.spec,
        outcome: kept.outcome,
    })
}
