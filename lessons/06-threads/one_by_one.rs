//! Start a thread, wait for it, start the next one.

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
    for i in 0..*WORKERS {
        let name = format!("worker-{i}");
        let thread = Thread::start(py, &name.clone(), move |py| {
            work(py, &name, *WORKERS - i);
        });
        thread.join(py); // waits here for this one
    }
    println!("all joined after {:.2} s", clock::seconds(clock::now() - start));
}
