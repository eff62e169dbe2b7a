//! `threading.RLock`: a lock with an owner, who may take it again.

use crate::native::gil::Holder;
use crate::native::{Lock, Py};
use crate::trace::Call;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock that its owner may take any number of times, and that is free when the owner has released it as often.
#[derive(Debug, Default)]
pub struct RLock {
    block: Lock,
    /// Who has it and how many times; only the owner changes it.
    owner: Mutex<Option<(Holder, usize)>>,
}

/// `release` by a thread that does not have the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot release un-acquired lock")]
pub struct NotOwned;

impl RLock {
    /// Takes the lock once more, or waits, without the GIL, until it is free.
    pub fn acquire(&self, py: &Py) {
        if let Some((owner, count)) = &mut *self.owner()
            && *owner == py.holder()
        {
            *count += 1;
            return;
        }
        self.block.acquire_in(py, Call::RLockAcquire);
        *self.owner() = Some((py.holder(), 1));
    }

    /// Gives the lock back once.
    ///
    /// # Errors
    /// [`NotOwned`], Python's `RuntimeError`, where this thread does not have it.
    pub fn release(&self, py: &Py) -> Result<(), NotOwned> {
        let mut owner = self.owner();
        match &mut *owner {
            Some((me, count)) if *me == py.holder() => {
                *count -= 1;
                if *count == 0 {
                    *owner = None;
                    self.block.release().expect("an owned lock is locked");
                }
                Ok(())
            }
            _ => Err(NotOwned),
        }
    }

    /// `with lock:` around `f`; gives the lock back in a panic too.
    pub fn with<R>(&self, py: &Py, f: impl FnOnce() -> R) -> R {
        struct Held<'a>(&'a RLock, &'a Py);
        impl Drop for Held<'_> {
            fn drop(&mut self) {
                // Only its owner can release it, and that is this thread: it fails only where `f` released it once too often.
                let _ = self.0.release(self.1);
            }
        }
        self.acquire(py);
        let _held = Held(self, py);
        f()
    }

    fn owner(&self) -> MutexGuard<'_, Option<(Holder, usize)>> {
        self.owner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{Interpreter, Thread};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn its_owner_takes_it_again_and_nobody_else_releases_it() {
        let lock = Arc::new(RLock::default());
        Interpreter::new(true).run(|py| {
            lock.acquire(py);
            lock.acquire(py);
            let other = Thread::start(py, "other", {
                let lock = Arc::clone(&lock);
                move |py| lock.release(py)
            });
            assert_eq!(other.join(py), Err(NotOwned));
            assert_eq!((lock.release(py), lock.release(py), lock.release(py)), (Ok(()), Ok(()), Err(NotOwned)));
        });
    }

    #[test]
    fn a_method_under_the_lock_may_call_another_one_under_it() {
        let lock = RLock::default();
        Interpreter::new(true).run(|py| {
            assert_eq!(lock.with(py, || lock.with(py, || 7)), 7);
            assert_eq!(lock.release(py), Err(NotOwned), "given back as often as taken");
        });
    }

    #[test]
    fn it_is_free_only_after_the_last_release() {
        let (lock, inside) = (Arc::new(RLock::default()), Arc::new(AtomicBool::new(false)));
        Interpreter::new(true).run(|py| {
            lock.acquire(py);
            lock.acquire(py);
            let other = Thread::start(py, "other", {
                let (lock, inside) = (Arc::clone(&lock), Arc::clone(&inside));
                move |py| {
                    lock.acquire(py);
                    inside.store(true, Ordering::Relaxed);
                    lock.release(py)
                }
            });
            assert_eq!(lock.release(py), Ok(()));
            assert!(lock.block.locked() && !inside.load(Ordering::Relaxed), "one release of two is not enough");
            assert_eq!(lock.release(py), Ok(()));
            assert_eq!(other.join(py), Ok(()));
            assert!(inside.load(Ordering::Relaxed));
        });
    }
}
