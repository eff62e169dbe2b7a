//! A pool all of whose workers are busy, while work stands in line and the machine has room for more of it.

use super::{Finding, Rule, Times, whole, words};
use crate::insight::finding::times::{Pool, Role};

pub(super) const RULE: Rule = Rule {
    id: "pool-too-small",
    name: "A pool too small",
    says: "all workers busy, work in line, and room on the machine",
    help: "more workers",
    find,
};

/// The workers lived for this share of the run on average, and were idle for no more than this one of their lives.
const LIVED: f64 = 0.5;
const IDLE: f64 = 0.15;
/// Each took so many pieces of work on average: one after the other, without a pause, so work stood in line.
const PIECES: u64 = 3;
/// Of their lives, for so much they waited or, in processes, worked.
const WAITED: f64 = 0.75;
const WORKED: f64 = 0.75;

fn find(times: &Times) -> Option<Finding> {
    // Of the executor that a loop's calls go to there is more to say: how many of them stood in line.
    let calls = times.calls.as_ref().filter(|calls| calls.full > 0.0);
    let of_loop = |pool: &Pool| calls.is_some_and(|calls| pool.workers.iter().any(|id| calls.workers.contains(id)));
    let busy = |pool: &&Pool| {
        let workers = whole(pool.workers.len());
        times.share(pool.lived / workers) >= LIVED
            && pool.idle <= IDLE * pool.lived
            && pool.pieces >= PIECES * pool.workers.len() as u64
            && pool.idles as u64 <= pool.pieces / 2
            && !pool.default_executor
            && !of_loop(pool)
    };
    let pool = times.pools.iter().filter(busy).max_by(|a, b| a.lived.total_cmp(&b.lived))?;
    let waited = pool.waited / pool.lived;
    let cores = times.conditions.cores;
    // Python computes at once only in processes; on cores that others leave free.
    let room = pool.processes && pool.workers.len() < cores && times.share(times.all.lacking) < 0.1;
    let (what, help) = if waited >= WAITED {
        let what = format!("waited for {} of that", words::percent(waited));
        (what, "With more workers, more of these waits would overlap.".to_owned())
    } else if room && pool.worked >= WORKED * pool.lived {
        let what = format!("computed for {} of that", words::percent(pool.worked / pool.lived));
        (what, format!("There are {cores} cores: with as many workers, more would compute at once."))
    } else {
        return None;
    };
    let who = match pool.workers.len() {
        1 => "the pool's only worker".to_owned(),
        many => format!("all {} workers of the pool", words::grouped_whole(many)),
    };
    let busy = 1.0 - pool.idle / pool.lived;
    let verb = if pool.workers.len() == 1 { "was" } else { "were" };
    let sentence = format!(
        "{who} {verb} busy for {} of the time and {what}: each took one piece of work after the other, and the next stood in line. \
         {help}",
        words::percent(busy),
    );
    let named = |role: &&Role| pool.workers.contains(&role.id);
    let share = times.share(pool.lived / whole(pool.workers.len()));
    let found = Finding::new(share * busy * waited.max(pool.worked / pool.lived), &sentence)
        .with("workers", whole(pool.workers.len()))
        .with("pieces", whole(usize::try_from(pool.pieces).unwrap_or(usize::MAX)))
        .with("idle_share", pool.idle / pool.lived)
        .with("waited_share", waited);
    Some(found.because(times.roles.iter().filter(named).map(|role| role.id)))
}
