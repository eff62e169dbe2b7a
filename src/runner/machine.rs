//! What this machine can give now, measured by a child process so that the tutor's own threads stay out of it.

use super::{Machine, guard};
use crate::clock::seconds;
use crate::probe::calibrate::{self as engine, Progress};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// The calibration on its way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibrating {
    /// The share of the time that has passed, 0 to 1.
    pub share: f64,
    /// Usable cores as far as is known; 0 at first.
    pub usable_cores: f64,
}

/// One line that the calibrating child writes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Progress(Calibrating),
    Machine(Machine),
}

/// Runs the calibration in a child process: a third of a second. Where it fails, `usable_cores` is 0: not measured.
#[must_use]
pub fn calibrate() -> Machine {
    calibrate_with(|_| {})
}

/// The same, told while it goes on.
pub fn calibrate_with(mut tell: impl FnMut(Calibrating)) -> Machine {
    measured(&mut tell).unwrap_or(Machine { cores: available(), usable_cores: 0.0 })
}

/// Cores that this process may use: affinity counted.
#[must_use]
pub fn available() -> u32 {
    std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(u32::MAX))
}

fn measured(tell: &mut dyn FnMut(Calibrating)) -> Option<Machine> {
    let launch = guard::own_launch(&["__calibrate"]).ok()?;
    let mut command = Command::new(launch.program);
    command.args(launch.args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let mut machine = None;
    for line in BufReader::new(child.stdout.take()?).lines().map_while(Result::ok) {
        match serde_json::from_str(&line) {
            Ok(Line::Progress(progress)) => tell(progress),
            Ok(Line::Machine(found)) => machine = Some(found),
            Err(_) => {}
        }
    }
    // It has closed its output: it is ending.
    let _ = child.wait();
    machine
}

/// What the hidden subcommand `__calibrate` does: calibrates, and writes its progress and the machine as JSON lines.
pub fn main() {
    let found = engine::calibrate_with(|progress| say(&Line::Progress(calibrating(progress))));
    say(&Line::Machine(Machine { cores: found.cores, usable_cores: found.usable_cores }));
}

fn calibrating(progress: &Progress) -> Calibrating {
    let share = seconds(progress.elapsed) / seconds(progress.of.max(1));
    Calibrating { share: share.min(1.0), usable_cores: progress.usable_cores }
}

/// Writes one line; a tutor that no longer reads is no reason to fail.
fn say(line: &Line) {
    if let Ok(text) = serde_json::to_string(line) {
        let _ = writeln!(std::io::stdout(), "{text}");
    }
}
