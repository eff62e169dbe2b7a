//! `threading.Lock`: locked or not, with no owner. Any thread may release it.

use crate::native::Py;
use crate::trace::{Call, WaitObject};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A lock as Python has it: a flag, not tied to the data that it guards nor to the thread that took it.
#[derive(Debug, Default)]
pub struct Lock {
    locked: Mutex<bool>,
    released: Condvar,
}

/// `release` of a lock that is not locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("release unlocked lock")]
pub struct NotLocked;

impl Lock {
    /// Waits, without the GIL, until the lock is free, and takes it. A free lock is taken without dropping the GIL.
    pub fn acquire(&self, py: &Py) {
        self.acquire_in(py, Call::LockAcquire);
    }

    /// As [`Lock::acquire`], under the name of the call that is built on it.
    pub(crate) fn acquire_in(&self, py: &Py, call: Call) {
        if !self.try_acquire() {
            py.wait(call, self.object(), || {
                let locked = self.flag();
                *self.released.wait_while(locked, |locked| *locked).unwrap_or_else(PoisonError::into_inner) = true;
            });
        }
    }

    /// `acquire(timeout=seconds)`: waits, without the GIL, for so long at most, and says whether it took the lock.
    pub fn acquire_timeout(&self, py: &Py, seconds: f64) -> bool {
        self.acquire_within(py, seconds, Call::LockAcquire)
    }

    /// As [`Lock::acquire_timeout`], under the name of the call that is built on it.
    pub(crate) fn acquire_within(&self, py: &Py, seconds: f64, call: Call) -> bool {
        let timeout = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO);
        self.try_acquire()
            || py.wait(call, self.object(), || {
                let locked = self.flag();
                let wait = self.released.wait_timeout_while(locked, timeout, |locked| *locked);
                let (mut locked, _) = wait.unwrap_or_else(PoisonError::into_inner);
                !std::mem::replace(&mut *locked, true)
            })
    }

    /// What a waiter's mark says.
    fn object(&self) -> WaitObject {
        WaitObject::Lock(std::ptr::from_ref(self).addr() as u64)
    }

    /// `acquire(blocking=False)`: takes the lock if it is free, and says whether it was.
    #[must_use]
    pub fn try_acquire(&self) -> bool {
        !std::mem::replace(&mut *self.flag(), true)
    }

    /// Frees the lock and wakes one who waits for it, if there is one. It is not handed over: whoever comes first has it.
    ///
    /// # Errors
    /// [`NotLocked`], Python's `RuntimeError`, where the lock is free.
    pub fn release(&self) -> Result<(), NotLocked> {
        if !std::mem::replace(&mut *self.flag(), false) {
            return Err(NotLocked);
        }
        self.released.notify_one();
        Ok(())
    }

    /// Whether it is locked.
    #[must_use]
    pub fn locked(&self) -> bool {
        *self.flag()
    }

    /// `with lock:` around `f`; frees the lock in a panic too.
    pub fn with<R>(&self, py: &Py, f: impl FnOnce() -> R) -> R {
        struct Held<'lock>(&'lock Lock);
        impl Drop for Held<'_> {
            fn drop(&mut self) {
                // Another thread may have released it meanwhile, as Python allows: then there is nothing left to do.
                let _ = self.0.release();
            }
        }
        self.acquire(py);
        let _held = Held(self);
        f()
    }

    fn flag(&self) -> MutexGuard<'_, bool> {
        self.locked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{Interpreter, Thread};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn it_excludes_with_the_gil_and_without() {
        for gil in [true, false] {
            let counter = Arc::new((Lock::default(), AtomicU64::new(0)));
            Interpreter::new(gil).run(|py| {
                py.set_switch_interval(1e-5);
                let threads = [0, 1, 2].map(|i| {
                    let counter = Arc::clone(&counter);
                    Thread::start(py, &format!("worker-{i}"), move |py| {
                        for _ in 0..10_000 {
                            counter.0.with(py, || {
                                let value = counter.1.load(Ordering::Relaxed);
                                py.tick();
                                counter.1.store(value + 1, Ordering::Relaxed);
                            });
                        }
                    })
                });
                for thread in threads {
                    thread.join(py);
                }
            });
            assert_eq!(counter.1.load(Ordering::Relaxed), 30_000, "GIL: {gil}");
        }
    }

    #[test]
    fn any_thread_may_release_it_but_only_when_it_is_locked() {
        let lock = Arc::new(Lock::default());
        Interpreter::new(true).run(|py| {
            lock.acquire(py);
            let other = Thread::start(py, "other", {
                let lock = Arc::clone(&lock);
                move |_| lock.release()
            });
            assert_eq!(other.join(py), Ok(()));
            assert!(!lock.locked());
            assert_eq!(lock.release(), Err(NotLocked));
        });
    }
}
