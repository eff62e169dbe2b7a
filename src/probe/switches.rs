//! Who was on which core, when: exact, from `perf_event_open`. Linux only.
//!
//! The kernel writes every context switch of the child, its threads and all descendants into one ring buffer a core.
//! What is opened on the launching thread is inherited by the processes that it spawns. What the tutor itself does, and
//! its forked child before the `exec`, is left out. See the manual page `perf_event_open(2)`.

pub mod merge;
mod rings;

use crate::clock::Nanos;
use crate::probe::{Probe, Unavailable, sys};
use crate::trace::Record;
use merge::Merge;
use rings::Rings;
use std::os::fd::RawFd;
use std::time::Duration;

const NAME: &str = "perf";
/// How often to read while the rings stay far from full: a ring that fills sooner wakes its reader.
const CALM: Duration = Duration::from_millis(20);

/// The probe.
#[derive(Default)]
pub struct Switches {
    open: Option<(Rings, Merge)>,
    lost: u64,
}

impl Switches {
    fn read(&mut self, until: Nanos, out: &mut Vec<Record>) {
        let Some((rings, merge)) = &mut self.open else { return };
        self.lost += rings.read(|event| merge.push(event));
        merge.drain(until, out);
    }
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
    }

    fn finish(&mut self, _now: Nanos, out: &mut Vec<Record>) -> u64 {
        self.read(Nanos::MAX, out);
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
