//! `concur-tutor doctor`: what can be measured here and on which Python, and how to get more; `--bundle`: the same for a report
//! of a fault.

mod bundle;
mod personal;
mod pythons;

use super::args::Format;
use super::output::print;
use crate::lesson::Course;
use crate::probe::{self, Capability};
use crate::runner::{Machine, guard, machine};
use crate::runtime::cpython;

use clap::Args;
use pythons::Examined;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Write all of it into a file, for a report of a fault: shown first, without your name, your home and this machine's name
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub bundle: Option<PathBuf>,
    /// Write the file without asking
    #[arg(long, requires = "bundle")]
    pub yes: bool,
}

pub(super) fn doctor(options: &Doctor) -> anyhow::Result<ExitCode> {
    let mut checks = probe::doctor();
    checks.push(packages());
    let machine = machine::calibrate();
    let pythons = pythons::examine_all(&checks);
    if let Some(file) = &options.bundle {
        return bundle::write(&words(machine, &checks, &pythons)?, file, options.yes);
    }
    let text = match options.format {
        Format::Json => {
            let version = crate::report::json::VERSION;
            serde_json::json!({"version": version, "machine": machine, "checks": checks, "pythons": pythons})
                .to_string()
                + "\n"
        }
        Format::Text => words(machine, &checks, &pythons)?,
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// All that was found, for a reader.
fn words(machine: Machine, checks: &[Capability], pythons: &[Examined]) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let usable = if machine.usable_cores > 0.0 {
        format!("{:.2} usable now", machine.usable_cores)
    } else {
        "calibration failed".to_owned()
    };
    writeln!(out, "{} cores, {usable}\n", machine.cores)?;
    checks.iter().try_for_each(|check| row(&mut out, check))?;
    for python in pythons {
        writeln!(out, "\n{}  {}", python.name, python.path.display())?;
        python.checks.iter().try_for_each(|check| row(&mut out, check))?;
    }
    Ok(out)
}

fn row(out: &mut String, check: &Capability) -> std::fmt::Result {
    writeln!(out, "{} {:<28} {}", if check.ok { "✓" } else { "✗" }, check.name, check.detail)?;
    match check.remedy.as_ref().filter(|_| !check.ok) {
        Some(remedy) => writeln!(out, "  {:<28} → {remedy}", ""),
        None => Ok(()),
    }
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
