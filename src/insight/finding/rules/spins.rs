//! A thread that gives its core away for no time at all, again and again.

use super::{Finding, Rule, Times, took, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule { id: "busy-waiting", find };

/// So many sleeps a second at least, half of them of no more than so many seconds.
const A_SECOND: f64 = 1000.0;
const INSTANT: f64 = 0.0005;
/// It worked for this share of its life at least, and lived for this share of the run.
const WORKED: f64 = 0.05;
const LIVED: f64 = 0.3;

/// Whether a thread does.
pub(super) fn spins(times: &Times, role: &Role) -> bool {
    whole(role.naps.count) >= A_SECOND * role.life()
        && role.naps.median <= INSTANT
        && role.worked() >= WORKED * role.life()
        && times.share(role.life()) >= LIVED
}

fn find(times: &Times) -> Option<Finding> {
    let mut found: Vec<&Role> = times.roles.iter().filter(|role| spins(times, role)).collect();
    found.sort_by(|a, b| b.worked().total_cmp(&a.worked()));
    let first = *found.first()?;
    let sentence = format!(
        "{} asked to sleep {} times, for {} at a time, and was on a core for {} of its time in between: it looks instead of \
         waiting. An Event, a Condition or a Queue would leave the core to others.",
        first.named(),
        words::grouped_whole(first.naps.count),
        took(first.naps.median),
        words::percent(first.time(Doing::Core) / first.life().max(f64::MIN_POSITIVE)),
    );
    let found_it = Finding::new(times.share(first.worked() + first.time(Doing::Sleep)), &sentence)
        .with("sleeps", whole(first.naps.count))
        .with("median_s", first.naps.median)
        .with("worked_s", first.worked())
        .with("threads", whole(found.len()));
    Some(found_it.because(found.iter().map(|role| role.id)))
}
