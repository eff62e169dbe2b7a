//! No child process survives us: not a normal end, not a panic, not `kill -9`.
//!
//! Every process of a run carries a marker in the environment that it was started with, and its descendants inherit
//! it. `/proc/PID/environ` shows that first environment even after the program has changed its own copy, so the marker
//! finds the whole family, wherever it has been re-parented to. What has rid itself of the marker is found as well, while the
//! tutor lives: it adopts what has lost its parent, see [`super::orphans`]. At the end of a run the runner kills what is left
//! of it. For the end that nobody can catch, a small guard process holds a pipe from the tutor: when the pipe closes, the
//! tutor is gone, and the guard kills what carries its marker. What a script of the learner's own leaves behind when it has
//! ended by itself is let go: it lives on as it would alone.

use super::orphans::{GoesOn, adopted};
use crate::runtime::marker::{VARIABLE as MARKER, own_prefix};
use crate::runtime::{Launch, cpython};
use crate::trace::Pid;
use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often the guard looks for what is left before it gives up, and how long it waits in between.
const ROUNDS: (u32, Duration) = (100, Duration::from_millis(20));

/// How often it looks in all, where new processes turn up each time.
const MOST_ROUNDS: u32 = 2000;

/// The marker of one run.
pub(super) struct RunMarker(String, GoesOn);

impl RunMarker {
    /// A marker that no other run of this tutor has.
    pub(super) fn new() -> Self {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        RunMarker(format!("{}.{}", own_prefix(), RUNS.fetch_add(1, Ordering::Relaxed)), GoesOn::begin())
    }

    /// The variable to start the run's processes with.
    pub(super) fn variable(&self) -> (OsString, OsString) {
        (MARKER.into(), (&self.0).into())
    }

    /// The same for the run's server, which outlives the program.
    pub(super) fn of_server(&self) -> (OsString, OsString) {
        (MARKER.into(), format!("{}-server", self.0).into())
    }

    /// The run's processes that still live, zombies left out: those that carry its mark, and what the tutor has adopted.
    pub(super) fn alive(&self) -> Vec<Pid> {
        let mut found = marked(|value| value == self.0);
        let adopted = self.1.adopted();
        found.extend(adopted.into_iter().filter(|pid| !found.contains(pid)).collect::<Vec<_>>());
        found
    }

    /// Lets the run's processes live on, whatever becomes of the tutor.
    pub(super) fn let_go(&self) {
        LET_GO.lock().unwrap_or_else(PoisonError::into_inner).push(self.0.clone());
        if let Some(guard) = GUARD.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
            && let Some(told) = guard.stdin.as_mut()
        {
            // A guard that is gone guards nothing that could be let go.
            let _ = told.write_all(format!("{}\n", self.0).as_bytes());
        }
    }

    /// Kills the run's processes, those that they start meanwhile too. Returns how many there were at first.
    pub(super) fn kill(&self) -> usize {
        let first = self.alive().len();
        sweep(|| self.alive());
        first
    }
}

/// Kills every process of every run of this tutor. For the ends that skip the ordinary way: a panic, a signal.
pub fn kill_all() {
    let let_go = LET_GO.lock().unwrap_or_else(PoisonError::into_inner).clone();
    // What was let go may carry no mark either.
    let adopts = let_go.is_empty();
    let held = is_held(&own_prefix(), let_go);
    sweep(|| {
        let mut found = marked(&held);
        found.extend(if adopts { adopted() } else { Vec::new() });
        found
    });
}

/// The markers of runs whose processes live on.
static LET_GO: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The guard of this process, once it has been started.
static GUARD: Mutex<Option<Child>> = Mutex::new(None);

/// Starts the guard, once; further calls do nothing. Without a guard things go on, less protected. Called before
/// anything is started that might not end: a run, and Pythons that are asked what they are.
pub fn start() {
    adopt_orphans();
    let mut guard = GUARD.lock().unwrap_or_else(PoisonError::into_inner);
    if guard.is_none() {
        *guard = spawn().ok();
    }
}

/// Lets orphans of a run become the tutor's own children, so that it can account for them and no zombie is left.
fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    // SAFETY: sets a flag of this process. Where the kernel refuses, orphans go to init, as without us.
    unsafe {
        libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1);
    }
}

fn spawn() -> std::io::Result<Child> {
    apart(&["__guard", &own_prefix()], Stdio::piped())
}

/// Starts a hidden subcommand of this very binary that nobody hears of, in a process group of its own, so that no Ctrl-C
/// reaches it.
pub(super) fn apart(arguments: &[&str], stdin: Stdio) -> std::io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments).stdin(stdin).stdout(Stdio::null()).stderr(Stdio::null());
    command.process_group(0).spawn()
}

/// Sends the guard home: the last thing a tutor does that ends in the ordinary way, with no run going on. While Pythons
/// are still being asked, on a thread that ends with this process, it has to stay.
pub fn dismiss() {
    if cpython::looking() {
        return;
    }
    if let Some(mut guard) = GUARD.lock().unwrap_or_else(PoisonError::into_inner).take() {
        kill_all();
        // It has nothing left to guard; should it be gone already, so much the better.
        let _ = guard.kill();
        let _ = guard.wait();
    }
}

/// What the hidden subcommand `__guard` does: waits for the tutor's end, then kills what carries its marker.
#[must_use]
pub fn main(prefix: &str) -> ExitCode {
    // What is written are the markers of those that are let go; the read ends when the tutor does.
    let mut let_go = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut let_go);
    let let_go = String::from_utf8_lossy(&let_go).lines().map(str::to_owned).collect();
    let held = is_held(prefix, let_go);
    sweep(|| marked(&held));
    ExitCode::SUCCESS
}

/// The launch of a hidden subcommand of this very binary.
///
/// # Errors
/// Where the system does not tell which file this process runs.
pub fn own_launch(arguments: &[&str]) -> std::io::Result<Launch> {
    let program = std::env::current_exe()?;
    Ok(Launch { program, args: arguments.iter().map(Into::into).collect(), ..Launch::default() })
}

fn is_of(prefix: &str) -> impl Fn(&str) -> bool + use<> {
    let prefix = format!("{prefix}.");
    move |value| value.starts_with(&prefix)
}

/// The same without the runs that were let go.
fn is_held(prefix: &str, let_go: Vec<String>) -> impl Fn(&str) -> bool + use<> {
    let ours = is_of(prefix);
    move |value| ours(value) && !let_go.iter().any(|gone| gone == value)
}

/// Kills all that are found until none is left. While new ones turn up there is no pause: what starts processes as fast as
/// it can must not have the time for it.
fn sweep(find: impl Fn() -> Vec<Pid>) {
    let (mut rounds, pause) = ROUNDS;
    let mut killed = HashSet::new();
    for _ in 0..MOST_ROUNDS {
        let found = find();
        if found.is_empty() || rounds == 0 {
            return;
        }
        let mut new = false;
        for pid in found {
            new |= killed.insert(pid);
            // SAFETY: kill has no memory effects. The pid was read a moment ago from a process of ours.
            unsafe { libc::kill(pid.cast_signed(), libc::SIGKILL) };
        }
        if !new {
            rounds -= 1;
            std::thread::sleep(pause);
        }
    }
}

/// Living processes, other than this one, whose marker's value matches.
fn marked(matches: impl Fn(&str) -> bool) -> Vec<Pid> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let own = std::process::id();
    entries
        .flatten()
        .filter_map(|e| e.file_name().to_str()?.parse::<Pid>().ok())
        .filter(|pid| *pid != own)
        .filter(|pid| {
            std::fs::read(format!("/proc/{pid}/environ")).is_ok_and(|env| value_of(&env).is_some_and(&matches))
        })
        .collect()
}

/// The marker's value in a block of `NAME=value\0`.
fn value_of(environ: &[u8]) -> Option<&str> {
    environ
        .split(|b| *b == 0)
        .find_map(|entry| entry.strip_prefix(MARKER.as_bytes())?.strip_prefix(b"="))
        .and_then(|value| std::str::from_utf8(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_is_read_from_an_environment_block() {
        assert_eq!(value_of(b"A=1\0CONCUR_TUTOR_RUN=tutor-7.0\0B=2\0"), Some("tutor-7.0"));
        assert_eq!(value_of(b"XCONCUR_TUTOR_RUN=tutor-7.0\0"), None);
        assert_eq!(value_of(b""), None);
    }

    #[test]
    fn one_tutor_does_not_take_anothers_runs() {
        let mine = is_of("tutor-7");
        assert!(mine("tutor-7.0") && mine("tutor-7.12"));
        assert!(!mine("tutor-70.0") && !mine("tutor-7"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_run_is_found_by_its_marker_and_killed_with_its_children() {
        let marker = RunMarker::new();
        let (name, value) = marker.variable();
        let mut child =
            Command::new("sh").args(["-c", "sleep 600 & sleep 600 & wait"]).env(name, value).spawn().unwrap();
        while marker.alive().len() < 3 {
            std::thread::yield_now();
        }
        assert!(marker.kill() >= 3);
        child.wait().unwrap();
        while !marker.alive().is_empty() {
            std::thread::yield_now();
        }
    }
}
