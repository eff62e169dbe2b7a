//! The same journal with an `RLock`, which its owner may take again.

use crate::native::{Py, RLock, ThreadPool};
use crate::runtime::native::knobs;
use std::sync::{Arc, Mutex};

knobs! {
    WORKERS: usize = 2;
    BLOCKS: usize = 8; // blocks to write, in all
    LINES: usize = 3; // lines in a block
    PAUSE: f64 = 0.01; // seconds to write a line
}

#[derive(Default)]
struct Journal {
    lock: RLock,
    lines: Mutex<Vec<usize>>, // only with the lock; Rust wants its own, too
}

impl Journal {
    fn add(&self, py: &Py, line: usize) {
        self.lock.with(py, || {
            py.sleep(*PAUSE);
            self.lines.lock().expect("nobody panics").push(line);
        });
    }

    fn add_block(&self, py: &Py, line: usize) {
        // The lines of a block stay together.
        self.lock.with(py, || {
            for _ in 0..*LINES {
                self.add(py, line); // takes the lock again
            }
        });
    }
}

pub fn main(py: &Py) {
    let journal = Arc::new(Journal::default());
    let own = Arc::clone(&journal);
    ThreadPool::new(*WORKERS)
        .map(py, 0..*BLOCKS, move |py, line| own.add_block(py, line));
    let lines = journal.lines.lock().expect("nobody panics");
    let breaks = lines.chunk_by(|a, b| a == b).count() - *BLOCKS;
    println!("RLock: {} lines, {breaks} breaks in blocks", lines.len());
}
