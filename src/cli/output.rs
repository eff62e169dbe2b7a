//! Running to the end, and putting the report where it belongs.

use super::args::{Common, Format};
use super::{Failure, USAGE};
use crate::report::{Report, json::Json, text::Text};
use crate::runner::{LiveRun, Outcome, Plan, RunError};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use std::io::Write;
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

/// Runs a plan to its end. Returns the last signal that the tutor got, 0 for none.
pub(super) fn run_to_end(plan: Plan, on_signal: OnSignal) -> anyhow::Result<(Arc<Outcome>, i32)> {
    let got = Arc::new(AtomicI32::new(0));
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        listen(signal, on_signal, &got)?;
    }
    let (ended, end) = mpsc::channel::<()>();
    let live = LiveRun::start(plan, move || drop(ended))?;
    let mut last = 0;
    while end.recv_timeout(Duration::from_millis(20)) == Err(mpsc::RecvTimeoutError::Timeout) {
        let signal = got.swap(0, Ordering::AcqRel);
        if signal != 0 {
            last = signal;
            match on_signal {
                OnSignal::Cancel => live.cancel(),
                OnSignal::Forward => live.signal(signal),
            }
        }
    }
    match live.wait() {
        Ok(outcome) => Ok((outcome, last)),
        Err(error) => Err(Failure::new(USAGE, describe(&error)).into()),
    }
}

fn describe(error: &RunError) -> String {
    error.to_string()
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

/// Prints the report, or writes it to `--out`.
pub(super) fn deliver(report: &Report<'_>, common: &Common) -> anyhow::Result<()> {
    let text = match common.format.unwrap_or_default() {
        Format::Json => serde_json::to_string(&Json::of(report))? + "\n",
        Format::Text => Text(report).to_string(),
    };
    match &common.out {
        Some(path) => std::fs::write(path, text)
            .map_err(|e| Failure::new(1, format!("could not write the report to {}: {e}", path.display())).into()),
        None => print(&text),
    }
}

/// Prints to standard output; a reader that has gone away is no error.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(()),
    }
}
