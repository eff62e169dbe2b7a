//! Which state of the field it is to await something.

use super::{Await, Awaited, Tasks};
use crate::trace::State;

/// The library's functions that wait for time, for data, and for other tasks to let something go; by how they begin.
const CALLED: [(&str, State); 19] = [
    ("sleep", State::Sleep),
    ("Stream", State::IoWait),
    ("open_", State::IoWait),
    ("start_", State::IoWait),
    ("create_subprocess", State::IoWait),
    ("Process.", State::IoWait),
    ("BaseSelectorEventLoop.sock_", State::IoWait),
    ("BaseEventLoop.create_", State::IoWait),
    ("BaseEventLoop.getaddrinfo", State::IoWait),
    ("Server.", State::IoWait),
    ("Lock.", State::LockWait),
    ("Event.", State::LockWait),
    ("Condition.", State::LockWait),
    ("Semaphore.", State::LockWait),
    ("Barrier.", State::LockWait),
    ("Queue.", State::LockWait),
    ("TaskGroup.", State::LockWait),
    ("_ContextManagerMixin.", State::LockWait),
    ("wait", State::LockWait),
];

impl Tasks {
    /// What a task does that awaits this.
    #[must_use]
    pub fn state(&self, awaits: &Await) -> State {
        if awaits.on == Awaited::Nothing {
            return State::Ready; // it has only let the others go first
        }
        let called = awaits.called.and_then(|(first, _)| self.functions.get(first));
        let known = called.and_then(|called| CALLED.iter().find(|(begin, _)| called.name.starts_with(begin)));
        match (known, awaits.on) {
            (Some((_, state)), _) => *state,
            // A task is joined, as a thread is.
            (None, Awaited::Task(_) | Awaited::Gather) => State::LockWait,
            _ => State::Unknown,
        }
    }
}
