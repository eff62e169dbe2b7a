//! Traces for tests, benchmarks and the gallery: readable scenarios, each named by what happens in it.
//!
//! They are built here and never shown to a learner: everything that the app draws comes from a run.

use concur_tutor::inside::clock::{MILLISECOND, Nanos};
use concur_tutor::inside::trace::tasks::{AwaitMark, MarkedAwait, StepEnd, TaskMark};
use concur_tutor::inside::trace::{
    Builder, Call, Census, CoreCensus, CoreSample, CoreTrack, GilTrack, Lane, LaneKind, Pid, Record, Sources, Span,
    Spans, State, SwitchSource, Tid, Told, Trace, Wait, WaitKind, WaitObject, WaitSource, What,
};

/// The launch of every scenario on its clock, so that no test relies on zero.
pub const LAUNCH: Nanos = 7_000 * MILLISECOND;
/// The program's start in every scenario.
pub const ZERO: Nanos = LAUNCH + 20 * MILLISECOND;
const MS: Nanos = MILLISECOND;

/// What a thread does next, and for how long.
#[derive(Debug, Clone, Copy)]
pub enum Do {
    /// Runs on a core.
    Run(u16, Nanos),
    /// Runs on a core without the GIL.
    Native(u16, Nanos),
    /// Waits for the GIL.
    Gil(Nanos),
    /// Waits for a lock.
    Lock(Nanos),
    /// Waits for a socket.
    Io(Nanos),
    /// Sleeps.
    Sleep(Nanos),
    /// Wants a core.
    Ready(Nanos),
    /// Is off the core; nobody saw why.
    Unknown(Nanos),
}

impl Do {
    fn span(self, start: Nanos) -> Span {
        let wait = |kind, call, object| Some(Wait { kind, call, object });
        let (state, core, wait, length) = match self {
            Do::Run(core, n) => (State::Running, Some(core), None, n),
            Do::Native(core, n) => (State::Native, Some(core), None, n),
            Do::Gil(n) => {
                (State::GilWait, None, wait(WaitKind::Gil, Call::CondTimedwait, WaitObject::Gil(0x55d0_9a10)), n)
            }
            Do::Lock(n) => {
                (State::LockWait, None, wait(WaitKind::Lock, Call::SemClockwait, WaitObject::Lock(0x7f3a_80c0)), n)
            }
            Do::Io(n) => (State::IoWait, None, wait(WaitKind::Io, Call::Recv, WaitObject::Descriptor(5)), n),
            Do::Sleep(n) => (State::Sleep, None, wait(WaitKind::Sleep, Call::ClockNanosleep, WaitObject::Nothing), n),
            Do::Ready(n) => (State::Ready, None, None, n),
            Do::Unknown(n) => (State::Unknown, None, None, n),
        };
        Span { start, end: start + length, state, core, wait }
    }
}

/// A trace in the making.
#[derive(Debug, Default)]
pub struct Scenario {
    trace: Trace,
}

impl Scenario {
    /// A run on so many cores, measured exactly.
    #[must_use]
    pub fn new(cores: u32) -> Self {
        let sources = Sources { switches: SwitchSource::Perf, waits: WaitSource::Preload, ..Sources::default() };
        let cores = (0..cores).map(|id| CoreTrack { id, samples: Vec::new() }).collect();
        let (census, on_cores) = (Census::new(LAUNCH), CoreCensus::new(LAUNCH));
        let trace =
            Trace { cores, census, on_cores, launched_at: LAUNCH, program_at: Some(ZERO), sources, ..Trace::default() };
        Scenario { trace }
    }

    /// A lane that begins `start` after the program did.
    #[must_use]
    pub fn lane(mut self, kind: LaneKind, ids: (Pid, Tid), name: &str, start: Nanos, does: &[Do]) -> Self {
        let mut spans = Spans::default();
        let mut by_core = vec![0; self.trace.cores.len()];
        let mut at = ZERO + start;
        for step in does {
            let span = step.span(at);
            if let Some(core) = span.core.and_then(|c| by_core.get_mut(usize::from(c))) {
                *core += span.duration();
            }
            at = span.end;
            spans.push(span);
        }
        self.trace.add_lane(Lane {
            pid: ids.0,
            tid: ids.1,
            parent: 4700,
            name: name.to_owned(),
            kind,
            start: ZERO + start,
            end: Some(at),
            spans,
            by_core,
            gil_holds: 0,
            switches: 0,
            told: Told::default(),
        });
        self.trace.known_until = self.trace.known_until.max(at);
        self
    }

    /// Every thread of a process ran holding its one GIL.
    #[must_use]
    pub fn under_one_gil(mut self, pid: Pid) -> Self {
        let lanes = self.trace.lanes.iter().enumerate().filter(|(_, lane)| lane.pid == pid);
        let running = |(index, lane): (usize, &Lane)| -> Vec<(Nanos, Nanos, usize)> {
            let spans = lane.spans.as_slice().iter().filter(|span| span.state == State::Running);
            spans.map(|span| (span.start, span.end, index)).collect()
        };
        let mut holds: Vec<(Nanos, Nanos, usize)> = lanes.flat_map(running).collect();
        holds.sort_unstable();
        let mut track = GilTrack::new(pid, 0x55d0_9a10);
        for (start, end, lane) in holds {
            track.push(lane, start, end);
        }
        self.trace.gils.push(track);
        self
    }

    /// How it was measured.
    #[must_use]
    pub fn sources(mut self, switches: SwitchSource, waits: WaitSource) -> Self {
        (self.trace.sources.switches, self.trace.sources.waits) = (switches, waits);
        self
    }

    /// What the thread 4711 says of the tasks on its loop; times after the program's start.
    #[must_use]
    pub fn tasks(mut self, marks: Vec<(Nanos, TaskMark)>) -> Self {
        let mut builder = Builder::new(4711, LAUNCH);
        let record = |(at, mark): (Nanos, TaskMark)| {
            let mark = match mark {
                TaskMark::Step { task, since, how, thing } => TaskMark::Step { task, since: ZERO + since, how, thing },
                other => other,
            };
            Record { at: ZERO + at, pid: 4711, tid: 4711, what: What::Task(mark) }
        };
        builder.feed(marks.into_iter().map(record), self.trace.known_until);
        self.trace.tasks = builder.finish(self.trace.known_until).tasks;
        self
    }

    /// Samples every core each 25 ms: the workload's time, beside it so many percent of the tutor and of others.
    #[must_use]
    pub fn sampled(mut self, tutor: Nanos, others: Nanos) -> Self {
        const EVERY: Nanos = 25 * MS;
        let end = self.trace.known_until;
        for core in 0..self.trace.cores.len() {
            let number = u32::try_from(core).unwrap_or(u32::MAX);
            let mut since = LAUNCH;
            while since < end {
                let at = (since + EVERY).min(end);
                let mine: Nanos = self.trace.core_use(number, since, at).iter().map(|(_, n)| *n).sum();
                let length = at - since;
                let tutor = length * tutor / 100;
                let busy = (mine + tutor + length * others / 100).min(length);
                self.trace.cores[core].samples.push(CoreSample { since, at, busy, tutor });
                since = at;
            }
        }
        self
    }

    /// The run as it stands: not ended, every lane alive.
    #[must_use]
    pub fn live(mut self) -> Trace {
        for lane in &mut self.trace.lanes {
            lane.end = None;
        }
        self.trace.recount();
        self.trace
    }

    /// The run after its end.
    #[must_use]
    pub fn ended(mut self) -> Trace {
        self.trace.ended_at = Some(self.trace.known_until);
        self.trace.recount();
        self.trace
    }
}

/// One thread computes for 240 ms.
#[must_use]
pub fn one_after_the_other() -> Scenario {
    let main = [Do::Run(0, 240 * MS)];
    Scenario::new(2).lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &main).sampled(1, 3)
}

/// Turns of two threads under one GIL, 5 ms each.
fn turns(count: usize, first: bool) -> Vec<Do> {
    let own =
        |i: usize| if i.is_multiple_of(2) == first { Do::Run(u16::from(!first), 5 * MS) } else { Do::Gil(5 * MS) };
    (0..count).map(own).collect()
}

/// Two threads compute under one GIL: 240 ms in turns of 5 ms, while the main thread waits in a join.
#[must_use]
pub fn two_threads_under_the_gil() -> Scenario {
    let main = [Do::Run(0, 4 * MS), Do::Lock(240 * MS), Do::Run(0, 2 * MS)];
    Scenario::new(2)
        .lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &main)
        .lane(LaneKind::Thread, (4711, 4712), "worker-0", 3 * MS, &turns(48, true))
        .lane(LaneKind::Thread, (4711, 4713), "worker-1", 3 * MS, &turns(48, false))
        .under_one_gil(4711)
        .sampled(1, 3)
}

/// The same for ten times as long: turns that are too short for the cells of a whole picture.
#[must_use]
pub fn two_threads_taking_turns() -> Scenario {
    let main = [Do::Run(0, 4 * MS), Do::Lock(2_400 * MS), Do::Run(0, 2 * MS)];
    Scenario::new(2)
        .lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &main)
        .lane(LaneKind::Thread, (4711, 4712), "worker-0", 3 * MS, &turns(480, true))
        .lane(LaneKind::Thread, (4711, 4713), "worker-1", 3 * MS, &turns(480, false))
        .under_one_gil(4711)
        .sampled(1, 3)
}

/// The totals of [`two_threads_taking_turns`], lane by lane, but both run at the same time.
#[must_use]
pub fn two_threads_at_once_for_long() -> Scenario {
    let main = [Do::Run(0, 4 * MS), Do::Lock(2_400 * MS), Do::Run(0, 2 * MS)];
    Scenario::new(2)
        .lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &main)
        .lane(LaneKind::Thread, (4711, 4712), "worker-0", 3 * MS, &turns(480, true))
        .lane(LaneKind::Thread, (4711, 4713), "worker-1", 3 * MS, &turns(480, true))
}

/// The same totals, lane by lane, but both threads run at the same time. No Python does that; a picture has to show it.
#[must_use]
pub fn two_threads_at_once() -> Scenario {
    let main = [Do::Run(0, 4 * MS), Do::Lock(240 * MS), Do::Run(0, 2 * MS)];
    Scenario::new(2)
        .lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &main)
        .lane(LaneKind::Thread, (4711, 4712), "worker-0", 3 * MS, &turns(48, true))
        .lane(LaneKind::Thread, (4711, 4713), "worker-1", 3 * MS, &turns(48, true))
}

/// Two processes compute side by side, each on its core, with a helper thread in the parent.
#[must_use]
pub fn two_processes_in_parallel() -> Scenario {
    let main = [Do::Run(0, 10 * MS), Do::Io(150 * MS), Do::Run(0, 3 * MS)];
    let work = |core| [Do::Run(core, 20 * MS), Do::Native(core, 15 * MS), Do::Run(core, 105 * MS), Do::Ready(4 * MS)];
    Scenario::new(2)
        .lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &main)
        .lane(LaneKind::Helper, (4711, 4715), "ExecutorManager", 8 * MS, &[Do::Lock(140 * MS)])
        .lane(LaneKind::Helper, (4711, 4716), "QueueFeeder", 9 * MS, &[Do::Lock(139 * MS)])
        .lane(LaneKind::Process, (4713, 4713), "Process-1", 10 * MS, &work(0))
        .lane(LaneKind::Process, (4714, 4714), "Process-2", 12 * MS, &work(1))
        .lane(LaneKind::Thread, (4714, 4720), "feeder", 60 * MS, &[Do::Sleep(60 * MS), Do::Run(0, MS)])
        .sampled(1, 2)
}

/// Four threads fetch from a server that thinks for 30 ms each time.
#[must_use]
pub fn io_fan_out() -> Scenario {
    let serve = [Do::Io(22 * MS), Do::Run(1, 2 * MS), Do::Sleep(28 * MS)].repeat(3);
    let mut out = Scenario::new(2).lane(LaneKind::Server, (4690, 4690), "http server", 0, &serve).lane(
        LaneKind::Main,
        (4711, 4711),
        "MainThread",
        0,
        &[Do::Run(0, 3 * MS), Do::Lock(150 * MS)],
    );
    for n in 0..4u32 {
        let fetch = [Do::Run(0, MS / 2), Do::Gil(MS / 4), Do::Io(30 * MS), Do::Run(0, MS)].repeat(4);
        let start = 3 * MS + u64::from(n) * MS;
        out = out.lane(LaneKind::Thread, (4711, 4712 + n), &format!("fetch-{n}"), start, &fetch);
    }
    out.sampled(1, 5)
}

/// The function that tasks run in scenarios, and the two that they await.
fn functions() -> Vec<(Nanos, TaskMark)> {
    let function = |number, name: &str, line| {
        (0, TaskMark::Function { number, name: name.to_owned(), line, file: "/home/me/work.py".to_owned() })
    };
    vec![
        (0, TaskMark::Told),
        (0, TaskMark::ReadyTold(true)),
        function(1, "work", 12),
        function(2, "sleep", 600),
        function(3, "Lock.acquire", 90),
    ]
}

/// A task's step from one instant to another, after which it awaits the function of this number, or nothing.
fn step(task: u64, (from, to): (Nanos, Nanos), awaits: Option<u32>) -> Vec<(Nanos, TaskMark)> {
    let how = if awaits.is_some() { StepEnd::Suspended } else { StepEnd::Finished };
    let mut out = vec![(to, TaskMark::Step { task, since: from, how, thing: 0 })];
    let mark = |called| AwaitMark { function: 1, line: 18, first: called, last: called, on: MarkedAwait::Future };
    out.extend(awaits.map(|called| (to, TaskMark::Awaits(mark(called)))));
    out
}

/// Three tasks on one loop take turns; the last holds it up.
#[must_use]
pub fn three_tasks_on_a_loop() -> Scenario {
    let mut marks = functions();
    for task in 1..=3 {
        marks.push((0, TaskMark::Born { task, object: 0, function: 1, made: false, number: None }));
        marks.push((0, TaskMark::Named(format!("Task-{}", task + 1))));
    }
    for round in 0..4 {
        for task in 1..=3u64 {
            let from = (round * 50 + (task - 1) * 10) * MS;
            let awaits = if round == 1 && task == 2 { 3 } else { 2 };
            marks.extend(step(task, (from, from + 10 * MS), Some(awaits)));
        }
    }
    marks.extend(step(3, (200 * MS, 280 * MS), None));
    marks.extend(step(1, (280 * MS, 281 * MS), None));
    marks.extend(step(2, (281 * MS, 282 * MS), None));
    let round = [Do::Run(0, 30 * MS), Do::Io(20 * MS)];
    let does = [round.repeat(4), vec![Do::Run(0, 83 * MS)]].concat();
    Scenario::new(2).lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &does).sampled(1, 3).tasks(marks)
}

/// A thousand tasks begin one after the other, sleep for 100 ms and wait for a lock.
#[must_use]
pub fn a_thousand_tasks() -> Scenario {
    many_tasks(1000)
}

/// The same of so many.
#[must_use]
pub fn many_tasks(count: u64) -> Scenario {
    let mut marks = functions();
    let length = 50 * MS / count;
    for task in 1..=count {
        let from = task * length;
        marks.push((from, TaskMark::Born { task, object: 0, function: 1, made: false, number: None }));
        marks.extend(step(task, (from, from + length), Some(2)));
    }
    for (round, awaits) in [(1, Some(3)), (2, None)] {
        for task in 1..=count {
            let from = 100 * round * MS + task * length;
            marks.extend(step(task, (from, from + length), awaits));
        }
    }
    let round = [Do::Run(0, 51 * MS), Do::Io(49 * MS)];
    let does = [round.repeat(2), vec![Do::Run(0, 51 * MS)]].concat();
    Scenario::new(2).lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &does).sampled(1, 3).tasks(marks)
}

/// A pool of 48 threads, more than any screen has rows.
#[must_use]
pub fn forty_eight_lanes() -> Scenario {
    let mut out = Scenario::new(8);
    for n in 0..48u32 {
        let core = u16::try_from(n % 8).unwrap_or(0);
        let idle = u64::from(n) * MS;
        let does = [Do::Sleep(idle + MS), Do::Run(core, 10 * MS), Do::Ready(3 * MS), Do::Run(core, 60 * MS)];
        let kind = if n == 0 { LaneKind::Main } else { LaneKind::Thread };
        out = out.lane(kind, (4711, 4711 + n), &format!("pool-{n}"), 0, &does);
    }
    out.sampled(0, 1)
}

/// So many threads under one GIL, of which a few compute in turns while the others wait for a socket, for the GIL, and go:
/// more lanes than anybody looks at one by one.
#[must_use]
pub fn a_crowd(count: u32) -> Scenario {
    let mut out = Scenario::new(2);
    for n in 0..count {
        let share = u64::from(n) * 400 * MS / u64::from(count);
        let (turn, wait) = (400 * MS / u64::from(count), 40 * MS + share / 2);
        let does = [Do::Io(wait), Do::Gil(share + MS), Do::Run(0, turn.max(1_000)), Do::Sleep(60 * MS)];
        let kind = if n == 0 { LaneKind::Main } else { LaneKind::Thread };
        out = out.lane(kind, (4711, 4711 + n), &format!("fetch-{n}"), u64::from(n) * 1_000, &does);
    }
    out
}

/// A pool of 80 threads that live, and so many that come and go, each for 1 to 4 ms.
#[must_use]
pub fn short_lived(count: u32) -> Scenario {
    let mut out = Scenario::new(2);
    for n in 0..80 {
        let does = [Do::Sleep(520 * MS + u64::from(n) * MS), Do::Run(1, MS)];
        let kind = if n == 0 { LaneKind::Main } else { LaneKind::Thread };
        out = out.lane(kind, (4711, 4711 + n), &format!("pool-{n}"), u64::from(n) * 1_000, &does);
    }
    for n in 0..count {
        let start = u64::from(n) * 590 * MS / u64::from(count);
        let does = [Do::Ready(MS / 2), Do::Run(0, MS / 2 + u64::from(n % 30) * MS / 10)];
        out = out.lane(LaneKind::Thread, (4711, 5000 + n), &format!("short-{n}"), start, &does);
    }
    out
}

/// One busy thread on a machine of 128 cores.
#[must_use]
pub fn many_cores() -> Scenario {
    let does = [Do::Run(3, 40 * MS), Do::Run(100, 40 * MS)];
    Scenario::new(128).lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &does).sampled(0, 20)
}

/// A run of which nothing is known yet.
#[must_use]
pub fn nothing_yet() -> Scenario {
    Scenario::new(2)
}

/// A run on a machine that lets nothing but names be seen.
#[must_use]
pub fn not_measured() -> Scenario {
    Scenario::new(2)
        .lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &[Do::Unknown(120 * MS)])
        .lane(LaneKind::Thread, (4711, 4712), "worker-0", 4 * MS, &[Do::Run(0, 50 * MS), Do::Unknown(60 * MS)])
        .sources(SwitchSource::Schedstat, WaitSource::None)
}

/// `count` spans in all, spread over two threads that change turns every 50 us.
#[must_use]
pub fn many_spans(count: usize) -> Scenario {
    let turn = 50_000;
    let turns = |first: bool| -> Vec<Do> {
        let own = |i: usize| if i.is_multiple_of(2) == first { Do::Run(u16::from(first), turn) } else { Do::Gil(turn) };
        (0..count / 2).map(own).collect()
    };
    Scenario::new(2)
        .lane(LaneKind::Main, (4711, 4711), "worker-0", 0, &turns(true))
        .lane(LaneKind::Thread, (4711, 4712), "worker-1", 0, &turns(false))
        .under_one_gil(4711)
}

/// Every scenario with its name, as finished runs; the live one is the first before its end.
#[must_use]
pub fn all() -> Vec<(&'static str, Trace)> {
    vec![
        ("gil", two_threads_under_the_gil().ended()),
        ("processes", two_processes_in_parallel().ended()),
        ("io", io_fan_out().ended()),
        ("lanes48", forty_eight_lanes().ended()),
        ("cores128", many_cores().ended()),
        ("nothing", nothing_yet().live()),
        ("crowd", a_crowd(1_000).ended()),
        ("short", short_lived(500).ended()),
        ("turns", two_threads_taking_turns().ended()),
        ("live", two_threads_under_the_gil().live()),
        ("unmeasured", not_measured().ended()),
        ("tasks", three_tasks_on_a_loop().ended()),
        ("tasks1000", a_thousand_tasks().ended()),
    ]
}
