//! One wait, called in two ways: without the GIL, as `ctypes.CDLL` calls, and with it, as `ctypes.PyDLL` does.

use crate::clock;
use crate::native::{Py, Queue, Thread};
use crate::runtime::native::knobs;
use std::{sync::Arc, thread, time::Duration};

knobs! {
    WORKERS: usize = 2;
    PAUSE: f64 = 0.3; // seconds that each call waits
}

type Call = fn(&Py);

fn cdll(py: &Py) {
    py.allow_threads(|| thread::sleep(Duration::from_secs_f64(*PAUSE)));
}

fn pydll(_py: &Py) {
    thread::sleep(Duration::from_secs_f64(*PAUSE)); // this thread keeps the GIL
}

/// A pool's thread: takes calls from the queue until there are no more.
fn work(py: &Py, calls: &Queue<Option<Call>>, done: &Queue<()>) {
    while let Some(call) = calls.get(py) {
        call(py);
        done.put(py, ());
    }
}

pub fn main(py: &Py) {
    let (calls, done) = (Arc::new(Queue::new(0)), Arc::new(Queue::new(0)));
    let start = |i| {
        let (calls, done) = (Arc::clone(&calls), Arc::clone(&done));
        Thread::start(py, &format!("worker_{i}"), move |py| {
            work(py, &calls, &done);
        })
    };
    let workers: Vec<_> = (0..*WORKERS).map(start).collect();
    for (name, call) in [("CDLL", cdll as Call), ("PyDLL", pydll)] {
        let start = clock::now();
        (0..*WORKERS).for_each(|_| calls.put(py, Some(call)));
        (0..*WORKERS).for_each(|_| done.get(py));
        let took = clock::seconds(clock::now() - start);
        println!("{name} took {took:.2} s for {} calls at once", *WORKERS);
    }
    (0..*WORKERS).for_each(|_| calls.put(py, None));
    for worker in workers {
        worker.join(py);
    }
}
