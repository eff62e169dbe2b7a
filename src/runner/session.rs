//! One run from launch to last record, on the thread that launches it.

use super::at_stop;
use super::bounds::Bounds;
use super::child::{Child, Ended, reap_orphan};
use super::crossing::crossings;
use super::guard::{self, RunMarker};
use super::live::Shared;
use super::plan::Limits;
use super::probes::Probes;
use super::server::Server;
use super::stall::Stall;
use super::standstill::Lookout;
use super::survivor::{self, Spare, Survivor};
use super::{End, EndedBy, Outcome, Plan, RunError, Streams};
use crate::clock::{self, Nanos};
use crate::runtime;
use crate::trace::{Builder, Crossing, LaneKind, Record, WaitSource, What};
use std::ffi::OsString;
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
    let marker = RunMarker::new();
    let server_marker = marker.of_server();
    let stall = Stall::new(plan.conditions.limits.stall);
    let mut probes = Probes::attach(plan, stall.path())?;
    let server = start_server(plan, &probes, &server_marker)?;
    shared.url.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&server.as_ref().map(|s| s.url.clone()));
    let prepared = (plan.prepare)(server.as_ref().map(|s| s.url.as_str()))?;
    let mut env = probes.environment(&prepared.launch);
    env.push(marker.variable());
    let launched_at = clock::now();
    let mut child = Child::spawn(&prepared.launch, &env, plan.conditions.streams, plan.conditions.limits)?;
    probes.launched(child.pid, server.as_ref().map(|s| s.child.pid));
    let spare = Spare::of(&child);
    let readers = capture(&mut child, shared)?;

    let mut builder = Builder::new(child.pid, launched_at);
    builder.facts().sources = probes.sources();
    if let Some(server) = &server {
        let pid = server.child.pid;
        let facts = [What::Kind(LaneKind::Server), What::ProcessName("server".to_owned())];
        builder.feed(facts.map(|what| Record { at: launched_at, pid, tid: pid, what }), launched_at);
    }
    *shared.builder() = Some(builder);

    let bounds = Bounds::new(plan.conditions.limits);
    let mut session = Session {
        plan,
        shared,
        child: &child,
        probes: &mut probes,
        bounds,
        stall,
        lookout: Lookout::default(),
        stop: None,
    };
    session.watch(launched_at);
    let (stop, stall) = (session.stop, session.stall);
    let stopped = stop.map(|(by, _)| by);
    let ended_at = clock::now();
    let mut ended = child.reap();
    let Left { mut notes, stopped, outlived } = end_family(&marker, stopped, plan.conditions.limits);
    let done = server.as_ref().and_then(|server| runtime::server::served(&server.url));
    drop(server);
    join(&readers);
    let mut trace = finish(shared, &mut probes, ended_at);
    trace.crossings = crossings(&trace);
    if !outlived.is_empty() {
        // Not before the last record: it would be taken for one of the program's own.
        spare.drain();
        notes.push(survivor::told(&outlived));
    }
    // What outlived its parent, such as a fork server with all its workers, is accounted for when it is reaped.
    let until = stop.map_or(ended_at, |(_, at)| at);
    for lane in trace.lanes.iter_mut().filter(|lane| lane.pid == lane.tid && lane.is_workload()) {
        let Some((signal, cpu)) = reap_orphan(lane.pid) else { continue };
        ended.cpu += cpu;
        // What ended before the run was stopped was not ended by that.
        if lane.end.is_some_and(|end| end < until) {
            lane.told.killed = lane.told.killed.or(signal);
        }
    }
    notes.extend(probes.notes());
    notes.extend(trace.crossings.iter().map(Crossing::sentence));
    drop(prepared.keep);
    let stuck = if stopped == Some(EndedBy::Deadlock) { stall.stuck(&trace) } else { Vec::new() };
    Ok(Outcome { served: done, stuck, outlived, ..outcome(plan, shared, ended, stopped, trace, notes) })
}

struct Session<'a> {
    plan: &'a Plan,
    shared: &'a Shared,
    child: &'a Child,
    probes: &'a mut Probes,
    bounds: Bounds,
    stall: Stall,
    lookout: Lookout,
    /// Why the run is being ended, and since when.
    stop: Option<(EndedBy, Nanos)>,
}

impl Session<'_> {
    /// Drains the probes until the child has ended.
    fn watch(&mut self, launched_at: Nanos) {
        let mut records = Vec::new();
        let wakers = self.probes.wakers();
        loop {
            let ended = self.child.wait(&wakers, self.probes.interval());
            let now = clock::now();
            let mut passed = None;
            let written = self.shared.stdout.written() + self.shared.stderr.written();
            // Draining under the lock would make a painter wait for the probes: only feeding needs it.
            self.probes.drain(now, &mut records);
            if let Some(builder) = self.shared.builder().as_mut() {
                builder.feed(records.drain(..), now);
                self.probes.sample_machine(now, builder.facts());
                passed = self.bounds.passed(now, written, builder.facts());
                if self.stop.is_none() {
                    self.lookout.look(now, || self.probes.standings(), builder);
                }
                if self.stop.is_none() && self.stall.is_stuck(now, || builder.trace()) {
                    passed.get_or_insert(EndedBy::Deadlock);
                }
            }
            if ended {
                return;
            }
            self.obey(now, now.saturating_sub(launched_at), passed);
        }
    }

    /// Passes on signals, and ends the child when that was asked for, the deadline is there or a bound was passed.
    fn obey(&mut self, now: Nanos, age: Nanos, passed: Option<EndedBy>) {
        let own_group = self.plan.conditions.streams == Streams::Captured;
        let signal = self.shared.signal.swap(0, Ordering::AcqRel);
        if signal != 0 {
            self.child.signal(signal, own_group);
        }
        let why = passed.filter(|by| by.at_once()).or_else(|| self.asked_to_end(age)).or(passed);
        match (self.stop, why) {
            // A group is killed in one stroke: a process that starts others has no moment between them.
            (_, Some(by)) if by.at_once() => {
                self.stop.get_or_insert((by, now));
                self.child.signal(libc::SIGKILL, own_group);
            }
            (None, Some(by)) => {
                self.stop = Some((by, now));
                let standings = self.probes.standings();
                if let Some(builder) = self.shared.builder().as_mut() {
                    builder.facts().at_stop = Some(at_stop::look(now, &standings));
                }
                self.child.signal(libc::SIGTERM, own_group);
            }
            (Some((_, since)), _) if now.saturating_sub(since) > GRACE => self.child.signal(libc::SIGKILL, own_group),
            _ => {}
        }
    }

    fn asked_to_end(&self, age: Nanos) -> Option<EndedBy> {
        let late = |limit: &Duration| u128::from(age) >= limit.as_nanos();
        if self.shared.cancel.load(Ordering::Acquire) {
            return Some(EndedBy::Cancelled);
        }
        self.plan.spec.timeout.filter(late).map(EndedBy::Timeout)
    }
}

fn start_server(plan: &Plan, probes: &Probes, marker: &(OsString, OsString)) -> Result<Option<Server>, RunError> {
    if !plan.server {
        return Ok(None);
    }
    let launch = runtime::server::launch().map_err(|e| RunError::Server(e.to_string()))?;
    let mut env = probes.service_environment();
    env.push(marker.clone());
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

/// What became of a family whose first process has ended.
#[derive(Default)]
struct Left {
    notes: Vec<String>,
    /// Why the run was ended, where it is known only now.
    stopped: Option<EndedBy>,
    outlived: Vec<Survivor>,
}

/// Lets the program's helpers end, then kills what is left of the family; a script of the learner's own that has ended by
/// itself leaves behind what it would alone. Says what that was, and whether it was more than may live: a program may end
/// itself and leave a crowd behind.
fn end_family(marker: &RunMarker, stopped: Option<EndedBy>, limits: Limits) -> Left {
    let deadline = clock::now() + if stopped.is_none() { HELPERS } else { 0 };
    loop {
        let left = marker.alive();
        let crowd = limits.processes.is_some_and(|limit| left.len() > limit);
        if left.is_empty() {
            return Left { stopped, ..Left::default() };
        }
        if crowd || clock::now() >= deadline {
            if stopped.is_none() && limits == Limits::NONE {
                marker.let_go();
                return Left { outlived: left.into_iter().map(Survivor::of).collect(), ..Left::default() };
            }
            let left = marker.kill();
            let plural = if left == 1 { "process" } else { "processes" };
            // Those that ended meanwhile by themselves are no news.
            let notes = if left == 0 {
                Vec::new()
            } else {
                vec![format!("{left} {plural} of the program outlived it and had to be ended")]
            };
            return Left {
                notes,
                stopped: stopped.or(crowd.then_some(EndedBy::Processes(left))),
                outlived: Vec::new(),
            };
        }
        std::thread::sleep(Duration::from_millis(5));
    }
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

fn outcome(
    plan: &Plan,
    shared: &Shared,
    ended: Ended,
    stop: Option<EndedBy>,
    trace: crate::trace::Trace,
    notes: Vec<String>,
) -> Outcome {
    Outcome {
        served: None,
        outlived: Vec::new(),
        spec: plan.spec.clone(),
        end: End::of(ended.status, stop),
        stdout: shared.stdout.bytes(),
        stderr: shared.stderr.bytes(),
        rusage_cpu: ended.cpu,
        trace,
        url: shared.url.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        notes,
        stuck: Vec::new(),
    }
}
