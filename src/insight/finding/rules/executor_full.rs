//! Calls that stand in line for a thread of the default executor.

use super::{Finding, Rule, Times, whole, words};

pub(super) const RULE: Rule = Rule {
    id: "executor-full",
    name: "A full default executor",
    says: "calls stand in line for a thread of the default executor",
    help: "give them an executor of their own, with more threads",
    find,
};

/// It was full for this share of the run at least.
const WORTH: f64 = 0.1;

fn find(times: &Times) -> Option<Finding> {
    let calls = times.calls.as_ref()?;
    let share = times.share(calls.full);
    if share < WORTH {
        return None;
    }
    let workers = words::grouped_whole(calls.workers.len());
    let verb = if calls.in_line == 1 { "call stood" } else { "calls stood" };
    let sentence = format!(
        "the event loop's default executor was full for {} of the run: {workers} of {workers} workers were busy, and up to {} {verb} \
         in line. An executor with more threads would let them begin.",
        words::percent(share),
        words::grouped_whole(calls.in_line),
    );
    let found = Finding::new(share, &sentence)
        .with("workers", whole(calls.workers.len()))
        .with("in_line", whole(calls.in_line))
        .with("full_s", calls.full);
    Some(found.because(calls.workers.iter().copied()))
}
