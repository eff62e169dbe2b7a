//! What several subcommands take on the command line.

use crate::report::{self, Exporter};
use crate::runner::{ObjectChoice, ProbeChoice, SwitchChoice, WaitChoice};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// What `run` and `watch` take.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// The Python to run it on
    #[arg(long, value_name = "PATH")]
    pub python: Option<PathBuf>,
    #[command(flatten)]
    pub under: Under,
    /// The report's form
    #[arg(long, value_parser = exporters())]
    pub format: Option<Exporter>,
}

/// Under what a program runs, and where what was measured goes.
#[derive(Debug, Args)]
pub(super) struct Under {
    #[command(flatten)]
    pub probes: Probes,
    /// When to give up a run
    #[arg(long, value_name = "SECONDS", value_parser = timeout, allow_negative_numbers = true)]
    pub timeout: Option<Duration>,
    /// Write the report to a file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// How a lesson's program is run.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// Who runs it: CPython where one is found, else native; beside several --python, `native` is one more
    #[arg(long, value_enum)]
    pub runtime: Option<RuntimeKind>,
    /// Whether there is a GIL: chooses the native model's, or a CPython build that has (not) one
    #[arg(long, value_enum)]
    pub gil: Option<OnOff>,
    /// Turn a knob
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Probes {
    /// Where on-CPU intervals come from
    #[arg(long, value_enum, default_value_t)]
    pub switches: Switches,
    /// Where the reasons for waiting come from
    #[arg(long, value_enum, default_value_t)]
    pub waits: Waits,
    /// Whether it is looked into who holds which lock, and where threads wait for it
    #[arg(long, value_enum, default_value_t = OnOff::On)]
    pub objects: OnOff,
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

impl Probes {
    /// The probes that were asked for.
    pub(super) fn choice(self) -> ProbeChoice {
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
        let objects = if self.objects.is_on() { ObjectChoice::On } else { ObjectChoice::Off };
        ProbeChoice { switches, waits, objects }
    }
}

impl OnOff {
    pub(super) const fn is_on(self) -> bool {
        matches!(self, OnOff::On)
    }
}

/// Names of the report's forms.
pub(super) fn exporters() -> impl TypedValueParser<Value = Exporter> {
    let names = PossibleValuesParser::new(report::EXPORTERS.map(|exporter| exporter.name));
    names.map(|name| report::exporter(&name).expect("only the names of exporters are let through"))
}

/// Seconds, whole or not, above zero.
pub(super) fn timeout(text: &str) -> Result<Duration, String> {
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
