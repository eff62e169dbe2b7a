//! One of several tasks fails, and `gather` awaits them.

use crate::native::{Py, asyncio};
use crate::runtime::native::knobs;
use std::{cell::RefCell, rc::Rc};

knobs! {
    WORKERS: usize = 3;
    ROUNDS: usize = 5;
    PAUSE: f64 = 0.03; // seconds of pause after a round
}

async fn work(
    name: &'static str,
    turns: Rc<RefCell<Vec<&str>>>,
) -> Result<(), String> {
    for number in 0..*ROUNDS {
        turns.borrow_mut().push(name);
        if name == "b" && number == 1 {
            return Err(format!("{name} has failed"));
        }
        asyncio::sleep(*PAUSE).await;
    }
    Ok(())
}

async fn run() {
    let turns = Rc::new(RefCell::new(Vec::new()));
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let workers = names.into_iter().take(*WORKERS);
    let tasks =
        workers.map(|name| asyncio::create_task(work(name, Rc::clone(&turns))));
    if let Err(error) = asyncio::gather_tasks(tasks).await {
        println!("main hears of it: {error}");
    }
    let heard = turns.borrow().len();
    println!("turns until then: {}", turns.borrow().join(" "));
    for _ in 0..*ROUNDS {
        asyncio::sleep(*PAUSE).await; // main does something else
    }
    let more = turns.borrow().len() - heard;
    println!("turns after that: {more} {}", turns.borrow()[heard..].join(" "));
}

pub fn main(py: &Py) {
    asyncio::run(py, run());
}
