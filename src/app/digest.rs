//! What an ended run says: the numbers and the sentence, from `insight`.

use crate::app::engine::Request;
use crate::insight::{Summary, Verdict};
use crate::lesson::Metric;
use crate::runner::{Machine, Outcome};

/// The numbers and the sentence of a run; `baseline` is the baseline's wall time in seconds.
#[must_use]
pub fn digest(
    outcome: &Outcome,
    _request: &Request,
    _baseline: Option<f64>,
    _machine: Option<Machine>,
) -> (Summary, Verdict) {
    let _ = outcome;
    (Summary::default(), Verdict::default())
}

/// The value of a metric: the run's own, or the machine's.
#[must_use]
pub fn metric(summary: &Summary, metric: Metric, usable_cores: Option<f64>) -> Option<f64> {
    match metric {
        Metric::UsableCores => usable_cores,
        _ => summary.metric(metric),
    }
}
