//! One run from launch to last record, on the thread that launches it.

use super::child::{Child, Ended, reap_orphan};
use super::guard::{self, RunMarker};
use super::live::Shared;
use super::probes::Probes;
use super::server::Server;
use super::{Outcome, Plan, RunError, Streams};
use crate::clock::{self, Nanos};
use crate::runtime;
use crate::trace::{Builder, LaneKind, Record, WaitSource, What};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a program that was asked to end may take before it is killed.
const GRACE: Nanos = 300 * clock::MILLISECOND;
/// How long the program's helpers may outlive it before they are killed: an interpreter's resource tracker ends by
/// itself when it has noticed that nobody needs it any more.
const HELPERS: Nanos = 500 * clock::MILLISECOND;
/// How long the streams of an ended program are read on: a killed family closes them at once.
const STREAMS: Nanos = 500 * clock::MILLISECOND;

/// Does the run that `plan` describes; `shared` shows it while it lasts.
pub(super) fn run(plan: &Plan, shared: &Shared) -> Result<Outcome, RunError> {
    guard::start();
    let (marker, server_marker) = (RunMarker::new(), RunMarker::new());
    let mut probes = Probes::attach(plan)?;
    let server = start_server(plan, &probes, &server_marker)?;
    shared.url.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&server.as_ref().map(|s| s.url.clone()));
    let prepared = (plan.prepare)(server.as_ref().map(|s| s.url.as_str()))?;
    let mut env = probes.environment(&prepared.launch);
    env.push(marker.variable());
    let launched_at = clock::now();
    let mut child = Child::spawn(&prepared.launch, &env, plan.streams)?;
    probes.launched(child.pid, server.as_ref().map(|s| s.child.pid));
    let readers = capture(&mut child, shared)?;

    let mut builder = Builder::new(child.pid, launched_at);
    builder.facts().sources = probes.sources();
    if let Some(server) = &server {
        let pid = server.child.pid;
        let facts = [What::Kind(LaneKind::Server), What::ProcessName("server".to_owned())];
        builder.feed(facts.map(|what| Record { at: launched_at, pid, tid: pid, what }), launched_at);
    }
    *shared.builder() = Some(builder);

    let mut session = Session { plan, shared, child: &child, probes: &mut probes, stop: Stop::Running };
    session.watch(launched_at);
    let stopped = session.stop;
    let ended_at = clock::now();
    let mut ended = child.reap();
    let mut notes = end_family(&marker, stopped);
    drop(server);
    join(&readers);
    let trace = finish(shared, &mut probes, ended_at);
    // What outlived its parent, such as a fork server with all its workers, is accounted for when it is reaped.
    let processes = trace.lanes.iter().filter(|lane| lane.pid == lane.tid && lane.is_workload());
    ended.cpu += processes.filter_map(|lane| reap_orphan(lane.pid)).sum::<u64>();
    notes.extend(probes.notes());
    drop(prepared.keep);
    Ok(outcome(shared, ended, stopped, trace, notes))
}

/// Why the run is being ended, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Running,
    Cancelled(Nanos),
    TimedOut(Nanos),
}

struct Session<'a> {
    plan: &'a Plan,
    shared: &'a Shared,
    child: &'a Child,
    probes: &'a mut Probes,
    stop: Stop,
}

impl Session<'_> {
    /// Drains the probes until the child has ended.
    fn watch(&mut self, launched_at: Nanos) {
        let mut records = Vec::new();
        let wakers = self.probes.wakers();
        loop {
            let ended = self.child.wait(&wakers, self.probes.interval());
            let now = clock::now();
            // Draining under the lock would make a painter wait for the probes: only feeding needs it.
            self.probes.drain(now, &mut records);
            if let Some(builder) = self.shared.builder().as_mut() {
                builder.feed(records.drain(..), now);
                self.probes.sample_machine(now, builder.facts());
            }
            if ended {
                return;
            }
            self.obey(now, now.saturating_sub(launched_at));
        }
    }

    /// Passes on signals, and ends the child when that was asked for or the deadline has passed.
    fn obey(&mut self, now: Nanos, age: Nanos) {
        let own_group = self.plan.streams == Streams::Captured;
        let signal = self.shared.signal.swap(0, Ordering::AcqRel);
        if signal != 0 {
            self.child.signal(signal, own_group);
        }
        let deadline = self.plan.timeout.map_or(Nanos::MAX, |t| u64::try_from(t.as_nanos()).unwrap_or(Nanos::MAX));
        let stop = match self.stop {
            Stop::Running if self.shared.cancel.load(Ordering::Acquire) => Stop::Cancelled(now),
            Stop::Running if age >= deadline => Stop::TimedOut(now),
            Stop::Cancelled(since) | Stop::TimedOut(since) if now.saturating_sub(since) > GRACE => {
                self.child.signal(libc::SIGKILL, own_group);
                return;
            }
            _ => return,
        };
        self.stop = stop;
        self.child.signal(libc::SIGTERM, own_group);
    }
}

fn start_server(plan: &Plan, probes: &Probes, marker: &RunMarker) -> Result<Option<Server>, RunError> {
    if !plan.server {
        return Ok(None);
    }
    let launch = runtime::server::launch().map_err(|e| RunError::Server(e.to_string()))?;
    let mut env = probes.service_environment();
    env.push(marker.variable());
    Server::start(&launch, &env, |line| runtime::server::parse_address(line).map(str::to_owned)).map(Some)
}

/// Reads the child's streams on threads of their own. Without them its output would be lost: it is not let run then.
fn capture(child: &mut Child, shared: &Shared) -> Result<Vec<JoinHandle<()>>, RunError> {
    let stdout = child.stdout.take().map(|s| shared.stdout.read(s));
    let stderr = child.stderr.take().map(|s| shared.stderr.read(s));
    [stdout, stderr].into_iter().flatten().collect::<Result<_, _>>().map_err(|error| {
        child.signal(libc::SIGKILL, false);
        child.reap();
        RunError::Prepare(format!("no thread to read its output: {error}; allow more processes (ulimit -u)"))
    })
}

/// Lets the program's helpers end, then kills what is left of the family.
fn end_family(marker: &RunMarker, stopped: Stop) -> Vec<String> {
    let deadline = clock::now() + if stopped == Stop::Running { HELPERS } else { 0 };
    while !marker.alive().is_empty() {
        if clock::now() >= deadline {
            let left = marker.kill();
            let plural = if left == 1 { "process" } else { "processes" };
            return vec![format!("{left} {plural} of the program outlived it and had to be ended")];
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Vec::new()
}

/// Waits for the readers, but not for a stream that an escaped process holds open.
fn join(readers: &[JoinHandle<()>]) {
    let deadline = clock::now() + STREAMS;
    while readers.iter().any(|r| !r.is_finished()) && clock::now() < deadline {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn finish(shared: &Shared, probes: &mut Probes, ended_at: Nanos) -> crate::trace::Trace {
    let now = clock::now();
    let mut records = Vec::new();
    let lost = probes.finish(now, &mut records);
    let Some(mut builder) = shared.builder().take() else { return crate::trace::Trace::default() };
    builder.feed(records, now);
    probes.sample_machine(now, builder.facts());
    builder.facts().lost = lost;
    if probes.silent() {
        builder.facts().sources.waits = WaitSource::None;
    }
    builder.finish(ended_at)
}

fn outcome(shared: &Shared, ended: Ended, stop: Stop, trace: crate::trace::Trace, notes: Vec<String>) -> Outcome {
    let mut exit = ended.exit;
    exit.timed_out = matches!(stop, Stop::TimedOut(_));
    Outcome {
        exit,
        stdout: shared.stdout.bytes(),
        stderr: shared.stderr.bytes(),
        rusage_cpu: ended.cpu,
        trace,
        url: shared.url.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        cancelled: matches!(stop, Stop::Cancelled(_)),
        notes,
    }
}
