//! Processes that spend most of their time on starting an interpreter.

use super::{Finding, Rule, Times, pool_large, took, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "process-starts",
    name: "Processes that mostly start",
    says: "processes that mostly start",
    help: "keep a pool, and give each process more to do",
    find,
};

/// So many were started at least, and starting took this share of all that they computed, and that much of the run.
const MANY: usize = 2;
const PART: f64 = 0.4;
const WORTH: f64 = 0.2;

fn find(times: &Times) -> Option<Finding> {
    let started: Vec<(&Role, f64)> = times
        .roles
        .iter()
        .filter(|role| role.pid != times.launched && role.tid == role.pid)
        .filter_map(|role| Some((role, role.starting?)))
        .collect();
    let starting: f64 = started.iter().map(|(_, time)| time).sum();
    let worked: f64 = started.iter().map(|(role, _)| role.time(Doing::Core)).sum();
    let part = starting / worked.max(f64::MIN_POSITIVE);
    // On a busy machine what takes the time is that they have no core for it.
    let lacked = 1.0 - worked / started.iter().map(|(role, _)| role.worked()).sum::<f64>().max(f64::MIN_POSITIVE);
    let share = times.share(starting / (1.0 - lacked.min(0.9)));
    if pool_large::RULE.holds(times) || started.len() < MANY || part < PART || share < WORTH {
        return None;
    }
    let sentence = format!(
        "{} were started, and each needed {} of computing before its own code began: {} of all that they computed. Fewer processes \
         that do more each, such as a pool that is kept, would start less often.",
        words::count(started.len(), "process"),
        took(starting / whole(started.len())),
        words::percent(part),
    );
    let found = Finding::new(share.min(0.95), &sentence)
        .with("processes", whole(started.len()))
        .with("starting_s", starting)
        .with("computed_s", worked);
    Some(found.because(started.iter().map(|(role, _)| role.id)))
}
