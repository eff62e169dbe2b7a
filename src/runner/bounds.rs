//! Watches what a run takes of the machine: what it writes, how many processes and threads it has, how much memory they
//! hold.
//!
//! It is watched rather than forbidden. `RLIMIT_NPROC` counts all that the user runs and means nothing for root, and
//! `RLIMIT_AS` counts addresses: NumPy and threads reserve far more than they use. Only what nobody misses is forbidden
//! in the child itself, see [`forbid`].

use super::EndedBy;
use super::plan::Limits;
use crate::clock::{MILLISECOND, Nanos};
use crate::probe::memory::{Rollup, kibibytes_of, left_in_group, processes_of, resident_bytes};
use crate::trace::{Pid, Trace};

/// How often processes are counted and their memory is looked at.
const EVERY: Nanos = 25 * MILLISECOND;
/// How often memory that is over its limit is looked at more exactly, which costs more.
const EXACTLY_EVERY: Nanos = 200 * MILLISECOND;
/// The largest file that a run may write.
#[cfg(target_os = "linux")]
const LARGEST_FILE: u64 = 1 << 30;

/// The bounds of one run, and when they were looked at.
pub(super) struct Bounds {
    limits: Limits,
    next: Nanos,
    next_exact: Nanos,
}

impl Bounds {
    pub(super) const fn new(limits: Limits) -> Bounds {
        Bounds { limits, next: 0, next_exact: 0 }
    }

    /// The bound that the run has passed, if it has. `written` is what it has written in bytes; the trace knows its
    /// processes.
    pub(super) fn passed(&mut self, now: Nanos, written: u64, trace: &Trace) -> Option<EndedBy> {
        let Limits { output, processes, threads, memory, .. } = self.limits;
        if let Some(limit) = output.filter(|limit| written > *limit) {
            return Some(EndedBy::Output(limit));
        }
        if now < self.next || (processes.is_none() && threads.is_none() && memory.is_none()) {
            return None;
        }
        self.next = now + EVERY;
        let family: Vec<Pid> = processes_of(trace).collect();
        if let Some(limit) = processes.filter(|limit| family.len() > *limit) {
            return Some(EndedBy::Processes(family.len().max(limit)));
        }
        if let Some(limit) = threads {
            let alive = trace.lanes.iter().filter(|l| l.end.is_none() && l.is_workload()).count();
            if alive > limit {
                return Some(EndedBy::Threads(alive));
            }
        }
        let limit = memory?;
        let resident: u64 = family.iter().filter_map(|pid| resident_bytes(*pid)).sum();
        if resident <= limit || now < self.next_exact {
            return None;
        }
        let exact = |pid| Rollup::of(pid).map(|rollup| rollup.proportional);
        // What forked processes share was counted once for each of them.
        self.next_exact = now + EXACTLY_EVERY;
        let held: u64 = family.iter().filter_map(|pid| exact(*pid).or_else(|| resident_bytes(*pid))).sum();
        (held > limit).then_some(EndedBy::Memory(held))
    }
}

/// A fair share of this machine's memory for one run: half of what is available now, in bytes. `None` where that is not
/// known.
pub(super) fn fair_share() -> Option<u64> {
    let free = kibibytes_of("/proc/meminfo", "MemAvailable:")?;
    Some(free.min(left_in_group().unwrap_or(u64::MAX)) / 2)
}

/// What a child of a bounded run gives up before it starts: core dumps, huge files, and its claim on memory: where it
/// runs out all the same, the system ends the run rather than the learner's editor. Called between fork and exec: only
/// system calls.
#[cfg(target_os = "linux")]
pub(super) fn forbid() {
    // SAFETY: plain system calls on values that live through them. Where one is refused, the run is merely freer.
    unsafe {
        let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        libc::setrlimit(libc::RLIMIT_CORE, &raw const none);
        let mut file = none;
        if libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut file) == 0 {
            file.rlim_cur = file.rlim_cur.min(LARGEST_FILE);
            libc::setrlimit(libc::RLIMIT_FSIZE, &raw const file);
        }
        let score = libc::open(c"/proc/self/oom_score_adj".as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        if score >= 0 {
            libc::write(score, c"1000".as_ptr().cast(), 4);
            libc::close(score);
        }
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) const fn forbid() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_holds_memory_and_has_a_share() {
        let own = std::process::id();
        let (resident, proportional) = (resident_bytes(own).unwrap(), Rollup::of(own).unwrap().proportional);
        assert!(proportional > 0 && resident > 1 << 20);
        assert!(fair_share().unwrap() > 1 << 20);
    }

    #[test]
    fn output_is_bounded_at_once() {
        let limits = Limits { output: Some(10), ..Limits::NONE };
        let trace = Trace::default();
        assert_eq!(Bounds::new(limits).passed(1, 10, &trace), None);
        assert_eq!(Bounds::new(limits).passed(1, 11, &trace), Some(EndedBy::Output(10)));
        assert_eq!(Bounds::new(Limits::NONE).passed(1, u64::MAX, &trace), None);
    }
}
