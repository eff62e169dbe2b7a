//! The report as one JSON object, version 1. Times are seconds since the program started.

use super::asyncio::{self, BlockJson, TaskJson};
use super::crossing::{CouldDeadlockJson, could_deadlock};
use super::objects::{self, ObjectJson};
use super::standstill::{StandstillJson, standstill};
use super::{Exporter, Predicted, Report, TaskResult};
use crate::clock::{Nanos, seconds};
use crate::insight::finding::Finding;
use crate::insight::{Heading, Ledger};
use crate::runner::{End, EndedBy, Machine, Stuck, Survivor, how_it_ended};
use crate::runtime::Runtime;
use crate::runtime::server::Served;
use crate::trace::{Lane, LaneKind, Lost, Memory, Sources, State, Trace};
use base64::Engine as _;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The version of the object's shape.
pub const VERSION: u32 = 1;

/// What `run --format json` prints.
#[derive(Debug, Serialize)]
pub struct Json {
    version: u32,
    lesson: Option<String>,
    program: String,
    /// The script's arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    args: Vec<String>,
    runtime: RuntimeJson,
    /// Why this Python runs the learner's own script.
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<ChosenJson>,
    knobs: crate::lesson::types::Knobs,
    exit: ExitJson,
    ended: Option<String>,
    stdout: Bytes,
    stderr: Bytes,
    startup_s: Option<f64>,
    wall_s: f64,
    cpu_s: f64,
    rusage_cpu_s: f64,
    parallelism: f64,
    gil_wait: Option<f64>,
    /// The number that the program is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    headline: Option<Heading>,
    verdict: String,
    /// What explains most of it, of a program of the learner's own; `null` where nothing is known to.
    finding: Option<Finding>,
    /// Everything that was found, what explains most first.
    findings: Vec<Finding>,
    caveats: Vec<String>,
    notes: Vec<String>,
    /// Where the threads stood of a lesson's run that was ended as a deadlock; of a program of the learner's own, as
    /// `standstill` of a lesson's.
    #[serde(skip_serializing_if = "Option::is_none")]
    stuck: Option<StuckJson>,
    /// Which threads waited for each other to its end, or for what never came.
    #[serde(skip_serializing_if = "Option::is_none")]
    standstill: Option<StandstillJson>,
    /// Where it could have deadlocked with other timing; `null` where in which order locks are taken was not asked.
    could_deadlock: Option<CouldDeadlockJson>,
    /// The processes that a script left behind and that live on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outlived: Vec<Survivor>,
    /// What the lesson's server has served.
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<Served>,
    machine: Machine,
    /// How much memory its processes held, as far as it was sampled.
    memory: MemoryJson,
    /// What became of the cores' time; `null` where how many there are is not known.
    ledger: Option<LedgerJson>,
    sources: Sources,
    lost: Lost,
    observer_cpu_s: f64,
    lanes: Vec<LaneJson>,
    cores: Vec<CoreJson>,
    /// What threads waited for: locks first, those that did most harm before others; `null` where that was not measured.
    objects: Option<Vec<ObjectJson>>,
    /// How many asyncio tasks ran; `null` where that was not measured.
    task_count: Option<usize>,
    /// Those that ran longest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<TaskJson>,
    /// Steps of tasks that held their loop up while others were ready.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    loop_blocked: Vec<BlockJson>,
    /// What the run says of the predictions of its program.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    predictions: Vec<Predicted>,
    /// The task that the run was judged by.
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<TaskResult>,
}

/// One JSON object in a line.
pub const EXPORTER: Exporter = Exporter {
    name: "json",
    binary: false,
    write: |report| {
        let mut line = serde_json::to_vec(&Json::of(report)).expect("a report has string keys alone");
        line.push(b'\n');
        line
    },
};

/// How it ended.
#[derive(Debug, Serialize)]
struct ExitJson {
    code: Option<i32>,
    signal: Option<i32>,
    timed_out: bool,
    deadlock: bool,
    ended_by: Option<&'static str>,
}

/// Who ran it.
#[derive(Debug, Serialize)]
pub struct RuntimeJson {
    kind: &'static str,
    version: Option<String>,
    path: Option<PathBuf>,
    gil: bool,
    free_threaded: bool,
}

/// Why a Python was taken.
#[derive(Debug, Serialize)]
struct ChosenJson {
    by: &'static str,
    why: String,
}

/// Bytes as text where they are UTF-8, else as `{"base64": "..."}`.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Bytes {
    /// UTF-8.
    Text(String),
    /// Anything else.
    Base64 {
        /// The bytes in base64.
        base64: String,
    },
}

/// The parts sum to `cores_s`, the time of all cores from the launch to the end.
#[derive(Debug, Serialize)]
struct LedgerJson {
    cores: u64,
    wall_s: f64,
    cores_s: f64,
    parts: BTreeMap<&'static str, f64>,
}

impl From<Ledger> for LedgerJson {
    fn from(ledger: Ledger) -> LedgerJson {
        let (wall_s, cores_s) = (seconds(ledger.wall), seconds(ledger.whole()));
        LedgerJson { cores: ledger.cores, wall_s, cores_s, parts: ledger.by_key() }
    }
}

/// Bytes; `null` where that is not known.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the unit is part of the names in JSON")]
struct MemoryJson {
    peak_bytes: Option<u64>,
    total_bytes: Option<u64>,
    swapped_bytes: Option<u64>,
}

impl From<&Memory> for MemoryJson {
    fn from(memory: &Memory) -> MemoryJson {
        let peak_bytes = (memory.peak > 0).then_some(memory.peak);
        MemoryJson { peak_bytes, total_bytes: memory.total, swapped_bytes: memory.swapped }
    }
}

/// Two shapes under one name.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum StuckJson {
    Places(Vec<Stuck>),
    Graph(StandstillJson),
}

#[derive(Debug, Serialize)]
struct LaneJson {
    /// What the findings call it.
    id: usize,
    pid: u32,
    tid: u32,
    name: String,
    kind: LaneKind,
    start_s: f64,
    end_s: f64,
    states: BTreeMap<&'static str, f64>,
    /// Of its waits for locks and for I/O, those for what other threads or processes did for it.
    for_workers_s: f64,
    gil_holds: u64,
    switches: u64,
    /// The signal that ended its process, on the lane of its main thread.
    killed_by: Option<u8>,
    /// The most that its process was seen to hold in memory, on the lane of its main thread.
    resident_bytes: Option<u64>,
}

#[derive(Debug, Serialize)]
pub(super) struct CoreJson {
    id: u32,
    workload_s: f64,
    tutor_s: f64,
    others_s: f64,
    measured_s: f64,
}

impl From<End> for ExitJson {
    fn from(end: End) -> Self {
        ExitJson {
            code: end.code(),
            signal: end.signal(),
            timed_out: end.timed_out(),
            deadlock: end.deadlock(),
            ended_by: end.ended_by().map(EndedBy::key),
        }
    }
}

impl From<&Runtime> for RuntimeJson {
    fn from(runtime: &Runtime) -> Self {
        let gil = runtime.has_gil();
        match runtime {
            Runtime::CPython(p) => RuntimeJson {
                kind: "cpython",
                version: Some(p.version_text.clone()),
                path: Some(p.path.clone()),
                gil,
                free_threaded: p.free_threaded,
            },
            Runtime::Native { .. } => RuntimeJson {
                kind: "native",
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
                path: None,
                gil,
                free_threaded: false,
            },
        }
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Base64 { base64: base64::engine::general_purpose::STANDARD.encode(bytes) },
        }
    }
}

impl Json {
    /// The report's object.
    #[must_use]
    pub fn of(report: &Report<'_>) -> Json {
        let Report { outcome, summary, .. } = report;
        let spec = &outcome.spec;
        let trace = &outcome.trace;
        Json {
            version: VERSION,
            lesson: spec.lesson.clone(),
            program: spec.program.clone(),
            args: spec.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect(),
            runtime: (&spec.runtime).into(),
            chosen: spec
                .own
                .as_ref()
                .and_then(|own| own.chosen.as_ref())
                .map(|why| ChosenJson { by: why.id(), why: why.to_string() }),
            knobs: spec.knobs.clone(),
            exit: outcome.end.into(),
            ended: how_it_ended(outcome),
            stdout: outcome.stdout.as_slice().into(),
            stderr: outcome.stderr.as_slice().into(),
            startup_s: summary.startup_s,
            wall_s: summary.wall_s,
            cpu_s: summary.cpu_s,
            rusage_cpu_s: seconds(outcome.rusage_cpu),
            parallelism: summary.parallelism,
            gil_wait: summary.gil_wait,
            headline: report.verdict.heading.clone(),
            verdict: report.verdict.whole(),
            finding: report.verdict.findings.first().cloned(),
            findings: report.verdict.findings.clone(),
            caveats: report.verdict.caveats.iter().map(ToString::to_string).collect(),
            notes: outcome.notes.clone(),
            stuck: match (&spec.own, outcome.stuck.is_empty()) {
                (Some(_), _) => standstill(report).map(StuckJson::Graph),
                (None, false) => Some(StuckJson::Places(outcome.stuck.clone())),
                (None, true) => None,
            },
            standstill: standstill(report).filter(|_| spec.own.is_none()),
            could_deadlock: could_deadlock(report),
            outlived: outcome.outlived.clone(),
            server: outcome.served,
            machine: report.machine,
            memory: (&trace.memory).into(),
            ledger: report.ledger().map(LedgerJson::from),
            sources: trace.sources,
            lost: trace.lost,
            observer_cpu_s: seconds(trace.observer_cpu),
            lanes: trace.lanes.iter().enumerate().map(|(id, lane)| lane_json(trace, id, lane)).collect(),
            cores: cores(trace),
            objects: objects::json(report),
            task_count: trace.tasks.told.then_some(trace.tasks.tracks.len()),
            tasks: asyncio::tasks(trace, asyncio::TASKS),
            loop_blocked: asyncio::blocks(trace),
            predictions: report.predictions.clone(),
            task: report.task.clone(),
        }
    }
}

impl std::fmt::Display for CoreJson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = |s: f64| if self.measured_s > 0.0 { 100.0 * s / self.measured_s } else { 0.0 };
        let (workload, tutor, others) = (percent(self.workload_s), percent(self.tutor_s), percent(self.others_s));
        write!(f, "core {:>2}  workload {workload:>3.0} %  tutor {tutor:>3.0} %  others {others:>3.0} %", self.id)
    }
}

/// An instant as seconds since the program's start; negative before it.
pub(super) fn since(zero: Nanos, at: Nanos) -> f64 {
    if at >= zero { seconds(at - zero) } else { -seconds(zero - at) }
}

/// The states that a wait for workers may be in.
const FOR_WORKERS: [State; 2] = [State::LockWait, State::IoWait];

fn lane_json(trace: &Trace, id: usize, lane: &Lane) -> LaneJson {
    let zero = trace.zero();
    LaneJson {
        id,
        pid: lane.pid,
        tid: lane.tid,
        name: lane.name.clone(),
        kind: lane.kind,
        start_s: since(zero, lane.start),
        end_s: since(zero, lane.known_until()),
        states: State::ALL.iter().map(|s| (s.key(), seconds(lane.totals().get(*s)))).collect(),
        for_workers_s: seconds(FOR_WORKERS.iter().map(|s| lane.for_workers_in(*s, 0, Nanos::MAX)).sum()),
        gil_holds: lane.gil_holds,
        switches: lane.switches,
        killed_by: lane.told.killed,
        resident_bytes: trace.memory.resident.get(&lane.pid).copied().filter(|_| lane.pid == lane.tid),
    }
}

/// The cores over the time in which they were sampled: what the workload, the tutor and everyone else used of it.
pub(super) fn cores(trace: &Trace) -> Vec<CoreJson> {
    let of = |core: &crate::trace::CoreTrack| {
        let (from, to) = (core.samples.first()?.since, core.samples.last()?.at);
        let (busy, tutor) = core.busy_in(from, to)?;
        let workload: Nanos = trace.core_use(core.id, from, to).into_iter().map(|(_, nanos)| nanos).sum();
        Some(CoreJson {
            id: core.id,
            workload_s: seconds(workload),
            tutor_s: seconds(tutor),
            others_s: seconds(busy.saturating_sub(workload + tutor)),
            measured_s: seconds(to - from),
        })
    };
    trace.cores.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::Status;

    #[test]
    fn bytes_that_are_not_text_become_base64() {
        assert_eq!(Bytes::from(b"a\n".as_slice()), Bytes::Text("a\n".into()));
        assert_eq!(Bytes::from(b"\xff\x00".as_slice()), Bytes::Base64 { base64: "/wA=".into() });
    }

    #[test]
    fn how_it_ended_has_five_fields() {
        let by = |by, status| End::Ended(by, status);
        let second = EndedBy::Timeout(std::time::Duration::from_secs(1));
        let table = [
            (End::Exited(3), r#"{"code":3,"signal":null,"timed_out":false,"deadlock":false,"ended_by":null}"#),
            (End::Killed(11), r#"{"code":null,"signal":11,"timed_out":false,"deadlock":false,"ended_by":null}"#),
            (
                by(second, Status::Code(0)),
                r#"{"code":0,"signal":null,"timed_out":true,"deadlock":false,"ended_by":"timeout"}"#,
            ),
            (
                by(EndedBy::Deadlock, Status::Signal(15)),
                r#"{"code":null,"signal":15,"timed_out":false,"deadlock":true,"ended_by":"deadlock"}"#,
            ),
            (
                by(EndedBy::Memory(1), Status::Signal(9)),
                r#"{"code":null,"signal":9,"timed_out":false,"deadlock":false,"ended_by":"memory"}"#,
            ),
            (
                by(EndedBy::Cancelled, Status::Signal(15)),
                r#"{"code":null,"signal":15,"timed_out":false,"deadlock":false,"ended_by":"cancelled"}"#,
            ),
        ];
        for (end, json) in table {
            assert_eq!(serde_json::to_string(&ExitJson::from(end)).unwrap(), json);
        }
    }

    #[test]
    fn times_before_the_start_are_negative() {
        assert!((since(2_000_000_000, 1_500_000_000) + 0.5).abs() < 1e-12);
    }
}
