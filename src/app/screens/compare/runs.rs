//! Which run is which row of the stack.

use super::Comparing;
use super::state::CLOSE_UP;
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
                None if comparing.said.unclear.contains(&source.name) => Standing::Undecided,
                None => Standing::Compared,
            };
            return StackRun { trace, standing, ..row };
        }
        let why_not = comparing.why_not.get(program);
        StackRun { standing: why_not.map_or(Standing::ToCome, |why| Standing::Impossible(why)), ..row }
    };
    let mut rows: Vec<StackRun<'a>> = comparing.programs.iter().map(row).collect();
    for (program, row) in comparing.programs.iter().zip(&mut rows) {
        row.stretch = stretch(comparing, *program, row);
    }
    // Where some runs have several lanes, those tell more than a lane alone.
    let several = |row: &StackRun<'_>| row.stretch.is_some() && row.lanes() > 1;
    if rows.iter().filter(|row| several(row)).count() > 1 {
        rows.iter_mut().filter(|row| !several(row)).for_each(|row| row.stretch = None);
    }
    rows
}

/// The stretch of a run that the close-up shows, where the run has ended: from where it shows its typical pattern, or from
/// the instant that the learner points at.
fn stretch(comparing: &Comparing, program: usize, row: &StackRun<'_>) -> Option<(Nanos, Nanos)> {
    let typical = *comparing.typical.get(&program).filter(|_| row.standing != Standing::Live && row.lanes() > 0)?;
    let since = comparing.cursor.map_or(typical, |at| at.saturating_sub(CLOSE_UP / 2));
    Some((since, since + CLOSE_UP))
}

/// The rows of the close-up: the runs of which a stretch is shown, each from its beginning.
#[must_use]
pub fn close<'a>(rows: &[StackRun<'a>]) -> Vec<StackRun<'a>> {
    let row = |row: &StackRun<'a>| Some(StackRun { since: row.stretch?.0, stretch: None, ..*row });
    rows.iter().filter_map(row).collect()
}
