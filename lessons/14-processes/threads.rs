//! Workers that note something down in a list of all: threads.

use crate::native::{Int, Py, Thread, commas};
use crate::runtime::native::knobs;
use std::sync::{Arc, Mutex, PoisonError};

knobs! {
    WORKERS: usize = 3;
    N: u64 = 1_500_000; // numbers that each worker squares
}

type Notes = Arc<Mutex<Vec<String>>>;

fn note(notes: &Notes, text: String) -> usize {
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    notes.push(text);
    notes.len()
}

fn work(py: &Py, number: usize, notes: &Notes) {
    let mut total = Int::from(0);
    for n in 0..*N {
        let n = Int::from(n);
        total += &n * &n;
        py.tick();
    }
    let seen = note(notes, format!("worker-{number}: {}", commas(total)));
    println!("notes in worker-{number}: {seen}");
}

pub fn main(py: &Py) {
    let notes = Notes::default();
    note(&notes, "main: ready".to_owned());
    let workers: Vec<_> = (0..*WORKERS)
        .map(|number| {
            let notes = Arc::clone(&notes); // the same list
            Thread::start(py, &format!("worker-{number}"), move |py| {
                work(py, number, &notes);
            })
        })
        .collect();
    for worker in workers {
        worker.join(py);
    }
    println!(
        "notes in main: {}",
        notes.lock().unwrap_or_else(PoisonError::into_inner).len()
    );
}
