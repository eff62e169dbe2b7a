//! A run's times by role, added up once: what the rules see of it.

mod calls;
mod doing;
mod halt;
mod halted;
mod in_turn;
mod lines;
mod locked_files;
mod partition;
mod pools;
mod queues;
mod role;
mod stand;

pub use calls::Calls;
pub use doing::Doing;
pub use halt::Halt;
pub use halted::Halted;
pub use in_turn::InTurn;
#[cfg(test)]
pub use in_turn::{InLine, Looks};
pub use lines::Line;
#[cfg(test)]
pub use locked_files::LockedFile;
pub use partition::{Alone, Partition};
pub use pools::Pool;
pub use queues::QueuePlaces;
pub use role::{Nap, Role};
pub use stand::Stand;

use crate::clock::seconds;
use crate::insight::lag;
use crate::trace::{LaneKind, Pid, SwitchSource, Trace, WaitSource};
use std::collections::BTreeMap;

/// Runs shorter than this many seconds are mostly start-up and noise.
const SHORT: f64 = 0.02;

/// What a run's trace does not tell of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conditions {
    /// Whether the runtime has a GIL.
    pub has_gil: bool,
    /// The cores of the machine.
    pub cores: usize,
    /// Whether it was stopped before it came to its end.
    pub stopped: bool,
    /// Whether it came to its end, and badly.
    pub failed: bool,
}

/// Steps of one task that held its loop up.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocked {
    /// The task, as people call it.
    pub task: String,
    /// Where the longest of them came from or went, in words; empty where that is not known.
    pub lines: String,
    /// The loop's thread: its place among the lanes.
    pub lane: Option<usize>,
    /// How often.
    pub times: usize,
    /// Seconds in all.
    pub total: f64,
    /// Seconds of the longest.
    pub longest: f64,
    /// Seconds of them in which the thread slept or waited for I/O.
    pub waited: f64,
}

/// A run's times by role.
#[derive(Debug)]
pub struct Times {
    /// What is known of it besides.
    pub conditions: Conditions,
    /// From the program's start to its end, in seconds.
    pub wall: f64,
    /// The interpreter's start, in seconds, where it was seen.
    pub startup: Option<f64>,
    /// Whether it was measured, not sampled, who was on a core and why others were not.
    pub exact: bool,
    /// Whether probes missed so much that the lanes have gaps.
    pub lost: bool,
    /// The workload's threads, helpers left out, in the order of the lanes.
    pub roles: Vec<Role>,
    /// The threads that the interpreter or a library made for itself.
    pub helpers: Vec<Role>,
    /// All threads at once.
    pub all: Partition,
    /// The launched process's threads at once, its helpers too.
    pub parent: Partition,
    /// The threads of each process at once.
    pub by_process: BTreeMap<Pid, Partition>,
    /// The process that was launched.
    pub launched: Pid,
    /// Who held a loop up, the longest first.
    pub blocked: Vec<Blocked>,
    /// Locks that several threads stood in line for at once, the longest line first.
    pub lines: Vec<Line>,
    /// Where each of the workload's threads stood while none could go on by itself: in the middle of the longest such stretch.
    pub stands: Vec<Stand>,
    /// What was seen when the run was about to be stopped.
    pub at_stop: Option<Halt>,
    /// The workers of pools.
    pub pools: Vec<Pool>,
    /// A loop none of whose tasks can go on.
    pub halted: Option<Halted>,
    /// What the tasks of each loop awaited in turn.
    pub in_turn: Vec<InTurn>,
    /// Where threads wait at queues.
    pub queues: QueuePlaces,
    /// Calls that tasks made in an executor's threads.
    pub calls: Option<Calls>,
}

impl Times {
    /// The times of a trace that has come to its end.
    #[must_use]
    pub fn of(trace: &Trace, conditions: Conditions) -> Times {
        let window = (trace.zero(), trace.until());
        let lanes = trace.lanes.iter().enumerate().filter(|(_, lane)| lane.is_workload());
        let lanes = lanes.filter(|(_, lane)| lane.end.is_none_or(|end| end > window.0));
        let (helpers, counted): (Vec<_>, Vec<_>) = lanes.partition(|(_, lane)| lane.kind == LaneKind::Helper);
        let mut by_process: BTreeMap<Pid, Vec<_>> = BTreeMap::new();
        for one in &counted {
            by_process.entry(one.1.pid).or_default().push(*one);
        }
        let all = Partition::of(&counted, window);
        let role = |(id, lane): &(usize, &_)| Role::of(*id, lane, window);
        let roles: Vec<Role> = counted.iter().map(role).collect();
        let launched = counted.iter().find(|(_, lane)| lane.kind == LaneKind::Main).map_or(0, |(_, lane)| lane.pid);
        let of_parent: Vec<_> =
            counted.iter().chain(&helpers).filter(|(_, lane)| lane.pid == launched).copied().collect();
        Times {
            parent: Partition::of(&of_parent, window),
            conditions,
            wall: seconds(window.1.saturating_sub(window.0)),
            startup: trace.program_at.map(|at| seconds(at.saturating_sub(trace.launched_at))),
            exact: trace.sources.switches == SwitchSource::Perf && trace.sources.waits == WaitSource::Preload,
            lost: trace.lost.switches + trace.lost.events > 0,
            pools: pools::of(&roles, &counted, window),
            at_stop: trace.at_stop.as_ref().map(|seen| halt::of(trace, seen, &counted, window.0)),
            halted: halted::of(trace, &counted, window),
            in_turn: in_turn::of(trace, window),
            roles,
            helpers: helpers.iter().map(role).collect(),
            by_process: by_process.iter().map(|(pid, own)| (*pid, Partition::of(own, window))).collect(),
            lines: lines::of(&counted, window, &trace.locks),
            queues: queues::of(&counted, window, &trace.locks),
            stands: all.quiet.map_or_else(Vec::new, |_| stand::at(trace, &counted, all.quiet_at)),
            all,
            launched,
            blocked: blocked(trace),
            calls: Calls::of(trace, &counted, window),
        }
    }

    /// Whether the run was measured so well, and took so long, that its times say something.
    #[must_use]
    pub fn says_enough(&self) -> bool {
        self.exact && !self.lost && self.wall >= SHORT
    }

    /// A time in seconds as a share of the run.
    #[must_use]
    pub fn share(&self, seconds: f64) -> f64 {
        if self.wall > 0.0 { seconds / self.wall } else { 0.0 }
    }

    /// The launched process's threads at once.
    #[must_use]
    pub fn launched(&self) -> Option<&Partition> {
        self.by_process.get(&self.launched)
    }

    /// The threads of a process.
    pub fn of_process(&self, pid: Pid) -> impl Iterator<Item = &Role> {
        self.roles.iter().filter(move |role| role.pid == pid)
    }

    /// Who stood so, with the threads' roles, while none could go on by itself.
    #[must_use]
    pub fn standing(&self, so: impl Fn(&Stand) -> bool) -> Vec<(&Stand, &Role)> {
        let role = |stand: &&Stand| self.roles.iter().find(|role| role.id == stand.id);
        let stands =
            self.at_stop.as_ref().filter(|halt| halt.since.is_some()).map_or(&self.stands, |halt| &halt.stands);
        stands.iter().filter(|stand| so(stand)).filter_map(|stand| Some((stand, role(&stand)?))).collect()
    }

    /// The processes.
    pub fn processes(&self) -> impl Iterator<Item = (Pid, &Partition)> {
        self.by_process.iter().map(|(pid, partition)| (*pid, partition))
    }

    /// The threads that did a good part of the computing, of those that `wanted` lets pass: what they wanted of a core counts, for
    /// a busy machine gives less.
    #[must_use]
    pub fn computing(&self, wanted: impl Fn(&Role) -> bool) -> Vec<&Role> {
        /// Below this share of a typical one's lie imports, and threads that only hand out the work.
        const COMPUTES: f64 = 0.3;
        let typical = typical(self.roles.iter().map(Role::worked).collect());
        self.roles.iter().filter(|role| wanted(role) && role.worked() > COMPUTES * typical).collect()
    }
}

/// The part that is as long as those that make up the first half of the whole, the longest first: the longest where few do
/// it all, and one of the many where one that is longer than they did little beside all of them.
fn typical(mut parts: Vec<f64>) -> f64 {
    parts.sort_by(|a, b| b.total_cmp(a));
    let whole: f64 = parts.iter().sum();
    let mut sum = 0.0;
    let half = |part: &f64| {
        sum += part;
        sum >= whole / 2.0
    };
    parts.iter().copied().find(half).unwrap_or_default()
}

/// Who held a loop up, each task's steps together, the longest first.
fn blocked(trace: &Trace) -> Vec<Blocked> {
    let mut by_task: BTreeMap<usize, Vec<lag::Block>> = BTreeMap::new();
    for block in lag::blocks(trace) {
        by_task.entry(block.task).or_default().push(block);
    }
    let one = |(task, blocks): (usize, Vec<lag::Block>)| {
        let of = &trace.tasks.tracks[task];
        let lane = trace.lanes.iter().position(|lane| (lane.pid, lane.tid) == of.thread);
        let waited = |block: &lag::Block| {
            let totals = lane.map(|lane| trace.lanes[lane].spans.totals_in(block.start, block.end));
            totals.map_or(0, |totals| Doing::waited_in(&totals))
        };
        let longest = blocks.iter().max_by_key(|block| block.duration());
        Blocked {
            task: trace.tasks.label(of),
            lines: longest.map(lag::Block::lines).unwrap_or_default(),
            lane,
            times: blocks.len(),
            total: seconds(blocks.iter().map(lag::Block::duration).sum()),
            longest: longest.map_or(0.0, |block| seconds(block.duration())),
            waited: seconds(blocks.iter().map(waited).sum()),
        }
    };
    let mut out: Vec<Blocked> = by_task.into_iter().map(one).collect();
    out.sort_by(|a, b| b.total.total_cmp(&a.total));
    out
}

#[cfg(test)]
mod tests {
    use super::typical;

    #[test]
    fn one_that_is_longer_than_many_is_not_typical() {
        assert!((typical(vec![1.0, 0.1, 3.0]) - 3.0).abs() < 1e-9, "one did it nearly all");
        assert!((typical(vec![0.01; 300].into_iter().chain([0.1]).collect()) - 0.01).abs() < 1e-9);
        assert!(typical(Vec::new()).abs() < 1e-9);
    }
}
