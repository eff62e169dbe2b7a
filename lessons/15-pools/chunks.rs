//! The same jobs in a pool, in chunks of a size that you choose. A rayon pool
//! stands for the processes: nothing is pickled, and they start at once.

use crate::native::{Int, ProcessPool, Py, commas};
use crate::runtime::native::knobs;
use std::ops::Range;

knobs! {
    WORKERS: u64 = 2;
    ITEMS: u64 = 20_000;
    COST: u64 = 20; // steps of a job
    CHUNK: u64 = 1; // jobs that are sent together
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
    let starts = (0..*ITEMS).step_by(usize::try_from(*CHUNK).unwrap_or(1));
    let chunks = starts.map(|at| at..(at + *CHUNK).min(*ITEMS));
    let pool = ProcessPool::new(py, usize::try_from(*WORKERS).unwrap_or(1));
    let total: Int = pool.map(py, chunks, chunk).sum();
    println!("{} jobs, total {}", commas(*ITEMS), commas(total));
}
