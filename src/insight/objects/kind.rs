//! What threads can wait for that other threads do.

use crate::trace::Call;

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A lock of Python's, or one that its owner may take again.
    Lock,
    /// A condition.
    Condition,
    /// An event.
    Event,
    /// A semaphore.
    Semaphore,
    /// A barrier.
    Barrier,
    /// A queue, to have something.
    QueueGet,
    /// A queue, to have room.
    QueuePut,
    /// A queue, to be worked off.
    QueueJoin,
    /// A module that another thread imports.
    Import,
    /// The result of a future.
    Future,
    /// The work of a pool.
    Pool,
    /// A thread or a process, to end.
    Join,
    /// A lock of a native library, or of the interpreter.
    NativeLock,
    /// One of these: it was only sampled that a thread waited.
    Sampled,
}

impl Kind {
    /// All, in the order of lists.
    pub const ALL: [Kind; 14] = [
        Kind::Lock,
        Kind::Condition,
        Kind::Event,
        Kind::Semaphore,
        Kind::Barrier,
        Kind::QueueGet,
        Kind::QueuePut,
        Kind::QueueJoin,
        Kind::Import,
        Kind::Future,
        Kind::Pool,
        Kind::Join,
        Kind::NativeLock,
        Kind::Sampled,
    ];

    /// What a call waits for.
    #[must_use]
    pub const fn of(call: Call) -> Kind {
        match call {
            Call::PyLock | Call::LockAcquire | Call::RLockAcquire => Kind::Lock,
            Call::PyCondition | Call::ConditionWait => Kind::Condition,
            Call::PyEvent | Call::EventWait => Kind::Event,
            Call::PySemaphore | Call::SemaphoreAcquire => Kind::Semaphore,
            Call::PyBarrier => Kind::Barrier,
            Call::PyQueueGet | Call::QueueGet | Call::WorkGet => Kind::QueueGet,
            Call::PyQueuePut | Call::QueuePut => Kind::QueuePut,
            Call::PyQueueJoin => Kind::QueueJoin,
            Call::PyImport => Kind::Import,
            Call::PyFuture | Call::FutureResult => Kind::Future,
            Call::PyPool | Call::RayonWait => Kind::Pool,
            Call::PyThreadJoin | Call::PyProcessJoin | Call::Join | Call::ThreadJoin => Kind::Join,
            _ => Kind::NativeLock,
        }
    }

    /// Whether the native model says it, whose primitives are known by their addresses.
    #[must_use]
    pub const fn is_native(call: Call) -> bool {
        matches!(
            call,
            Call::LockAcquire
                | Call::RLockAcquire
                | Call::EventWait
                | Call::SemaphoreAcquire
                | Call::ConditionWait
                | Call::QueueGet
                | Call::QueuePut
        )
    }

    /// The name in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Kind::Lock => "lock",
            Kind::Condition => "condition",
            Kind::Event => "event",
            Kind::Semaphore => "semaphore",
            Kind::Barrier => "barrier",
            Kind::QueueGet => "queue-get",
            Kind::QueuePut => "queue-put",
            Kind::QueueJoin => "queue-join",
            Kind::Import => "import",
            Kind::Future => "future",
            Kind::Pool => "pool",
            Kind::Join => "join",
            Kind::NativeLock => "native-lock",
            Kind::Sampled => "sampled",
        }
    }

    /// The name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Kind::Lock => "lock",
            Kind::Condition => "condition",
            Kind::Event => "event",
            Kind::Semaphore => "semaphore",
            Kind::Barrier => "barrier",
            Kind::QueueGet => "queue get",
            Kind::QueuePut => "queue put",
            Kind::QueueJoin => "queue join",
            Kind::Import => "import",
            Kind::Future => "future",
            Kind::Pool => "pool",
            Kind::Join => "join",
            Kind::NativeLock => "native lock",
            Kind::Sampled => "a lock or its kin",
        }
    }
}
