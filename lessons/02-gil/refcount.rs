//! A reference count as a model: what the GIL keeps whole in C.

use crate::clock::{now, seconds};
use crate::native::{Py, ThreadPool, commas};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

knobs! {
    WORKERS: usize = 2;
    SECONDS: f64 = 0.3; // how long each takes references
}

#[derive(Default)]
struct Counted {
    refs: AtomicU64, // read and stored in two steps: this is what goes wrong
}

impl Counted {
    fn take(&self, py: &Py) {
        let refs = self.refs.load(Relaxed); // read
        py.tick(); // after a call: another thread may come here
        self.refs.store(refs + 1, Relaxed); // add, store
    }
}

fn work(py: &Py, thing: &Counted) -> u64 {
    let (mut taken, end) = (0, seconds(now()) + *SECONDS);
    while seconds(now()) < end {
        for _ in 0..1000 {
            thing.take(py);
            py.tick(); // back edge: does another thread want the GIL?
        }
        taken += 1000;
    }
    taken
}

pub fn main(py: &Py) {
    let thing = Arc::new(Counted::default());
    let each = vec![Arc::clone(&thing); *WORKERS];
    let taken: u64 = ThreadPool::new(*WORKERS)
        .map(py, each, |py, thing| work(py, &thing))
        .sum();
    let refs = thing.refs.load(Relaxed);
    let [all, counted, lost] = [taken, refs, taken - refs].map(commas);
    println!("taken {all}, counted {counted}, lost {lost}");
}
