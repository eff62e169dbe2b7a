//! `threading.Event`: a flag that threads wait for.

use crate::native::Py;
use crate::trace::{Call, WaitObject};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A flag that is set once and for all who wait, until it is cleared.
#[derive(Debug, Default)]
pub struct Event {
    flag: Mutex<Flag>,
    changed: Condvar,
}

/// Whether it is set, and how often it was: who waits while it is set and cleared again is woken all the same.
#[derive(Debug, Default, Clone, Copy)]
struct Flag {
    set: bool,
    sets: u64,
}

impl Event {
    /// Whether it is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.flag().set
    }

    /// Sets it and wakes all who wait.
    pub fn set(&self) {
        let mut flag = self.flag();
        *flag = Flag { set: true, sets: flag.sets + 1 };
        drop(flag);
        self.changed.notify_all();
    }

    /// Clears it.
    pub fn clear(&self) {
        self.flag().set = false;
    }

    /// Waits, without the GIL, until it is set.
    pub fn wait(&self, py: &Py) {
        self.wait_in(py, Call::EventWait);
    }

    /// Waits as [`Event::wait`] does, but so many seconds at most, and says whether it was set meanwhile.
    #[must_use]
    pub fn wait_for(&self, py: &Py, seconds: f64) -> bool {
        let seen = *self.flag();
        let limit = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        seen.set
            || py.wait(Call::EventWait, self.object(), || {
                let waits = |flag: &mut Flag| flag.sets == seen.sets;
                let waited = self.changed.wait_timeout_while(self.flag(), limit, waits);
                waited.unwrap_or_else(PoisonError::into_inner).0.sets > seen.sets
            })
    }

    /// As [`Event::wait`], under the name of the call that is built on it.
    pub(crate) fn wait_in(&self, py: &Py, call: Call) {
        let seen = *self.flag();
        if !seen.set {
            py.wait(call, self.object(), || {
                let waits = |flag: &mut Flag| flag.sets == seen.sets;
                drop(self.changed.wait_while(self.flag(), waits).unwrap_or_else(PoisonError::into_inner));
            });
        }
    }

    /// What a waiter's mark says.
    fn object(&self) -> WaitObject {
        WaitObject::Lock(std::ptr::from_ref(self).addr() as u64)
    }

    fn flag(&self) -> MutexGuard<'_, Flag> {
        self.flag.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{Interpreter, Thread};
    use std::sync::Arc;

    #[test]
    fn it_stays_set_and_counts_nothing() {
        let event = Event::default();
        Interpreter::new(true).run(|py| {
            assert!(!event.wait_for(py, 0.0), "nobody has set it");
            (0..3).for_each(|_| event.set());
            event.wait(py);
            assert!(event.is_set() && event.wait_for(py, 3600.0), "set: there is nothing to wait for");
            event.clear();
            assert!(!event.wait_for(py, 0.001), "set three times, cleared once");
        });
    }

    #[test]
    fn who_waits_when_it_is_set_goes_on_though_it_is_cleared_at_once() {
        let event = Arc::new(Event::default());
        Interpreter::new(true).run(|py| {
            let waiter = Thread::start(py, "waiter", {
                let event = Arc::clone(&event);
                move |py| event.wait(py)
            });
            let ended = Arc::clone(&event);
            let pulse = Thread::start(py, "pulse", move |py| {
                // Before the waiter waits, a pulse passes unseen; so there is one after another until it has ended.
                while Arc::strong_count(&ended) > 2 {
                    ended.set();
                    ended.clear();
                    py.allow_threads(std::thread::yield_now);
                }
            });
            waiter.join(py);
            pulse.join(py);
        });
    }
}
