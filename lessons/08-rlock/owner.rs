//! A meddler releases a lock that another thread has taken.

use crate::native::{Lock, Py, RLock, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

knobs! {
    AFTER: f64 = 0.1; // seconds until the meddler comes
}

/// What both kinds of lock can do.
trait Take: Default + Send + Sync + 'static {
    fn acquire(&self, py: &Py);
    fn release(&self, py: &Py) -> Result<(), String>;
}

impl Take for Lock {
    fn acquire(&self, py: &Py) {
        Lock::acquire(self, py);
    }
    fn release(&self, _: &Py) -> Result<(), String> {
        Lock::release(self).map_err(|error| error.to_string())
    }
}

impl Take for RLock {
    fn acquire(&self, py: &Py) {
        RLock::acquire(self, py);
    }
    fn release(&self, py: &Py) -> Result<(), String> {
        RLock::release(self, py).map_err(|error| error.to_string())
    }
}

fn meddle(py: &Py, lock: &impl Take) -> bool {
    py.sleep(*AFTER);
    let freed = lock.release(py); // it never took it
    if let Err(error) = &freed {
        println!("the meddler failed: {error}");
    }
    freed.is_ok()
}

fn visit(py: &Py, lock: &impl Take, inside: &AtomicUsize) {
    lock.acquire(py);
    inside.fetch_add(1, Relaxed);
    lock.release(py).expect("acquired above");
}

fn early_guests<L: Take>(py: &Py) -> usize {
    let all = Arc::new((L::default(), AtomicUsize::new(0)));
    let (lock, inside) = &*all;
    lock.acquire(py); // the main thread takes it,
    let own = Arc::clone(&all);
    let meddler = Thread::start(py, "meddler", move |py| meddle(py, &own.0));
    let own = Arc::clone(&all);
    let guest = Thread::start(py, "guest", move |py| visit(py, &own.0, &own.1));
    py.sleep(2.0 * *AFTER); // and works
    let freed = meddler.join(py);
    if !freed {
        lock.release(py).expect("acquired above"); // gives it back: nobody came too early
    }
    guest.join(py);
    if freed { inside.load(Relaxed) } else { 0 }
}

pub fn main(py: &Py) {
    println!("Lock let in {} guests too early", early_guests::<Lock>(py));
    println!("RLock let in {} guests too early", early_guests::<RLock>(py));
}
