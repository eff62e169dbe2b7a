//! A lane: the life of one thread.

use crate::clock::Nanos;
use crate::trace::record::{LaneKind, Pid, Tid};
use crate::trace::span::{Spans, StateTotals};
use crate::trace::state::State;

/// The life of one thread, as one row of the timeline.
#[derive(Debug, Clone, Default)]
pub struct Lane {
    /// The process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
    /// The process that created it.
    pub parent: Pid,
    /// The program's own name where it has said one, else the kernel's.
    pub name: String,
    /// What it is.
    pub kind: LaneKind,
    /// When it began.
    pub start: Nanos,
    /// When it ended; `None` while it lives.
    pub end: Option<Nanos>,
    /// What it did, from `start` on, without gap or overlap.
    pub spans: Spans,
    /// On-CPU nanoseconds by core number.
    pub by_core: Vec<Nanos>,
    /// How often it took the GIL.
    pub gil_holds: u64,
    /// How often it left a core. 0 where switches were not measured exactly.
    pub switches: u64,
    /// What it told beside its waits.
    pub told: Told,
}

/// What a thread told beside its waits: of work that goes from thread to thread, or from process to process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// How many pieces of work it took, where it is a pool's. The last one tells it to end, in most pools.
    pub pieces: u64,
    /// On-CPU nanoseconds in which it turned objects into bytes, or back (`pickle`).
    pub pickled: Nanos,
    /// On-CPU nanoseconds inside of calls that write or read.
    pub moved: Nanos,
    /// When an interpreter had started in its process and the program's code began, where this is the thread that began it.
    pub began: Option<Nanos>,
    /// The signal that ended its process, where that was seen and this is its main thread.
    pub killed: Option<u8>,
}

impl Lane {
    /// Whether it counts as workload: everything but the lesson's server.
    #[must_use]
    pub const fn is_workload(&self) -> bool {
        !matches!(self.kind, LaneKind::Server)
    }

    /// Whether a census counts it: the workload's own threads and processes.
    #[must_use]
    pub const fn is_counted(&self) -> bool {
        matches!(self.kind, LaneKind::Main | LaneKind::Thread | LaneKind::Process)
    }

    /// Time by state over the whole life so far.
    #[must_use]
    pub const fn totals(&self) -> &StateTotals {
        self.spans.totals()
    }

    /// How long it waited, in a state in the window `[from, to)`, for what others do for it: for its workers. Asks every span.
    #[must_use]
    pub fn for_workers_in(&self, state: State, from: Nanos, to: Nanos) -> Nanos {
        let spans = self.spans.window(from, to).iter().filter(|span| span.state == state && span.for_workers());
        spans.map(|span| span.end.min(to).saturating_sub(span.start.max(from))).sum()
    }

    /// The last instant known of.
    #[must_use]
    pub fn known_until(&self) -> Nanos {
        self.end.unwrap_or_else(|| self.spans.as_slice().last().map_or(self.start, |s| s.end))
    }
}
