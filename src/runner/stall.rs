//! Notices that nothing of a run can run any more, and asks the program where its threads stand.
//!
//! A run is stuck when no thread of it has been on a core for a while, each waits without a time limit, and only threads
//! and children of the run itself could end these waits: the kernel says so, so a slow machine is never taken for a
//! deadlock. Waits for data count only in helpers that a library has started: a pool's own thread reads from a pipe that
//! nobody else writes to.

use crate::clock::{MILLISECOND, Nanos};
use crate::eventlog::{Exposed, expose};
#[cfg(target_os = "linux")]
use crate::probe::stuck::{Forever, waits_forever};
use crate::trace::{Lane, LaneKind, Pid, Tid, Trace};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;

/// How often a run is looked at.
const EVERY: Nanos = 250 * MILLISECOND;
/// How long the program may take to say where its threads stand, and how long where it was woken and is about to: on a
/// busy machine that takes its time.
const ANSWER: Nanos = 400 * MILLISECOND;
const SLOW_ANSWER: Nanos = 5_000 * MILLISECOND;
/// What the start-up file listens to. Programs that do not, ignore it.
#[cfg(target_os = "linux")]
const QUESTION: i32 = libc::SIGURG;

/// Where a thread of a stuck run stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// The thread's name.
    pub name: String,
    /// Its id.
    pub tid: Tid,
    /// The line of the program, from 1; 0 where it is not known.
    #[serde(default)]
    pub line: usize,
    /// The text of that line, or the call that it waits in.
    pub code: String,
    /// The function around it.
    #[serde(default)]
    pub function: String,
}

/// The watch over one run.
pub(super) struct Stall {
    after: Option<Nanos>,
    next: Nanos,
    asked: Option<Nanos>,
    file: Option<Exposed>,
}

impl Stall {
    /// A watch that finds a run stuck `after` nothing could run for so long; none where that is `None`.
    pub(super) fn new(after: Option<Duration>) -> Stall {
        let after = after.map(|after| u64::try_from(after.as_nanos()).unwrap_or(Nanos::MAX));
        // Without a place for the file a deadlock is still found; it has no lines then.
        let file = after.and_then(|_| expose(c"concur-tutor-stacks", "", &[]).ok());
        Stall { after, next: 0, asked: None, file }
    }

    /// Where a Python of the run says where its threads stand.
    pub(super) fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(Exposed::path)
    }

    /// Whether the run is stuck, and the program has said what it had to say. `trace` is asked for only now and then:
    /// it costs a copy of what is provisional.
    pub(super) fn is_stuck<'t>(&mut self, now: Nanos, trace: impl FnOnce() -> &'t Trace) -> bool {
        let Some(after) = self.after else { return false };
        if let Some(asked) = self.asked {
            let waited = now.saturating_sub(asked);
            return waited >= SLOW_ANSWER || (waited >= ANSWER && (self.has_answer() || !woken(trace(), asked)));
        }
        if now < self.next {
            return false;
        }
        self.next = now + EVERY;
        let trace = trace();
        if is_stuck(trace, now, after) {
            self.asked = Some(now);
            ask(living(trace).filter(|lane| lane.pid == lane.tid).map(|lane| lane.pid));
        }
        false
    }

    fn has_answer(&self) -> bool {
        self.file.as_ref().and_then(|file| file.path().metadata().ok()).is_some_and(|file| file.len() > 0)
    }

    /// Where the threads of a stuck run stand: what the program said, else the calls that its lanes wait in.
    pub(super) fn stuck(&self, trace: &Trace) -> Vec<Stuck> {
        if self.asked.is_none() {
            return Vec::new();
        }
        let text = self.file.as_ref().and_then(|file| std::fs::read_to_string(file.path()).ok()).unwrap_or_default();
        let mut said: Vec<Stuck> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let place = |tid: Tid| trace.lanes.iter().position(|lane| lane.tid == tid).unwrap_or(usize::MAX);
        if said.is_empty() {
            let waiting = trace.lanes.iter().filter(|l| l.is_workload() && l.kind != LaneKind::Helper);
            said = waiting.filter_map(waits_in).collect();
        }
        for stuck in &mut said {
            // A process's main thread is called MainThread in each: its lane has the name of the process.
            if let Some(lane) = trace.lanes.get(place(stuck.tid)).filter(|lane| !lane.name.is_empty()) {
                stuck.name.clone_from(&lane.name);
            }
        }
        // The threads that wait for each other come before the main thread, which waits for them.
        let main = |tid: Tid| trace.lanes.get(place(tid)).is_some_and(|l| l.kind == LaneKind::Main);
        said.sort_by_key(|stuck| (main(stuck.tid), place(stuck.tid)));
        said
    }
}

/// The call that a lane's life ended in waiting.
fn waits_in(lane: &Lane) -> Option<Stuck> {
    let spans = lane.spans.as_slice().iter().rev();
    let wait = spans.take(4).find_map(|span| span.wait)?;
    let code = wait.call.name().to_owned();
    Some(Stuck { name: lane.name.clone(), tid: lane.tid, line: 0, code, function: String::new() })
}

/// The lanes that live.
fn living(trace: &Trace) -> impl Iterator<Item = &Lane> {
    trace.lanes.iter().filter(|lane| lane.is_workload() && lane.end.is_none())
}

/// Whether a thread does something since then: it was woken by the question, so it listens.
fn woken(trace: &Trace, since: Nanos) -> bool {
    living(trace).any(|lane| lane.spans.as_slice().last().is_some_and(|s| s.start >= since || s.state.on_cpu()))
}

#[cfg(target_os = "linux")]
pub(super) fn is_stuck(trace: &Trace, now: Nanos, after: Nanos) -> bool {
    let mut locks = 0;
    for lane in living(trace) {
        let off_since = lane.spans.as_slice().last().filter(|span| !span.state.on_cpu()).map(|span| span.start);
        if off_since.is_none_or(|since| now.saturating_sub(since) < after) {
            return false;
        }
        match waits_forever(lane.pid, lane.tid) {
            Some(Forever::Lock) => locks += 1,
            Some(Forever::Child) => {}
            Some(Forever::Data) if lane.kind == LaneKind::Helper => {}
            _ => return false,
        }
    }
    locks > 0
}

#[cfg(target_os = "linux")]
fn ask(processes: impl Iterator<Item = Pid>) {
    for pid in processes.filter_map(|pid| i32::try_from(pid).ok()) {
        // SAFETY: a plain system call. Its default is to be ignored, and the process belongs to this run.
        unsafe { libc::kill(pid, QUESTION) };
    }
}

#[cfg(not(target_os = "linux"))]
const fn is_stuck(_: &Trace, _: Nanos, _: Nanos) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn ask(_: impl Iterator<Item = Pid>) {}
