//! Which run is which row of the stack.

use super::Comparing;
use crate::app::model::{Active, Model};
use crate::clock::Nanos;
use crate::trace::Trace;
use crate::view::{StackRun, Standing};

/// The run in progress, where it is one of the comparison.
#[must_use]
pub fn live(model: &Model) -> Option<&Active> {
    model.active.as_ref().filter(|active| active.comparing)
}

/// Whether all that was to be made is made, or was stopped.
#[must_use]
pub const fn are_over(model: &Model) -> bool {
    model.active.is_none() && !model.run_held
}

/// The rows, top to bottom; `trace` is of the run in progress.
#[must_use]
pub fn rows<'a>(model: &'a Model, comparing: &'a Comparing, trace: Option<&'a Trace>) -> Vec<StackRun<'a>> {
    let desk = &model.desks[comparing.lesson];
    let active = live(model);
    let row = |program: &usize| {
        let source = &desk.lesson.programs[*program];
        let row = StackRun { name: &source.name, ..StackRun::default() };
        if active.is_some_and(|active| active.program == *program) {
            return StackRun { trace, standing: Standing::Live, ..row };
        }
        if let Some(run) = comparing.run(desk, *program) {
            let trace = run.outcome.as_deref().map(|outcome| &outcome.trace);
            let standing = match comparing.ended.get(program) {
                Some(how) => Standing::Unjudged(how),
                None if source.baseline => Standing::Baseline,
                None if source.apart => Standing::Apart,
                None => Standing::Compared,
            };
            return StackRun { trace, standing, ..row };
        }
        let why_not = comparing.why_not.get(program);
        StackRun { standing: why_not.map_or(Standing::ToCome, |why| Standing::Impossible(why)), ..row }
    };
    comparing.programs.iter().map(row).collect()
}

/// The rows of the close-up: the runs that have ended, each from where it shows its typical pattern, or all from the instant
/// that the learner points at. Where some have several lanes, those tell more than a lane alone.
#[must_use]
pub fn close<'a>(comparing: &Comparing, rows: &[StackRun<'a>]) -> Vec<StackRun<'a>> {
    let half = super::state::CLOSE_UP / 2;
    let row = |(program, row): (&usize, &StackRun<'a>)| {
        let typical = comparing.typical.get(program).copied().filter(|_| row.standing != Standing::Live)?;
        let since: Nanos = comparing.cursor.map_or(typical, |at| at.saturating_sub(half));
        (row.lanes() > 0).then_some(StackRun { since, ..*row })
    };
    let all: Vec<StackRun<'a>> = comparing.programs.iter().zip(rows).filter_map(row).collect();
    let several: Vec<StackRun<'a>> = all.iter().filter(|row| row.lanes() > 1).copied().collect();
    if several.len() > 1 { several } else { all }
}
