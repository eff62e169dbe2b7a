//! The same mistake, with a semaphore that complains.

use crate::native::{Py, Semaphore, ThreadPool};
use crate::runtime::native::knobs;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

knobs! {
    QUERIES: usize = 9;
    LIMIT: usize = 3; // queries that the database takes at once
    THINK_TIME: f64 = 0.1; // seconds the database needs
}

struct Database {
    places: Semaphore,
    inside: AtomicUsize,
    most: AtomicUsize,
    complaints: Mutex<Vec<String>>,
}

impl Database {
    fn think(&self, py: &Py) {
        let inside = self.inside.fetch_add(1, Relaxed) + 1;
        self.most.fetch_max(inside, Relaxed);
        py.sleep(*THINK_TIME);
        self.inside.fetch_sub(1, Relaxed);
    }

    fn leave(&self) {
        if let Err(error) = self.places.release() {
            let mut complaints = self.complaints.lock().expect("nobody panics");
            complaints.push(error.to_string());
        }
    }
}

fn query(py: &Py, number: usize, database: &Database) {
    database.places.acquire(py);
    database.think(py);
    if number.is_multiple_of(3) {
        database.leave(); // it failed, and leaves
    }
    database.leave(); // and leaves again
}

pub fn main(py: &Py) {
    let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let places = Semaphore::bounded(*LIMIT);
    let complaints = Mutex::default();
    let database = Database { places, inside, most, complaints };
    let database = Arc::new(database);
    let own = Arc::clone(&database);
    ThreadPool::new(*QUERIES)
        .map(py, 0..*QUERIES, move |py, number| query(py, number, &own));
    let most = database.most.load(Relaxed);
    println!("{} queries, at most {most} at once", *QUERIES);
    let complaints = database.complaints.lock().expect("nobody panics");
    println!("{} complaints: {}", complaints.len(), complaints[0]);
}
