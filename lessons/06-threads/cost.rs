//! What a thread costs: start many, let them wait, end them.

use crate::clock::{self, Nanos};
use crate::native::{Event, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;

knobs! {
    THREADS: u32 = 100;
}

/// Microseconds for each of the threads.
fn each(time: Nanos) -> f64 {
    clock::seconds(time) * 1e6 / f64::from(*THREADS)
}

pub fn main(py: &Py) {
    let gate = Arc::new(Event::default());
    let start = clock::now();
    let threads: Vec<_> = (0..*THREADS)
        .map(|i| {
            let gate = Arc::clone(&gate);
            Thread::start(py, &format!("waiter-{i}"), move |py| gate.wait(py))
        })
        .collect();
    let middle = clock::now();
    println!("{} threads are alive", threads.len() + 1);
    gate.set();
    for thread in threads {
        thread.join(py);
    }
    let (starting, ending) = (middle - start, clock::now() - middle);
    println!("to start one: {:.0} microseconds", each(starting));
    println!("to end one: {:.0} microseconds", each(ending));
}
