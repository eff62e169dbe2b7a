//! The run as a recording, to be opened with `concur-tutor open`: all that was measured, with the program's text and the machine.

use super::{Exporter, Report};
use crate::learner::runs::recording::Recording;
use crate::learner::runs::{KeptRun, fingerprint};
use crate::lesson::knobs;
use std::sync::Arc;

/// A recording.
pub const EXPORTER: Exporter =
    Exporter { name: "recording", binary: true, write: |report| recording(report).to_bytes() };

fn recording(report: &Report<'_>) -> Recording {
    let (outcome, spec) = (report.outcome, &report.outcome.spec);
    let text = report.text.as_deref().unwrap_or_default();
    let run = KeptRun {
        at: report.at,
        spec: spec.clone(),
        used: knobs::used(text, spec.runtime.language(), &spec.knobs),
        source: fingerprint(text),
        said: None,
        end: outcome.end,
        // Who cannot read it concludes anew.
        conclusion: rmp_serde::to_vec_named(&(&report.summary, &report.verdict)).unwrap_or_default(),
        outcome: Some(Arc::new(outcome.clone())),
    };
    Recording { by: env!("CARGO_PKG_VERSION").to_owned(), machine: report.machine, text: report.text.clone(), run }
}
