//! The family of a process, followed through `/proc`: every thread of it and of its descendants. Linux only.
//!
//! One sweep reads what each thread has used so far. It is made to be cheap: files stay open, a thread that has not
//! run is not asked anything else (it cannot have created anything either), and a directory is listed only when its
//! number of entries has changed. An id that the system gives out again is no danger: an open file belongs to the
//! thread that it was opened for.

use crate::clock::Nanos;
use crate::probe::procstat::{Buffer, ProcFile, Schedstat, Stat, number};
use crate::trace::{Pid, Tid};
use nix::time::{ClockId, clock_getcpuclockid, clock_gettime};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

/// How many files may stay open; beyond, they are opened for each reading.
const KEPT: usize = 300;
/// The link count of `/proc/PID/task` once the process is gone: each thread adds one.
const NO_THREADS: u64 = 2;
/// How many sweeps lie between two looks at every process of the machine.
const SCAN_EVERY: u32 = 10;

/// One thread in one sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
    /// Seen for the first time; the process that created it.
    pub new: Option<Pid>,
    /// When it was last seen, or the earliest that it may have begun.
    pub since: Nanos,
    /// On-CPU nanoseconds since then.
    pub cpu: Nanos,
    /// Nanoseconds ready without a core since then.
    pub ready: Nanos,
    /// Whether it was on a core at all since then.
    pub ran: bool,
    /// The core that it was last on.
    pub core: u32,
    /// The kernel's name of it, when that is new.
    pub comm: Option<String>,
    /// It has ended.
    pub ended: bool,
}

/// The family.
#[derive(Debug, Default)]
pub struct Tree {
    processes: HashMap<Pid, Process>,
    threads: Vec<Thread>,
    last: Nanos,
    sweeps: u32,
    lists_children: Option<bool>,
    kept: usize,
    buffer: Buffer,
}

#[derive(Debug)]
struct Process {
    parent: Pid,
    /// `/proc/PID/task`: its link count says how many threads there are.
    task: File,
    links: u64,
    /// What the process and its ended threads have used.
    clock: Option<ClockId>,
    /// CPU time of threads that have ended.
    ended: Nanos,
    /// Of this, what was taken from the process's clock and may belong to threads whose samples lag behind it.
    borrowed: Nanos,
    /// Its threads must be listed.
    stale: bool,
    /// Its main thread has ended, but is listed until the parent has asked for the exit status.
    zombie: bool,
}

#[derive(Debug)]
struct Thread {
    pid: Pid,
    tid: Tid,
    schedstat: ProcFile,
    stat: ProcFile,
    children: ProcFile,
    used: Schedstat,
    comm: Vec<u8>,
    core: u32,
    seen: Nanos,
    /// How many of its files are kept open.
    kept: usize,
}

impl Tree {
    /// Follows a process that was created by `parent`.
    pub fn follow(&mut self, pid: Pid, parent: Pid, now: Nanos) {
        if self.last == 0 {
            self.last = now;
        }
        if self.processes.contains_key(&pid) {
            return;
        }
        let Ok(task) = File::open(format!("/proc/{pid}/task")) else { return };
        let clock = i32::try_from(pid).ok().and_then(|p| clock_getcpuclockid(nix::unistd::Pid::from_raw(p)).ok());
        self.processes
            .insert(pid, Process { parent, task, links: 0, clock, ended: 0, borrowed: 0, stale: true, zombie: false });
    }

    /// Looks at every thread once and appends what was seen.
    pub fn sweep(&mut self, now: Nanos, out: &mut Vec<Sighting>) {
        let mut born = Vec::new();
        let mut gone = Vec::new();
        let mut threads = std::mem::take(&mut self.threads);
        threads.retain_mut(|thread| self.observe(thread, now, &mut born, &mut gone, out));
        self.threads = threads;
        self.scan(&mut born);
        // New processes may have new threads, which may have new processes.
        loop {
            for (pid, parent) in born.drain(..) {
                self.follow(pid, parent, now);
            }
            let fresh = self.list_threads(now);
            if fresh.is_empty() {
                break;
            }
            for mut thread in fresh {
                let place = out.len();
                if self.observe(&mut thread, now, &mut born, &mut gone, out) {
                    self.threads.push(thread);
                }
                if let Some(sighting) = out.get_mut(place) {
                    self.announce(sighting, now);
                }
            }
        }
        self.credit_ended(now, &gone, out);
        self.last = now;
    }

    /// Looks at one thread; false when it has ended.
    fn observe(
        &mut self,
        thread: &mut Thread,
        now: Nanos,
        born: &mut Vec<(Pid, Pid)>,
        gone: &mut Vec<usize>,
        out: &mut Vec<Sighting>,
    ) -> bool {
        let Thread { pid, tid, .. } = *thread;
        let used = thread.schedstat.read(&mut self.buffer).ok().and_then(Schedstat::parse);
        let Some(used) = used else {
            self.kept = self.kept.saturating_sub(thread.kept);
            if let Some(process) = self.processes.get_mut(&pid) {
                process.stale = true;
                process.ended += thread.used.cpu;
            }
            gone.push(out.len());
            let Thread { seen: since, core, .. } = *thread;
            out.push(Sighting {
                pid,
                tid,
                new: None,
                since,
                cpu: 0,
                ready: 0,
                ran: true,
                core,
                comm: None,
                ended: true,
            });
            return false;
        };
        let before = std::mem::replace(&mut thread.used, used);
        let ran = used != before || thread.comm.is_empty();
        let mut seen = Sighting {
            pid,
            tid,
            new: None,
            since: std::mem::replace(&mut thread.seen, now),
            cpu: used.cpu.saturating_sub(before.cpu),
            ready: used.ready.saturating_sub(before.ready),
            ran,
            core: thread.core,
            comm: None,
            ended: false,
        };
        if ran {
            self.observe_closely(thread, &mut seen, born);
        }
        let lives = !seen.ended;
        if !lives {
            self.kept = self.kept.saturating_sub(thread.kept);
            if let Some(process) = self.processes.get_mut(&pid) {
                process.ended += used.cpu;
                process.zombie |= pid == tid;
            }
        }
        out.push(seen);
        lives
    }

    /// What only a thread that ran can have changed: its core, its name, its life, its children.
    fn observe_closely(&mut self, thread: &mut Thread, seen: &mut Sighting, born: &mut Vec<(Pid, Pid)>) {
        if let Some(stat) = thread.stat.read(&mut self.buffer).ok().and_then(Stat::parse) {
            thread.core = stat.core;
            seen.core = stat.core;
            seen.ended = matches!(stat.state, b'Z' | b'X');
            if thread.comm != stat.comm {
                thread.comm.clear();
                thread.comm.extend_from_slice(stat.comm);
                seen.comm = Some(String::from_utf8_lossy(stat.comm).into_owned());
            }
        }
        if let Ok(text) = thread.children.read(&mut self.buffer) {
            let children = text.split(u8::is_ascii_whitespace).filter_map(number);
            born.extend(children.filter_map(|c| Some((Pid::try_from(c).ok()?, thread.pid))));
        }
    }

    /// A thread seen for the first time began after the last sweep, and early enough for what it has used.
    fn announce(&self, sighting: &mut Sighting, now: Nanos) {
        let parent = self.processes.get(&sighting.pid).map_or(0, |p| p.parent);
        sighting.new = Some(if sighting.tid == sighting.pid { parent } else { sighting.pid });
        sighting.since = now.saturating_sub(sighting.cpu + sighting.ready).max(self.last);
    }

    /// The threads that are not known yet, of the processes whose number of threads has changed.
    fn list_threads(&mut self, now: Nanos) -> Vec<Thread> {
        let mut fresh = Vec::new();
        let mut kept = self.kept;
        for (pid, process) in &mut self.processes {
            let links = process.task.metadata().map_or(0, |m| m.nlink());
            if !process.stale && links == process.links {
                continue;
            }
            (process.stale, process.links) = (false, links);
            let Ok(entries) = std::fs::read_dir(format!("/proc/{pid}/task")) else { continue };
            for tid in entries.flatten().filter_map(|e| e.file_name().to_str()?.parse::<Tid>().ok()) {
                if (tid == *pid && process.zombie) || self.threads.iter().any(|t| t.tid == tid) {
                    continue;
                }
                let keep = kept < KEPT;
                let file = |name| ProcFile::new(format!("/proc/{pid}/task/{tid}/{name}"), keep);
                fresh.push(Thread {
                    pid: *pid,
                    tid,
                    schedstat: file("schedstat"),
                    stat: file("stat"),
                    children: file("children"),
                    used: Schedstat::default(),
                    comm: Vec::new(),
                    core: 0,
                    seen: now,
                    kept: if keep { 3 } else { 0 },
                });
                kept += if keep { 3 } else { 0 };
            }
        }
        self.kept = kept;
        fresh
    }

    /// Where the kernel does not list children, every process is asked for its parent, now and then.
    fn scan(&mut self, born: &mut Vec<(Pid, Pid)>) {
        self.sweeps = self.sweeps.wrapping_add(1);
        if self.lists_children() || !self.sweeps.is_multiple_of(SCAN_EVERY) {
            return;
        }
        let Ok(entries) = std::fs::read_dir("/proc") else { return };
        for pid in entries.flatten().filter_map(|e| e.file_name().to_str()?.parse::<Pid>().ok()) {
            let stat = ProcFile::new(format!("/proc/{pid}/stat"), false);
            let parent = stat.read(&mut self.buffer).ok().and_then(Stat::parse).map(|s| s.parent);
            born.extend(parent.filter(|p| self.processes.contains_key(p)).map(|p| (pid, p)));
        }
    }

    /// Whether this kernel lists a thread's children; asked once.
    fn lists_children(&mut self) -> bool {
        *self.lists_children.get_or_insert_with(|| {
            let own = std::process::id();
            std::path::Path::new(&format!("/proc/{own}/task/{own}/children")).exists()
        })
    }

    /// Gives back what an ended thread was credited with and a living one now tells as its own.
    fn give_back(&mut self, out: &mut [Sighting]) {
        for (pid, process) in self.processes.iter_mut().filter(|(_, p)| p.borrowed > 0) {
            let alive: Nanos = self.threads.iter().filter(|t| t.pid == *pid).map(|t| t.used.cpu).sum();
            let Some(total) = process.clock.and_then(|c| clock_gettime(c).ok()) else { continue };
            let total = u64::try_from(Duration::from(total).as_nanos()).unwrap_or(Nanos::MAX);
            let mut twice = (alive + process.ended).saturating_sub(total).min(process.borrowed);
            for seen in out.iter_mut().filter(|s| s.pid == *pid && !s.ended) {
                let cut = twice.min(seen.cpu);
                seen.cpu -= cut;
                twice -= cut;
                process.ended -= cut;
                process.borrowed -= cut;
            }
        }
    }

    /// What threads used after they were last seen is gone with them, but their process has the sum.
    fn credit_ended(&mut self, now: Nanos, gone: &[usize], out: &mut [Sighting]) {
        self.give_back(out);
        for index in gone {
            let Some(seen) = out.get(*index) else { continue };
            let (pid, since) = (seen.pid, seen.since);
            let alive: Nanos = self.threads.iter().filter(|t| t.pid == pid).map(|t| t.used.cpu).sum();
            let Some(process) = self.processes.get_mut(&pid) else { continue };
            if alive == 0 {
                // The process is gone as well, and its clock with it.
                continue;
            }
            let total = process.clock.and_then(|c| clock_gettime(c).ok()).map_or(0, |t| Duration::from(t).as_nanos());
            let rest = u64::try_from(total).unwrap_or(0).saturating_sub(alive + process.ended);
            let cpu = rest.min(now.saturating_sub(since));
            process.ended += cpu;
            process.borrowed += cpu;
            out[*index].cpu = cpu;
        }
        let alive: HashSet<Pid> = self.threads.iter().map(|t| t.pid).collect();
        // A zombie is remembered as long as it is listed among its parent's children.
        self.processes.retain(|pid, p| alive.contains(pid) || p.task.metadata().is_ok_and(|m| m.nlink() > NO_THREADS));
    }
}
