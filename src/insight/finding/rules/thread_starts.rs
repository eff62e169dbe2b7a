//! Threads that are started by the hundred, and hardly do anything.

use super::{Finding, Rule, Times, took, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "thread-starts",
    name: "Threads that mostly start",
    says: "threads by the hundred that hardly do anything",
    help: "keep a pool, and give each thread more to do",
    find,
};

/// So many were started at least.
const MANY: usize = 200;
/// Half of them were on a core for no more than so many seconds, and waited for no more than so many.
const WORKED: f64 = 0.0005;
const WAITED: f64 = 0.002;
/// Whoever starts them, and they themselves, worked for this share of the run at least.
const WORTH: f64 = 0.3;

fn find(times: &Times) -> Option<Finding> {
    let started =
        |role: &&Role| role.python && role.tid != role.pid && role.pieces == 0 && role.time(Doing::Idle) <= 0.0;
    let threads: Vec<&Role> = times.roles.iter().filter(started).collect();
    let middle = |of: &dyn Fn(&Role) -> f64| {
        let mut all: Vec<f64> = threads.iter().map(|role| of(role)).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    let worked = middle(&|role| role.time(Doing::Core))?;
    let waited = middle(&|role| role.waited() + role.time(Doing::Lock))?;
    let share = times.share(times.all.works);
    if threads.len() < MANY || worked > WORKED || waited > WAITED || share < WORTH {
        return None;
    }
    let sentence = format!(
        "{} threads were started, and half of them were on a core for no more than {}: starting and ending them takes longer than that. \
         A pool (ThreadPoolExecutor) starts a few, which take one piece after the other.",
        words::grouped_whole(threads.len()),
        if worked < 0.000_95 { format!("{:.0} µs", worked * 1e6) } else { took(worked) },
    );
    let found = Finding::new(share.min(0.9), &sentence)
        .with("threads", whole(threads.len()))
        .with("worked_median_s", worked)
        .with("worked_share", share);
    Some(found.because(times.roles.iter().filter(|role| role.is_main()).map(|role| role.id)))
}
