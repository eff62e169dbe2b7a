//! Start all threads, then wait for each of them.

use crate::clock;
use crate::native::{Py, Thread};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: u32 = 3;
    STEP: f64 = 0.1; // seconds; worker 0 needs the most steps
}

fn work(py: &Py, name: &str, steps: u32) {
    py.sleep(*STEP * f64::from(steps)); // stands for any wait
    println!("{name} is done");
}

pub fn main(py: &Py) {
    let start = clock::now();
    let names: Vec<String> =
        (0..*WORKERS).map(|i| format!("worker-{i}")).collect();
    let steps = (1..=*WORKERS).rev();
    let threads: Vec<_> = (names.clone().into_iter().zip(steps))
        .map(|(name, steps)| {
            Thread::start(py, &name.clone(), move |py| work(py, &name, steps))
        })
        .collect();
    for (name, thread) in names.iter().zip(threads) {
        thread.join(py); // at once for those that have ended
        println!("{name} is joined");
    }
    println!("all joined after {:.2} s", clock::seconds(clock::now() - start));
}
