//! How a run is observed: one file a probe. Each says why it is unavailable where it is.
//!
//! Owns the [`Probe`] trait and its implementations. May import `clock`, `trace`, `eventlog`, `lesson` and `native`. A
//! new probe is one file here; the runner's choice of probes, the source that it is called by in `trace::Sources`, and
//! the option that asks for it name it too.

pub mod calibrate;
pub mod cores;
pub mod doctor;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
pub mod marks;
pub mod memory;
#[cfg(target_os = "linux")]
pub mod procfs;
#[cfg(target_os = "linux")]
pub mod procstat;
#[cfg(target_os = "linux")]
pub mod schedstat;
#[cfg(target_os = "linux")]
pub mod stuck;
#[cfg(target_os = "linux")]
pub mod switches;
pub mod sys;
#[cfg(target_os = "linux")]
pub mod tree;

pub use cores::Cores;
pub use doctor::{Capability, doctor};
pub use memory::Memory;
pub use sys::thread_cpu;

use crate::clock::Nanos;
use crate::trace::{Pid, Record};
use std::ffi::OsString;
use std::os::fd::RawFd;
use std::time::Duration;

/// Something that observes a run and tells it in [`Record`]s.
///
/// The runner calls, on one thread that lives as long as the run: `attach`, then spawns the child (which therefore
/// inherits what `attach` opened on the calling thread), `launched`, `drain` again and again, `finish`.
pub trait Probe: Send {
    /// Gets ready on the thread that is about to spawn the child.
    ///
    /// # Errors
    /// [`Unavailable`], with the reason, where this machine does not allow it.
    fn attach(&mut self) -> Result<(), Unavailable>;

    /// Variables that the child needs. Asked after `attach`.
    fn environment(&self) -> Vec<(OsString, OsString)> {
        Vec::new()
    }

    /// The child runs.
    fn launched(&mut self, child: Pid) {
        let _ = child;
    }

    /// How often `drain` wants to be called.
    fn interval(&self) -> Duration {
        Duration::from_millis(25)
    }

    /// Descriptors that become readable when `drain` wants to be called sooner. Asked after `attach`; they stay open
    /// until `finish`.
    fn wakers(&self) -> Vec<RawFd> {
        Vec::new()
    }

    /// Appends everything that happened since the last drain and before `now`.
    fn drain(&mut self, now: Nanos, out: &mut Vec<Record>);

    /// The run has ended: appends what is left and says how many records were lost in all.
    fn finish(&mut self, now: Nanos, out: &mut Vec<Record>) -> u64;

    /// How many records were lost so far.
    fn lost(&self) -> u64 {
        0
    }
}

/// Why a probe cannot be used here, and what would make it usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{probe}: {reason}")]
pub struct Unavailable {
    /// Which source of knowledge, such as `perf`.
    pub probe: &'static str,
    /// What happened.
    pub reason: String,
    /// What the learner can do, if anything.
    pub remedy: Option<String>,
}

/// The probe for exact on-CPU intervals: `perf_event_open`.
#[must_use]
pub fn perf() -> Box<dyn Probe> {
    #[cfg(target_os = "linux")]
    return Box::new(switches::Switches::default());
    #[cfg(not(target_os = "linux"))]
    return Box::new(elsewhere::Elsewhere("perf"));
}

/// The probe for sampled on-CPU time: `/proc/PID/task/TID/schedstat`.
#[must_use]
pub fn schedstat() -> Box<dyn Probe> {
    #[cfg(target_os = "linux")]
    return Box::new(schedstat::SchedstatProbe::default());
    #[cfg(not(target_os = "linux"))]
    return Box::new(elsewhere::Elsewhere("schedstat"));
}

/// The probe for sampled waits: `/proc/PID/task/TID/syscall`.
#[must_use]
pub fn procfs() -> Box<dyn Probe> {
    #[cfg(target_os = "linux")]
    return Box::new(procfs::Procfs::default());
    #[cfg(not(target_os = "linux"))]
    return Box::new(elsewhere::Elsewhere("procfs"));
}
