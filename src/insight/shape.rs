//! The shape of a run: who computed, who waited, and how much of it at the same time.

use crate::clock::{Nanos, seconds};
use crate::trace::{Call, Lane, LaneKind, Span, State, StateTotals, Trace};
use std::collections::HashSet;

/// A lane counts as computing when it was on a core for this share of the busiest lane's time there. Below lie imports,
/// and threads that only hand out the work.
const COMPUTES: f64 = 0.3;

/// A lane counts as waiting when it waited for I/O or slept for this share of the run.
const WAITS: f64 = 0.1;

/// Who computed and who waited, over the workload's lanes in the run's window. Where the program has more threads than its
/// main one, the main thread's waits are left out: it waits for the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// Threads (of any process) that did a good part of the computing.
    pub computing_threads: usize,
    /// Processes that these threads belong to.
    pub computing_processes: usize,
    /// The mean number of threads waiting for I/O at one time.
    pub io_waiting: f64,
    /// Of these, the mean number in an event loop's call, which waits for everything at once (`epoll_wait`).
    pub multiplexed: f64,
    /// The mean number of threads asleep at one time.
    pub sleeping: f64,
    /// The mean number of threads waiting for a lock at one time.
    pub lock_waiting: f64,
    /// Threads that waited for I/O or slept for a good part of the run.
    pub waiting_threads: usize,
    /// Threads of the workload, helpers left out.
    pub threads: usize,
    /// Processes of the workload, helpers left out.
    pub processes: usize,
    /// The share of the run in which at least one workload thread was on a core, by the sum of their times at most 1.
    pub busy: f64,
    /// The share of the run in which at least two workload threads were on cores at the same time.
    pub overlap: f64,
    /// The share of the run in which at least two workload threads of one process were *running* at the same time. Under
    /// one GIL that is nothing: where it is something, there are several GILs, or none.
    pub running_overlap: f64,
    /// The share of the on-CPU time that was native: without the GIL.
    pub native: f64,
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
        let busiest = lanes.iter().map(|l| cpu(l)).fold(0.0, f64::max);
        let computing: Vec<&&Lane> = lanes.iter().filter(|l| cpu(l) > COMPUTES * busiest).collect();
        Shape {
            computing_threads: computing.len(),
            computing_processes: computing.iter().map(|l| l.pid).collect::<HashSet<_>>().len(),
            io_waiting: mean(State::IoWait),
            multiplexed: seconds(waiters.iter().map(|l| multiplexed(l, from, to)).sum()) / wall,
            sleeping: mean(State::Sleep),
            lock_waiting: mean(State::LockWait),
            waiting_threads: waiters.iter().filter(|l| waited(l, from, to) > WAITS * wall).count(),
            threads: lanes.len(),
            processes: lanes.iter().map(|l| l.pid).collect::<HashSet<_>>().len(),
            overlap: overlap(&lanes, from, to, State::on_cpu) / wall,
            running_overlap: running_overlap(&lanes, from, to) / wall,
            native: native(&lanes, from, to),
            busy: (lanes.iter().map(|l| cpu(l)).sum::<f64>() / wall).min(1.0),
        }
    }
}

/// Seconds that a lane waited for I/O or slept.
fn waited(lane: &Lane, from: Nanos, to: Nanos) -> f64 {
    let totals = lane.spans.totals_in(from, to);
    seconds(totals.get(State::IoWait) + totals.get(State::Sleep))
}

/// Nanoseconds that a lane spent in an event loop's call. `poll` and `select` do not count: a blocking socket with a time-out
/// waits in them for itself alone.
fn multiplexed(lane: &Lane, from: Nanos, to: Nanos) -> Nanos {
    let many = [Call::EpollWait, Call::EpollPwait];
    let spans = lane.spans.window(from, to).iter().filter(|s| s.state == State::IoWait);
    spans.filter(|s| s.wait.is_some_and(|w| many.contains(&w.call))).map(Span::duration).sum()
}

/// Seconds in which at least two of the lanes were in a state that counts.
fn overlap(lanes: &[&Lane], from: Nanos, to: Nanos, counts: impl Fn(State) -> bool) -> f64 {
    let mut edges: Vec<(Nanos, i32)> = Vec::new();
    for span in lanes.iter().flat_map(|l| l.spans.window(from, to)).filter(|s| counts(s.state)) {
        edges.push((span.start.max(from), 1));
        edges.push((span.end.min(to), -1));
    }
    // Where one span ends and another begins at one instant, the end comes first: touching is not overlapping.
    edges.sort_unstable();
    let (mut at_once, mut since, mut sum) = (0, 0, 0);
    for (at, step) in edges {
        if at_once >= 2 {
            sum += at - since;
        }
        at_once += step;
        since = at;
    }
    seconds(sum)
}

/// The longest [`overlap`] of running threads in one process, in seconds.
fn running_overlap(lanes: &[&Lane], from: Nanos, to: Nanos) -> f64 {
    let processes: HashSet<_> = lanes.iter().map(|l| l.pid).collect();
    let of = |pid| {
        let own: Vec<&Lane> = lanes.iter().filter(|l| l.pid == pid).copied().collect();
        overlap(&own, from, to, |state| state == State::Running)
    };
    processes.into_iter().map(of).fold(0.0, f64::max)
}

/// The share of on-CPU time that was native.
fn native(lanes: &[&Lane], from: Nanos, to: Nanos) -> f64 {
    let mut totals = StateTotals::default();
    for lane in lanes {
        totals.merge(&lane.spans.totals_in(from, to));
    }
    let on_cpu = totals.on_cpu();
    if on_cpu == 0 { 0.0 } else { seconds(totals.get(State::Native)) / seconds(on_cpu) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Spans;

    fn lane(pid: u32, parts: &[(Nanos, Nanos, State)]) -> Lane {
        let mut spans = Spans::default();
        let mut at = 0;
        for (start, end, state) in parts {
            spans.push(Span { start: at, end: *start, state: State::GilWait, core: None, wait: None });
            spans.push(Span { start: *start, end: *end, state: *state, core: Some(0), wait: None });
            at = *end;
        }
        let (tid, parent, name) = (pid, 1, String::new());
        let (by_core, kind) = (Vec::new(), LaneKind::Thread);
        Lane { pid, tid, parent, name, kind, start: 0, end: Some(at), spans, by_core, gil_holds: 0, switches: 0 }
    }

    #[test]
    fn overlap_counts_what_is_at_once_and_not_what_touches() {
        let (a, b) = (lane(1, &[(0, 10, State::Running)]), lane(1, &[(10, 20, State::Running)]));
        let c = lane(1, &[(5, 15, State::Native)]);
        let seconds_of = |lanes: &[&Lane]| overlap(lanes, 0, 20, State::on_cpu) * 1e9;
        assert!(seconds_of(&[&a, &b]).abs() < 1e-6);
        assert!((seconds_of(&[&a, &b, &c]) - 10.0).abs() < 1e-6);
        assert!(running_overlap(&[&a, &b, &c], 0, 20).abs() < 1e-15, "native beside running is no second holder");
        let other = lane(2, &[(0, 20, State::Running)]);
        assert!(running_overlap(&[&a, &other], 0, 20).abs() < 1e-15, "another process has another GIL");
    }
}
