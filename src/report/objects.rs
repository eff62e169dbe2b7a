//! What threads waited for, in the JSON and in words: locks first, those that did most harm before others.

use super::Report;
use crate::clock::seconds;
use crate::insight::objects::{self, Kind, Object, Objects, Since, Text};
use crate::trace::{Trace, WaitSource};
use serde::Serialize;

/// So many objects are listed.
const MOST: usize = 100;
/// So many locks have a line in a report for reading.
const LINES: usize = 3;
/// A lock that kept cores from work for a smaller share of the run is not worth a line.
const WORTH: f64 = 0.01;

/// What threads waited for.
#[derive(Debug, Serialize)]
pub(super) struct ObjectJson {
    pid: u32,
    kind: &'static str,
    /// As in the sentences about it; `null` where it may be several.
    number: Option<usize>,
    /// What every line that waits for it calls it; `null` where that is not plain.
    name: Option<String>,
    /// Whether it is one; else all that this line waits for.
    is_one: bool,
    /// Where most waits for it began; `null` where that is not known.
    file: Option<String>,
    line: Option<u32>,
    function: Option<String>,
    waits: usize,
    waited_s: f64,
    /// Seconds of cores that had nothing else of the program to run meanwhile; `null` where that was not counted.
    idle_cores_s: Option<f64>,
    /// Who waited, as the lanes' `id`.
    lanes: Vec<usize>,
    /// Who held it when waits began, most often first; `null` where nobody knows.
    holders: Option<Vec<HolderJson>>,
    source: WaitSource,
}

#[derive(Debug, Serialize)]
struct HolderJson {
    tid: u32,
    name: Option<String>,
    /// When how many waits began.
    waits: usize,
}

impl Report<'_> {
    /// What threads waited for.
    #[must_use]
    pub fn objects(&self) -> Objects {
        let text = self.text.as_deref().map(|text| Text { program: &self.outcome.spec.program, text });
        Objects::of(&self.outcome.trace, u64::from(self.machine.cores), text)
    }
}

/// The objects of a run as JSON; `None` where it was not measured for what threads waited.
pub(super) fn json(report: &Report<'_>) -> Option<Vec<ObjectJson>> {
    let (trace, objects) = (&report.outcome.trace, report.objects());
    if objects.source == WaitSource::None || objects.since == Since::Never {
        return None;
    }
    let all = objects.all.iter().take(MOST).map(|object| one(trace, object, objects.source));
    Some(all.collect())
}

fn one(trace: &Trace, object: &Object, source: WaitSource) -> ObjectJson {
    let at = object.waits.first().map_or(0, |wait| wait.from);
    let name = |tid| objects::name(&trace.lanes, object.pid, tid, at).map(|lane| lane.name.clone());
    let holders = object.holders.iter().map(|(tid, waits)| HolderJson { tid: *tid, name: name(*tid), waits: *waits });
    ObjectJson {
        pid: object.pid,
        kind: object.kind.key(),
        number: object.number,
        name: object.name.clone(),
        is_one: object.is_one(),
        file: object.place.as_ref().map(|place| place.file.clone()),
        line: object.place.as_ref().map(|place| place.line),
        function: object.place.as_ref().map(|place| place.function.clone()),
        waits: object.waits.len(),
        waited_s: seconds(object.waited),
        idle_cores_s: object.harm.map(seconds),
        lanes: object.lanes.clone(),
        holders: object.knows_holders().then(|| holders.collect()),
        source,
    }
}

/// The locks that kept cores from work for a time that is worth a line, each in a sentence.
pub(super) fn in_words(report: &Report<'_>) -> Vec<String> {
    let trace = &report.outcome.trace;
    let worth = |object: &&Object| {
        object.kind == Kind::Lock
            && object.harm.is_some_and(|harm| seconds(harm) >= WORTH * report.summary.wall_s.max(f64::EPSILON))
    };
    let told = |object: &Object| {
        let line = object.place.as_ref().map(|place| format!(" (line {})", place.line));
        let line = line.filter(|_| object.is_one()).unwrap_or_default();
        format!("{}{line}: {}", object.title(), objects::words::told(trace, object))
    };
    report.objects().all.iter().filter(worth).take(LINES).map(told).collect()
}
