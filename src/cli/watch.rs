//! `concur-tutor watch ...`: the learner's own program under the same probes, started as Python starts it.

use super::args::{Common, OnOff, RuntimeKind};
use super::output::{OnSignal, Target, keep_apart, run_to_end};
use super::{Failure, USAGE, runtimes};
use crate::app::ShownAs;
use crate::clock;
use crate::insight::finding::recorded;
use crate::report::Report;
use crate::runner::plan::{self, Conditions, Limits};
use crate::runner::{Streams, machine};
use crate::runtime::Python;
use crate::runtime::cpython::started::{Reason, Started, Subject, started};
use clap::Args;
use std::ffi::OsString;
use std::fs::File;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
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
    #[arg(long, conflicts_with_all = ["format", "out", "tty"])]
    pub inline: bool,
    /// Give the program the terminal instead of the screen; the report follows, or goes to --out
    #[arg(long)]
    pub tty: bool,
    /// Keep the run for the gallery of findings, in this file; for `scripts/gallery`
    #[arg(long, value_name = "FILE", hide = true)]
    pub record: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
    /// What you type behind `python`, such as SCRIPT, -m MODULE, -c CODE or -; or a program by its name
    #[arg(value_name = "COMMAND", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub command: Vec<OsString>,
}

pub(super) fn watch(options: &Watch) -> anyhow::Result<ExitCode> {
    if options.runtime == Some(RuntimeKind::Native) {
        return Err(Failure::new(USAGE, "a script needs CPython: the native runtime runs lessons only").into());
    }
    let Started { invocation, python: asked } =
        started(&options.command).map_err(|error| Failure::new(USAGE, error.to_string()))?;
    if let Subject::Script(path) = &invocation.subject {
        check_script(path)?;
    }
    let common = &options.common;
    let (python, chosen) = choose(options, asked.as_ref())?;
    let shows = !options.tty && common.under.out.is_none() && common.format.is_none();
    let screen = ShownAs::choose(options.inline, std::io::stdout().is_terminal()).filter(|_| shows);
    // Lines that are read from standard input are for the tutor.
    let input = screen == Some(ShownAs::Frames) && !std::io::stdin().is_terminal();
    let streams = match screen {
        None if options.tty || common.under.out.is_some() => Streams::Inherited,
        Some(_) if !input => Streams::Captured,
        Some(_) | None => Streams::CapturedWithInput,
    };
    let conditions = Conditions { probes: common.under.probes.choice(), limits: Limits::NONE, streams };
    let plan = plan::started(&python, &invocation, Some(chosen), common.under.timeout, conditions);
    if let Some(shown) = screen {
        return crate::app::watch(&invocation.subject, plan, shown);
    }
    if let (Subject::Script(script), Some(out)) = (&invocation.subject, common.under.out.as_deref()) {
        keep_apart(script, out, "the script itself; nothing was run")?;
    }
    let target = Target::open(common.under.out.as_deref(), common.format)?;
    let machine = machine::calibrate();
    // Read before it runs: it may be changed meanwhile.
    let text = invocation.subject.source().ok();
    let (outcome, _) = run_to_end(plan, OnSignal::Forward)?;
    let status = outcome.end.shell_status();
    let report = Report::new(&outcome, machine).with_text(text);
    if let (Some(path), Some(found)) = (&options.record, report.verdict.findings.first()) {
        std::fs::write(path, recorded::write(&outcome, found, machine, clock::today())?)?;
    }
    target.deliver(&report, common.format, status)?;
    Ok(ExitCode::from(status))
}

/// The Python that runs it, and why that one: what is named on the command line goes before what the program asks for.
fn choose(options: &Watch, asked: Option<&(PathBuf, Reason)>) -> anyhow::Result<(Python, Reason)> {
    if let Some(path) = &options.common.python {
        return Ok((runtimes::named_python(path, options.gil)?, Reason::Named));
    }
    let Some((path, reason)) = asked else {
        let python = runtimes::best_python(options.gil, &[])?;
        let reason = Reason::of_found(&python);
        return Ok((python, reason));
    };
    let who = format!("the Python {reason}");
    Ok((runtimes::python_at(path, options.gil, &who)?, reason.clone()))
}

/// What Python could not start is said before anything is started.
fn check_script(script: &Path) -> anyhow::Result<()> {
    let cannot = |why: String| Err(Failure::new(USAGE, format!("cannot watch {}: {why}", script.display())).into());
    match script.metadata() {
        Err(e) => cannot(e.to_string()),
        Ok(file) if file.is_dir() && !script.join("__main__.py").is_file() => {
            cannot("it is a folder without a __main__.py; name the script in it".to_owned())
        }
        // Opening a pipe would take what it holds from Python.
        Ok(file) if file.is_file() => File::open(script).map(drop).or_else(|e| cannot(e.to_string())),
        Ok(_) => Ok(()),
    }
}
