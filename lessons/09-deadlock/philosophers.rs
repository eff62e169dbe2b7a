//! Each philosopher takes the left fork, then the right one, and eats.

use crate::native::{Lock, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;

knobs! {
    PHILOSOPHERS: usize = 5;
    MEALS: usize = 10; // of each
    PAUSE: f64 = 0.01; // seconds to reach for a fork, and to eat
}

fn dine(py: &Py, left: &Lock, right: &Lock) {
    for _ in 0..*MEALS {
        left.acquire(py);
        py.sleep(*PAUSE); // reach for the other fork
        right.acquire(py);
        py.sleep(*PAUSE); // eat
        right.release().expect("it was acquired above");
        left.release().expect("it was acquired above");
    }
}

pub fn main(py: &Py) {
    let forks: Vec<Arc<Lock>> =
        (0..*PHILOSOPHERS).map(|_| Arc::default()).collect();
    let start = |i: usize| {
        let (left, right) =
            (forks[i].clone(), forks[(i + 1) % *PHILOSOPHERS].clone());
        Thread::start(py, &format!("philosopher-{i}"), move |py| {
            dine(py, &left, &right);
        })
    };
    let threads: Vec<_> = (0..*PHILOSOPHERS).map(start).collect();
    for thread in threads {
        thread.join(py);
    }
    println!("{} philosophers had {} meals each", *PHILOSOPHERS, *MEALS);
}
