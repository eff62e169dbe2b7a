//! Locks that were taken in crossed orders, in the JSON.

use super::Report;
use crate::trace::Crossing;
use crate::trace::locks::lock_order::Told;
use serde::Serialize;

/// What could have gone wrong with other timing.
#[derive(Debug, Serialize)]
pub(super) struct CouldDeadlockJson {
    /// Whether the orders in which locks are taken were told: `all`, `some`, or `nothing`.
    known: &'static str,
    cycles: Vec<CrossingJson>,
}

#[derive(Debug, Serialize)]
struct CrossingJson {
    sentence: String,
    /// Each took a lock while it held the one that the thread before it took; the first one, that of the last.
    takes: Vec<TookJson>,
}

#[derive(Debug, Serialize)]
struct TookJson {
    pid: u32,
    tid: u32,
    name: String,
    file: String,
    line: u32,
    code: String,
    function: String,
    /// What the sentence calls the lock.
    lock: String,
    /// What it calls the one that was held.
    holding: String,
}

/// Where a run could have deadlocked; `None` where in which order locks are taken was not asked.
pub(super) fn could_deadlock(report: &Report<'_>) -> Option<CouldDeadlockJson> {
    let trace = &report.outcome.trace;
    let known = match trace.locks.orders.told()? {
        Told::All => "all",
        Told::Some => "some",
        Told::Nothing => "nothing",
    };
    Some(CouldDeadlockJson { known, cycles: trace.crossings.iter().map(crossing).collect() })
}

fn crossing(crossing: &Crossing) -> CrossingJson {
    let plain = |lock: String| lock.trim_matches('`').to_owned();
    let takes = crossing.takes.iter().enumerate().map(|(at, took)| TookJson {
        pid: took.pid,
        tid: took.tid,
        name: took.name.clone(),
        file: took.place.file.clone(),
        line: took.place.line,
        code: took.place.code.clone(),
        function: took.place.function.clone(),
        lock: plain(crossing.lock(at)),
        holding: plain(crossing.held(at)),
    });
    CrossingJson { sentence: crossing.sentence(), takes: takes.collect() }
}
