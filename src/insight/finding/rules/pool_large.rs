//! A pool with workers that are given no work: starting them was for nothing.

use super::{Finding, Rule, Times, took, whole, words};
use crate::insight::finding::times::{Doing, Pool, Role};

pub(super) const RULE: Rule = Rule {
    id: "pool-too-large",
    name: "A pool too large",
    says: "workers that never had any work",
    help: "fewer workers, or smaller pieces",
    find,
};

/// So many workers got no work at least, and this share of all.
const UNUSED: usize = 2;
const PART: f64 = 0.5;
/// Starting and ending them took this share of the run on a core.
const WORTH: f64 = 0.1;

fn find(times: &Times) -> Option<Finding> {
    let unused = |pool: &&Pool| {
        pool.processes
            && pool.unused.len() >= UNUSED
            && whole(pool.unused.len()) >= PART * whole(pool.workers.len())
            && pool.unused.len() < pool.workers.len()
    };
    let pool = times.pools.iter().filter(unused).max_by_key(|pool| pool.unused.len())?;
    let unused = || times.roles.iter().filter(|role| pool.unused.contains(&role.id));
    let cost: f64 = unused().map(|role| role.time(Doing::Core)).sum();
    // That they had no core for it is a part of what it took.
    if times.share(unused().map(Role::worked).sum()) < WORTH {
        return None;
    }
    let sentence = format!(
        "{} of the pool's {} processes were given no work, and starting them took {} of computing. Fewer workers, or \
         smaller pieces of work, would let each have some.",
        words::grouped_whole(pool.unused.len()),
        words::grouped_whole(pool.workers.len()),
        took(cost),
    );
    let found = Finding::new((times.share(cost)).min(0.9), &sentence)
        .with("workers", whole(pool.workers.len()))
        .with("unused", whole(pool.unused.len()))
        .with("unused_cpu_s", cost);
    Some(found.because(pool.unused.iter().copied()))
}
