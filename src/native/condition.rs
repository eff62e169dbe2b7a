//! `threading.Condition`: a line of threads that wait, beside a lock, for something to change.
//!
//! As in Python, every waiter has a lock of its own, which `notify` releases for the one who has waited longest. Being
//! notified is not having the lock: the waiter then competes for it with everybody else, and what it waited for may be
//! gone again. That is why `wait` belongs in a loop.

use crate::native::{Lock, Py};
use crate::trace::Call;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A condition variable with its lock, which several conditions may share.
#[derive(Debug, Default)]
pub struct Condition {
    lock: Arc<Lock>,
    waiters: Mutex<VecDeque<Arc<Lock>>>,
}

/// A call that needs the condition's lock, without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot wait on or notify an un-acquired lock")]
pub struct NotAcquired;

impl Condition {
    /// A condition beside a lock that others use too.
    #[must_use]
    pub fn new(lock: Arc<Lock>) -> Self {
        Self { lock, waiters: Mutex::default() }
    }

    /// `with condition:` around `f`, which may wait and notify.
    pub fn with<R>(&self, py: &Py, f: impl FnOnce() -> R) -> R {
        self.lock.with(py, f)
    }

    /// Gives up the lock, waits, without the GIL, until notified, and takes the lock again.
    ///
    /// # Errors
    /// [`NotAcquired`], Python's `RuntimeError`, where the lock is not held.
    pub fn wait(&self, py: &Py) -> Result<(), NotAcquired> {
        self.wait_in(py, Call::ConditionWait)
    }

    /// As [`Condition::wait`], under the name of the call that is built on it.
    pub(crate) fn wait_in(&self, py: &Py, call: Call) -> Result<(), NotAcquired> {
        let waiter = self.join_line(py)?;
        waiter.acquire_in(py, call);
        self.lock.acquire(py);
        Ok(())
    }

    /// `wait(timeout=seconds)`: as [`Condition::wait`], but for so long at most. Whether it was notified.
    ///
    /// # Errors
    /// As [`Condition::wait`].
    pub fn wait_within(&self, py: &Py, seconds: f64) -> Result<bool, NotAcquired> {
        let waiter = self.join_line(py)?;
        let notified = waiter.acquire_within(py, seconds, Call::ConditionWait);
        if !notified {
            self.waiters().retain(|other| !Arc::ptr_eq(other, &waiter));
        }
        self.lock.acquire(py);
        Ok(notified)
    }

    /// `wait_for`: waits until `predicate` holds; it is looked at with the lock held, before the first wait and after each.
    ///
    /// # Errors
    /// As [`Condition::wait`].
    pub fn wait_for(&self, py: &Py, predicate: impl Fn() -> bool) -> Result<(), NotAcquired> {
        while !predicate() {
            self.wait(py)?;
        }
        Ok(())
    }

    /// Puts a locked lock at the end of the line, for `notify` to release, and gives up the condition's lock.
    fn join_line(&self, py: &Py) -> Result<Arc<Lock>, NotAcquired> {
        if !self.lock.locked() {
            return Err(NotAcquired);
        }
        let waiter = Arc::new(Lock::default());
        waiter.acquire(py);
        self.waiters().push_back(Arc::clone(&waiter));
        self.lock.release().map_err(|_| NotAcquired)?;
        Ok(waiter)
    }

    /// Wakes those who have waited longest, `count` at most. Without waiters it does nothing, and nobody remembers it.
    ///
    /// # Errors
    /// [`NotAcquired`], Python's `RuntimeError`, where the lock is not held.
    pub fn notify(&self, count: usize) -> Result<(), NotAcquired> {
        if !self.lock.locked() {
            return Err(NotAcquired);
        }
        let mut waiters = self.waiters();
        let count = count.min(waiters.len());
        for waiter in waiters.drain(..count) {
            waiter.release().expect("a waiter's lock is locked until it is notified, which happens once");
        }
        Ok(())
    }

    /// Wakes all who wait.
    ///
    /// # Errors
    /// As [`Condition::notify`].
    pub fn notify_all(&self) -> Result<(), NotAcquired> {
        self.notify(usize::MAX)
    }

    fn waiters(&self) -> MutexGuard<'_, VecDeque<Arc<Lock>>> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{Interpreter, Thread};

    #[test]
    fn without_the_lock_there_is_no_waiting_and_no_notifying() {
        let condition = Condition::default();
        Interpreter::new(true).run(|py| {
            assert_eq!(condition.wait(py), Err(NotAcquired));
            assert_eq!(condition.notify(1), Err(NotAcquired));
        });
    }

    #[test]
    fn a_wait_with_a_timeout_tells_whether_a_notification_came() {
        let shop = Arc::new((Condition::default(), Mutex::new(false)));
        let open = |shop: &(Condition, Mutex<bool>)| *shop.1.lock().expect("never poisoned");
        Interpreter::new(true).run(|py| {
            shop.0.with(py, || {
                assert_eq!(shop.0.wait_within(py, 0.0), Ok(false), "nobody is there to notify");
                assert_eq!(shop.0.notify(1), Ok(()), "it left the line: nobody is in it");
            });
            let opener = Thread::start(py, "opener", {
                let shop = Arc::clone(&shop);
                move |py| {
                    shop.0.with(py, || {
                        *shop.1.lock().expect("never poisoned") = true;
                        shop.0.notify_all().expect("has the lock");
                    });
                }
            });
            shop.0.with(py, || shop.0.wait_for(py, || open(&shop)).expect("has the lock"));
            opener.join(py);
        });
        assert!(open(&shop));
    }

    #[test]
    fn the_one_who_waited_longest_is_woken_first() {
        let (condition, woken) = (Arc::new(Condition::default()), Arc::new(Mutex::new(Vec::new())));
        Interpreter::new(true).run(|py| {
            let threads = [0, 1, 2].map(|i| {
                let (own, woken) = (Arc::clone(&condition), Arc::clone(&woken));
                let thread = Thread::start(py, &format!("waiter-{i}"), move |py| {
                    own.lock.acquire(py);
                    own.wait(py).expect("has the lock");
                    woken.lock().expect("never poisoned").push(i);
                    own.lock.release().expect("has the lock");
                });
                // The next one starts when this one is in line.
                while condition.waiters().len() <= i {
                    py.allow_threads(std::thread::yield_now);
                }
                thread
            });
            for expected in 1..=3 {
                condition.lock.acquire(py);
                condition.notify(1).expect("has the lock");
                condition.lock.release().expect("has the lock");
                while woken.lock().expect("never poisoned").len() < expected {
                    py.allow_threads(std::thread::yield_now);
                }
            }
            for thread in threads {
                thread.join(py);
            }
        });
        assert_eq!(*woken.lock().expect("never poisoned"), [0, 1, 2]);
    }
}
