//! A native library that computes with threads of its own, called by several threads or processes of the program at once.

use super::{Finding, Rule, Times, whole, words};
use crate::insight::finding::times::{Doing, Role};
use crate::trace::LaneKind;
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    id: "native-threads",
    name: "More native threads than cores",
    says: "a library brings threads of its own, and several callers start them at once",
    help: "let the library use one thread (OMP_NUM_THREADS=1), or call it from one",
    find,
};

/// A library's thread worked for this share of the run at least, or of the busiest caller's time.
const WORKED: f64 = 0.05;
const PART: f64 = 0.2;
/// A caller computed without the GIL for this share of the run at least.
const CALLS: f64 = 0.05;
/// They had no core, or stood in line for the library's locks, for this share of their time.
const MISSED: f64 = 0.15;

fn find(times: &Times) -> Option<Finding> {
    let busiest = times.roles.iter().map(|role| role.native).fold(0.0, f64::max);
    let own = |role: &&Role| {
        role.kind == LaneKind::Thread
            && !role.python
            && role.pieces == 0
            && times.share(role.worked()) >= WORKED
            && role.worked() >= PART * busiest
    };
    let owned: Vec<&Role> = times.roles.iter().filter(own).collect();
    let pids: BTreeSet<_> = owned.iter().map(|role| role.pid).collect();
    let calls = |role: &&Role| {
        role.python && pids.contains(&role.pid) && times.share(role.native) >= CALLS && role.native >= PART * busiest
    };
    let callers: Vec<&Role> = times.roles.iter().filter(calls).collect();
    let pids: BTreeSet<_> = callers.iter().map(|role| role.pid).collect();
    let owned: Vec<&Role> = owned.into_iter().filter(|role| pids.contains(&role.pid)).collect();
    let cores = times.conditions.cores;
    if !times.conditions.has_gil || owned.is_empty() || callers.len() < 2 || owned.len() + callers.len() <= cores {
        return None;
    }
    let all: Vec<&Role> = callers.iter().chain(&owned).copied().collect();
    let sum = |of: fn(&Role) -> f64| all.iter().map(|role| of(role)).sum::<f64>();
    let (ready, lock) = (sum(|role| role.time(Doing::Ready)), sum(|role| role.time(Doing::Lock)));
    let lived = sum(|role| role.worked() + role.time(Doing::Lock));
    if ready + lock < MISSED * lived {
        return None;
    }
    let who = match pids.len() {
        1 => words::count(callers.len(), "Python thread"),
        many => words::count(many, "process"),
    };
    let lines = match lock / lived.max(f64::MIN_POSITIVE) {
        share if share >= 0.05 => format!(", and waited for the library's locks for {} of it", words::percent(share)),
        _ => String::new(),
    };
    let each = if pids.len() > 1 { " in each" } else { "" };
    let sentence = format!(
        "{who} called a native library that computes with {} of its own{each}, on {cores} cores: they had no core for {} of their \
         time{lines}. One side is enough: fewer callers, or one thread in the library (OMP_NUM_THREADS=1, OPENBLAS_NUM_THREADS=1, or \
         threadpoolctl).",
        words::count(owned.len() / pids.len(), "thread").to_lowercase(),
        words::percent(ready / lived.max(f64::MIN_POSITIVE)),
    );
    let found = Finding::new(times.share(times.all.works) * ((ready + lock) / lived), &sentence)
        .with("callers", whole(callers.len()))
        .with("native_threads", whole(owned.len()))
        .with("processes", whole(pids.len()))
        .with("no_core_share", ready / lived)
        .with("lock_share", lock / lived);
    Some(found.because(all.iter().map(|role| role.id)))
}
