//! A thread that beats at intervals, and can be stopped at once.

use crate::clock::{now, seconds};
use crate::native::{Event, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;

knobs! {
    SECONDS: f64 = 1.1; // how long it may beat
    INTERVAL: f64 = 0.2; // seconds from one beat to the next
}

fn beat(py: &Py, stop: &Event) -> usize {
    let mut beats = 0;
    while !stop.wait_for(py, *INTERVAL) {
        beats += 1; // false: time is up
    }
    beats
}

pub fn main(py: &Py) {
    let stop = Arc::new(Event::default());
    let own = Arc::clone(&stop);
    let heart = Thread::start(py, "heart", move |py| beat(py, &own));
    py.sleep(*SECONDS); // the program does something else
    let asked = seconds(now());
    stop.set();
    let beats = heart.join(py);
    let took = (seconds(now()) - asked) * 1000.0;
    println!("beats {beats}, ended {took:.1} ms after the stop");
}
