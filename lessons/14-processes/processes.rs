//! Workers that note something down in a list of their own: processes.
//! A rayon pool stands for them, and a new list for the file that a process imports anew.

use crate::model::{Int, ProcessPool, Py, commas};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: usize = 3;
    N: u64 = 500_000; // numbers that each worker squares
}

fn work(py: &Py, number: usize) {
    let mut notes = Vec::new(); // not the list of main
    let mut total = Int::from(0);
    for n in 0..*N {
        let n = Int::from(n);
        total += &n * &n;
        py.tick();
    }
    notes.push(format!("worker-{number}: {}", commas(total)));
    println!("notes in worker-{number}: {}", notes.len());
}

pub fn main(py: &Py) {
    let notes = ["main: ready"];
    ProcessPool::new(py, *WORKERS).map(py, 0..*WORKERS, work).for_each(drop);
    println!("notes in main: {}", notes.len());
}
