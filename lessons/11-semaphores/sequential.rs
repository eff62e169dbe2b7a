//! Queries to a database, one after the other.

use crate::native::Py;
use crate::runtime::native::knobs;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

knobs! {
    QUERIES: usize = 9;
    THINK_TIME: f64 = 0.1; // seconds the database needs
}

#[derive(Default)]
struct Database {
    inside: AtomicUsize,
    most: AtomicUsize,
}

fn query(py: &Py, database: &Database) {
    let inside = database.inside.fetch_add(1, Relaxed) + 1;
    database.most.fetch_max(inside, Relaxed);
    py.sleep(*THINK_TIME);
    database.inside.fetch_sub(1, Relaxed);
}

pub fn main(py: &Py) {
    let database = Database::default();
    for _ in 0..*QUERIES {
        query(py, &database);
    }
    let most = database.most.load(Relaxed);
    println!("{} queries, at most {most} at once", *QUERIES);
}
