//! What an ended run says: the numbers and the sentence, from `insight`.

use crate::app::screens::desk::{Desk, Run};
use crate::insight::{Context, Heading, Summary, Verdict};
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
    let counts = outcome.end.success() || outcome.end.hung();
    let headline = desk.headline(program);
    let context = Context {
        headline: Some(&headline).filter(|_| counts && !desk.is_alone()),
        as_it_stands: desk.counts(),
        baseline: baseline.map(|run| desk.lesson.programs[run.program].name.as_str()),
        own: outcome.spec.own.as_ref().map(|_| outcome.end),
        has_gil: outcome.spec.runtime.has_gil(),
        machine: machine.unwrap_or_default(),
    };
    let verdict = Verdict::of(&outcome.trace, &summary, context);
    (summary, verdict)
}

/// Holds every run of the desk against the last run of the baseline under its conditions: runs that stand together are
/// compared with one and the same.
pub fn compare(desk: &mut Desk) {
    let against = |run: &Run| {
        let place = desk.baseline(run.program).filter(|_| run.end.success())?;
        let baseline = desk.same_run(place, &run.spec.runtime, &run.spec.knobs)?;
        let name = (place != run.program).then(|| desk.lesson.programs[place].name.clone());
        Some((baseline.summary.wall_s, name))
    };
    let baselines: Vec<_> = desk.runs.iter().map(against).collect();
    let headlines: Vec<_> = desk.runs.iter().map(|run| desk.headline(run.program)).collect();
    for ((run, baseline), headline) in desk.runs.iter_mut().zip(baselines).zip(headlines) {
        let Some((wall_s, name)) = baseline.filter(|_| run.summary.wall_s > 0.0) else { continue };
        // The baseline is measured against itself, and not one run of it against another.
        run.summary.speedup = Some(if name.is_some() { wall_s / run.summary.wall_s } else { 1.0 });
        if run.verdict.heading.is_some() {
            run.verdict.heading = Some(Heading::of(&headline, &run.summary, name.as_deref()));
        }
    }
}

/// The sentence of a run that did not succeed: how it ended comes first. What its threads did says why only where it hung.
pub fn ended_badly(verdict: &mut Verdict, name: &str, words: &str, end: End) {
    let ended = format!("{name} {words}{}", if words.ends_with(['.', '?', '!']) { "" } else { "." });
    verdict.sentence = if end.hung() { format!("{ended} {}", verdict.sentence) } else { ended };
    verdict.caveats.clear();
}

/// The sentence of a program of the learner's own that an exception ended: that comes first, and what was found in it until
/// then behind it. That it was too short, or the machine busy, matters to nobody where nothing was found.
pub fn raised(verdict: &mut Verdict, name: &str, words: &str) {
    let ended = format!("{name} {words}{}", if words.ends_with(['.', '?', '!']) { "" } else { "." });
    if verdict.findings.is_empty() {
        (verdict.sentence, verdict.caveats) = (ended, Vec::new());
    } else {
        verdict.sentence = format!("{ended} {}", verdict.sentence);
    }
}
