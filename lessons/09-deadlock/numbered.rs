//! Each philosopher takes the fork with the lower number first.

use crate::native::{Lock, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;

knobs! {
    PHILOSOPHERS: usize = 5;
    MEALS: usize = 10; // of each
    PAUSE: f64 = 0.01; // seconds to reach for a fork, and to eat
}

fn dine(py: &Py, first: &Lock, second: &Lock) {
    for _ in 0..*MEALS {
        first.acquire(py);
        py.sleep(*PAUSE); // reach for the other fork
        second.acquire(py);
        py.sleep(*PAUSE); // eat
        second.release().expect("it was acquired above");
        first.release().expect("it was acquired above");
    }
}

pub fn main(py: &Py) {
    let forks: Vec<Arc<Lock>> =
        (0..*PHILOSOPHERS).map(|_| Arc::default()).collect();
    let start = |i: usize| {
        let next = (i + 1) % *PHILOSOPHERS;
        let (first, second) =
            (forks[i.min(next)].clone(), forks[i.max(next)].clone());
        Thread::start(py, &format!("philosopher-{i}"), move |py| {
            dine(py, &first, &second);
        })
    };
    let threads: Vec<_> = (0..*PHILOSOPHERS).map(start).collect();
    for thread in threads {
        thread.join(py);
    }
    println!("{} philosophers had {} meals each", *PHILOSOPHERS, *MEALS);
}
