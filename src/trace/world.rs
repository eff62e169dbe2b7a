//! The state of every thread at one instant, moved forward by events: the state machine behind the lanes.

use crate::clock::Nanos;
use crate::trace::builder::{Change, Event};
use crate::trace::machine::NameSource;
use crate::trace::record::{LaneKind, Pid, Tid, Wait, WaitKind};
use crate::trace::{Lane, Span, Spans, State, Trace};
use std::collections::HashMap;

/// Every thread and process known of.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    /// The launched process.
    pub main: Pid,
    /// Lanes that are settled; those beyond are provisional.
    pub settled_lanes: usize,
    /// No probe sees switches, so marks alone make lanes.
    pub no_switches: bool,
    threads: HashMap<Tid, Thread>,
    processes: HashMap<Pid, Process>,
}

/// The GIL that a forked child inherited and has not named yet.
const INHERITED: u64 = 0;

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
    /// Where it is drawn, once it has been seen on a core or been created.
    lane: Option<usize>,
    /// Its spans are pushed up to here.
    since: Nanos,
    cpu: Cpu,
    wait: Option<Wait>,
    holds: Option<u64>,
    comm: Option<String>,
    name: Option<String>,
    kind: Option<LaneKind>,
    /// On-CPU nanoseconds by core.
    by_core: Vec<Nanos>,
    gil_holds: u64,
    switches: u64,
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
    fn new(pid: Pid, at: Nanos) -> Self {
        Thread {
            pid,
            lane: None,
            since: at,
            cpu: Cpu::New,
            wait: None,
            holds: None,
            comm: None,
            name: None,
            kind: None,
            by_core: Vec::new(),
            gil_holds: 0,
            switches: 0,
        }
    }

    /// The state that its parts add up to. On a core, who holds the GIL decides; off a core, a thread that was
    /// preempted wants one back, whatever it was about to wait for.
    fn state(&self, has_gil: bool) -> State {
        match (self.cpu, self.wait) {
            (Cpu::On(_), _) if self.holds.is_some() || !has_gil => State::Running,
            (Cpu::On(_), _) => State::Native,
            (Cpu::New | Cpu::Off { preempted: true }, _) => State::Ready,
            (Cpu::Off { .. }, Some(wait)) => match wait.kind {
                WaitKind::Gil => State::GilWait,
                WaitKind::Lock => State::LockWait,
                WaitKind::Io => State::IoWait,
                WaitKind::Sleep => State::Sleep,
            },
            (Cpu::Off { .. }, None) => State::Unknown,
        }
    }

    /// Pushes the span from `since` to `at`.
    fn advance(&mut self, trace: &mut Trace, has_gil: bool, at: Nanos) {
        let Some(lane) = self.lane else {
            self.since = at;
            return;
        };
        if at <= self.since {
            return;
        }
        let state = self.state(has_gil);
        let core = match self.cpu {
            Cpu::On(core) => {
                let index = usize::from(core);
                if self.by_core.len() <= index {
                    self.by_core.resize(index + 1, 0);
                }
                self.by_core[index] += at - self.since;
                Some(core)
            }
            _ => None,
        };
        let wait = self.wait.filter(|_| !state.on_cpu() && state != State::Ready);
        trace.lanes[lane].spans.push(Span { start: self.since, end: at, state, core, wait });
        self.since = at;
    }

    /// Copies what is counted into the lane.
    fn show(&self, trace: &mut Trace) {
        if let Some(lane) = self.lane.and_then(|l| trace.lanes.get_mut(l)) {
            lane.by_core.clone_from(&self.by_core);
            lane.gil_holds = self.gil_holds;
            lane.switches = self.switches;
        }
    }
}

impl World {
    /// Moves the thread that `event` speaks of forward to the event, and changes it.
    pub(super) fn apply(&mut self, trace: &mut Trace, event: &Event) {
        let Event { at, pid, tid, change } = event;
        if let Change::Start { parent } = change {
            self.start(trace, *at, (*pid, *tid), *parent);
            return;
        }
        let thread = self.threads.entry(*tid).or_insert_with(|| Thread::new(*pid, *at));
        let process = self.processes.entry(*pid).or_default();
        let at = (*at).max(thread.since);
        thread.advance(trace, process.has_gil, at);
        let mut renamed = false;
        match change {
            Change::Start { .. } | Change::ProgramEnd => {}
            Change::Exec { comm } => {
                *process = Process { kind: process.kind, ..Process::default() };
                thread.holds = None;
                thread.wait = None;
                thread.name = None;
                thread.comm = Some(comm.clone());
                // An exec is done by a thread that is on a core; which one, the next switch tells.
                renamed = true;
            }
            Change::Comm(comm) => {
                thread.comm = Some(comm.clone());
                renamed = true;
            }
            Change::On { core } => thread.cpu = Cpu::On(u16::try_from(*core).unwrap_or(u16::MAX)),
            Change::Off { preempted, sampled } => {
                thread.switches += u64::from(!sampled);
                thread.cpu = Cpu::Off { preempted: *preempted };
            }
            Change::WaitBegin(wait) | Change::SampledWait(wait) => thread.wait = Some(*wait),
            Change::WaitEnd | Change::SampledWaitEnd => thread.wait = None,
            Change::GilTaken { gil } => {
                process.has_gil = true;
                thread.holds = Some(*gil);
                thread.gil_holds += 1;
            }
            // A thread can change interpreters: dropping one GIL says nothing of another.
            Change::GilDropped { gil } => {
                thread.holds = thread.holds.filter(|held| *held != *gil && *held != INHERITED);
            }
            Change::ThreadName(name) => {
                trace.sources.names = NameSource::Startup;
                thread.name = Some(name.clone());
                renamed = true;
            }
            Change::ProcessName(name) => {
                process.name = Some(name.clone());
                renamed = true;
            }
            Change::Kind(kind) => {
                // Said of a main thread, it is said of the whole process.
                if pid == tid {
                    process.kind = Some(*kind);
                }
                thread.kind = Some(*kind);
                renamed = true;
            }
            Change::ProgramStart => {
                if *pid == self.main {
                    trace.program_at.get_or_insert(at);
                }
            }
            Change::End => {
                self.end(trace, *tid, at);
                if *tid == self.main {
                    trace.ended_at = Some(at);
                }
                return;
            }
        }
        let seen = matches!(change, Change::Exec { .. } | Change::Comm(_) | Change::On { .. } | Change::Off { .. });
        if thread.lane.is_none() && (seen || self.no_switches) {
            thread.lane = Some(trace.lanes.len());
            thread.since = at;
            trace.lanes.push(new_lane(*pid, *tid, *pid, at));
            renamed = true;
        }
        if renamed {
            name_lane(trace, self.main, *tid, thread, process);
        }
    }

    /// A thread was created. A process inherits its parent's GIL with its creator holding it: `fork` is called by a
    /// thread that holds it, and the child's copy of it is taken anew without a wait.
    fn start(&mut self, trace: &mut Trace, at: Nanos, (pid, tid): (Pid, Tid), parent: Pid) {
        // The number was used before and its end was lost: that life ends here.
        if self.threads.get(&tid).is_some_and(|t| t.lane.is_some()) {
            self.end(trace, tid, at);
        }
        let mut thread = Thread::new(pid, at);
        if pid == tid && parent != pid {
            let has_gil = self.processes.get(&parent).is_some_and(|p| p.has_gil);
            self.processes.insert(pid, Process { has_gil, ..Process::default() });
            thread.holds = has_gil.then_some(INHERITED);
        }
        // A new thread or process bears its creator's name until it says another.
        let creator = if pid == tid { parent } else { pid };
        thread.comm = self.threads.get(&creator).and_then(|t| t.comm.clone());
        // A mark may be stamped before the kernel's record of the same thread is settled: keep what it said.
        if let Some(early) = self.threads.get(&tid).filter(|t| t.lane.is_none() && t.pid == pid) {
            thread.name.clone_from(&early.name);
            thread.kind = early.kind;
        }
        thread.lane = Some(trace.lanes.len());
        trace.lanes.push(new_lane(pid, tid, parent, at));
        let process = self.processes.entry(pid).or_default();
        name_lane(trace, self.main, tid, &thread, process);
        self.threads.insert(tid, thread);
    }

    fn end(&mut self, trace: &mut Trace, tid: Tid, at: Nanos) {
        if let Some(mut thread) = self.threads.remove(&tid) {
            let has_gil = self.processes.get(&thread.pid).is_some_and(|p| p.has_gil);
            thread.advance(trace, has_gil, at);
            thread.show(trace);
            if let Some(lane) = thread.lane {
                trace.lanes[lane].end = Some(at.max(thread.since));
            }
        }
    }

    /// Draws every living thread up to `until`.
    pub(super) fn extend(&mut self, trace: &mut Trace, until: Nanos) {
        for thread in self.threads.values_mut() {
            let has_gil = self.processes.get(&thread.pid).is_some_and(|p| p.has_gil);
            thread.advance(trace, has_gil, until);
            thread.show(trace);
        }
    }

    /// Ends every living thread at `at`.
    pub(super) fn close(&mut self, trace: &mut Trace, at: Nanos) {
        self.extend(trace, at);
        for thread in self.threads.values() {
            if let Some(lane) = thread.lane {
                trace.lanes[lane].end = Some(at.max(thread.since));
            }
        }
    }

    /// Takes back what was drawn provisionally.
    pub(super) fn undo_beyond_settled(&self, trace: &mut Trace, provisional: &mut bool) {
        if !std::mem::take(provisional) {
            return;
        }
        trace.lanes.truncate(self.settled_lanes);
        for thread in self.threads.values() {
            if let Some(lane) = thread.lane {
                trace.lanes[lane].spans.truncate_at(thread.since);
                trace.lanes[lane].end = None;
            }
        }
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
    }
}

/// Gives a lane its kind and its best name: a descendant process is known by its process name, everything else by its
/// thread name, and the kernel's name stands in for what the program has not said.
fn name_lane(trace: &mut Trace, main: Pid, tid: Tid, thread: &Thread, process: &Process) {
    let Some(lane) = thread.lane.and_then(|l| trace.lanes.get_mut(l)) else { return };
    let is_main_thread = lane.pid == tid;
    let default = match (is_main_thread, lane.pid == main) {
        (true, true) => LaneKind::Main,
        (true, false) => LaneKind::Process,
        (false, _) => LaneKind::Thread,
    };
    lane.kind = thread.kind.or(process.kind).unwrap_or(default);
    let said = if is_main_thread && lane.pid != main {
        process.name.as_ref().or(thread.name.as_ref())
    } else {
        thread.name.as_ref()
    };
    if let Some(name) = said.or(thread.comm.as_ref()) {
        lane.name.clone_from(name);
    }
}
