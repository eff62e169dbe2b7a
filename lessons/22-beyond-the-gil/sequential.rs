//! Two workers' rounds, one after the other.

use crate::native::{Int, Py, commas};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: u64 = 2;
    N: u64 = 10_000_000; // rounds of each worker
}

fn count(py: &Py, cells: &mut [Int]) -> u64 {
    for n in 0..*N {
        cells[0] = Int::from(n); // an object, as every number in Python
        py.tick(); // back edge: does another thread want the GIL?
    }
    *N
}

pub fn main(py: &Py) {
    let rounds: u64 =
        (0..*WORKERS).map(|_| count(py, &mut [Int::from(0)])).sum();
    let gil = if py.interpreter().gil().is_some() { "on" } else { "off" };
    println!("{} rounds, GIL {gil}", commas(rounds));
}
