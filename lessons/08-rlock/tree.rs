//! A tree grows and is added up, by two threads, under one lock.

use crate::native::{Py, RLock, ThreadPool};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

knobs! {
    DEPTH: usize = 4; // levels of the tree
    ROUNDS: usize = 2; // how often it grows, and is added up
    PAUSE: f64 = 0.01; // seconds that a node takes
}

struct Node {
    lock: Arc<RLock>, // one for the whole tree
    size: AtomicU64,  // only with the lock
    below: Vec<Node>,
}

impl Node {
    fn new(lock: &Arc<RLock>, depth: usize) -> Self {
        let nodes = if depth > 1 { 2 } else { 0 };
        let below = (0..nodes).map(|_| Self::new(lock, depth - 1)).collect();
        Self { lock: Arc::clone(lock), size: AtomicU64::new(1), below }
    }

    fn grow(&self, py: &Py) {
        // Once more at each level.
        self.lock.with(py, || {
            py.sleep(*PAUSE);
            self.size.store(self.size.load(Relaxed) + 1, Relaxed);
            self.below.iter().for_each(|node| node.grow(py));
        });
    }

    fn total(&self, py: &Py) -> u64 {
        self.lock.with(py, || {
            py.sleep(*PAUSE);
            let below: u64 = self.below.iter().map(|n| n.total(py)).sum();
            self.size.load(Relaxed) + below
        })
    }
}

pub fn main(py: &Py) {
    let tree = Node::new(&Arc::default(), *DEPTH);
    let work = (0..2 * *ROUNDS).map(|i| i % 2 == 0);
    let done = ThreadPool::new(2).map(py, work, move |py, grow| {
        if grow {
            tree.grow(py);
            return None;
        }
        Some(tree.total(py))
    });
    let nodes = (1 << *DEPTH) - 1;
    let halves = done.flatten().filter(|total| total % nodes > 0).count();
    println!("{} sums, {halves} of a half-grown tree", *ROUNDS);
}
