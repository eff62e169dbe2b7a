//! Threads that waited for each other, or for what never came, in the JSON.

use super::Report;
use super::json::since;
use crate::trace::standstill::{HeldUp, Holder};
use serde::Serialize;

/// A standstill.
#[derive(Debug, Serialize)]
pub(super) struct StandstillJson {
    /// Since when it stood, in seconds since the program started.
    since_s: f64,
    kind: &'static str,
    sentence: String,
    /// Whether another thread could have ended it, by giving back a lock that it had not taken.
    open: bool,
    threads: Vec<ThreadJson>,
}

#[derive(Debug, Serialize)]
struct ThreadJson {
    pid: u32,
    tid: u32,
    name: String,
    /// Where it waits; `null` where that is not known.
    file: Option<String>,
    line: Option<u32>,
    code: Option<String>,
    function: Option<String>,
    waits_for: AwaitedJson,
    /// Who holds that; `null` where it is not known, or nobody does.
    held_by: Option<HolderJson>,
}

#[derive(Debug, Serialize)]
struct AwaitedJson {
    /// `lock`; else what the library's function waits for that was called, in words.
    kind: String,
    /// What the line calls the lock; `null` where it is not plain.
    name: Option<String>,
    /// Locks are numbered in the order in which somebody first waited for them.
    number: Option<usize>,
}

#[derive(Debug, Serialize)]
struct HolderJson {
    tid: u32,
    name: Option<String>,
    /// The line that it stands in, where it waits as well.
    line: Option<u32>,
    /// Whether it has ended.
    ended: bool,
}

/// What stood still at a run's end.
pub(super) fn standstill(report: &Report<'_>) -> Option<StandstillJson> {
    let found = report.outcome.trace.standstill.as_ref()?;
    let trace = &report.outcome.trace;
    let name = |tid: u32| trace.lanes.iter().rfind(|lane| lane.tid == tid).map(|lane| lane.name.clone());
    let holder = |tid: u32, ended: bool| {
        let waiting = found.threads.iter().find(|thread| thread.tid == tid);
        let line = waiting.and_then(|thread| thread.place.as_ref()).map(|place| place.line);
        HolderJson { tid, name: name(tid), line, ended }
    };
    let thread = |thread: &HeldUp| ThreadJson {
        pid: thread.pid,
        tid: thread.tid,
        name: thread.name.clone(),
        file: thread.place.as_ref().map(|place| place.file.clone()),
        line: thread.place.as_ref().map(|place| place.line),
        code: thread.place.as_ref().map(|place| place.code.clone()),
        function: thread.place.as_ref().map(|place| place.function.clone()),
        waits_for: AwaitedJson {
            kind: thread.called.clone().unwrap_or_else(|| "lock".to_owned()),
            name: thread.nickname().map(str::to_owned),
            number: thread.lock,
        },
        held_by: match thread.holder {
            Holder::Unknown => None,
            Holder::Thread(tid) => Some(holder(tid, false)),
            Holder::Ended(tid) => Some(holder(tid, true)),
        },
    };
    Some(StandstillJson {
        since_s: since(trace.zero(), found.since),
        kind: found.kind.key(),
        sentence: found.sentence(),
        open: found.open,
        threads: found.threads.iter().map(thread).collect(),
    })
}
