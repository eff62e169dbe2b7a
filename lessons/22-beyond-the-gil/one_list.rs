//! Each worker is a thread, and all write into one list.

use crate::native::{Int, Py, ThreadPool, commas};
use crate::runtime::native::knobs;
use std::hint::{black_box, spin_loop};
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU64};

knobs! {
    WORKERS: usize = 2;
    N: u64 = 10_000_000; // rounds of each worker
}

#[derive(Default)]
struct List {
    locked: AtomicBool,
    cell: AtomicU64,
}

impl List {
    fn store(&self, n: u64, gil: bool) {
        black_box(Int::from(n)); // an object, as every number in Python
        // Under a GIL nobody else is here; without one the list is locked.
        while !gil && self.locked.swap(true, Acquire) {
            spin_loop();
        }
        self.cell.store(n, Relaxed);
        self.locked.store(false, Release);
    }
}

fn count(py: &Py, cells: &List) -> u64 {
    let gil = py.interpreter().gil().is_some();
    for n in 0..*N {
        cells.store(n, gil);
        py.tick(); // back edge: does another thread want the GIL?
    }
    *N
}

pub fn main(py: &Py) {
    let shared = Arc::new(List::default());
    let each = vec![shared; *WORKERS];
    let rounds: u64 = ThreadPool::new(*WORKERS)
        .map(py, each, |py, cells| count(py, &cells))
        .sum();
    let gil = if py.interpreter().gil().is_some() { "on" } else { "off" };
    println!("{} rounds, GIL {gil}", commas(rounds));
}
