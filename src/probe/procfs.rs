//! What each thread waits in, sampled: the fallback where nothing can be preloaded, as into a static executable.
//! Linux only.
//!
//! The system call that a thread sits in tells sleep from input and output, and, by the address that a futex is at,
//! the GIL from another lock. What happened between two samples is not seen.

pub mod pyruntime;
pub mod syscall;

use crate::clock::Nanos;
use crate::probe::procstat::{Buffer, ProcFile};
use crate::probe::schedstat::Pace;
use crate::probe::tree::{Sighting, Tree};
use crate::probe::{Probe, Unavailable};
use crate::trace::{Pid, Record, Tid, Wait, What};
use pyruntime::Finder;
use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

const NAME: &str = "procfs";
/// How many threads' files may stay open.
const KEPT: usize = 100;
/// How often a process is asked where `_PyRuntime` is, before it counts as having none: the library is mapped some
/// time after the process began.
const TRIES: u32 = 40;

/// The probe.
#[derive(Default)]
pub struct Procfs {
    tree: Tree,
    sightings: Vec<Sighting>,
    pace: Pace,
    threads: HashMap<Tid, Thread>,
    processes: HashMap<Pid, Process>,
    finder: Finder,
    buffer: Buffer,
    by_place: bool,
}

struct Thread {
    file: ProcFile,
    wait: Option<Wait>,
}

#[derive(Default)]
struct Process {
    gil: Option<Range<u64>>,
    tries: u32,
}

impl Process {
    /// Where the GIL is, looked up again until it is found.
    fn gil(&mut self, pid: Pid, finder: &mut Finder) -> Option<&Range<u64>> {
        if self.gil.is_none() && self.tries < TRIES {
            self.tries += 1;
            self.gil = std::fs::read_to_string(format!("/proc/{pid}/maps")).ok().and_then(|maps| finder.find(&maps));
        }
        self.gil.as_ref()
    }
}

impl Procfs {
    fn tell(&mut self, seen: &Sighting, now: Nanos, out: &mut Vec<Record>) {
        let Sighting { pid, tid, since, .. } = *seen;
        if seen.ended {
            self.threads.remove(&tid);
            return;
        }
        if seen.comm.is_some() && pid == tid {
            // A new name may be a new program.
            self.processes.remove(&pid);
        }
        let before = self.threads.get(&tid).and_then(|t| t.wait);
        // A thread that has not run still waits in the same call. One that was on its way there is asked again.
        if seen.ran || before.is_none() {
            self.ask(pid, tid);
        }
        // One that runs now has waited in the call that it was seen in before, as far as it was off a core at all.
        if let Some(wait) = self.threads.get(&tid).and_then(|t| t.wait).or(before) {
            out.push(Record { at: now, pid, tid, what: What::SeenWaiting { since, wait } });
        }
    }

    fn ask(&mut self, pid: Pid, tid: Tid) {
        let name = if self.by_place { "wchan" } else { "syscall" };
        let keep = self.threads.len() < KEPT;
        let thread = self.threads.entry(tid).or_insert_with(|| {
            let file = ProcFile::new(format!("/proc/{pid}/task/{tid}/{name}"), keep);
            Thread { file, wait: None }
        });
        let text = thread.file.read(&mut self.buffer).unwrap_or_default();
        thread.wait = if self.by_place {
            syscall::place(text)
        } else {
            syscall::parse(text).and_then(|(number, first)| {
                let is_futex = number == libc::SYS_futex;
                let process = self.processes.entry(pid).or_default();
                let gil = if is_futex { process.gil(pid, &mut self.finder) } else { None };
                syscall::wait(number, first, gil)
            })
        };
    }
}

impl Probe for Procfs {
    fn attach(&mut self) -> Result<(), Unavailable> {
        self.by_place = usable()? == Source::Place;
        Ok(())
    }

    fn launched(&mut self, child: Pid) {
        self.tree.follow(child, std::process::id(), crate::clock::now());
    }

    fn interval(&self) -> Duration {
        self.pace.interval()
    }

    fn drain(&mut self, now: Nanos, out: &mut Vec<Record>) {
        if !self.pace.is_due(now) {
            return;
        }
        let mut pace = std::mem::take(&mut self.pace);
        pace.measure(now, || {
            let mut sightings = std::mem::take(&mut self.sightings);
            self.tree.sweep(now, &mut sightings);
            for seen in sightings.drain(..) {
                self.tell(&seen, now, out);
            }
            self.sightings = sightings;
        });
        self.pace = pace;
    }

    fn finish(&mut self, _now: Nanos, _out: &mut Vec<Record>) -> u64 {
        0
    }
}

/// Where a thread's wait can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `/proc/PID/task/TID/syscall`: the call and its arguments.
    Syscall,
    /// `/proc/PID/task/TID/wchan`: the place in the kernel.
    Place,
}

/// Whether children of this process can be asked.
///
/// # Errors
/// [`Unavailable`], where the system's settings forbid it.
pub fn usable() -> Result<Source, Unavailable> {
    let refused = |reason: String, remedy: Option<String>| Unavailable { probe: NAME, reason, remedy };
    let scope = ptrace_scope();
    if scope.is_some_and(|s| s > 1) && !nix::unistd::geteuid().is_root() {
        return Err(refused(
            format!("/proc/PID/syscall is closed to users (kernel.yama.ptrace_scope = {})", scope.unwrap_or_default()),
            Some("sudo sysctl kernel.yama.ptrace_scope=1".into()),
        ));
    }
    if std::fs::read("/proc/self/syscall").is_ok() {
        return Ok(Source::Syscall);
    }
    match std::fs::read("/proc/self/wchan") {
        Ok(_) => Ok(Source::Place),
        Err(error) => Err(refused(format!("neither /proc/PID/syscall nor wchan can be read: {error}"), None)),
    }
}

/// The system's setting of who may look into another process; `None` where there is no such limit.
#[must_use]
pub fn ptrace_scope() -> Option<i32> {
    std::fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").ok()?.trim().parse().ok()
}
