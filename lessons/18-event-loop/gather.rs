//! Workers that compute and pause, as coroutines: a task for each.

use crate::native::{Int, Py, asyncio, commas};
use crate::runtime::native::knobs;
use std::cell::RefCell;

knobs! {
    WORKERS: usize = 3;
    ROUNDS: usize = 5;
    N: u64 = 200_000; // numbers squared in a round
    PAUSE: f64 = 0.03; // seconds of pause after a round
}

async fn work(py: &Py, name: &str, turns: &RefCell<Vec<String>>) -> Int {
    let mut total = Int::from(0);
    for _ in 0..*ROUNDS {
        turns.borrow_mut().push(name.to_owned());
        for n in 0..*N {
            let n = Int::from(n);
            total += &n * &n;
            py.tick();
        }
        asyncio::sleep(*PAUSE).await; // the other tasks go on
    }
    total
}

pub fn main(py: &Py) {
    let turns = RefCell::new(Vec::new()); // one thread: it needs no lock
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let workers =
        names.iter().take(*WORKERS).map(|name| work(py, name, &turns));
    let totals = asyncio::run(py, asyncio::gather(workers));
    println!("turns: {}", turns.into_inner().join(" "));
    println!(
        "all squares add up to {}",
        commas(totals.into_iter().sum::<Int>())
    );
}
