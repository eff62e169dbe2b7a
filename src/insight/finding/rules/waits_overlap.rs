//! Waits of several threads that overlap: what threads are good for.

use super::{Finding, Rule, Times, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "waits-overlap",
    name: "Waits that overlap",
    says: "waits of several threads overlap",
    help: "nothing: this is what threads and asyncio are good for",
    find,
};

/// At least two waited at once for this share of the run at least.
const WORTH: f64 = 0.5;
/// A thread that waited for less than this share of the run is not counted.
const PART: f64 = 0.1;
/// Most of a run's own threads listen: then the waits are for whoever comes.
const MEAN: f64 = 1.5;

fn find(times: &Times) -> Option<Finding> {
    of_threads(times).or_else(|| of_tasks(times))
}

/// Tasks that await things from outside at once: what asyncio is good for.
fn of_tasks(times: &Times) -> Option<Finding> {
    let loop_ = times.in_turn.iter().max_by(|a, b| a.many.total_cmp(&b.many))?;
    let share = times.share(loop_.many);
    // As of threads: of two, one may wait for the other.
    let apart = loop_.mean >= 2.5 || loop_.slept_share >= 0.9;
    if share < WORTH || loop_.mean < MEAN || !apart || loop_.unclear > 0.1 * loop_.many {
        return None;
    }
    let sentence = format!(
        "on average {:.1} tasks awaited something at the same time, for {} of the run: their waits overlapped",
        loop_.mean,
        words::percent(share),
    );
    let found = Finding::new(0.02 * share, &sentence).with("mean_waiting", loop_.mean).with("overlap_share", share);
    Some(found.because(loop_.lane))
}

fn of_threads(times: &Times) -> Option<Finding> {
    let share = times.share(times.all.many_wait);
    let mean = times.all.waiting / (times.all.many_wait + times.all.one_waits).max(f64::MIN_POSITIVE);
    let waiters: Vec<&Role> = times.roles.iter().filter(|role| times.share(role.waited()) >= PART).collect();
    let slept: f64 = waiters.iter().map(|role| role.time(Doing::Sleep)).sum();
    let waited: f64 = waiters.iter().map(|role| role.waited()).sum();
    // Of two that wait for I/O, one may wait for the other.
    let apart = waiters.len() > 2 || slept >= 0.9 * waited;
    if share < WORTH || mean < MEAN || !apart {
        return None;
    }
    let what = if slept >= 0.5 * waited { "slept" } else { "waited for I/O" };
    let sentence = format!(
        "on average {mean:.1} of {} threads {what} at the same time: their waits overlapped",
        words::grouped_whole(waiters.len()),
    );
    // It explains nothing that could be otherwise, so anything else stands before it.
    let found = Finding::new(0.02 * share, &sentence)
        .with("threads", whole(waiters.len()))
        .with("mean_waiting", mean)
        .with("overlap_share", share);
    Some(found.because(waiters.iter().map(|role| role.id)))
}
