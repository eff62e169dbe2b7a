//! Queries that fail release their place twice.

use crate::native::{Py, Semaphore, ThreadPool};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

knobs! {
    QUERIES: usize = 9;
    LIMIT: usize = 3; // queries that the database takes at once
    THINK_TIME: f64 = 0.1; // seconds the database needs
}

struct Database {
    places: Semaphore,
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Database {
    fn think(&self, py: &Py) {
        let inside = self.inside.fetch_add(1, Relaxed) + 1;
        self.most.fetch_max(inside, Relaxed);
        py.sleep(*THINK_TIME);
        self.inside.fetch_sub(1, Relaxed);
    }
}

fn query(py: &Py, number: usize, database: &Database) {
    database.places.acquire(py);
    database.think(py);
    if number.is_multiple_of(3) {
        // It failed, and leaves,
        database.places.release().expect("it has no bound");
    }
    // and leaves again.
    database.places.release().expect("it has no bound");
}

pub fn main(py: &Py) {
    let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let places = Semaphore::new(*LIMIT);
    let database = Arc::new(Database { places, inside, most });
    let own = Arc::clone(&database);
    ThreadPool::new(*QUERIES)
        .map(py, 0..*QUERIES, move |py, number| query(py, number, &own));
    let most = database.most.load(Relaxed);
    println!("{} queries, at most {most} at once", *QUERIES);
}
