//! Sum of squares, each share in a thread.

use crate::native::{Int, Py, ThreadPool, commas};
use crate::runtime::native::knobs;
use std::{iter::StepBy, ops::Range};

knobs! {
    WORKERS: usize = 2;
    N: u64 = 10_000_000;
    SWITCH_INTERVAL: f64 = 0.005; // seconds before a thread asks for the GIL
}

fn sum_of_squares(py: &Py, numbers: StepBy<Range<u64>>) -> Int {
    let mut total = Int::from(0);
    for n in numbers {
        let n = Int::from(n); // an object, as every number in Python
        total += &n * &n;
        py.tick(); // back edge: does another thread want the GIL?
    }
    total
}

pub fn main(py: &Py) {
    py.set_switch_interval(*SWITCH_INTERVAL);
    // Share i is every WORKERS-th number from i on, so all shares cost the same.
    let shares = (0..*WORKERS as u64).map(|i| (i..*N).step_by(*WORKERS));
    let pool = ThreadPool::new(*WORKERS);
    let total: Int = pool.map(py, shares, sum_of_squares).sum();
    println!("squares below {} add up to {}", commas(*N), commas(total));
}
