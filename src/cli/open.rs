//! `concur-tutor open FILE`: a recorded run, in the app or as a report.

use super::args::exporters;
use super::output::{Target, keep_apart};
use super::{Failure, USAGE};
use crate::app::{self, ShownAs};
use crate::learner::runs::recording::Recording;
use crate::report::{Exporter, Report};
use clap::Args;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Open {
    /// The recording: what `run` or `watch` wrote with --format recording --out FILE
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write a report of it in this form instead of opening the app
    #[arg(long, value_parser = exporters())]
    pub format: Option<Exporter>,
    /// Write that report to a file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Print lines instead of drawing on the terminal, and read lines: for screen readers, dumb terminals and scripts
    #[arg(long, conflicts_with_all = ["format", "out"])]
    pub inline: bool,
}

pub(super) fn open(options: &Open) -> anyhow::Result<ExitCode> {
    let recording = Recording::open(&options.file).map_err(|why| Failure::new(USAGE, why.to_string()))?;
    if options.format.is_some() || options.out.is_some() {
        if let Some(out) = &options.out {
            keep_apart(&options.file, out, "the recording itself; nothing was written")?;
        }
        let target = Target::open(options.out.as_deref(), options.format)?;
        let outcome = recording.run.outcome.clone().unwrap_or_default();
        let mut report = Report::new(&outcome, recording.machine).with_text(recording.text);
        report.at = recording.run.at;
        // It says what it said when it ran.
        if let Ok(said) = rmp_serde::from_slice(&recording.run.conclusion) {
            (report.summary, report.verdict) = said;
        }
        target.deliver(&report, options.format, 0)?;
        return Ok(ExitCode::SUCCESS);
    }
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let Some(shown) = ShownAs::choose(options.inline, terminal) else {
        let message =
            "the app needs a terminal, or `--inline`; `concur-tutor open FILE --format text` works without one";
        return Err(Failure::new(USAGE, message).into());
    };
    app::open(recording, shown)
}
