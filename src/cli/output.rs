//! Running to the end, and putting the report where it belongs.

use super::{Failure, USAGE};
use crate::report::{EXPORTERS, Exporter, Report};
use crate::runner::{LiveRun, Outcome, Plan, RunError, inherited};
use crate::trace::plain;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// What a signal to the tutor means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnSignal {
    /// The run is cancelled.
    Cancel,
    /// The program gets it, as it would alone.
    Forward,
}

/// The signals that the tutor gets while it runs programs.
pub(super) struct Signals {
    on_signal: OnSignal,
    got: Arc<AtomicI32>,
}

impl Signals {
    /// Notes signals from now on instead of dying of them.
    pub(super) fn listen(on_signal: OnSignal) -> std::io::Result<Signals> {
        let got = Arc::new(AtomicI32::new(0));
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT].into_iter().filter(|signal| !inherited::ignores(*signal)) {
            listen(signal, on_signal, &got)?;
        }
        Ok(Signals { on_signal, got })
    }

    /// The signal that came since this was asked last; 0 for none.
    pub(super) fn next(&self) -> i32 {
        self.got.swap(0, Ordering::AcqRel)
    }
}

/// Runs a plan to its end. Returns the last signal that the tutor got, 0 for none.
pub(super) fn run_to_end(plan: Plan, on_signal: OnSignal) -> anyhow::Result<(Arc<Outcome>, i32)> {
    let (result, last) = run_under(plan, &Signals::listen(on_signal)?);
    Ok((result.map_err(|error| Failure::new(USAGE, error.to_string()))?, last))
}

/// The same as one of several runs.
pub(super) fn run_under(plan: Plan, signals: &Signals) -> (Result<Arc<Outcome>, Arc<RunError>>, i32) {
    let (ended, end) = mpsc::channel::<()>();
    let mut told = plan.spec.own.is_none();
    let live = match LiveRun::start(plan, move || drop(ended)) {
        Ok(live) => live,
        Err(error) => return (Err(Arc::new(error)), 0),
    };
    let mut last = 0;
    while end.recv_timeout(Duration::from_millis(20)) == Err(mpsc::RecvTimeoutError::Timeout) {
        if let (false, Some(standstill)) = (told, live.standstill()) {
            told = true;
            // The report comes at the end, and the program may have none.
            eprintln!("concur-tutor: {}", plain(&standstill.sentence()));
        }
        let signal = signals.next();
        if signal != 0 {
            last = signal;
            match signals.on_signal {
                OnSignal::Cancel => live.cancel(),
                OnSignal::Forward => live.signal(signal),
            }
        }
    }
    (live.wait(), last)
}

/// Notes a signal instead of dying of it. One that the terminal sent has reached the program as well, when both are in
/// the terminal's foreground group: only what another process sent to the tutor alone is passed on.
fn listen(signal: i32, on_signal: OnSignal, got: &Arc<AtomicI32>) -> std::io::Result<()> {
    let got = Arc::clone(got);
    let note = move |info: &libc::siginfo_t| {
        let from_a_process = info.si_code <= 0;
        if on_signal == OnSignal::Cancel || from_a_process {
            got.store(signal, Ordering::Release);
        }
    };
    // SAFETY: storing an atomic is async-signal-safe.
    unsafe { signal_hook_registry::register_sigaction(signal, note) }.map(|_| ())
}

/// Where the report goes: opened before the program runs, so that a bad place costs no run.
pub(super) struct Target(Option<(PathBuf, File)>);

impl Target {
    /// Opens `--out`. What the file holds stays until there is a report to replace it. What is no text is for a file or a
    /// pipe: a terminal would make of it what it can.
    pub(super) fn open(out: Option<&Path>, format: Option<Exporter>) -> anyhow::Result<Target> {
        let Some(path) = out else {
            let Some(Exporter { name, .. }) = format.filter(|form| form.binary && std::io::stdout().is_terminal())
            else {
                return Ok(Target(None));
            };
            let message = format!("--format {name} is no text for a terminal; name a file with --out. Nothing was run");
            return Err(Failure::new(USAGE, message).into());
        };
        match File::options().write(true).create(true).truncate(false).open(path) {
            Ok(file) => Ok(Target(Some((path.to_owned(), file)))),
            Err(e) => {
                let message =
                    format!("--out {}: the report cannot be written there: {e}; nothing was run", path.display());
                Err(Failure::new(USAGE, message).into())
            }
        }
    }

    /// Prints the report, or writes it to `--out`. Where that fails, the report goes to standard error: the run is over,
    /// and what was measured shall not be lost. `status` is the program's own, which a failure does not hide.
    pub(super) fn deliver(self, report: &Report<'_>, format: Option<Exporter>, status: u8) -> anyhow::Result<()> {
        let format = format.unwrap_or(EXPORTERS[0]);
        self.put(&(format.write)(report)).map_err(|failed| {
            // What is no text is nothing for a message: then the report comes in words.
            let readable = if format.binary { EXPORTERS[0] } else { format };
            lost(&failed, &String::from_utf8_lossy(&(readable.write)(report)), status)
        })
    }

    /// Prints it, or writes it to `--out`; the error says where to and why not.
    pub(super) fn put(self, report: &[u8]) -> Result<(), String> {
        let (place, written) = match self.0 {
            Some((path, mut file)) => {
                // What cannot be cut, such as a pipe, has nothing to be cut off.
                let _ = file.set_len(0);
                (path.display().to_string(), file.write_all(report))
            }
            None => (STDOUT.to_owned(), write_out(report)),
        };
        written.map_err(|e| format!("could not write the report to {place}: {e}"))
    }
}

/// A report must not replace the file that it is about.
pub(super) fn keep_apart(file: &Path, out: &Path, what: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let place =
        |path: &Path| path.metadata().ok().filter(std::fs::Metadata::is_file).map(|file| (file.dev(), file.ino()));
    if place(file).is_some() && place(file) == place(out) {
        return Err(Failure::new(USAGE, format!("--out {}: that is {what}", out.display())).into());
    }
    Ok(())
}

/// The report that could not be put where it belongs, as the error's message.
pub(super) fn lost(failed: &str, report: &str, status: u8) -> anyhow::Error {
    let message = format!("{failed}; here it is:\n{}", report.trim_end());
    Failure::new(if status == 0 { 1 } else { status }, message).into()
}

/// Asks a question at the terminal that is answered by yes or, by anything else, no.
pub(super) fn ask(question: &str) -> std::io::Result<bool> {
    let mut out = std::io::stderr();
    write!(out, "{question} [y/N] ")?;
    out.flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes" | "Yes"))
}

/// What messages call it.
const STDOUT: &str = "standard output";

/// Prints to standard output; a reader that has gone away is no error.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    write_out(text.as_bytes()).map_err(|e| Failure::new(1, format!("could not write to {STDOUT}: {e}")).into())
}

fn write_out(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
