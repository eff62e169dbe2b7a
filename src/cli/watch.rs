//! `concur-tutor watch SCRIPT`: the learner's own script under the same probes.

use super::args::{Common, OnOff, RuntimeKind};
use super::output::{OnSignal, Target, run_to_end};
use super::{Failure, USAGE, runtimes};
use crate::app::ShownAs;
use crate::report::Report;
use crate::runner::plan::{Conditions, Limits, script};
use crate::runner::{Streams, machine};
use crate::runtime::Runtime;
use clap::Args;
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, IsTerminal};
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Watch {
    /// Who runs it; a script needs CPython
    #[arg(long, value_enum, hide = true)]
    pub runtime: Option<RuntimeKind>,
    /// Whether there is a GIL: chooses a CPython build that has (not) one
    #[arg(long, value_enum)]
    pub gil: Option<OnOff>,
    /// Print lines instead of drawing on the terminal, and read lines: for screen readers, dumb terminals and scripts
    #[arg(long, conflicts_with_all = ["format", "out"])]
    pub inline: bool,
    #[command(flatten)]
    pub common: Common,
    /// The script
    pub script: PathBuf,
    /// Its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<OsString>,
}

pub(super) fn watch(options: &Watch) -> anyhow::Result<ExitCode> {
    if options.runtime == Some(RuntimeKind::Native) {
        return Err(Failure::new(USAGE, "a script needs CPython: the native runtime runs lessons only").into());
    }
    check_script(&options.script)?;
    let common = &options.common;
    let runtime = runtimes::choose(Some(RuntimeKind::Cpython), common.python.as_deref(), options.gil, &[])?;
    let Runtime::CPython(python) = &runtime else { unreachable!("cpython was asked for") };
    let asked = common.out.is_none() && common.format.is_none();
    let screen = ShownAs::choose(options.inline, std::io::stdout().is_terminal()).filter(|_| asked);
    let streams = match (&common.out, screen) {
        (Some(_), _) => Streams::Inherited,
        (None, Some(_)) => Streams::Captured,
        (None, None) => Streams::CapturedWithInput,
    };
    let conditions = Conditions { probes: common.probes.choice(), limits: Limits::NONE, streams };
    let plan = script(python, &options.script, &options.args, common.timeout, conditions);
    if let Some(shown) = screen {
        return crate::app::watch(&options.script, plan, shown);
    }
    let target = Target::open(common.out.as_deref())?;
    let machine = machine::calibrate();
    let (outcome, _) = run_to_end(plan, OnSignal::Forward)?;
    let status = outcome.end.shell_status();
    target.deliver(&Report::new(&outcome, machine), common.format, status)?;
    Ok(ExitCode::from(status))
}

/// What Python could not start is said before anything is started. A word with a dash is Python's own affair: `-m`, say.
fn check_script(script: &Path) -> anyhow::Result<()> {
    if script.as_os_str().as_encoded_bytes().starts_with(b"-") {
        return Ok(());
    }
    let cannot = |why: String| Err(Failure::new(USAGE, format!("cannot watch {}: {why}", script.display())).into());
    match script.metadata() {
        Err(e) if e.kind() == ErrorKind::NotFound => cannot("there is no such file".to_owned()),
        Err(e) => cannot(e.to_string()),
        Ok(file) if file.is_dir() && !script.join("__main__.py").is_file() => {
            cannot("it is a folder without a __main__.py; name the script in it".to_owned())
        }
        // Opening a pipe would take what it holds from Python.
        Ok(file) if file.is_file() => File::open(script).map(drop).or_else(|e| cannot(e.to_string())),
        Ok(_) => Ok(()),
    }
}
