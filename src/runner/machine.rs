//! What this machine can give now, measured by a child process so that the tutor's own threads stay out of it.

use super::{Machine, guard};
use crate::probe::calibrate;
use std::process::{Command, Stdio};

/// Runs the calibration in a child process: a third of a second. Where it fails, `usable_cores` is 0: not measured.
#[must_use]
pub fn calibrate() -> Machine {
    measured().unwrap_or_else(|| Machine { cores: available(), usable_cores: 0.0 })
}

/// Cores that this process may use: affinity counted.
#[must_use]
pub fn available() -> u32 {
    std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(u32::MAX))
}

fn measured() -> Option<Machine> {
    let launch = guard::own_launch(&["__calibrate"]).ok()?;
    let output =
        Command::new(launch.program).args(launch.args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

/// What the hidden subcommand `__calibrate` does: calibrates, and prints the machine as JSON.
pub fn main() {
    let found = calibrate::calibrate();
    let machine = Machine { cores: found.cores, usable_cores: found.usable_cores };
    println!("{}", serde_json::to_string(&machine).unwrap_or_default());
}
