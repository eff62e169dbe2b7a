//! An ordinary thread and a daemon, when the main thread has ended.

use crate::native::{Py, Thread};
use crate::runtime::native::knobs;

knobs! {
    STEP: f64 = 0.1; // seconds
    STEPS: usize = 5; // of the ordinary thread; the daemon has twice as many
}

/// What stands in Python's `finally`: runs when `work` is left, however that is.
struct CleanUp<'name>(&'name str);

impl Drop for CleanUp<'_> {
    fn drop(&mut self) {
        println!("{}: cleaned up", self.0);
    }
}

fn work(py: &Py, name: &str, steps: usize) {
    let _at_end = CleanUp(name);
    for _ in 0..steps {
        py.sleep(*STEP);
    }
    println!("{name}: took all {steps} steps");
}

pub fn main(py: &Py) {
    let ordinary =
        Thread::start(py, "ordinary", |py| work(py, "ordinary", *STEPS));
    Thread::start(py, "daemon", |py| work(py, "daemon", 2 * *STEPS));
    println!("MainThread: at its end");
    ordinary.join(py); // Python does so by itself; nobody waits for the daemon
}
