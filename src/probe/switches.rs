//! Who was on which core, when: exact, from `perf_event_open`. Linux only.
//!
//! The kernel writes every context switch of the child, its threads and all descendants into one ring buffer a core.
//! What is opened on the launching thread is inherited by the processes that it spawns. What the tutor itself does, and
//! its forked child before the `exec`, is left out. See the manual page `perf_event_open(2)`.

pub mod merge;
mod rings;

use crate::clock::{MILLISECOND, Nanos};
use crate::probe::{Probe, Unavailable, sys};
use crate::trace::{Pid, Record, Tid};
use merge::Merge;
use rings::Rings;
use std::collections::HashSet;
use std::os::fd::RawFd;
use std::time::Duration;

const NAME: &str = "perf";
/// How often to read while the rings stay far from full: a ring that fills sooner wakes its reader.
const CALM: Duration = Duration::from_millis(20);
/// How often to ask who is still there, where records were lost.
const ASK: Nanos = 250 * MILLISECOND;

/// The probe.
#[derive(Default)]
pub struct Switches {
    open: Option<(Rings, Merge)>,
    lost: u64,
    /// How many had been lost when it was last asked who is still there, and when to ask again.
    asked: (u64, Nanos),
}

impl Switches {
    fn read(&mut self, until: Nanos, out: &mut Vec<Record>) {
        let Some((rings, merge)) = &mut self.open else { return };
        self.lost += rings.read(|event| merge.push(event));
        merge.drain(until, out);
    }

    /// Where records were lost, the ends of threads may be among them.
    fn bury(&mut self, now: Nanos, out: &mut Vec<Record>) {
        let Some((_, merge)) = &mut self.open else { return };
        let (lost, next) = self.asked;
        if now >= next && (self.lost > lost || merge.is_missing_any()) {
            merge.bury(threads_of, false, out);
            self.asked = (self.lost, now + ASK);
        }
    }
}

/// The threads that a process has.
fn threads_of(pid: Pid) -> HashSet<Tid> {
    let entries = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

impl Probe for Switches {
    fn attach(&mut self) -> Result<(), Unavailable> {
        let cores = sys::online_cores();
        let rings = Rings::open(&cores)?;
        self.open = Some((rings, Merge::new(std::process::id())));
        Ok(())
    }

    fn interval(&self) -> Duration {
        CALM
    }

    fn wakers(&self) -> Vec<RawFd> {
        self.open.iter().flat_map(|(rings, _)| rings.descriptors()).collect()
    }

    fn drain(&mut self, now: Nanos, out: &mut Vec<Record>) {
        self.read(now, out);
        self.bury(now, out);
    }

    fn finish(&mut self, _now: Nanos, out: &mut Vec<Record>) -> u64 {
        self.read(Nanos::MAX, out);
        if let Some((_, merge)) = self.open.as_mut().filter(|_| self.lost > 0) {
            merge.bury(threads_of, true, out);
        }
        self.open = None;
        self.lost
    }

    fn lost(&self) -> u64 {
        self.lost
    }
}

/// The system's setting of who may use `perf_event_open`; `None` where it cannot be read.
#[must_use]
pub fn paranoid() -> Option<i32> {
    std::fs::read_to_string("/proc/sys/kernel/perf_event_paranoid").ok()?.trim().parse().ok()
}
