//! Queries to a database, one after the other.

use crate::clock::{now, seconds};
use crate::native::Py;
use crate::runtime::native::knobs;

knobs! {
    QUERIES: usize = 9;
    THINK_TIME: f64 = 0.1; // seconds the database needs
}

fn query(py: &Py) -> f64 {
    let start = seconds(now());
    py.sleep(*THINK_TIME);
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
    let starts: Vec<f64> = (0..*QUERIES).map(|_| query(py)).collect();
    let most = most_at_once(&starts);
    println!("{} queries, at most {most} at once", starts.len());
}
