//! The state of every thread at one instant, moved forward by events: the state machine behind the lanes.
//!
//! What is provisional is written down before it changes ([`Before`]) and taken back: a look at a live run costs what has
//! happened lately, however many threads sleep.

mod gils;

use crate::clock::Nanos;
use crate::trace::Told;
use crate::trace::builder::Event;
use crate::trace::machine::NameSource;
use crate::trace::plain::plain;
use crate::trace::record::{LaneKind, Pid, Tid, Wait, WaitKind, What};
use crate::trace::world::gils::{Gils, INHERITED};
use crate::trace::{Call, Lane, Span, Spans, State, Trace};
use std::collections::HashMap;

/// Every thread and process known of.
#[derive(Debug, Default)]
pub(super) struct World {
    /// The launched process.
    pub main: Pid,
    /// No probe sees switches, so marks alone make lanes.
    pub no_switches: bool,
    threads: HashMap<Tid, Thread>,
    processes: HashMap<Pid, Process>,
    gils: Gils,
    /// How things were before what is provisional; `None` while everything is settled.
    before: Option<Before>,
    /// Lanes that have ended for good since they were last asked for.
    ended: Vec<usize>,
}

/// How things were before they changed: what was not there is `None`.
#[derive(Debug, Default)]
struct Before {
    lanes: usize,
    threads: HashMap<Tid, Option<Thread>>,
    processes: HashMap<Pid, Option<Process>>,
}

#[derive(Debug, Clone, Default)]
struct Process {
    /// A GIL was seen in it.
    has_gil: bool,
    name: Option<String>,
    kind: Option<LaneKind>,
}

#[derive(Debug, Clone)]
struct Thread {
    pid: Pid,
    /// It is its process's main thread.
    is_first: bool,
    /// Where it is drawn, once it has been seen on a core or been created.
    lane: Option<usize>,
    /// Its spans are pushed up to here.
    since: Nanos,
    cpu: Cpu,
    wait: Option<Wait>,
    comm: Option<String>,
    name: Option<String>,
    kind: Option<LaneKind>,
    /// On-CPU nanoseconds by core.
    by_core: Vec<Nanos>,
    gil_holds: u64,
    switches: u64,
    told: Told,
}

/// What the GIL is to a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gil {
    /// Its process was seen with none.
    None,
    /// The thread holds one.
    Held,
    /// Its process has one, and the thread does not hold it.
    Without,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cpu {
    /// Never seen on a core: a new thread is ready until it is.
    New,
    On(u16),
    Off {
        preempted: bool,
    },
}

impl Thread {
    fn new((pid, tid): (Pid, Tid), at: Nanos) -> Self {
        Thread {
            pid,
            is_first: pid == tid,
            lane: None,
            since: at,
            cpu: Cpu::New,
            wait: None,
            comm: None,
            name: None,
            kind: None,
            by_core: Vec::new(),
            gil_holds: 0,
            switches: 0,
            told: Told::default(),
        }
    }

    /// The state that its parts add up to. On a core, who holds the GIL decides; off a core, a thread that was
    /// preempted wants one back, whatever it was about to wait for.
    fn state(&self, gil: Gil) -> State {
        match (self.cpu, self.wait) {
            (Cpu::Off { preempted: false }, Some(wait)) if gil != Gil::None && self.is_parked(wait) => State::Idle,
            (Cpu::On(_), _) if gil != Gil::Without => State::Running,
            (Cpu::On(_), _) => State::Native,
            (Cpu::New | Cpu::Off { preempted: true }, _) => State::Ready,
            (Cpu::Off { .. }, Some(wait)) => match wait.kind {
                WaitKind::Gil => State::GilWait,
                WaitKind::Lock => State::LockWait,
                WaitKind::Io => State::IoWait,
                WaitKind::Sleep => State::Sleep,
                WaitKind::Idle => State::Idle,
            },
            (Cpu::Off { .. }, None) => State::Unknown,
        }
    }

    /// Whether it is a native library's own, such as those of BLAS and libuv, and waits to be woken: Python's threads take the
    /// GIL before they wait for anything else. A mutex is what two of them want at once, and no such wait.
    const fn is_parked(&self, wait: Wait) -> bool {
        let woken = matches!(
            wait.call,
            Call::CondWait
                | Call::CondTimedwait
                | Call::CondClockwait
                | Call::SemWait
                | Call::SemTimedwait
                | Call::SemClockwait
                | Call::Futex
        );
        matches!(wait.kind, WaitKind::Lock) && woken && self.gil_holds == 0 && !self.is_first
    }

    /// What it does from `since` to `at`.
    fn span(&self, gil: Gil, at: Nanos) -> Span {
        let state = self.state(gil);
        let core = match self.cpu {
            Cpu::On(core) => Some(core),
            _ => None,
        };
        let wait = self.wait.filter(|_| !state.on_cpu() && state != State::Ready);
        Span { start: self.since, end: at, state, core, wait }
    }

    /// Says in its lane what it does from now on.
    fn go_on(&self, trace: &mut Trace, gil: Gil) {
        if let Some(lane) = self.lane {
            trace.go_on(lane, self.span(gil, Span::GOES_ON));
        }
    }

    /// Pushes the span from `since` to `at`.
    fn advance(&mut self, trace: &mut Trace, gil: Gil, at: Nanos) {
        let Some(lane) = self.lane else {
            self.since = at;
            return;
        };
        if at <= self.since {
            return;
        }
        let span = self.span(gil, at);
        if let Some(index) = span.core.map(usize::from) {
            if self.by_core.len() <= index {
                self.by_core.resize(index + 1, 0);
            }
            self.by_core[index] += at - self.since;
            if self.wait.is_some_and(|wait| wait.call.moves_data()) {
                self.told.moved += at - self.since;
            }
        }
        trace.push_span(lane, span);
        self.since = at;
    }

    /// Copies what is counted into the lane.
    fn show(&self, trace: &mut Trace) {
        if let Some(lane) = self.lane.and_then(|l| trace.lanes.get_mut(l)) {
            lane.by_core.clone_from(&self.by_core);
            lane.gil_holds = self.gil_holds;
            lane.switches = self.switches;
            lane.told = self.told;
        }
    }
}

impl World {
    /// Moves the thread that `event` speaks of forward to the event, and changes it.
    pub(super) fn apply(&mut self, trace: &mut Trace, event: &Event) {
        let Event { at, pid, tid, what, sampled } = event;
        self.write_down(*pid, *tid);
        match what {
            What::Start { parent } => self.start(trace, *at, (*pid, *tid), *parent),
            What::End => {
                self.end(trace, *tid, *at);
                if *tid == self.main {
                    trace.ended_at = Some(*at);
                }
            }
            _ => self.change(trace, *at, (*pid, *tid), what, *sampled),
        }
    }

    /// Before something provisional changes a thread and its process.
    fn write_down(&mut self, pid: Pid, tid: Tid) {
        let Some(before) = &mut self.before else { return };
        before.threads.entry(tid).or_insert_with(|| self.threads.get(&tid).cloned());
        let pids = [Some(pid), self.threads.get(&tid).map(|thread| thread.pid)];
        for pid in pids.into_iter().flatten() {
            before.processes.entry(pid).or_insert_with(|| self.processes.get(&pid).cloned());
        }
    }

    /// What the GIL is to a thread.
    fn gil(&self, pid: Pid, tid: Tid) -> Gil {
        match self.processes.get(&pid) {
            Some(process) if process.has_gil && self.gils.holds(pid, tid) => Gil::Held,
            Some(process) if process.has_gil => Gil::Without,
            _ => Gil::None,
        }
    }

    fn change(&mut self, trace: &mut Trace, at: Nanos, (pid, tid): (Pid, Tid), what: &What, sampled: bool) {
        let gil = self.gil(pid, tid);
        let thread = self.threads.entry(tid).or_insert_with(|| Thread::new((pid, tid), at));
        let process = self.processes.entry(pid).or_default();
        let at = at.max(thread.since);
        thread.advance(trace, gil, at);
        let mut renamed = false;
        match what {
            // Births and ends are told apart; samples are taken apart and tasks looked after before they come here.
            What::Start { .. }
            | What::End
            | What::ProgramEnd
            | What::Ran { .. }
            | What::SeenWaiting { .. }
            | What::Task(_)
            | What::Lock(_) => {}
            What::Exec { comm } => {
                *process = Process { kind: process.kind, ..Process::default() };
                self.gils.ended(trace, pid, None, at);
                thread.wait = None;
                thread.name = None;
                thread.comm = Some(plain(comm).into_owned());
                // An exec is done by a thread that is on a core; which one, the next switch tells.
                renamed = true;
            }
            What::Comm(comm) => {
                thread.comm = Some(comm.clone());
                renamed = true;
            }
            What::On { core } => thread.cpu = Cpu::On(u16::try_from(*core).unwrap_or(u16::MAX)),
            What::Off { preempted } => {
                thread.switches += u64::from(!sampled);
                thread.cpu = Cpu::Off { preempted: *preempted };
            }
            What::WaitBegin(wait) => thread.wait = Some(*wait),
            What::WaitEnd => thread.wait = None,
            // What was before it is in the lane by now.
            What::Pickled { since } => {
                let lane = thread.lane.and_then(|lane| trace.lanes.get(lane));
                thread.told.pickled += lane.map_or(0, |lane| lane.spans.totals_in(*since, at).on_cpu());
            }
            What::Work => thread.told.pieces += 1,
            What::Killed { process, signal } => {
                let killed = trace.lanes.iter_mut().rfind(|lane| (lane.pid, lane.tid) == (*process, *process));
                if let Some(lane) = killed.filter(|lane| lane.end.is_some()) {
                    lane.told.killed = Some(*signal);
                }
            }
            What::GilTaken { gil } => {
                process.has_gil = true;
                thread.gil_holds += 1;
                self.gils.taken(trace, (pid, *gil), tid, thread.lane, at);
            }
            // A thread can change interpreters: dropping one GIL says nothing of another.
            What::GilDropped { gil } => self.gils.dropped(trace, (pid, *gil), tid, at),
            What::ThreadName(name) => {
                trace.sources.names = NameSource::Startup;
                thread.name = Some(plain(name).into_owned());
                renamed = true;
            }
            What::ProcessName(name) => {
                process.name = Some(plain(name).into_owned());
                renamed = true;
            }
            What::Kind(kind) => {
                // Said of a main thread, it is said of the whole process.
                if pid == tid {
                    process.kind = Some(*kind);
                }
                thread.kind = Some(*kind);
                renamed = true;
            }
            What::ProgramStart => {
                thread.told.began = Some(at);
                if pid == self.main {
                    trace.program_at.get_or_insert(at);
                }
            }
        }
        let seen = matches!(what, What::Exec { .. } | What::Comm(_) | What::On { .. } | What::Off { .. });
        if thread.lane.is_none() && (seen || self.no_switches) {
            thread.lane = Some(trace.lanes.len());
            thread.since = at;
            trace.add_lane(new_lane(pid, tid, pid, at));
            self.gils.seen(trace, pid, tid, trace.lanes.len() - 1);
            renamed = true;
        }
        if renamed {
            name_lane(trace, self.main, tid, thread, process);
        }
        self.go_on(trace, pid, tid);
    }

    fn go_on(&self, trace: &mut Trace, pid: Pid, tid: Tid) {
        if let Some(thread) = self.threads.get(&tid) {
            thread.go_on(trace, self.gil(pid, tid));
        }
    }

    /// A thread was created. A process inherits its parent's GIL with its creator holding it: `fork` is called by a
    /// thread that holds it, and the child's copy of it is taken anew without a wait.
    fn start(&mut self, trace: &mut Trace, at: Nanos, (pid, tid): (Pid, Tid), parent: Pid) {
        // The number was used before and its end was lost: that life ends here.
        if self.threads.get(&tid).is_some_and(|t| t.lane.is_some()) {
            self.end(trace, tid, at);
        }
        let mut thread = Thread::new((pid, tid), at);
        let lane = trace.lanes.len();
        if pid == tid && parent != pid {
            let has_gil = self.processes.get(&parent).is_some_and(|p| p.has_gil);
            self.processes.insert(pid, Process { has_gil, ..Process::default() });
            if has_gil {
                self.gils.taken(trace, (pid, INHERITED), tid, Some(lane), at);
            }
        }
        // A new thread or process bears its creator's name until it says another.
        let creator = if pid == tid { parent } else { pid };
        thread.comm = self.threads.get(&creator).and_then(|t| t.comm.clone());
        // A mark may be stamped before the kernel's record of the same thread is settled: keep what it said.
        if let Some(early) = self.threads.get(&tid).filter(|t| t.lane.is_none() && t.pid == pid) {
            thread.name.clone_from(&early.name);
            thread.kind = early.kind;
        }
        thread.lane = Some(lane);
        trace.add_lane(new_lane(pid, tid, parent, at));
        let process = self.processes.entry(pid).or_default();
        name_lane(trace, self.main, tid, &thread, process);
        self.threads.insert(tid, thread);
        self.gils.seen(trace, pid, tid, lane);
        self.go_on(trace, pid, tid);
    }

    fn end(&mut self, trace: &mut Trace, tid: Tid, at: Nanos) {
        let Some(mut thread) = self.threads.remove(&tid) else { return };
        let at = at.max(thread.since);
        thread.advance(trace, self.gil(thread.pid, tid), at);
        thread.show(trace);
        self.gils.ended(trace, thread.pid, Some(tid), at);
        if let Some(lane) = thread.lane {
            trace.stop(lane);
            trace.lanes[lane].end = Some(at);
            if self.before.is_none() {
                self.ended.push(lane);
            }
        }
    }

    /// Ends every living thread at `at`.
    pub(super) fn close(&mut self, trace: &mut Trace, at: Nanos) {
        let living: Vec<Tid> = self.threads.keys().copied().collect();
        for tid in living {
            self.end(trace, tid, at);
        }
        self.gils.close(trace, at);
        self.settled(trace);
    }

    /// What is in the trace now is settled.
    pub(super) fn settled(&mut self, trace: &mut Trace) {
        trace.settle(self.ended.drain(..));
    }

    /// What comes now is provisional.
    pub(super) fn provisionally(&mut self, trace: &Trace) {
        self.before = Some(Before { lanes: trace.lanes.len(), ..Before::default() });
        self.gils.provisionally(trace);
    }

    /// Takes back what was provisional.
    pub(super) fn take_back(&mut self, trace: &mut Trace) {
        let Some(before) = self.before.take() else { return };
        self.gils.take_back(trace);
        trace.truncate_lanes(before.lanes);
        for (pid, process) in before.processes {
            put_back(&mut self.processes, pid, process);
        }
        for (tid, thread) in before.threads {
            put_back(&mut self.threads, tid, thread);
            let Some(thread) = self.threads.get(&tid) else { continue };
            if let Some(lane) = thread.lane {
                trace.cut_lane(lane, thread.since);
                trace.lanes[lane].end = None;
                thread.go_on(trace, self.gil(thread.pid, tid));
            }
        }
    }
}

fn put_back<K: Eq + std::hash::Hash, V>(all: &mut HashMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => drop(all.insert(key, value)),
        None => drop(all.remove(&key)),
    }
}

fn new_lane(pid: Pid, tid: Tid, parent: Pid, at: Nanos) -> Lane {
    Lane {
        pid,
        tid,
        parent,
        name: String::new(),
        kind: LaneKind::Thread,
        start: at,
        end: None,
        spans: Spans::default(),
        by_core: Vec::new(),
        gil_holds: 0,
        switches: 0,
        told: Told::default(),
    }
}

/// Gives a lane its kind and its best name: a descendant process is known by its process name, everything else by its
/// thread name, and the kernel's name stands in for what the program has not said.
fn name_lane(trace: &mut Trace, main: Pid, tid: Tid, thread: &Thread, process: &Process) {
    let Some((at, lane)) = thread.lane.and_then(|at| Some((at, trace.lanes.get_mut(at)?))) else { return };
    let is_main_thread = lane.pid == tid;
    let default = match (is_main_thread, lane.pid == main) {
        (true, true) => LaneKind::Main,
        (true, false) => LaneKind::Process,
        (false, _) => LaneKind::Thread,
    };
    let kind = thread.kind.or(process.kind).unwrap_or(default);
    let said = if is_main_thread && lane.pid != main {
        process.name.as_ref().or(thread.name.as_ref())
    } else {
        thread.name.as_ref()
    };
    if let Some(name) = said.or(thread.comm.as_ref()) {
        lane.name.clone_from(name);
    }
    trace.set_kind(at, kind);
}
