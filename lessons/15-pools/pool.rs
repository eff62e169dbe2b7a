//! The same jobs in a pool, which makes chunks of them. A rayon pool stands
//! for the processes: nothing is pickled, and they start at once.

use crate::native::{Int, ProcessPool, Py, commas};
use crate::runtime::native::knobs;
use std::ops::Range;

knobs! {
    WORKERS: u64 = 2;
    ITEMS: u64 = 20_000;
    COST: u64 = 20; // steps of a job
}

fn job(py: &Py, n: u64) -> Int {
    let (n, mut total) = (Int::from(n), Int::from(0));
    for k in 0..*COST {
        total += &n * &Int::from(k);
        py.tick(); // back edge: does another thread want the GIL?
    }
    total
}

fn chunk(py: &Py, items: Range<u64>) -> Int {
    items.map(|n| job(py, n)).sum()
}

pub fn main(py: &Py) {
    // As Pool.map does where it is not told otherwise: four chunks a worker.
    let size = ITEMS.div_ceil(4 * *WORKERS).max(1);
    let starts = (0..*ITEMS).step_by(usize::try_from(size).unwrap_or(1));
    let chunks = starts.map(|at| at..(at + size).min(*ITEMS));
    let pool = ProcessPool::new(py, usize::try_from(*WORKERS).unwrap_or(1));
    let total: Int = pool.map(py, chunks, chunk).sum();
    println!("{} jobs, total {}", commas(*ITEMS), commas(total));
}
