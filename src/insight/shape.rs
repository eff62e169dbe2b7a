//! The shape of a run: who computed, who waited, and how much of it at the same time.

use crate::clock::{Nanos, seconds};
use crate::trace::{Call, Lane, LaneKind, Span, State, StateTotals, Trace};
use std::collections::HashSet;

/// A lane counts as computing when it was on a core for this share of the busiest lane's time there. Below lie imports,
/// and threads that only hand out the work.
const COMPUTES: f64 = 0.3;

/// A lane counts as waiting when it waited for I/O or slept for this share of the run.
const WAITS: f64 = 0.1;

/// Who computed and who waited, over the workload's lanes in the run's window, helpers left out. A wait of any thread for
/// what others do for it (a join, a future's result) is none of its own: the others are counted. A worker that is idle waits for nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// Threads (of any process) that did a good part of the computing.
    pub computing_threads: usize,
    /// Processes that these threads belong to.
    pub computing_processes: usize,
    /// The time by state of these threads, in nanoseconds.
    pub computing: StateTotals,
    /// The least and the greatest share of its own time that one of these threads waited for the GIL.
    pub gil_shares: (f64, f64),
    /// The other thread that waited longest for the GIL, and for what share of the run.
    pub late: Option<(String, f64)>,
    /// The share of all on-CPU time that these threads used.
    pub computing_part: f64,
    /// Whether every one of these processes was seen to take a GIL.
    pub own_gils: bool,
    /// The mean number of threads waiting for I/O at one time.
    pub io_waiting: f64,
    /// The share of the run in which at least two threads waited for I/O.
    pub io_overlap: f64,
    /// The mean number of threads in an event loop's call, which waits for everything at once (`epoll_wait`).
    pub multiplexed: f64,
    /// The mean number of threads asleep at one time.
    pub sleeping: f64,
    /// The share of the run in which at least two threads were asleep.
    pub sleep_overlap: f64,
    /// The mean number of threads waiting for a lock at one time.
    pub lock_waiting: f64,
    /// The mean number of workers of pools that had nothing to do at one time.
    pub idle: f64,
    /// The mean number of threads off the cores at one time for a reason that was not measured.
    pub unknown: f64,
    /// Threads that waited for I/O or slept for a good part of the run.
    pub waiting_threads: usize,
    /// Processes that these threads belong to.
    pub waiting_processes: usize,
    /// Threads of the workload.
    pub threads: usize,
    /// Processes of the workload.
    pub processes: usize,
    /// The share of the run in which at least one thread was on a core.
    pub busy: f64,
    /// The share of the run in which none was on a core, and at least one was ready.
    pub starved: f64,
    /// The share of the run in which at least one was on a core, ready, or waiting for the GIL.
    pub wanted: f64,
    /// The share of the run in which threads of one process waited for the GIL and none of it was on a core or ready for
    /// one: whoever held the GIL was itself waiting.
    pub gil_kept: f64,
    /// The share of the run in which at least two threads were on cores at the same time.
    pub overlap: f64,
    /// The share of the run in which at least two of the computing threads were on cores at the same time.
    pub computing_overlap: f64,
    /// The share of the run in which at least two threads of one process were *running* at the same time. Under
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
        let mut shape = Shape {
            threads: lanes.len(),
            processes: processes(&lanes).len(),
            native: native(&lanes, from, to),
            running_overlap: running_overlap(&lanes, from, to) / wall,
            gil_kept: gil_kept(&lanes, from, to) / wall,
            ..Shape::default()
        };
        shape.count_computing(&lanes, from, to);
        shape.count_waiting(&lanes, from, to);
        let covered = |least, counts: &dyn Fn(State) -> bool| covered(&lanes, from, to, least, counts) / wall;
        shape.busy = covered(1, &State::on_cpu);
        shape.overlap = covered(2, &State::on_cpu);
        shape.starved = covered(1, &|s| s.on_cpu() || s == State::Ready) - shape.busy;
        shape.wanted = covered(1, &|s| s.on_cpu() || matches!(s, State::Ready | State::GilWait));
        shape
    }

    fn count_computing(&mut self, lanes: &[&Lane], from: Nanos, to: Nanos) {
        let cpu = |lane: &Lane| seconds(lane.spans.totals_in(from, to).on_cpu());
        let busiest = lanes.iter().map(|l| cpu(l)).fold(0.0, f64::max);
        let all: f64 = lanes.iter().map(|l| cpu(l)).sum();
        let computing: Vec<&Lane> = lanes.iter().copied().filter(|l| cpu(l) > COMPUTES * busiest).collect();
        for lane in &computing {
            let mut totals = lane.spans.totals_in(from, to);
            // What it waited for its workers is no line for a lock.
            let lock = &mut totals.0[State::LockWait.index()];
            *lock = lock.saturating_sub(lane.for_workers_in(State::LockWait, from, to));
            self.computing.merge(&totals);
        }
        let share = |lane: &Lane| {
            let totals = lane.spans.totals_in(from, to);
            if totals.sum() == 0 { 0.0 } else { seconds(totals.get(State::GilWait)) / seconds(totals.sum()) }
        };
        let least = computing.iter().map(|l| share(l)).fold(f64::INFINITY, f64::min);
        self.gil_shares = (least.min(1.0), computing.iter().map(|l| share(l)).fold(0.0, f64::max));
        let waited = |lane: &Lane| seconds(lane.spans.totals_in(from, to).get(State::GilWait)) / seconds(to - from);
        let others = lanes.iter().filter(|l| cpu(l) <= COMPUTES * busiest).map(|l| (l.name.clone(), waited(l)));
        self.late = others.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, share)| *share > 0.0);
        self.computing_overlap = covered(&computing, from, to, 2, &State::on_cpu) / seconds(to - from);
        let pids = processes(&computing);
        self.computing_threads = computing.len();
        self.computing_processes = pids.len();
        self.computing_part = if all > 0.0 { seconds(self.computing.on_cpu()) / all } else { 0.0 };
        self.own_gils = pids.iter().all(|pid| lanes.iter().any(|l| l.pid == *pid && l.gil_holds > 0));
    }

    fn count_waiting(&mut self, lanes: &[&Lane], from: Nanos, to: Nanos) {
        let wall = seconds(to - from);
        let own = Own::of(lanes);
        let mean = |state: State| seconds(lanes.iter().map(|l| own.waited(l, state, (from, to))).sum()) / wall;
        self.io_waiting = mean(State::IoWait);
        self.lock_waiting = mean(State::LockWait);
        self.sleeping = mean(State::Sleep);
        self.unknown = mean(State::Unknown);
        self.idle = mean(State::Idle);
        self.multiplexed = seconds(lanes.iter().map(|l| multiplexed(l, from, to)).sum()) / wall;
        let io = |lane: &Lane, span: &Span| span.state == State::IoWait && own.counts(lane, span);
        self.io_overlap = covered_by(lanes, from, to, 2, &io) / wall;
        self.sleep_overlap = covered(lanes, from, to, 2, &|s| s == State::Sleep) / wall;
        let waited =
            |lane: &Lane| own.waited(lane, State::IoWait, (from, to)) + own.waited(lane, State::Sleep, (from, to));
        let waiting: Vec<&Lane> = lanes.iter().copied().filter(|l| seconds(waited(l)) > WAITS * wall).collect();
        self.waiting_threads = waiting.len();
        self.waiting_processes = processes(&waiting).len();
    }
}

fn processes(lanes: &[&Lane]) -> HashSet<u32> {
    lanes.iter().map(|l| l.pid).collect()
}

/// Which waits are a thread's own, and not for what others do for it.
struct Own {
    /// Processes whose main thread created others: what it waits for is not always known.
    parents: HashSet<u32>,
}

impl Own {
    fn of(lanes: &[&Lane]) -> Own {
        let creators = lanes.iter().filter(|lane| lane.kind != LaneKind::Main).map(|lane| lane.parent);
        Own { parents: creators.collect() }
    }

    /// Whether a wait counts. By its call it may be for workers; in `poll` or in a call that only the kernel has told of, a
    /// thread that has created others may wait for them, and nobody knows.
    fn counts(&self, lane: &Lane, span: &Span) -> bool {
        let unclear = || span.wait.is_some_and(|wait| matches!(wait.call, Call::Poll | Call::Ppoll | Call::Futex));
        let is_parent = lane.tid == lane.pid && self.parents.contains(&lane.pid);
        !(span.for_workers() || is_parent && unclear())
    }

    /// How long a lane waited for itself.
    fn waited(&self, lane: &Lane, state: State, (from, to): (Nanos, Nanos)) -> Nanos {
        let spans = lane.spans.window(from, to).iter().filter(|span| span.state == state && self.counts(lane, span));
        spans.map(|span| span.end.min(to).saturating_sub(span.start.max(from))).sum()
    }
}

/// Nanoseconds that a lane spent in an event loop's call. `poll` and `select` do not count: a blocking socket with a time-out
/// waits in them for itself alone.
fn multiplexed(lane: &Lane, from: Nanos, to: Nanos) -> Nanos {
    let many = [Call::EpollWait, Call::EpollPwait];
    let spans = lane.spans.window(from, to).iter().filter(|s| s.state == State::IoWait);
    spans.filter(|s| s.wait.is_some_and(|w| many.contains(&w.call))).map(Span::duration).sum()
}

/// Seconds in which at least so many of the lanes were in a state that counts.
fn covered(lanes: &[&Lane], from: Nanos, to: Nanos, least: i32, counts: &dyn Fn(State) -> bool) -> f64 {
    covered_by(lanes, from, to, least, &|_, span| counts(span.state))
}

/// The same of spans that count.
fn covered_by(lanes: &[&Lane], from: Nanos, to: Nanos, least: i32, counts: &dyn Fn(&Lane, &Span) -> bool) -> f64 {
    let mut edges: Vec<(Nanos, i32)> = Vec::new();
    for lane in lanes {
        for span in lane.spans.window(from, to).iter().filter(|span| counts(lane, span)) {
            edges.push((span.start.max(from), 1));
            edges.push((span.end.min(to), -1));
        }
    }
    // Where one span ends and another begins at one instant, the end comes first: touching is not overlapping.
    edges.sort_unstable();
    let (mut at_once, mut since, mut sum) = (0, 0, 0);
    for (at, step) in edges {
        if at_once >= least {
            sum += at - since;
        }
        at_once += step;
        since = at;
    }
    seconds(sum)
}

/// The longest overlap of running threads in one process, in seconds.
fn running_overlap(lanes: &[&Lane], from: Nanos, to: Nanos) -> f64 {
    let of = |pid| {
        let own: Vec<&Lane> = lanes.iter().filter(|l| l.pid == pid).copied().collect();
        covered(&own, from, to, 2, &|state| state == State::Running)
    };
    processes(lanes).into_iter().map(of).fold(0.0, f64::max)
}

/// The longest time in which threads of one process waited for its GIL and none of them could have held it on a core, in
/// seconds.
fn gil_kept(lanes: &[&Lane], from: Nanos, to: Nanos) -> f64 {
    let of = |pid| {
        let own: Vec<&Lane> = lanes.iter().filter(|l| l.pid == pid).copied().collect();
        let able = |state: State| state.on_cpu() || state == State::Ready;
        let any = covered(&own, from, to, 1, &|state| able(state) || state == State::GilWait);
        any - covered(&own, from, to, 1, &able)
    };
    processes(lanes).into_iter().map(of).fold(0.0, f64::max)
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
        Lane { pid, tid: pid, parent: 1, end: Some(at), spans, ..Lane::default() }
    }

    #[test]
    fn overlap_counts_what_is_at_once_and_not_what_touches() {
        let (a, b) = (lane(1, &[(0, 10, State::Running)]), lane(1, &[(10, 20, State::Running)]));
        let c = lane(1, &[(5, 15, State::Native)]);
        let seconds_of = |lanes: &[&Lane]| covered(lanes, 0, 20, 2, &State::on_cpu) * 1e9;
        assert!(seconds_of(&[&a, &b]).abs() < 1e-6);
        assert!((seconds_of(&[&a, &b, &c]) - 10.0).abs() < 1e-6);
        assert!(running_overlap(&[&a, &b, &c], 0, 20).abs() < 1e-15, "native beside running is no second holder");
        // Each waits for the GIL before its first span: 5 of the 15, and 10 where nobody runs meanwhile.
        assert!((gil_kept(&[&c], 0, 20) - 5e-9).abs() < 1e-15 && gil_kept(&[&a, &c], 0, 20).abs() < 1e-15);
        let sleeper = lane(1, &[(0, 10, State::Sleep), (10, 20, State::Running)]);
        assert!((gil_kept(&[&b, &sleeper], 0, 20) - 10e-9).abs() < 1e-15, "one sleeps and the other waits");
        let other = lane(2, &[(0, 20, State::Running)]);
        assert!(running_overlap(&[&a, &other], 0, 20).abs() < 1e-15, "another process has another GIL");
    }

    #[test]
    fn a_main_thread_counts_like_any_other_but_not_while_it_waits_for_its_workers() {
        use crate::trace::{Wait, WaitKind, WaitObject};
        let span = |start, end, state, kind, call| {
            let wait = Some(Wait { kind, call, object: WaitObject::Nothing });
            Span { start, end, state, core: None, wait }
        };
        let mut main = lane(1, &[]);
        main.kind = LaneKind::Main;
        main.spans.push(span(0, 40, State::IoWait, WaitKind::Io, Call::Recv));
        main.spans.push(span(40, 60, State::LockWait, WaitKind::Lock, Call::PyFuture));
        main.spans.push(span(60, 70, State::LockWait, WaitKind::Lock, Call::SemWait));
        main.spans.push(span(70, 80, State::IoWait, WaitKind::Io, Call::Poll));
        let mut worker = lane(1, &[(0, 0, State::Running)]);
        (worker.tid, worker.parent) = (2, 1);
        worker.spans.push(span(0, 100, State::Idle, WaitKind::Idle, Call::SemWait));
        let means = |lanes: &[&Lane]| {
            let mut shape = Shape::default();
            shape.count_waiting(lanes, 0, 100);
            [shape.io_waiting, shape.lock_waiting, shape.idle].map(|mean| format!("{mean:.1}"))
        };
        assert_eq!(means(&[&main]), ["0.5", "0.1", "0.0"], "alone, what it polls is its own");
        assert_eq!(means(&[&main, &worker]), ["0.4", "0.1", "1.0"], "with another, whom it polls for is not known");
    }
}
