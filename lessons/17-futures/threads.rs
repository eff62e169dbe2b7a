//! Jobs for workers that are threads.

use crate::native::{Int, Py, ThreadPool, commas};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: usize = 2;
    JOBS: u64 = 8;
    N: u64 = 500_000; // numbers that a job squares
}

fn job(py: &Py, start: u64) -> Int {
    let mut total = Int::from(0);
    for n in start..start + *N {
        let n = Int::from(n);
        total += &n * &n;
        py.tick(); // back edge: does another thread want the GIL?
    }
    total
}

pub fn main(py: &Py) {
    let executor = ThreadPool::new(*WORKERS);
    let total: Int = executor.map(py, 0..*JOBS, job).sum();
    println!("{} jobs, total {}", *JOBS, commas(total));
}
