//! `concur-tutor check [DIR]`: the folders; with `--run` see [`super::check_run`].

use super::args::{Check, Format};
use super::check_run::check_run;
use super::output::print;
use crate::lesson::{check_dir, check_embedded};
use std::process::ExitCode;

pub(super) fn check(options: &Check) -> anyhow::Result<ExitCode> {
    let faults = match &options.dir {
        Some(dir) => check_dir(dir)?,
        None => check_embedded(),
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
