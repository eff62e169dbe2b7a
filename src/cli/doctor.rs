//! `concur-tutor doctor`: what can be measured here, and how to get more.

use super::args::Format;
use super::output::print;
use crate::lesson::Course;
use crate::probe::{self, Capability};
use crate::runner::{guard, machine};
use crate::runtime::cpython;
use clap::Args;
use std::fmt::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

pub(super) fn doctor(options: &Doctor) -> anyhow::Result<ExitCode> {
    let mut checks = probe::doctor();
    checks.push(packages());
    let machine = machine::calibrate();
    let text = match options.format {
        Format::Json => {
            let version = crate::report::json::VERSION;
            serde_json::json!({"version": version, "machine": machine, "checks": checks}).to_string() + "\n"
        }
        Format::Text => {
            let mut out = String::new();
            let usable = if machine.usable_cores > 0.0 {
                format!("{:.2} usable now", machine.usable_cores)
            } else {
                "calibration failed".to_owned()
            };
            writeln!(out, "{} cores, {usable}\n", machine.cores)?;
            for check in &checks {
                writeln!(out, "{} {:<28} {}", if check.ok { "✓" } else { "✗" }, check.name, check.detail)?;
                if let Some(remedy) = check.remedy.as_ref().filter(|_| !check.ok) {
                    writeln!(out, "  {:<28} → {remedy}", "")?;
                }
            }
            out
        }
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the packages that some lessons use are at hand in the tutor's own environment.
fn packages() -> Capability {
    let needed = Course::embedded().map(|course| course.packages()).unwrap_or_default();
    guard::start();
    let (ok, detail) = match cpython::probe_own() {
        _ if needed.is_empty() => (true, "no lesson needs any".to_owned()),
        None => (false, format!("some lessons use {}; no environment was made", needed.join(", "))),
        Some(Err(bad)) => (false, format!("{}: {}", bad.path.display(), bad.reason)),
        Some(Ok(python)) => match python.missing(&needed)[..] {
            [] => (true, format!("{} in {}", needed.join(", "), python.path.display())),
            ref missing => (false, format!("{} lacks {}", python.path.display(), missing.join(", "))),
        },
    };
    let remedy = (!ok).then(|| "concur-tutor setup installs them, and asks before it does".to_owned());
    Capability { name: "packages", ok, detail, remedy }
}
