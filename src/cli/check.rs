//! `concur-tutor check [DIR]`: the folders; with `--run` see [`super::check_run`].

use super::args::Format;
use super::check_run::check_run;
use super::output::print;
use crate::lesson::{check_dir, check_embedded};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct CheckArgs {
    /// A folder of lesson folders; the built-in course where left out
    pub dir: Option<PathBuf>,
    /// Run every claim, task, printed answer and twin on every CPython found and on native
    #[arg(long)]
    pub run: bool,
    /// With --run: every program at the corners of its knobs, instead; it has to end, and the claims that say so hold there
    #[arg(long, requires = "run")]
    pub corners: bool,
    /// With --run: the tasks alone, with their right and their wrong solutions
    #[arg(long, requires = "run", conflicts_with = "corners")]
    pub tasks: bool,
    /// With --run: this lesson only; may be repeated
    #[arg(long, value_name = "LESSON", requires = "run")]
    pub lesson: Vec<String>,
    /// With --run: on the oldest and the newest CPython and on native only, and without the tasks; with --corners or --tasks
    /// on the newest alone, a part of the lessons, and others tomorrow
    #[arg(long, requires = "run")]
    pub quick: bool,
    /// With --run: on this Python instead of those found, beside native; may be repeated
    #[arg(long, value_name = "PATH", requires = "run")]
    pub python: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

pub(super) fn check(options: &CheckArgs) -> anyhow::Result<ExitCode> {
    let faults = match &options.dir {
        Some(dir) => check_dir(dir)?,
        None => check_embedded()?,
    };
    if options.run && faults.is_empty() {
        return check_run(options);
    }
    match options.format {
        Format::Json => {
            let faults: Vec<_> = faults
                .iter()
                .map(|f| serde_json::json!({"file": f.file, "line": f.line, "column": f.column, "message": f.message}))
                .collect();
            let version = crate::report::json::VERSION;
            print(&format!("{}\n", serde_json::json!({"version": version, "faults": faults})))?;
        }
        Format::Text if faults.is_empty() => print("no faults\n")?,
        Format::Text => {
            for fault in &faults {
                print(&format!("{fault}\n"))?;
            }
        }
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
