//! The same jobs twice, in two orders.

use crate::native::{Executor, Py, as_completed};
use crate::runtime::native::knobs;
use std::time::Instant;

knobs! {
    WORKERS: usize = 2;
    JOBS: usize = 8;
    LONG: f64 = 0.6; // seconds of job 0
    SHORT: f64 = 0.05; // seconds of every other job
}

fn job(py: &Py, number: usize) -> usize {
    py.sleep(if number == 0 { *LONG } else { *SHORT });
    number
}

fn show(name: &str, mut results: impl Iterator<Item = usize>) {
    let start = Instant::now();
    let mut order: Vec<_> = results.next().into_iter().collect();
    let first = start.elapsed().as_secs_f64();
    order.extend(results);
    let order: Vec<_> = order.iter().map(usize::to_string).collect();
    println!("{name} order: {}", order.join(" "));
    println!("{name} waited {first:.2} s for the first");
}

pub fn main(py: &Py) {
    let executor = Executor::new(*WORKERS);
    let submit = |n| executor.submit(py, move |py| job(py, n));
    let futures: Vec<_> = (0..*JOBS).map(submit).collect();
    show("map", futures.iter().map(|future| future.result(py)));
    let futures: Vec<_> = (0..*JOBS).map(submit).collect();
    let done = as_completed(py, &futures);
    show("as_completed", done.map(|future| future.result(py)));
    executor.shutdown(py);
}
