//! A part of the work that one thread does alone, while those that share the rest of it wait for it or are not there yet.

use super::{Finding, Rule, Times, took, whole, words};
use crate::insight::finding::times::Role;

pub(super) const RULE: Rule = Rule {
    id: "main-alone",
    name: "One thread does a part alone",
    says: "one thread does a part alone while the others wait",
    help: "share that part too, or overlap it with the rest",
    find,
};

/// It worked alone for this share of the run at least.
const WORTH: f64 = 0.2;
/// At least two of the others wanted to work at once for this share of the run.
const SHARED: f64 = 0.1;
/// In a run that took fewer seconds, imports and starts are most of what one does alone.
const LONG: f64 = 0.5;
/// A worker worked for this share of the busiest one's time at least.
const WORKER: f64 = 0.3;

fn find(times: &Times) -> Option<Finding> {
    let main = times.roles.iter().find(|role| role.is_main())?;
    let lone = times.all.alone.get(&main.id).copied().unwrap_or_default();
    let alone = lone.works;
    let share = times.share(alone);
    let busiest = times.roles.iter().filter(|role| !role.is_main()).map(Role::worked).fold(0.0, f64::max);
    let is_worker = |role: &&Role| !role.is_main() && role.worked() > WORKER * busiest;
    let workers: Vec<&Role> = times.roles.iter().filter(is_worker).collect();
    let shared = times.share(times.all.parallel);
    if times.wall < LONG || share < WORTH || shared < SHARED || workers.len() < 2 || busiest < SHARED * times.wall {
        return None;
    }
    let begun = workers.iter().map(|role| role.lived.0).fold(f64::INFINITY, f64::min);
    let ended = workers.iter().map(|role| role.lived.1).fold(0.0, f64::max);
    let processes = workers.iter().all(|role| role.pid != main.pid);
    let who = words::count(workers.len(), if processes { "process" } else { "thread" }).to_lowercase();
    let when = match (begun, times.wall - ended) {
        (before, after) if before >= 0.8 * alone && before > after => format!("before its {who} began"),
        (before, after) if after >= 0.8 * alone && after > before => format!("after its {who} had ended"),
        _ => format!("while none of its {who} did"),
    };
    let sentence = format!(
        "the main thread worked alone for {} of the run, {when}. However many share the rest, the run cannot take less than \
         the {} that it needs for that",
        words::percent(share),
        took(lone.core),
    );
    let found = Finding::new(share, &sentence)
        .with("alone_s", alone)
        .with("alone_on_core_s", lone.core)
        .with("workers", whole(workers.len()))
        .with("shared_s", times.all.parallel);
    Some(found.because([main.id].into_iter().chain(workers.iter().map(|role| role.id))))
}
