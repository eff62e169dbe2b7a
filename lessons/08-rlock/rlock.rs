//! The same journal with an `RLock`, which its owner may take again.

use crate::native::{Executor, Py, RLock};
use crate::runtime::native::knobs;
use std::sync::{Arc, Mutex};

knobs! {
    WORKERS: usize = 2;
    BLOCKS: usize = 8; // blocks to write, and as many notes
    LINES: usize = 3; // lines in a block
    PAUSE: f64 = 0.01; // seconds to write a line
}

#[derive(Default)]
struct Journal {
    lock: RLock,
    lines: Mutex<Vec<Option<usize>>>, // only with the lock; Rust wants its own, too
}

impl Journal {
    fn add(&self, py: &Py, line: Option<usize>) {
        self.lock.with(py, || {
            py.sleep(*PAUSE);
            self.lines.lock().expect("nobody panics").push(line);
        });
    }

    fn add_block(&self, py: &Py, line: usize) {
        // The lines of a block stay together.
        self.lock.with(py, || {
            for _ in 0..*LINES {
                self.add(py, Some(line)); // takes the lock again
            }
        });
    }
}

pub fn main(py: &Py) {
    let journal = Arc::new(Journal::default());
    let pool = Executor::new(*WORKERS);
    let write = |line| {
        let own = Arc::clone(&journal);
        pool.submit(py, move |py| own.add_block(py, line))
    };
    let blocks: Vec<_> = (0..*BLOCKS).map(write).collect();
    for _ in 0..*BLOCKS {
        py.sleep(*PAUSE);
        journal.add(py, None); // a line of its own, now and then
    }
    for block in &blocks {
        block.result(py);
    }
    pool.shutdown(py);
    let lines = journal.lines.lock().expect("nobody panics");
    let runs = lines.chunk_by(|a, b| a == b);
    let breaks = runs.filter(|run| run[0].is_some()).count() - *BLOCKS;
    println!("RLock: {} lines, {breaks} breaks in blocks", lines.len());
}
