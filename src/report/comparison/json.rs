//! The comparison as one JSON object, version 1. Times are seconds; instants are seconds since the run's program started.

use super::owners::owners;
use super::{Form, Stacked};
use crate::insight::comparison::Compared;
use crate::report::Report;
use crate::report::json::{Json, RuntimeJson};
use serde::Serialize;

/// The version of the object's shape.
const VERSION: u32 = 1;

/// One JSON object in a line.
pub const FORM: Form = Form {
    name: "json",
    write: |stacked| {
        serde_json::to_string(&ComparisonJson::of(stacked)).expect("a report has string keys alone") + "\n"
    },
};

#[derive(Debug, Serialize)]
struct ComparisonJson {
    version: u32,
    lesson: String,
    baseline: Option<String>,
    axis_s: f64,
    runs: Vec<RunJson>,
    /// What differs.
    sentence: String,
    /// What repeats show of it; `null` where there are too few of them.
    verdict: Option<String>,
    /// What weakens it.
    caveat: Option<String>,
}

#[derive(Debug, Serialize)]
struct RunJson {
    program: String,
    runtime: RuntimeJson,
    /// The wall time of the run that is reported: the middle one. `null` where there is none.
    wall_s: Option<f64>,
    speedup: Option<f64>,
    saved_s: Option<f64>,
    /// How many runs the numbers come from: those that succeeded.
    repeats: usize,
    /// The longest of their wall times less the shortest.
    spread_s: f64,
    gil_owners: Vec<(f64, f64, String)>,
    sentence: String,
    verdict: Option<String>,
    /// Why it has no time to compare.
    trouble: Option<String>,
    /// As `run --format json` has it.
    report: Option<Json>,
}

impl ComparisonJson {
    fn of(stacked: &Stacked<'_>) -> ComparisonJson {
        let comparison = &stacked.comparison;
        let joined = |parts: &[String]| parts.join(" ");
        ComparisonJson {
            version: VERSION,
            lesson: comparison.lesson.to_owned(),
            baseline: comparison.baseline.map(str::to_owned),
            axis_s: comparison.axis_s,
            runs: comparison.runs.iter().map(|run| RunJson::of(run, stacked)).collect(),
            sentence: joined(&comparison.sentences),
            verdict: (!comparison.verdicts.is_empty()).then(|| joined(&comparison.verdicts)),
            caveat: comparison.caveat.clone(),
        }
    }
}

impl RunJson {
    fn of(run: &Compared<'_>, stacked: &Stacked<'_>) -> RunJson {
        let report = |outcome| Json::of(&Report::new(outcome, stacked.machine).of_lesson(stacked.lesson));
        RunJson {
            program: run.program.to_owned(),
            runtime: run.runtime.into(),
            wall_s: run.outcome.map(|_| run.summary.wall_s),
            speedup: run.summary.speedup,
            saved_s: run.saved_s,
            repeats: run.repeats.walls.len(),
            spread_s: run.repeats.spread_s(),
            gil_owners: run.outcome.map(|outcome| owners(&outcome.trace)).unwrap_or_default(),
            sentence: run.sentence.clone(),
            verdict: run.verdict.clone(),
            trouble: run.trouble.clone(),
            report: run.outcome.map(report),
        }
    }
}
