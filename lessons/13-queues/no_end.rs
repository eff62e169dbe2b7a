//! Consumers that nobody tells to stop.

use crate::native::{Py, Queue, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

knobs! {
    CONSUMERS: usize = 2;
    ORDERS: usize = 20;
    MAKE_TIME: f64 = 0.05; // seconds until an order comes
    USE_TIME: f64 = 0.05; // seconds of work on an order
}

fn consume(py: &Py, orders: &Queue<usize>, done: &AtomicUsize) {
    loop {
        orders.get(py);
        py.sleep(*USE_TIME);
        done.fetch_add(1, Relaxed);
    }
}

pub fn main(py: &Py) {
    let (orders, done) =
        (Arc::new(Queue::new(0)), Arc::new(AtomicUsize::new(0)));
    let consumers: Vec<_> = (0..*CONSUMERS)
        .map(|i| {
            let (orders, done) = (Arc::clone(&orders), Arc::clone(&done));
            Thread::start(py, &format!("consumer-{i}"), move |py| {
                consume(py, &orders, &done);
            })
        })
        .collect();
    for order in 0..*ORDERS {
        py.sleep(*MAKE_TIME);
        orders.put(py, order);
    }
    for consumer in consumers {
        consumer.join(py);
    }
    println!("{} orders done", done.load(Relaxed));
}
