//! The same count, but each worker takes a lock of its own.

use crate::clock::{now, seconds};
use crate::native::{Lock, Py, ThreadPool, commas};
use crate::runtime::native::knobs;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

knobs! {
    WORKERS: usize = 2;
    SECONDS: f64 = 0.5; // how long each worker counts
}

// One that may be read and stored by all at any time, as an object's attribute.
static COUNTER: AtomicU64 = AtomicU64::new(0);

fn int(py: &Py, text: &str) -> u64 {
    let number = text.parse().expect("digits");
    py.tick(); // after a call: does another thread want the GIL?
    number
}

fn work(py: &Py, _: usize) -> u64 {
    let lock = Lock::default();
    let (mut added, end) = (0, seconds(now()) + *SECONDS);
    while seconds(now()) < end {
        for _ in 0..1000 {
            lock.with(py, || {
                let value = COUNTER.load(Relaxed);
                COUNTER.store(value + int(py, "1"), Relaxed);
            });
            py.tick(); // back edge: does another thread want the GIL?
        }
        added += 1000;
    }
    added
}

pub fn main(py: &Py) {
    let expected: u64 =
        ThreadPool::new(*WORKERS).map(py, 0..*WORKERS, work).sum();
    let got = COUNTER.load(Relaxed);
    let [added, kept, lost] = [expected, got, expected - got].map(commas);
    println!("expected {added}, got {kept}, lost {lost}");
}
