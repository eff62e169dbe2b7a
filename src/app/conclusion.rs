//! What an ended run says: the numbers and the sentence, from `insight`.

use crate::app::screens::desk::Desk;
use crate::insight::Context;
use crate::insight::{Summary, Verdict};
use crate::runner::{End, Machine, Outcome};

/// The numbers and the sentence of a run of the program at this place of the desk, beside the baseline's under the same
/// conditions where it ran.
#[must_use]
pub fn conclude(outcome: &Outcome, program: usize, desk: &Desk, machine: Option<Machine>) -> (Summary, Verdict) {
    let other = desk.baseline(program).filter(|baseline| *baseline != program);
    let baseline = other.and_then(|place| desk.same_run(place, &outcome.spec.runtime, &outcome.spec.knobs));
    let mut summary = Summary::of_outcome(outcome);
    if let Some(baseline) = baseline {
        summary = summary.against(&baseline.summary);
    } else if desk.baseline(program) == Some(program) {
        summary.speedup = Some(1.0);
    }
    let context = Context {
        baseline: baseline.map(|run| desk.lesson.programs[run.program].name.as_str()),
        has_gil: outcome.spec.runtime.has_gil(),
        machine: machine.unwrap_or_default(),
    };
    let verdict = Verdict::of(&outcome.trace, &summary, context);
    (summary, verdict)
}

/// The sentence of a run that did not succeed: how it ended comes first. What its threads did says why only where it hung.
pub fn ended_badly(verdict: &mut Verdict, name: &str, words: &str, end: End) {
    let ended = format!("{name} {words}{}", if words.ends_with(['.', '?', '!']) { "" } else { "." });
    verdict.sentence = if end.hung() { format!("{ended} {}", verdict.sentence) } else { ended };
    verdict.caveats.clear();
}
