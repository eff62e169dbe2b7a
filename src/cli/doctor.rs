//! `concur-tutor doctor`: what can be measured here, and how to get more.

use super::args::{Doctor, Format};
use super::output::print;
use crate::probe;
use crate::runner::machine;
use std::fmt::Write as _;
use std::process::ExitCode;

pub(super) fn doctor(options: &Doctor) -> anyhow::Result<ExitCode> {
    let checks = probe::doctor();
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
