//! Tasks that pay into one account, with an await in the middle.

use crate::native::{Py, asyncio, commas};
use crate::runtime::native::knobs;
use std::cell::Cell;

knobs! {
    WORKERS: usize = 3;
    DEPOSITS: u64 = 100; // of each worker
}

async fn deposit(balance: &Cell<u64>) {
    let seen = balance.get();
    asyncio::sleep(0.001).await; // stands for a query: the other tasks go on
    balance.set(seen + 1);
}

async fn work(balance: &Cell<u64>) {
    for _ in 0..*DEPOSITS {
        deposit(balance).await;
    }
}

pub fn main(py: &Py) {
    let balance = Cell::new(0);
    asyncio::run(py, asyncio::gather((0..*WORKERS).map(|_| work(&balance))));
    let (expected, got) = (*WORKERS as u64 * *DEPOSITS, balance.get());
    let lost = expected - got;
    println!(
        "expected {}, got {}, lost {}",
        commas(expected),
        commas(got),
        commas(lost)
    );
}
