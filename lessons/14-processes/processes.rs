//! Workers that note something down in a list of their own: processes.
//! Threads with a GIL each stand for them, and a new list for the file that a process imports anew.

use crate::native::{Int, Py, Thread, commas};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: usize = 3;
    N: u64 = 1_500_000; // numbers that each worker squares
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
    let start = |number| {
        let (interpreter, name) =
            (py.new_interpreter(), format!("worker-{number}"));
        Thread::start_in(py, &interpreter, &name, move |py| work(py, number))
    };
    let workers: Vec<_> = (0..*WORKERS).map(start).collect();
    for worker in workers {
        worker.join(py);
    }
    println!("notes in main: {}", notes.len());
}
