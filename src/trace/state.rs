//! The states a thread can be in, in the words of the field.

use serde::{Deserialize, Serialize};

/// What a thread was doing during a span. For every lane the spans cover its lifetime without gap or overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// On a core, holding the GIL (or on a core in a process that has no GIL).
    Running,
    /// On a core without the GIL, in an interpreter that has one.
    Native,
    /// Off the core, waiting for the GIL.
    GilWait,
    /// Off the core, waiting for a lock (a mutex, a semaphore, a join).
    LockWait,
    /// Off the core, waiting for a file, a pipe, a socket or a child process.
    IoWait,
    /// Off the core because it asked to sleep.
    Sleep,
    /// Off the core with nothing to do: a worker of a pool that waits for work.
    Idle,
    /// Wants a core and has none.
    Ready,
    /// Off the core, and no probe saw why.
    Unknown,
}

impl State {
    /// How many states there are.
    pub const COUNT: usize = 9;
    /// Every state, in the order of the legend and of the JSON.
    pub const ALL: [State; Self::COUNT] = [
        State::Running,
        State::Native,
        State::GilWait,
        State::LockWait,
        State::IoWait,
        State::Sleep,
        State::Idle,
        State::Ready,
        State::Unknown,
    ];

    /// The state's place in [`State::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The state's name in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Native => "native",
            State::GilWait => "gil_wait",
            State::LockWait => "lock_wait",
            State::IoWait => "io_wait",
            State::Sleep => "sleep",
            State::Idle => "idle",
            State::Ready => "ready",
            State::Unknown => "unknown",
        }
    }

    /// The state's name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Native => "running native",
            State::GilWait => "waiting for the GIL",
            State::LockWait => "waiting for a lock",
            State::IoWait => "waiting for I/O",
            State::Sleep => "sleeping",
            State::Idle => "idle, waiting for work",
            State::Ready => "ready",
            State::Unknown => "waiting, reason not measured",
        }
    }

    /// Whether a thread in this state is on a core.
    #[must_use]
    pub const fn on_cpu(self) -> bool {
        matches!(self, State::Running | State::Native)
    }
}
