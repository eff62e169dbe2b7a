//! Queries that fail release their place twice.

use crate::clock::{now, seconds};
use crate::native::{Py, Semaphore, ThreadPool};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

knobs! {
    QUERIES: usize = 9;
    LIMIT: usize = 3; // queries that the database takes at once
    THINK_TIME: f64 = 0.1; // seconds the database needs
}

static FAILED: AtomicUsize = AtomicUsize::new(0);

fn query(py: &Py, number: usize, places: &Semaphore) -> f64 {
    places.acquire(py);
    let start = seconds(now());
    py.sleep(*THINK_TIME);
    if number.is_multiple_of(3) {
        FAILED.fetch_add(1, Relaxed);
        places.release().expect("it has no bound"); // it failed, and leaves
    }
    places.release().expect("it has no bound"); // and leaves again
    start
}

/// Each is there for `THINK_TIME`.
fn most_at_once(starts: &[f64]) -> usize {
    let near = |now: f64| {
        starts
            .iter()
            .filter(|s| (0.0..*THINK_TIME).contains(&(now - **s)))
            .count()
    };
    starts.iter().map(|now| near(*now)).max().unwrap_or(0)
}

pub fn main(py: &Py) {
    let places = Arc::new(Semaphore::new(*LIMIT));
    let starts: Vec<f64> = ThreadPool::new(*QUERIES)
        .map(py, 0..*QUERIES, move |py, number| query(py, number, &places))
        .collect();
    let most = most_at_once(&starts);
    let failed = FAILED.load(Relaxed);
    println!(
        "{} queries, {failed} failed, at most {most} at once",
        starts.len()
    );
}
