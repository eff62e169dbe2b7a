//! The same mistake, with a semaphore that complains.

use crate::clock::{now, seconds};
use crate::native::{Py, Semaphore, ThreadPool};
use crate::runtime::native::knobs;
use std::sync::{Arc, Mutex};

knobs! {
    QUERIES: usize = 9;
    LIMIT: usize = 3; // queries that the database takes at once
    THINK_TIME: f64 = 0.1; // seconds the database needs
}

struct Database {
    places: Semaphore,
    complaints: Mutex<Vec<String>>,
}

fn leave(database: &Database) {
    if let Err(error) = database.places.release() {
        let mut complaints = database.complaints.lock().expect("nobody panics");
        complaints.push(error.to_string());
    }
}

fn query(py: &Py, number: usize, database: &Database) -> f64 {
    database.places.acquire(py);
    let start = seconds(now());
    py.sleep(*THINK_TIME);
    if number.is_multiple_of(3) {
        leave(database); // it failed, and leaves
    }
    leave(database); // and leaves again
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
    let places = Semaphore::bounded(*LIMIT);
    let complaints = Mutex::default();
    let database = Arc::new(Database { places, complaints });
    let own = Arc::clone(&database);
    let starts: Vec<f64> = ThreadPool::new(*QUERIES)
        .map(py, 0..*QUERIES, move |py, number| query(py, number, &own))
        .collect();
    let most = most_at_once(&starts);
    println!("{} queries, at most {most} at once", starts.len());
    let complaints = database.complaints.lock().expect("nobody panics");
    println!("{} complaints: {}", complaints.len(), complaints[0]);
}
