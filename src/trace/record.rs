//! What a probe says: one [`Record`] for one thing that happened to one thread.
//!
//! What happened enters a trace as records alone; how it was measured, and what the run as a whole cost, is added by
//! [`super::Builder::facts`]. A probe emits them in any order within one drain; the trace orders them.

use crate::clock::Nanos;
use crate::trace::call::Call;
use crate::trace::locks::LockMark;
use crate::trace::tasks::TaskMark;

/// A process id, in the tutor's PID namespace.
pub type Pid = u32;
/// A thread id, in the tutor's PID namespace. A process's main thread has `tid == pid`.
pub type Tid = u32;

/// One thing that happened to one thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When, on `CLOCK_MONOTONIC`.
    pub at: Nanos,
    /// The process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
    /// What the probe saw the thread do.
    pub what: What,
}

/// The things that can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The thread was created, by a thread of process `parent` (the same process for a thread).
    Start {
        /// The creator's process.
        parent: Pid,
    },
    /// The thread ended.
    End,
    /// The process replaced its program; `comm` is the kernel's name of the new one.
    Exec {
        /// The kernel's 15-byte name.
        comm: String,
    },
    /// The kernel's name of the thread changed.
    Comm(String),
    /// The thread got a core. Exact.
    On {
        /// Which core.
        core: u32,
    },
    /// The thread left its core. Exact.
    Off {
        /// It wanted to go on: it is ready, not waiting.
        preempted: bool,
    },
    /// Sampled accounting instead of `On`/`Off`: between `since` and the record's time the thread was on a core for
    /// `cpu` nanoseconds and waited ready for `ready` nanoseconds. Where inside the interval is not known.
    Ran {
        /// The previous sample's time.
        since: Nanos,
        /// On-CPU nanoseconds in the interval.
        cpu: Nanos,
        /// Runnable-but-waiting nanoseconds in the interval.
        ready: Nanos,
        /// The core it was last seen on.
        core: u32,
    },
    /// The thread began to wait. Waits do not nest: a second `WaitBegin` before a `WaitEnd` replaces the first.
    WaitBegin(Wait),
    /// The wait ended.
    WaitEnd,
    /// Sampled instead of `WaitBegin`/`WaitEnd`: from `since` to the record's time the thread, when off a core, was
    /// waiting in `wait`.
    SeenWaiting {
        /// The previous sample's time.
        since: Nanos,
        /// In what.
        wait: Wait,
    },
    /// The thread took the GIL. Exact; `gil` tells apart the GILs of several interpreters in one process.
    GilTaken {
        /// The GIL's address.
        gil: u64,
    },
    /// The thread dropped the GIL.
    GilDropped {
        /// The GIL's address.
        gil: u64,
    },
    /// The program's own name of the thread (Python's `threading.Thread.name`).
    ThreadName(String),
    /// The program's own name of the process (`multiprocessing.Process.name`).
    ProcessName(String),
    /// The runtime says what the thread is (for example, a thread of the interpreter's own).
    Kind(LaneKind),
    /// The interpreter has started up; the learner's program begins now.
    ProgramStart,
    /// The learner's program has ended; the interpreter shuts down now.
    ProgramEnd,
    /// The thread, a pool's, has taken a piece of work.
    Work,
    /// The thread has turned objects into bytes, or back.
    Pickled {
        /// When it began.
        since: Nanos,
    },
    /// The thread has learned that a process was ended by a signal.
    Killed {
        /// The process.
        process: Pid,
        /// The signal.
        signal: u8,
    },
    /// Something about the asyncio tasks on the thread's loop.
    Task(TaskMark),
    /// Something about the locks that the thread waits for or holds.
    Lock(LockMark),
}

/// What a thread waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Wait {
    /// The kind of thing.
    pub kind: WaitKind,
    /// The call that it waits in.
    pub call: Call,
    /// Which one of that kind.
    pub object: WaitObject,
}

/// Which thing a thread waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WaitObject {
    /// The GIL at this address.
    Gil(u64),
    /// The lock at this address, or what stands for one: a semaphore, a condition, a thread to join.
    Lock(u64),
    /// The file descriptor of this number; negative only where the program passed such a one.
    Descriptor(i32),
    /// None, none alone, or it is not known.
    Nothing,
}

/// The kinds of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WaitKind {
    /// For the GIL.
    Gil,
    /// For a lock, a semaphore, a condition or a join.
    Lock,
    /// For a file, a pipe, a socket or a child.
    Io,
    /// For time to pass.
    Sleep,
    /// For work: the thread is a pool's, and the pool has none for it.
    Idle,
}

/// What a lane is, as in the JSON.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LaneKind {
    /// The main thread of the program that was launched.
    Main,
    /// Another thread of any process.
    #[default]
    Thread,
    /// The main thread of a descendant process.
    Process,
    /// The lesson's server: not workload.
    Server,
    /// A thread or process that the interpreter or its library made for itself.
    Helper,
}
