//! Jobs that wait for other jobs.

use crate::native::{Executor, Py};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: usize = 2;
    ORDERS: u64 = 4;
    PAUSE: f64 = 0.05; // seconds of each step
}

fn price(py: &Py, order: u64) -> u64 {
    py.sleep(*PAUSE);
    10 * (order + 1)
}

fn invoice(py: &Py, executor: &Executor, order: u64) -> u64 {
    py.sleep(*PAUSE); // look up the customer
    let future = executor.submit(py, move |py| price(py, order));
    future.result(py) // this worker waits
}

pub fn main(py: &Py) {
    let executor = Executor::new(*WORKERS);
    let submit = |order| {
        let own = executor.clone();
        executor.submit(py, move |py| invoice(py, &own, order))
    };
    let futures: Vec<_> = (0..*ORDERS).map(submit).collect();
    let total: u64 = futures.iter().map(|future| future.result(py)).sum();
    executor.shutdown(py);
    println!("{} orders, together {total}", *ORDERS);
}
