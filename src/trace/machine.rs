//! The cores of the machine during a run, and how the run was measured.

use crate::clock::Nanos;
use serde::{Deserialize, Serialize};

/// How busy one core was between two samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoreSample {
    /// The previous sample's time.
    pub since: Nanos,
    /// The sample's time.
    pub at: Nanos,
    /// Busy nanoseconds of everybody on this core.
    pub busy: Nanos,
    /// Of these, the tutor's own.
    pub tutor: Nanos,
}

/// One core, sampled through a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoreTrack {
    /// The core's number.
    pub id: u32,
    /// The samples, oldest first.
    pub samples: Vec<CoreSample>,
}

impl CoreTrack {
    /// Busy nanoseconds of everybody and of the tutor inside `[from, to)`; samples that are cut count by share.
    /// `None` where no sample covers any of it: not measured, which is not zero.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a share of a u64 is no larger than it")]
    pub fn busy_in(&self, from: Nanos, to: Nanos) -> Option<(Nanos, Nanos)> {
        let mut sum = None;
        let first = self.samples.partition_point(|s| s.at <= from);
        for s in self.samples[first..].iter().take_while(|s| s.since < to) {
            let inside = s.at.min(to).saturating_sub(s.since.max(from));
            let whole = s.at.saturating_sub(s.since).max(1);
            let share = |part: Nanos| (u128::from(part) * u128::from(inside) / u128::from(whole)) as Nanos;
            let (busy, tutor) = sum.unwrap_or((0, 0));
            sum = Some((busy + share(s.busy), tutor + share(s.tutor)));
        }
        sum
    }
}

/// Where on-CPU intervals came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwitchSource {
    /// Exact context switches from `perf_event_open`.
    Perf,
    /// Sampled `/proc/PID/task/TID/schedstat`.
    Schedstat,
    /// Not measured.
    #[default]
    None,
}

/// Where the reasons for being off a core came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitSource {
    /// The preloaded library, and on native the model's own marks beside it: exact.
    Preload,
    /// Sampled `/proc/PID/task/TID/{syscall,wchan}`.
    Procfs,
    /// Not measured.
    #[default]
    None,
}

/// Where names came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameSource {
    /// The program's own names, told by the start-up file (CPython) or by the program itself (native).
    Startup,
    /// The kernel's 15-byte names.
    #[default]
    Kernel,
}

/// How a run was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sources {
    /// On-CPU intervals.
    pub switches: SwitchSource,
    /// Reasons for waiting.
    pub waits: WaitSource,
    /// Names of threads and processes.
    pub names: NameSource,
}

/// What the probes know they missed: counts of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lost {
    /// Context switches that the kernel dropped.
    pub switches: u64,
    /// Marks that the event log dropped.
    pub events: u64,
    /// Of asyncio's tasks, what the event log dropped: steps that are missing.
    #[serde(default)]
    pub tasks: u64,
}
