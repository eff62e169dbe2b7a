//! What can be said on the command line.

use crate::runner::{ProbeChoice, SwitchChoice, WaitChoice};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// See Python's concurrency: live lessons that draw every core and every thread.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Open the app (the default)
    Learn(Learn),
    /// List the lessons, their programs and knobs, and the runtimes found
    List(List),
    /// Ask again what is due today; without a terminal: what is due, and when the rest comes back
    Review(Review),
    /// Forget your progress in a lesson, or in all of them; a copy of it is kept
    Reset(Reset),
    /// Run one program of a lesson and report what was measured
    Run(Run),
    /// Check lesson folders: one `lesson.md:LINE:COLUMN: message` a fault; with --run, hold what they say against real runs
    Check(Check),
    /// Make a folder with a small lesson that works, to be changed into one's own
    NewLesson(NewLesson),
    /// Say what can be measured on this machine, and how to get more
    Doctor(Doctor),
    /// Put your own Python script under the same probes
    Watch(Watch),
    /// Install the packages that some lessons need, into an environment of the tutor's own
    Setup(Setup),
    #[command(flatten)]
    Hidden(Hidden),
}

/// What the tutor starts of itself.
#[derive(Debug, Subcommand)]
pub(super) enum Hidden {
    #[command(name = "__guard", hide = true)]
    Guard { prefix: String },
    #[command(name = "__native", hide = true)]
    Native { lesson: String, program: String },
    #[command(name = "__server", hide = true)]
    Server,
    #[command(name = "__calibrate", hide = true)]
    Calibrate,
}

#[derive(Debug, Args, Default)]
pub(super) struct Learn {
    /// The lesson to open, such as `02-gil` or `gil`
    pub lesson: Option<String>,
    /// The Python to start with
    #[arg(long, value_name = "PATH")]
    pub python: Option<PathBuf>,
    /// The runtime to start with: CPython where one is found, else native
    #[arg(long, value_enum, conflicts_with = "python")]
    pub runtime: Option<RuntimeKind>,
    /// With `--runtime native`: whether its GIL is on
    #[arg(long, value_enum, requires = "runtime", conflicts_with = "python")]
    pub gil: Option<OnOff>,
    /// Open a pack of lessons from this folder instead of the course; its programs run on this machine
    #[arg(long, value_name = "DIR")]
    pub lessons: Option<PathBuf>,
    /// Do not ask whether the pack may be opened
    #[arg(long, requires = "lessons")]
    pub yes: bool,
    /// Draw with ASCII characters only
    #[arg(long)]
    pub ascii: bool,
}

#[derive(Debug, Args)]
pub(super) struct NewLesson {
    /// Its name: lower-case letters, digits and hyphens; the next free number is put before it
    pub name: String,
    /// The folder of lessons that it is made in; this folder where left out
    #[arg(long = "in", value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Review {
    /// Print what is due instead of asking
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Draw with ASCII characters only
    #[arg(long)]
    pub ascii: bool,
}

#[derive(Debug, Args)]
pub(super) struct Reset {
    /// The lesson, such as `02-gil` or `gil`; every lesson where left out
    pub lesson: Option<String>,
    /// Do not ask first
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Setup {
    /// The Python to make the environment with: the newest that can, where left out
    #[arg(long, value_name = "PATH", conflicts_with = "remove")]
    pub python: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Take the environment away again
    #[arg(long)]
    pub remove: bool,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// A folder of lesson folders; the built-in course where left out
    pub dir: Option<PathBuf>,
    /// Run every claim, task, printed answer and twin on every CPython found and on native
    #[arg(long)]
    pub run: bool,
    /// With --run: this lesson only; may be repeated
    #[arg(long, value_name = "LESSON", requires = "run")]
    pub lesson: Vec<String>,
    /// With --run: on the oldest and the newest CPython and on native only
    #[arg(long, requires = "run")]
    pub quick: bool,
    /// With --run: on this Python instead of those found, beside native; may be repeated
    #[arg(long, value_name = "PATH", requires = "run")]
    pub python: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Run {
    /// The lesson: its folder's name, with or without its number
    pub lesson: String,
    /// The program: its file's stem, such as `threads`
    #[arg(required_unless_present = "task")]
    pub program: Option<String>,
    /// Run the learner's copy of a task's program, and judge it: exit status 0 where all that is expected comes true
    #[arg(long, value_name = "ID", conflicts_with = "program")]
    pub task: Option<String>,
    /// The changed program, where it is not the copy that the app keeps
    #[arg(long, value_name = "PATH", requires = "task")]
    pub file: Option<PathBuf>,
    /// Who runs it: CPython where one is found, else native
    #[arg(long, value_enum)]
    pub runtime: Option<RuntimeKind>,
    /// Whether there is a GIL: chooses the native model's, or a CPython build that has (not) one
    #[arg(long, value_enum)]
    pub gil: Option<OnOff>,
    /// Turn a knob
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub(super) struct Watch {
    /// Who runs it; a script needs CPython
    #[arg(long, value_enum, hide = true)]
    pub runtime: Option<RuntimeKind>,
    /// Whether there is a GIL: chooses a CPython build that has (not) one
    #[arg(long, value_enum)]
    pub gil: Option<OnOff>,
    #[command(flatten)]
    pub common: Common,
    /// The script
    pub script: PathBuf,
    /// Its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(super) struct Common {
    /// The Python to run it on
    #[arg(long, value_name = "PATH")]
    pub python: Option<PathBuf>,
    /// Where on-CPU intervals come from
    #[arg(long, value_enum, default_value_t)]
    pub switches: Switches,
    /// Where the reasons for waiting come from
    #[arg(long, value_enum, default_value_t)]
    pub waits: Waits,
    /// When to give up
    #[arg(long, value_name = "SECONDS", value_parser = timeout, allow_negative_numbers = true)]
    pub timeout: Option<Duration>,
    /// Write the report to a file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The report's form
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RuntimeKind {
    Native,
    Cpython,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OnOff {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Switches {
    Perf,
    Schedstat,
    #[default]
    Auto,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Waits {
    Preload,
    Procfs,
    None,
    #[default]
    Auto,
}

impl Common {
    /// The probes that were asked for.
    pub(super) fn probes(&self) -> ProbeChoice {
        let switches = match self.switches {
            Switches::Perf => SwitchChoice::Perf,
            Switches::Schedstat => SwitchChoice::Schedstat,
            Switches::Auto => SwitchChoice::Auto,
        };
        let waits = match self.waits {
            Waits::Preload => WaitChoice::Preload,
            Waits::Procfs => WaitChoice::Procfs,
            Waits::None => WaitChoice::None,
            Waits::Auto => WaitChoice::Auto,
        };
        ProbeChoice { switches, waits }
    }
}

impl OnOff {
    pub(super) const fn is_on(self) -> bool {
        matches!(self, OnOff::On)
    }
}

/// Seconds, whole or not, above zero.
fn timeout(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds, such as 10 or 0.5".to_owned())?;
    if seconds.is_nan() || seconds <= 0.0 {
        return Err("must be more than 0 seconds".to_owned());
    }
    let timeout =
        Duration::try_from_secs_f64(seconds).map_err(|_| "too long; leave it out for no time-out".to_owned())?;
    // Below a nanosecond it rounds to nothing, which would read as a time-out before the start.
    Ok(timeout.max(Duration::from_nanos(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_out_is_a_number_of_seconds_above_zero() {
        assert_eq!(timeout("0.5"), Ok(Duration::from_millis(500)));
        assert_eq!(timeout("1e9"), Ok(Duration::from_secs(1_000_000_000)));
        for bad in ["0", "-1", "-0.0", "nan", "-inf"] {
            assert!(timeout(bad).unwrap_err().contains("more than 0"), "{bad}");
        }
        for bad in ["inf", "1e400", "1e30"] {
            assert!(timeout(bad).unwrap_err().contains("too long"), "{bad}");
        }
        for bad in ["", "abc", "5s"] {
            assert!(timeout(bad).unwrap_err().contains("not a number"), "{bad}");
        }
    }
}
