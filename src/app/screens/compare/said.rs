//! What is said of a comparison: what differs, and what to keep in mind.

use super::Comparing;
use super::state::Said;
use crate::app::screens::desk::Desk;
use crate::insight::comparison::{Attempts, Comparison};
use crate::runner::Machine;

/// What is said of the runs that are there.
pub fn of(comparing: &Comparing, desk: &Desk, machine: Machine) -> Said {
    let attempts = comparing.programs.iter().map(|program| Attempts {
        program: &desk.lesson.programs[*program].name,
        runtime: &comparing.runtime,
        outcomes: comparing.run(desk, *program).and_then(|run| run.outcome.as_deref()).into_iter().collect(),
        missing: comparing.why_not.get(program).map(String::as_str),
    });
    let compared = Comparison::of(&desk.lesson, attempts.collect(), machine);
    let unclear = compared.runs.iter().filter(|run| run.unclear()).map(|run| run.program.to_owned()).collect();
    Said { sentence: compared.sentences.join(" "), caveat: compared.caveat, unclear }
}
