//! Each worker is a thread with an interpreter, and a GIL, of its own.

use crate::native::{Int, InterpreterPool, Py, commas};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: usize = 2;
    N: u64 = 10_000_000; // rounds of each worker
}

fn count(py: &Py, _: usize) -> u64 {
    let mut cells = [Int::from(0)]; // a list of its own
    for n in 0..*N {
        cells[0] = Int::from(n); // an object, as every number in Python
        py.tick(); // back edge: does another thread want the GIL?
    }
    *N
}

pub fn main(py: &Py) {
    let pool = InterpreterPool::new(*WORKERS);
    let rounds: u64 = pool.map(py, 0..*WORKERS, count).sum();
    let gil = if py.interpreter().gil().is_some() { "on" } else { "off" };
    println!("{} rounds, GIL {gil}", commas(rounds));
}
