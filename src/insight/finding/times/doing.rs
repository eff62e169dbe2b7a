//! What a thread does, as the rules tell it apart.

use crate::clock::Nanos;
use crate::trace::{Call, Span, State, StateTotals, WaitKind, WaitObject};

/// What a thread does at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doing {
    /// It is on a core.
    Core,
    /// It wants a core and has none.
    Ready,
    /// It waits for the GIL.
    Gil,
    /// It waits for a lock, a queue, an event: for something that another thread has to do.
    Lock,
    /// It waits for its workers: for a thread to end, or for what a pool gives.
    Workers,
    /// It waits for a process to end.
    Child,
    /// It waits until it can write.
    Write,
    /// It waits for one thing from outside.
    Io,
    /// It waits for whoever comes: in an event loop's call, for a connection, for a person who types.
    Events,
    /// It asked to sleep.
    Sleep,
    /// It is a pool's worker, and the pool has nothing for it to do.
    Idle,
    /// It is a native library's, which has nothing for it to do.
    Parked,
    /// It is off the cores, and nobody saw why.
    Unknown,
}

impl Doing {
    /// How many there are.
    pub const COUNT: usize = Doing::Unknown as usize + 1;

    /// What a thread does in a span.
    #[must_use]
    pub fn of(span: &Span) -> Doing {
        match span.state {
            State::Running | State::Native => Doing::Core,
            State::Ready => Doing::Ready,
            State::GilWait => Doing::Gil,
            State::LockWait | State::IoWait if is_child(span) => Doing::Child,
            State::LockWait | State::IoWait if span.for_workers() => Doing::Workers,
            State::LockWait => Doing::Lock,
            State::Sleep => Doing::Sleep,
            State::Idle if span.wait.is_some_and(|wait| wait.kind == WaitKind::Lock) => Doing::Parked,
            State::Idle => Doing::Idle,
            State::Unknown => Doing::Unknown,
            State::IoWait => span.wait.map_or(Doing::Io, |wait| match wait.call {
                Call::Write | Call::Writev | Call::Send | Call::Sendto | Call::Sendmsg => Doing::Write,
                Call::EpollWait | Call::EpollPwait | Call::Accept | Call::Accept4 | Call::Sigwait | Call::Terminal => {
                    Doing::Events
                }
                Call::Read if wait.object == WaitObject::Descriptor(0) => Doing::Events,
                Call::Select | Call::Pselect | Call::Poll | Call::Ppoll if wait.object == WaitObject::Nothing => {
                    Doing::Events
                }
                _ => Doing::Io,
            }),
        }
    }

    /// The nanoseconds of sleep and of I/O in totals.
    #[must_use]
    pub const fn waited_in(totals: &StateTotals) -> Nanos {
        totals.get(State::Sleep) + totals.get(State::IoWait)
    }
}

/// Whether the thread waits for a process to end.
fn is_child(span: &Span) -> bool {
    span.wait.is_some_and(|wait| matches!(wait.call, Call::Waitpid | Call::Wait4 | Call::Waitid | Call::PyProcessJoin))
}
