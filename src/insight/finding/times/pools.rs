//! The workers of Python's pools, pool by pool.

use super::doing::Doing;
use super::partition::Partition;
use super::role::Role;
use crate::clock::Nanos;
use crate::trace::{Lane, LaneKind, Pid};
use std::collections::BTreeMap;

/// A pool.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pool {
    /// Its workers: places among the lanes.
    pub workers: Vec<usize>,
    /// Those that were given no work, or none but to end.
    pub unused: Vec<usize>,
    /// Whether they are processes.
    pub processes: bool,
    /// Whether it is asyncio's own for calls in threads.
    pub default_executor: bool,
    /// How long they lived, in seconds, all added up; how long of that each was idle, on a core or ready for one, and waited for
    /// something from outside.
    pub lived: f64,
    /// See there.
    pub idle: f64,
    /// See there.
    pub worked: f64,
    /// See there.
    pub waited: f64,
    /// How many pieces of work they took. The last of each may be that it is to end.
    pub pieces: u64,
    /// How often one of them waited for the next piece: where it lies there already, none does.
    pub idles: usize,
    /// What they did together.
    pub together: Partition,
}

/// The pools of these threads. A worker is known by what it was idle for, or by the work that it took.
pub(super) fn of(roles: &[Role], lanes: &[(usize, &Lane)], window: (Nanos, Nanos)) -> Vec<Pool> {
    let mut pools: BTreeMap<(Pid, &str, bool), Vec<&Role>> = BTreeMap::new();
    for role in roles.iter().filter(|role| role.pieces > 0 || role.time(Doing::Idle) > 0.0) {
        let processes = role.kind == LaneKind::Process;
        let owner = if processes { role.parent } else { role.pid };
        // Workers are numbered: `ThreadPoolExecutor-0_1`, `ForkPoolWorker-2`.
        let stem = role.name.trim_end_matches(|c: char| c.is_ascii_digit());
        pools.entry((owner, if processes { "" } else { stem }, processes)).or_default().push(role);
    }
    let one = |((_, stem, processes), workers): ((Pid, &str, bool), Vec<&Role>)| {
        let own: Vec<_> = lanes.iter().filter(|(id, _)| workers.iter().any(|role| role.id == *id)).copied().collect();
        Pool { together: Partition::of(&own, window), ..pool(stem, processes, &workers) }
    };
    pools.into_iter().map(one).collect()
}

/// Who computed for no more than this share of what the busiest one did has done no work.
const HARDLY: f64 = 0.1;

fn pool(stem: &str, processes: bool, workers: &[&Role]) -> Pool {
    let did = |role: &Role| role.time(Doing::Core) - role.starting.unwrap_or(0.0) + role.waited();
    let most = workers.iter().map(|role| did(role)).fold(0.0, f64::max);
    let sum = |of: fn(&Role) -> f64| workers.iter().map(|role| of(role)).sum::<f64>();
    Pool {
        workers: workers.iter().map(|role| role.id).collect(),
        unused: workers
            .iter()
            .filter(|role| role.pieces <= 1 && did(role) <= HARDLY * most)
            .map(|role| role.id)
            .collect(),
        processes,
        default_executor: stem == "asyncio_",
        lived: sum(Role::life),
        idle: sum(|role| role.time(Doing::Idle)),
        worked: sum(Role::worked),
        waited: sum(|role| role.waited() + role.time(Doing::Child) + role.time(Doing::Write)),
        pieces: workers.iter().map(|role| role.pieces).sum(),
        idles: workers.iter().map(|role| role.count(Doing::Idle)).sum(),
        together: Partition::default(),
    }
}
