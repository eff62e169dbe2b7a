//! Two workers, one after the other: one thread does everything.

use crate::native::{Int, Py};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: usize = 2;
    ROUNDS: usize = 6;
    N: u64 = 1_000_000; // numbers squared in a round
    PAUSE: f64 = 0.03; // seconds slept after it
}

fn work(py: &Py) {
    for _ in 0..*ROUNDS {
        sum_of_squares(py, *N); // compute: this needs a core
        py.sleep(*PAUSE); // sleep: this needs nothing
    }
}

fn sum_of_squares(py: &Py, n: u64) -> Int {
    let mut total = Int::from(0);
    for n in 0..n {
        let n = Int::from(n); // an object, as every number in Python
        total += &n * &n;
        py.tick(); // back edge: does another thread want the GIL?
    }
    total
}

pub fn main(py: &Py) {
    for _ in 0..*WORKERS {
        work(py);
    }
    println!("{} workers did {} rounds each", *WORKERS, *ROUNDS);
}
