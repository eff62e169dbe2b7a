//! What a run on each Python would know: a program of a few lines is run on it as any other is.

use crate::probe::Capability;
use crate::runner::plan::{self, Conditions, Limits};
use crate::runner::{LiveRun, Outcome, Streams};
use crate::runtime::cpython::extensions::{self, Needs};
use crate::runtime::cpython::started::{Invocation, Subject};
use crate::runtime::{Python, Runtime, Unusable, cpython};
use crate::trace::{SwitchSource, WaitSource};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// One Python and what works on it.
#[derive(Debug, Serialize)]
pub(super) struct Examined {
    /// What it is called on the screen, such as `3.13.0`.
    pub name: String,
    pub path: PathBuf,
    pub checks: Vec<Capability>,
}

/// Waits for a thread and for a task: what there is to know of both is told, or is not.
const PROGRAM: &str = "\
import asyncio, threading, time
thread = threading.Thread(target=time.sleep, args=(0.01,))
thread.start()
thread.join()
asyncio.run(asyncio.sleep(0.01))
";
/// Far more than it takes.
const DEADLINE: Duration = Duration::from_secs(20);

/// Examines every Python that is found. `machine` has the checks that hold for all of them, and what would mend them.
pub(super) fn examine_all(machine: &[Capability]) -> Vec<Examined> {
    let found = cpython::discover();
    let remedy = |name: &str| machine.iter().find(|check| check.name == name && !check.ok)?.remedy.clone();
    let (switches, waits) = (remedy("context switches"), remedy("waits and the GIL"));
    let working = found.pythons.iter().map(|python| examine(python, switches.as_ref(), waits.as_ref()));
    working.chain(found.unusable.iter().map(cannot)).collect()
}

fn cannot(unusable: &Unusable) -> Examined {
    let check = Capability { name: "answers", ok: false, detail: unusable.reason.clone(), remedy: None };
    Examined { name: "unusable".to_owned(), path: unusable.path.clone(), checks: vec![check] }
}

fn examine(python: &Python, switches: Option<&String>, waits: Option<&String>) -> Examined {
    let mut checks = vec![gil(python)];
    if python.free_threaded {
        checks.push(extensions_of(python));
    }
    match run(python) {
        Err(why) => checks.push(Capability { name: "runs", ok: false, detail: why, remedy: None }),
        Ok(outcome) => checks.extend([
            on_core(&outcome, switches.cloned()),
            off_core(&outcome, waits.cloned()),
            tasks(&outcome, python),
        ]),
    }
    Examined { name: Runtime::CPython(python.clone()).label(), path: python.path.clone(), checks }
}

fn gil(python: &Python) -> Capability {
    let (ok, detail) = match (python.free_threaded, python.gil) {
        (false, _) => (true, "has one"),
        (true, false) => (true, "none: a free-threaded build"),
        (true, true) => (false, "switched on, in a free-threaded build"),
    };
    let remedy = (!ok).then(|| "unset PYTHON_GIL".to_owned());
    Capability { name: "GIL", ok, detail: detail.to_owned(), remedy }
}

/// What of the installed packages would switch the GIL on.
fn extensions_of(python: &Python) -> Capability {
    let name = "packages without a GIL";
    let Some(folders) = cpython::site_folders(&python.path) else {
        let detail = "not known: it does not say where its packages are".to_owned();
        return Capability { name, ok: true, detail, remedy: None };
    };
    let packages = extensions::of_folders(&folders);
    let those = |needs: Needs| -> Vec<&str> {
        packages.iter().filter(|package| package.needs == needs).map(|package| package.name.as_str()).collect()
    };
    let (gil, unknown, free) = (those(Needs::Gil), those(Needs::NotKnown), those(Needs::No));
    let mut parts = Vec::new();
    if !gil.is_empty() {
        parts.push(format!("to import {} switches the GIL on", gil.join(" or ")));
    }
    if !unknown.is_empty() {
        parts.push(format!("not known of {}", unknown.join(", ")));
    }
    if !free.is_empty() {
        parts.push(format!("{} without", free.join(", ")));
    }
    if packages.is_empty() {
        parts.push("none has extension modules".to_owned());
    }
    let remedy =
        (!gil.is_empty()).then(|| format!("{} -m pip install --upgrade {}", python.path.display(), gil.join(" ")));
    Capability { name, ok: gil.is_empty(), detail: parts.join("; "), remedy }
}

/// Runs the program with the best probes that there are.
fn run(python: &Python) -> Result<Arc<Outcome>, String> {
    let invocation = Invocation { options: Vec::new(), subject: Subject::Code(PROGRAM.into()), args: Vec::new() };
    let conditions = Conditions { limits: Limits::NONE, streams: Streams::Captured, ..Conditions::default() };
    let plan = plan::started(python, &invocation, None, Some(DEADLINE), conditions);
    let live = LiveRun::start(plan, || ()).map_err(|error| error.to_string())?;
    let outcome = live.wait().map_err(|error| error.to_string())?;
    if outcome.end.code() == Some(0) {
        return Ok(outcome);
    }
    let said = String::from_utf8_lossy(&outcome.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing").trim();
    Err(format!("a program of five lines fails: {last}"))
}

fn on_core(outcome: &Outcome, remedy: Option<String>) -> Capability {
    let (ok, detail) = match outcome.trace.sources.switches {
        SwitchSource::Perf => (true, "exact, by perf_event_open"),
        SwitchSource::Schedstat => (false, "sampled, from /proc/PID/task/TID/schedstat"),
        SwitchSource::None => (false, "not measured"),
    };
    Capability { name: "who was on which core", ok, detail: detail.to_owned(), remedy }
}

fn off_core(outcome: &Outcome, remedy: Option<String>) -> Capability {
    let (ok, detail) = match outcome.trace.sources.waits {
        WaitSource::Preload => (true, "exact, by the preloaded library"),
        WaitSource::Procfs => (false, "sampled, from /proc/PID/task/TID/syscall"),
        WaitSource::None => (false, "not measured"),
    };
    let why = outcome.notes.iter().find(|_| !ok).map(|why| format!(": {why}")).unwrap_or_default();
    let remedy = remedy.or_else(|| (!ok).then(|| "uv python install: those are built for glibc".to_owned()));
    Capability { name: "why a thread was off it", ok, detail: format!("{detail}{why}"), remedy }
}

fn tasks(outcome: &Outcome, python: &Python) -> Capability {
    let ok = outcome.trace.tasks.told;
    let detail = if ok { "each step, and what is awaited in which line" } else { "not measured" };
    let remedy = (!ok && python.version < (3, 10, 0)).then(|| "use CPython 3.10 or later".to_owned());
    Capability { name: "asyncio tasks", ok, detail: detail.to_owned(), remedy }
}
