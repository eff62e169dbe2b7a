//! `threading.Event`: a flag that threads wait for.

use crate::model::Py;
use crate::trace::Call;
use std::sync::{Condvar, Mutex, PoisonError};

/// A flag that is set once and for all who wait, until it is cleared.
#[derive(Debug, Default)]
pub struct Event {
    flag: Mutex<bool>,
    changed: Condvar,
}

impl Event {
    /// Whether it is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        *self.flag.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets it and wakes all who wait.
    pub fn set(&self) {
        *self.flag.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Clears it.
    pub fn clear(&self) {
        *self.flag.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }

    /// Waits, without the GIL, until it is set.
    pub fn wait(&self, py: &Py) {
        self.wait_in(py, Call::EventWait);
    }

    /// As [`Event::wait`], under the name of the call that is built on it.
    pub(crate) fn wait_in(&self, py: &Py, call: Call) {
        if !self.is_set() {
            py.wait(call, std::ptr::from_ref(self).addr() as u64, || {
                let flag = self.flag.lock().unwrap_or_else(PoisonError::into_inner);
                drop(self.changed.wait_while(flag, |set| !*set).unwrap_or_else(PoisonError::into_inner));
            });
        }
    }
}
