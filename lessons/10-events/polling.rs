//! Workers keep asking: is the data there?

use crate::native::{Event, Int, Py, Thread, commas};
use crate::runtime::native::knobs;
use std::sync::{Arc, Mutex};

knobs! {
    WORKERS: usize = 3;
    FETCH: f64 = 0.3; // seconds until the data arrives
    N: u64 = 2_000_000; // numbers to compute it from
}

#[derive(Default)]
struct Shared {
    data: Mutex<String>,
    ready: Event,
}

fn work(py: &Py, shared: &Shared) -> String {
    while !shared.ready.is_set() {
        py.tick(); // asks again and again
    }
    shared.data.lock().expect("nobody panics").clone()
}

fn sum_of_squares(py: &Py) -> Int {
    let mut total = Int::from(0);
    for n in 0..*N {
        let n = Int::from(n); // an object, as every number in Python
        total += &n * &n;
        py.tick(); // back edge: does another thread want the GIL?
    }
    total
}

pub fn main(py: &Py) {
    let shared = Arc::new(Shared::default());
    let threads: Vec<_> = (0..*WORKERS)
        .map(|i| {
            let own = Arc::clone(&shared);
            Thread::start(py, &format!("worker-{i}"), move |py| work(py, &own))
        })
        .collect();
    py.sleep(*FETCH);
    let data = commas(sum_of_squares(py));
    *shared.data.lock().expect("nobody panics") = data;
    shared.ready.set(); // ends their loops
    let seen = threads.into_iter().map(|thread| thread.join(py));
    let seen: Vec<String> = seen.collect();
    println!("{} workers saw {}", seen.len(), seen[0]);
}
