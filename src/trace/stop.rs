//! What the threads of a run waited for when it was about to be stopped.

use crate::clock::Nanos;
use crate::trace::record::{Pid, Tid};

/// What was seen then.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AtStop {
    /// When that was.
    pub at: Nanos,
    /// The threads that waited.
    pub seen: Vec<Seen>,
}

/// A thread that waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
    /// Since when.
    pub since: Nanos,
    /// Whether without a time limit.
    pub forever: bool,
    /// Whether at a descriptor that leads to another process of the program: a pipe, or one of a pair of sockets.
    pub within: bool,
}

impl AtStop {
    /// What a thread waited for then.
    #[must_use]
    pub fn of(&self, pid: Pid, tid: Tid) -> Option<&Seen> {
        self.seen.iter().find(|seen| (seen.pid, seen.tid) == (pid, tid))
    }
}
