//! `threading.Semaphore` and `BoundedSemaphore`: so many may be inside at once.

use crate::native::Py;
use crate::trace::{Call, WaitObject};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A number of places. It has no owner: whoever likes may release.
#[derive(Debug)]
pub struct Semaphore {
    free: Mutex<usize>,
    released: Condvar,
    bound: Option<usize>,
}

/// A release beyond the initial number of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Semaphore released too many times")]
pub struct TooManyReleases;

impl Semaphore {
    /// A semaphore with so many places free. Releases may make more of them.
    #[must_use]
    pub const fn new(places: usize) -> Self {
        Self { free: Mutex::new(places), released: Condvar::new(), bound: None }
    }

    /// A semaphore that never has more places than at its start.
    #[must_use]
    pub const fn bounded(places: usize) -> Self {
        Self { free: Mutex::new(places), released: Condvar::new(), bound: Some(places) }
    }

    /// Takes a place, or waits, without the GIL, until one is free.
    pub fn acquire(&self, py: &Py) {
        if !self.try_acquire() {
            py.wait(Call::SemaphoreAcquire, WaitObject::Lock(std::ptr::from_ref(self).addr() as u64), || {
                let free = self.free();
                *self.released.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner) -= 1;
            });
        }
    }

    /// Takes a place if one is free, and says whether one was.
    #[must_use]
    pub fn try_acquire(&self) -> bool {
        let mut free = self.free();
        let some = *free > 0;
        *free -= usize::from(some);
        some
    }

    /// Frees a place.
    ///
    /// # Errors
    /// [`TooManyReleases`], Python's `ValueError`, on a bounded semaphore whose places are all free.
    pub fn release(&self) -> Result<(), TooManyReleases> {
        let mut free = self.free();
        if self.bound.is_some_and(|bound| *free >= bound) {
            return Err(TooManyReleases);
        }
        *free += 1;
        self.released.notify_one();
        Ok(())
    }

    fn free(&self) -> MutexGuard<'_, usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{Interpreter, ThreadPool};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn never_more_are_inside_than_there_are_places() {
        for gil in [true, false] {
            let all = Arc::new((Semaphore::bounded(2), AtomicUsize::new(0), AtomicUsize::new(0)));
            let own = Arc::clone(&all);
            Interpreter::new(gil).run(|py| {
                py.set_switch_interval(1e-5);
                ThreadPool::new(5).map(py, 0..2000, move |py, _: u32| {
                    let (places, inside, most) = &*own;
                    places.acquire(py);
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    py.allow_threads(std::thread::yield_now);
                    inside.fetch_sub(1, Ordering::SeqCst);
                    places.release().expect("acquired before");
                });
            });
            assert!((1..=2).contains(&all.2.load(Ordering::SeqCst)));
            assert_eq!(all.0.release(), Err(TooManyReleases), "all places are free again");
        }
    }
}
