//! Workers that compute and pause, as coroutines: one after the other.

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
        asyncio::sleep(*PAUSE).await; // nothing else is there to run
    }
    total
}

pub fn main(py: &Py) {
    let turns = RefCell::new(Vec::new());
    let total = asyncio::run(py, async {
        let mut totals = Vec::new();
        for name in
            ["a", "b", "c", "d", "e", "f", "g", "h"].iter().take(*WORKERS)
        {
            totals.push(work(py, name, &turns).await);
        }
        totals.into_iter().sum::<Int>()
    });
    println!("turns: {}", turns.into_inner().join(" "));
    println!("all squares add up to {}", commas(total));
}
