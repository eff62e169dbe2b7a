//! What a pool costs before it has done anything. A rayon pool stands for the
//! processes: it starts threads, which is far cheaper.

use crate::native::{ProcessPool, Py};
use crate::runtime::native::knobs;
use std::time::Instant;

knobs! {
    WORKERS: usize = 2;
    ROUNDS: usize = 5; // pools, one after the other
    NAP: f64 = 0.0; // seconds that each job sleeps
}

fn milliseconds_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

pub fn main(py: &Py) {
    for _ in 0..*ROUNDS {
        let start = Instant::now();
        let pool = ProcessPool::new(py, *WORKERS);
        pool.map(py, 0..*WORKERS, |py, _| py.sleep(*NAP));
        let ready = milliseconds_since(start);
        let again = Instant::now();
        pool.map(py, 0..*WORKERS, |py, _| py.sleep(*NAP));
        let answer = milliseconds_since(again);
        println!(
            "first answer after {ready:.1} ms, the next after {answer:.2} ms"
        );
    }
}
