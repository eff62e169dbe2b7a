//! A plan becomes a child process under probes, and that becomes a trace.
//!
//! Owns the run's life: launch, drain, deadline, cancel, the last record, and that no process is left behind. May import
//! everything up to `probe`. The runner knows no lesson by name.

mod at_stop;
mod bounds;
mod child;
mod crossing;
mod ending;
mod error;
pub mod guard;
mod image;
pub mod inherited;
pub mod live;
pub mod machine;
mod orphans;
mod output;
mod places;
pub mod plan;
mod probes;
mod raised;
mod server;
mod session;
mod spec;
mod stall;
mod standstill;
mod survivor;

pub use ending::{End, EndedBy, Status, how_it_ended};
pub use error::RunError;
pub use guard::kill_all;
pub use live::LiveRun;
pub use raised::{Raised, RaisedAt};
pub use spec::{Own, RunSpec};
pub use stall::Stuck;
pub use survivor::{Survivor, drain};

use crate::runtime::Launch;
use crate::runtime::server::Served;
use crate::trace::Trace;
use std::any::Any;
use std::sync::Arc;

/// Which probes to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProbeChoice {
    /// On-CPU intervals.
    pub switches: SwitchChoice,
    /// Reasons for waiting.
    pub waits: WaitChoice,
    /// Who holds which lock, and in which line threads wait.
    pub objects: ObjectChoice,
}

/// Whether locks are looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ObjectChoice {
    /// Where that is possible.
    #[default]
    On,
    /// Not: then locks cost nothing more than their waits.
    Off,
}

/// Where on-CPU intervals shall come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SwitchChoice {
    /// The best that works here.
    #[default]
    Auto,
    /// `perf_event_open`, or fail.
    Perf,
    /// `/proc/PID/task/TID/schedstat`.
    Schedstat,
}

/// Where reasons for waiting shall come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WaitChoice {
    /// The best that works here.
    #[default]
    Auto,
    /// The preloaded library, or fail.
    Preload,
    /// `/proc` sampling.
    Procfs,
    /// Not at all.
    None,
}

/// A run to do.
#[derive(Clone)]
pub struct Plan {
    /// What is run.
    pub spec: RunSpec,
    /// Makes the process to start, once the server's address is known.
    pub prepare: Prepare,
    /// Whether the loopback server is started first.
    pub server: bool,
    /// How it is watched and bounded.
    pub conditions: plan::Conditions,
}

/// Makes the process to start from the server's address (`http://127.0.0.1:PORT`), if there is one.
pub type Prepare = Arc<dyn Fn(Option<&str>) -> Result<Prepared, RunError> + Send + Sync>;

/// A process ready to start, and what must live as long as it does.
pub struct Prepared {
    /// The process.
    pub launch: Launch,
    /// Dropped when the run has ended: the directory that the program was written to.
    pub keep: Option<Box<dyn Any + Send>>,
}

/// What the child reads and where it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Streams {
    /// Reads nothing; what it writes is kept for the screen and the report.
    #[default]
    Captured,
    /// Reads the tutor's standard input; what it writes is kept.
    CapturedWithInput,
    /// Uses the tutor's own streams, byte for byte.
    Inherited,
}

/// A finished run.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What was run.
    pub spec: RunSpec,
    /// How it ended.
    pub end: End,
    /// What it wrote, the last part of it where there was too much.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
    /// The kernel's own accounting of the child and its descendants that it waited for: CPU nanoseconds.
    pub rusage_cpu: u64,
    /// What was measured.
    pub trace: Trace,
    /// The address that the lesson's server listened at, where there was one.
    pub url: Option<String>,
    /// What that server has served; `None` where there was none, or where it did not say.
    pub served: Option<Served>,
    /// Notes of the probes: which fallback was taken and why.
    pub notes: Vec<String>,
    /// Where its threads stood, if it was ended as a deadlock.
    pub stuck: Vec<Stuck>,
    /// The processes that it left behind and that live on.
    pub outlived: Vec<Survivor>,
}

/// What this machine can give now.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Machine {
    /// Cores that the system shows to this process (affinity counted).
    pub cores: u32,
    /// Cores that the calibration got; 0 where it has not run.
    pub usable_cores: f64,
}
