//! Where threads stood at one instant: what each waited for, and in which line of the program.

use super::doing::Doing;
use crate::clock::Nanos;
use crate::trace::{Call, Lane, Trace};

/// Where a thread stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    /// The thread: its place among the lanes.
    pub id: usize,
    /// What it did.
    pub doing: Doing,
    /// In which call.
    pub call: Call,
    /// In which line of the program, in words, where that is known.
    pub place: Option<String>,
}

impl Stand {
    /// What it waited for, after "waits": as far as the call says it.
    #[must_use]
    pub const fn for_what(&self) -> &'static str {
        match self.call {
            Call::PyLock | Call::LockAcquire | Call::RLockAcquire => "for a lock",
            Call::PyCondition | Call::ConditionWait => "to be notified (Condition.wait)",
            Call::PyEvent | Call::EventWait => "for an event",
            Call::PySemaphore | Call::SemaphoreAcquire => "for a semaphore",
            Call::PyBarrier => "at a barrier",
            Call::PyQueueGet | Call::QueueGet => "for a queue to have something (get)",
            Call::PyQueuePut | Call::QueuePut => "for room in a queue (put)",
            Call::PyQueueJoin => "for a queue's work to be done (join)",
            Call::PyImport => "for an import that another thread has begun",
            Call::PyFuture | Call::FutureResult => "for a future's result",
            Call::PyPool | Call::RayonWait => "for a pool's result",
            Call::PyThreadJoin | Call::Join | Call::ThreadJoin => "for a thread to end",
            _ => match self.doing {
                Doing::Child => "for a process to end",
                Doing::Write => "until somebody reads what it writes",
                Doing::Io => "for something to read (from a pipe, or a pair of sockets)",
                Doing::Idle => "for work",
                _ => "for a lock, a queue or an event",
            },
        }
    }
}

/// Where these lanes stood at an instant.
pub(super) fn at(trace: &Trace, lanes: &[(usize, &Lane)], at: Nanos) -> Vec<Stand> {
    let stand = |(id, lane): &(usize, &Lane)| {
        let span = lane.spans.at(at)?;
        let place = trace.locks.line_of(lane, span);
        let call = span.wait.map_or(Call::Other, |wait| wait.call);
        Some(Stand { id: *id, doing: Doing::of(span), call, place })
    };
    lanes.iter().filter_map(stand).collect()
}
