//! A run that was stopped when none of its threads could go on by itself.

use super::{Finding, Role, Rule, Times, listed, took, whole};
use crate::insight::finding::times::Doing;

pub(super) const RULE: Rule = Rule { id: "stuck", find };

/// It lasted for so many seconds at least, and up to so many before the end: being stopped wakes threads.
const LASTED: f64 = 0.3;
const UNTIL_END: f64 = 0.5;

fn find(times: &Times) -> Option<Finding> {
    let (from, to) = times.all.quiet?;
    if !times.conditions.stopped || to - from < LASTED || to < times.wall - UNTIL_END {
        return None;
    }
    let at = f64::midpoint(from, to);
    let part = |doing: Doing, what: &str| {
        let here: Vec<&Role> = times.roles.iter().filter(|role| role.during(at) == Some(doing)).collect();
        let each = if here.len() > 1 { "each waited" } else { "waited" };
        (!here.is_empty()).then(|| format!("{} {each} {what}", listed(&here)))
    };
    let parts: Vec<String> = [
        part(Doing::Lock, "for a lock, a queue or an event"),
        part(Doing::Workers, "for a pool's result or for a thread to end"),
        part(Doing::Child, "for a process to end"),
        part(Doing::Write, "until it could write"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        return None;
    }
    let sentence = format!("nothing ran any more from {} on, until it was stopped: {}", took(from), parts.join("; "));
    let here: Vec<&Role> = times.roles.iter().filter(|role| role.during(at).is_some()).collect();
    let found =
        Finding::new(1.0, &sentence).with("since_s", from).with("until_s", to).with("threads", whole(here.len()));
    Some(found.because(here.iter().map(|role| role.id)))
}
