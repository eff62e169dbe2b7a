//! The state of every thread at one instant, moved forward by events: the state machine behind the lanes.

use crate::clock::Nanos;
use crate::trace::builder::Event;
use crate::trace::machine::NameSource;
use crate::trace::record::{LaneKind, Pid, Tid, Wait, WaitKind, What};
use crate::trace::{GilTrack, Lane, Span, Spans, State, Trace};
use std::collections::HashMap;

/// Every thread and process known of.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    /// The launched process.
    pub main: Pid,
    /// Lanes that are settled; those beyond are provisional.
    settled_lanes: usize,
    /// No probe sees switches, so marks alone make lanes.
    pub no_switches: bool,
    threads: HashMap<Tid, Thread>,
    processes: HashMap<Pid, Process>,
    gils: Gils,
}

/// The GILs that are held, and how much of their tracks is settled.
#[derive(Debug, Clone, Default)]
struct Gils {
    /// By process and address.
    held: HashMap<(Pid, u64), Holder>,
    /// Holds that are settled, by track; tracks beyond are provisional.
    settled: Vec<usize>,
}

/// Who holds a GIL, and since when its holding is not yet in the track.
#[derive(Debug, Clone, Copy)]
struct Holder {
    tid: Tid,
    since: Nanos,
    /// The thread's lane, where it had one when it was last looked at.
    lane: Option<usize>,
}

impl Gils {
    /// A thread takes a GIL; whoever held it has dropped it by then, seen or not.
    fn taken(&mut self, trace: &mut Trace, (pid, gil): (Pid, u64), holder: Holder) {
        self.dropped(trace, (pid, gil), None, holder.since);
        // What a forked child inherited has its name now.
        match self.held.get(&(pid, INHERITED)).filter(|own| gil != INHERITED && own.tid == holder.tid) {
            Some(_) => self.name(pid, gil),
            None => drop(self.held.insert((pid, gil), holder)),
        }
    }

    /// A GIL is dropped, by this thread or by whoever has it.
    fn dropped(&mut self, trace: &mut Trace, (pid, gil): (Pid, u64), by: Option<(Tid, Option<usize>)>, at: Nanos) {
        if let Some((tid, _)) = by
            && self.held.get(&(pid, INHERITED)).is_some_and(|own| own.tid == tid)
        {
            self.name(pid, gil);
        }
        let Some(holder) = self.held.get(&(pid, gil)).filter(|own| by.is_none_or(|(tid, _)| tid == own.tid)) else {
            return;
        };
        push(trace, (pid, gil), by.and_then(|(_, lane)| lane).or(holder.lane), (holder.since, at));
        self.held.remove(&(pid, gil));
    }

    /// Gives the inherited GIL of a process its address.
    fn name(&mut self, pid: Pid, gil: u64) {
        if let Some(holder) = self.held.remove(&(pid, INHERITED)) {
            self.held.insert((pid, gil), holder);
        }
    }

    /// Draws what is held up to `until`.
    fn extend(&mut self, trace: &mut Trace, threads: &HashMap<Tid, Thread>, until: Nanos) {
        for (key, holder) in &mut self.held {
            let lane = threads.get(&holder.tid).and_then(|thread| thread.lane).or(holder.lane);
            push(trace, *key, lane, (holder.since, until));
            holder.since = until;
        }
    }

    /// Everything that this thread holds, or the process where none is named, is dropped.
    fn ended(&mut self, trace: &mut Trace, pid: Pid, tid: Option<Tid>, at: Nanos) {
        let ends = |(key, holder): (&(Pid, u64), &Holder)| {
            (key.0 == pid && tid.is_none_or(|tid| tid == holder.tid)).then_some(*key)
        };
        let keys: Vec<(Pid, u64)> = self.held.iter().filter_map(ends).collect();
        for key in keys {
            self.dropped(trace, key, None, at);
        }
    }
}

/// Adds a hold to the track of its GIL. Of a GIL that is not named yet nothing is told.
fn push(trace: &mut Trace, (pid, gil): (Pid, u64), lane: Option<usize>, (start, end): (Nanos, Nanos)) {
    let Some(lane) = lane.filter(|_| gil != INHERITED) else { return };
    let at = trace.gils.iter().position(|track| (track.pid, track.gil) == (pid, gil)).unwrap_or_else(|| {
        trace.gils.push(GilTrack::new(pid, gil));
        trace.gils.len() - 1
    });
    trace.gils[at].push(lane, start, end);
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
        trace.push_span(lane, Span { start: self.since, end: at, state, core, wait });
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
        let Event { at, pid, tid, what, sampled } = event;
        if let What::Start { parent } = what {
            self.start(trace, *at, (*pid, *tid), *parent);
            return;
        }
        let thread = self.threads.entry(*tid).or_insert_with(|| Thread::new(*pid, *at));
        let process = self.processes.entry(*pid).or_default();
        let at = (*at).max(thread.since);
        thread.advance(trace, process.has_gil, at);
        let mut renamed = false;
        match what {
            // A birth is done above; samples are taken apart and tasks looked after before they come here.
            What::Start { .. } | What::ProgramEnd | What::Ran { .. } | What::SeenWaiting { .. } | What::Task(_) => {}
            What::Exec { comm } => {
                *process = Process { kind: process.kind, ..Process::default() };
                self.gils.ended(trace, *pid, None, at);
                thread.holds = None;
                thread.wait = None;
                thread.name = None;
                thread.comm = Some(comm.clone());
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
            What::GilTaken { gil } => {
                process.has_gil = true;
                thread.holds = Some(*gil);
                thread.gil_holds += 1;
                self.gils.taken(trace, (*pid, *gil), Holder { tid: *tid, since: at, lane: thread.lane });
            }
            // A thread can change interpreters: dropping one GIL says nothing of another.
            What::GilDropped { gil } => {
                thread.holds = thread.holds.filter(|held| *held != *gil && *held != INHERITED);
                self.gils.dropped(trace, (*pid, *gil), Some((*tid, thread.lane)), at);
            }
            What::ThreadName(name) => {
                trace.sources.names = NameSource::Startup;
                thread.name = Some(name.clone());
                renamed = true;
            }
            What::ProcessName(name) => {
                process.name = Some(name.clone());
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
                if *pid == self.main {
                    trace.program_at.get_or_insert(at);
                }
            }
            What::End => {
                self.end(trace, *tid, at);
                if *tid == self.main {
                    trace.ended_at = Some(at);
                }
                return;
            }
        }
        let seen = matches!(what, What::Exec { .. } | What::Comm(_) | What::On { .. } | What::Off { .. });
        if thread.lane.is_none() && (seen || self.no_switches) {
            thread.lane = Some(trace.lanes.len());
            thread.since = at;
            trace.add_lane(new_lane(*pid, *tid, *pid, at));
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
            if has_gil {
                let holder = Holder { tid, since: at, lane: Some(trace.lanes.len()) };
                self.gils.held.insert((pid, INHERITED), holder);
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
        thread.lane = Some(trace.lanes.len());
        trace.add_lane(new_lane(pid, tid, parent, at));
        let process = self.processes.entry(pid).or_default();
        name_lane(trace, self.main, tid, &thread, process);
        self.threads.insert(tid, thread);
    }

    fn end(&mut self, trace: &mut Trace, tid: Tid, at: Nanos) {
        if let Some(mut thread) = self.threads.remove(&tid) {
            let has_gil = self.processes.get(&thread.pid).is_some_and(|p| p.has_gil);
            thread.advance(trace, has_gil, at);
            thread.show(trace);
            self.gils.ended(trace, thread.pid, Some(tid), at.max(thread.since));
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
        self.gils.extend(trace, &self.threads, until);
    }

    /// What is in the trace now is settled.
    pub(super) fn settled(&mut self, trace: &Trace) {
        self.settled_lanes = trace.lanes.len();
        self.gils.settled = trace.gils.iter().map(|track| track.holds().len()).collect();
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
        trace.truncate_lanes(self.settled_lanes);
        trace.gils.truncate(self.gils.settled.len());
        for (track, holds) in trace.gils.iter_mut().zip(&self.gils.settled) {
            track.truncate(*holds);
        }
        for thread in self.threads.values() {
            if let Some(lane) = thread.lane {
                trace.cut_lane(lane, thread.since);
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
