//! Why a run could not be done.

use crate::probe::Unavailable;
use std::path::PathBuf;

/// Why a run could not be done. A program that ran and failed is not an error: its [`End`](super::End) says so.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The process could not be started.
    #[error("could not start {program}: {source}")]
    Spawn {
        /// The executable.
        program: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A probe that was asked for by name cannot be used here.
    #[error("{0}{remedy}", remedy = .0.remedy.as_ref().map(|r| format!("; {r}")).unwrap_or_default())]
    Probe(#[from] Unavailable),
    /// The program could not be written down or its launch not be made.
    #[error("could not prepare the program: {0}")]
    Prepare(String),
    /// The lesson's server did not start.
    #[error("the lesson's server did not start: {0}")]
    Server(String),
    /// The lesson has no such program for this runtime.
    #[error("{lesson} has no program `{program}` for {runtime}")]
    NoProgram {
        /// The lesson's id.
        lesson: String,
        /// The name that was asked for.
        program: String,
        /// Who was to run it, by its label.
        runtime: String,
    },
}
