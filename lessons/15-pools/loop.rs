//! A small job for every item, one after the other.

use crate::native::{Int, Py, commas};
use crate::runtime::native::knobs;

knobs! {
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

pub fn main(py: &Py) {
    let total: Int = (0..*ITEMS).map(|n| job(py, n)).sum();
    println!("{} jobs, total {}", commas(*ITEMS), commas(total));
}
