//! The same count, in an object with its number and its lock.

use crate::clock::{now, seconds};
use crate::native::{Lock, Py, ThreadPool, commas};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

knobs! {
    WORKERS: usize = 2;
    SECONDS: f64 = 0.5; // how long each worker counts
}

#[derive(Default)]
struct Counter {
    lock: Lock,
    value: AtomicU64, // only with the lock
}

impl Counter {
    fn add_one(&self, py: &Py) {
        self.lock.with(py, || {
            let value = self.value.load(Relaxed);
            self.value.store(value + int(py, "1"), Relaxed);
        });
    }
}

fn int(py: &Py, text: &str) -> u64 {
    let number = text.parse().expect("digits");
    py.tick(); // after a call: does another thread want the GIL?
    number
}

fn work(py: &Py, counter: &Counter) -> u64 {
    let (mut added, end) = (0, seconds(now()) + *SECONDS);
    while seconds(now()) < end {
        for _ in 0..1000 {
            counter.add_one(py);
            py.tick(); // back edge: does another thread want the GIL?
        }
        added += 1000;
    }
    added
}

pub fn main(py: &Py) {
    let counter = Arc::new(Counter::default());
    let each = vec![Arc::clone(&counter); *WORKERS];
    let expected: u64 = ThreadPool::new(*WORKERS)
        .map(py, each, |py, counter| work(py, &counter))
        .sum();
    let got = counter.value.load(Relaxed);
    let [added, kept, lost] = [expected, got, expected - got].map(commas);
    println!("expected {added}, got {kept}, lost {lost}");
}
