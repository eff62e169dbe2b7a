//! The shape of a run: who computed, who waited, and how much of it at the same time.

use crate::clock::{Nanos, seconds};
use crate::trace::{Call, Lane, LaneKind, Span, State, Trace};
use std::collections::HashSet;

/// A lane counts as computing when it was on a core for this share of the run.
const COMPUTES: f64 = 0.08;

/// Who computed and who waited, over the workload's lanes in the run's window. Where the program has more threads than its
/// main one, the main thread's waits are left out: it waits for the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// Threads (of any process) that were on a core for a good part of the run.
    pub computing_threads: usize,
    /// Processes that these threads belong to.
    pub computing_processes: usize,
    /// The mean number of threads waiting for I/O at one time.
    pub io_waiting: f64,
    /// Of these, the mean number in a call that waits for many things at once (`epoll_wait`, `poll`, `select`).
    pub multiplexed: f64,
    /// The mean number of threads asleep at one time.
    pub sleeping: f64,
    /// The mean number of threads waiting for a lock at one time.
    pub lock_waiting: f64,
    /// Threads of the workload, helpers left out.
    pub threads: usize,
    /// Processes of the workload, helpers left out.
    pub processes: usize,
    /// The share of the run in which at least one workload thread was on a core, by the sum of their times at most 1.
    pub busy: f64,
}

impl Shape {
    /// The shape of a trace, finished or still growing.
    #[must_use]
    pub fn of(trace: &Trace) -> Shape {
        let (from, to) = (trace.zero(), trace.until());
        let wall = seconds(to.saturating_sub(from));
        if wall <= 0.0 {
            return Shape::default();
        }
        let lanes: Vec<&Lane> = trace
            .lanes
            .iter()
            .filter(|l| !matches!(l.kind, LaneKind::Server | LaneKind::Helper))
            .filter(|l| l.end.is_none_or(|end| end > from))
            .collect();
        let others = lanes.iter().any(|l| l.kind != LaneKind::Main);
        let waiters: Vec<&&Lane> = lanes.iter().filter(|l| !others || l.kind != LaneKind::Main).collect();
        let mean = |state: State| {
            seconds(waiters.iter().map(|l| l.spans.totals_in(from, to).get(state)).sum::<Nanos>()) / wall
        };
        let cpu = |lane: &Lane| seconds(lane.spans.totals_in(from, to).on_cpu());
        let computing: Vec<&&Lane> = lanes.iter().filter(|l| cpu(l) > COMPUTES * wall).collect();
        Shape {
            computing_threads: computing.len(),
            computing_processes: computing.iter().map(|l| l.pid).collect::<HashSet<_>>().len(),
            io_waiting: mean(State::IoWait),
            multiplexed: seconds(waiters.iter().map(|l| multiplexed(l, from, to)).sum()) / wall,
            sleeping: mean(State::Sleep),
            lock_waiting: mean(State::LockWait),
            threads: lanes.len(),
            processes: lanes.iter().map(|l| l.pid).collect::<HashSet<_>>().len(),
            busy: (lanes.iter().map(|l| cpu(l)).sum::<f64>() / wall).min(1.0),
        }
    }
}

/// Nanoseconds that a lane spent in calls that wait for many things at once.
fn multiplexed(lane: &Lane, from: Nanos, to: Nanos) -> Nanos {
    let many = [Call::EpollWait, Call::EpollPwait, Call::Poll, Call::Ppoll, Call::Select, Call::Pselect];
    let spans = lane.spans.window(from, to).iter().filter(|s| s.state == State::IoWait);
    spans.filter(|s| s.wait.is_some_and(|w| many.contains(&w.call))).map(Span::duration).sum()
}
