//! A sender sets an event for each letter, a reader reads them.

use crate::native::{Event, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;

knobs! {
    LETTERS: usize = 20;
    GAP: f64 = 0.0025; // seconds from one letter to the next
    PAUSE: f64 = 0.01; // seconds to read one
}

fn send(py: &Py, arrived: &Event) {
    for _ in 0..*LETTERS {
        py.sleep(*GAP);
        arrived.set(); // here is a letter
    }
}

fn read(py: &Py, arrived: &Event) -> usize {
    let mut letters = 0;
    // Until no more come.
    while arrived.wait_for(py, 0.5) {
        arrived.clear();
        py.sleep(*PAUSE);
        letters += 1;
    }
    letters
}

pub fn main(py: &Py) {
    let arrived = Arc::new(Event::default());
    let own = Arc::clone(&arrived);
    let reader = Thread::start(py, "reader", move |py| read(py, &own));
    let sender = Thread::start(py, "sender", move |py| send(py, &arrived));
    sender.join(py);
    let (sent, read) = (*LETTERS, reader.join(py));
    println!("sent {sent}, read {read}, lost {}", sent - read);
}
