//! The global interpreter lock, with the algorithm that CPython has had since 3.2 (`Python/ceval_gil.c`).
//!
//! The GIL is a flag, `locked`, under a mutex that is held for moments only. Who wants the GIL waits on a condition
//! variable for at most the *switch interval* (5 ms). If that time passed, the GIL is still locked, and no other switch
//! happened meanwhile, the waiter sets the *drop request*: a flag that the holder looks at on the back edge of every loop
//! and after calls ([`Gil::requested`], one relaxed load). The holder then drops the GIL and, because it was asked to,
//! waits until another thread has really taken it: else it would most often win the race for its own GIL again. Who
//! drops the GIL of its own accord, around a wait, does not stay for that.
//!
//! There is no queue and no priority: which of several waiters gets the GIL is the operating system's decision.
//!
//! One difference in form, none in effect: CPython guards the hand-over by a second mutex, here one mutex guards both.

use crate::clock::Nanos;
use crate::eventlog::writer as marks;
use crate::trace::{Call, Wait, WaitKind, WaitObject};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// CPython's default switch interval.
pub const DEFAULT_INTERVAL: Duration = Duration::from_millis(5);

/// Who takes and drops a GIL: unique among all threads of all interpreters in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder(u64);

impl Holder {
    /// A holder that no other thread has.
    #[must_use]
    pub fn unique() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A global interpreter lock.
#[derive(Debug)]
pub struct Gil {
    state: Mutex<State>,
    /// Signalled when the GIL was dropped.
    dropped: Condvar,
    /// Signalled when the GIL was taken.
    taken: Condvar,
    /// The drop request. Written under `state`, read without.
    request: AtomicBool,
    /// The switch interval in nanoseconds.
    interval: AtomicU64,
}

/// What is decided upon: all of it without blocking, so that tests can walk through it step by step.
#[derive(Debug, Default)]
struct State {
    locked: bool,
    last_holder: Option<Holder>,
    /// Counts the changes of holder.
    switch_number: u64,
}

impl State {
    /// Takes a free GIL.
    fn take(&mut self, me: Holder) {
        debug_assert!(!self.locked, "only a free GIL can be taken");
        self.locked = true;
        if self.last_holder != Some(me) {
            self.last_holder = Some(me);
            self.switch_number += 1;
        }
    }

    /// Drops the GIL.
    fn release(&mut self, me: Holder) {
        debug_assert!(self.locked && self.last_holder == Some(me), "only its holder drops the GIL");
        self.locked = false;
    }

    /// Whether a waiter, back from a timed wait that began when the switch number was `seen`, shall ask for the GIL.
    const fn should_request(&self, timed_out: bool, seen: u64) -> bool {
        timed_out && self.locked && self.switch_number == seen
    }

    /// Whether somebody else has taken the GIL since `me` had it.
    fn handed_over(&self, me: Holder) -> bool {
        self.last_holder != Some(me)
    }
}

impl Gil {
    /// A free GIL.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        let gil = Self {
            state: Mutex::default(),
            dropped: Condvar::new(),
            taken: Condvar::new(),
            request: AtomicBool::new(false),
            interval: AtomicU64::new(0),
        };
        gil.set_interval(interval);
        gil
    }

    /// Its number in the event log: its address, which tells apart the GILs of one process.
    #[must_use]
    pub fn id(&self) -> u64 {
        std::ptr::from_ref(self).addr() as u64
    }

    /// The switch interval.
    #[must_use]
    pub fn interval(&self) -> Duration {
        Duration::from_nanos(self.interval.load(Ordering::Relaxed))
    }

    /// Changes the switch interval, as `sys.setswitchinterval` does; at least a microsecond.
    pub fn set_interval(&self, interval: Duration) {
        let nanos = Nanos::try_from(interval.as_nanos()).unwrap_or(Nanos::MAX);
        self.interval.store(nanos.max(1000), Ordering::Relaxed);
    }

    /// Whether another thread has asked for the GIL. This is what a running thread looks at again and again.
    #[inline]
    #[must_use]
    pub fn requested(&self) -> bool {
        self.request.load(Ordering::Relaxed)
    }

    /// Waits until the GIL is free, asking for it after each interval in which nothing changed, and takes it.
    pub fn take(&self, me: Holder) {
        let mut state = self.lock();
        while state.locked {
            let seen = state.switch_number;
            marks::wait_begin(self.wait());
            let (back, timeout) =
                self.dropped.wait_timeout(state, self.interval()).unwrap_or_else(PoisonError::into_inner);
            marks::wait_end();
            state = back;
            if state.should_request(timeout.timed_out(), seen) {
                self.request.store(true, Ordering::Relaxed);
            }
        }
        state.take(me);
        marks::gil_taken(self.id());
        self.request.store(false, Ordering::Relaxed);
        self.taken.notify_one();
    }

    /// Drops the GIL; where it was asked for, stays until another thread has taken it.
    pub fn release(&self, me: Holder) {
        let mut state = self.lock();
        state.release(me);
        marks::gil_dropped(self.id());
        self.dropped.notify_one();
        // A request outlives its maker by no moment: whoever takes the GIL clears it. So if it stands, somebody waits.
        if self.requested() {
            marks::wait_begin(self.wait());
            while !state.handed_over(me) {
                state = self.taken.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            marks::wait_end();
        }
    }

    /// What a waiter's mark says.
    fn wait(&self) -> Wait {
        Wait { kind: WaitKind::Gil, call: Call::GilTake, object: WaitObject::Gil(self.id()) }
    }

    /// A thread that panics never does so in the middle of a change, so a poisoned state is still a true one.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiter_asks_only_after_a_whole_interval_without_a_switch() {
        let (a, b) = (Holder::unique(), Holder::unique());
        let mut state = State::default();
        state.take(a);
        let seen = state.switch_number;
        assert!(!state.should_request(false, seen), "woken early: waits again");
        assert!(state.should_request(true, seen), "a whole interval, same holder: asks");

        state.release(a);
        assert!(!state.should_request(true, seen), "free: takes it instead of asking");
        state.take(b);
        assert!(!state.should_request(true, seen), "a switch happened meanwhile: the wait starts again");
        assert!(state.should_request(true, state.switch_number));
    }

    #[test]
    fn taking_it_again_oneself_is_no_switch() {
        let a = Holder::unique();
        let mut state = State::default();
        state.take(a);
        let seen = state.switch_number;
        state.release(a);
        state.take(a);
        assert_eq!(state.switch_number, seen);
        assert!(!state.handed_over(a));
    }

    #[test]
    fn nobody_waits_so_nobody_asks() {
        let gil = Gil::new(Duration::from_micros(1));
        let me = Holder::unique();
        for _ in 0..1000 {
            gil.take(me);
            assert!(!gil.requested());
            gil.release(me);
        }
    }
}
