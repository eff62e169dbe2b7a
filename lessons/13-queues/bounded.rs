//! A fast producer, and a queue with little room.

use crate::model::{Py, Queue, Thread};
use crate::runtime::native::knobs;
use std::{sync::Arc, time::Instant};

knobs! {
    CONSUMERS: usize = 2;
    ORDERS: usize = 20;
    USE_TIME: f64 = 0.05; // seconds of work on an order
    MAXSIZE: usize = 2; // orders that fit; 0: any number
}

fn consume(py: &Py, orders: &Queue<Option<usize>>) {
    while orders.get(py).is_some() {
        py.sleep(*USE_TIME);
    }
}

pub fn main(py: &Py) {
    let orders = Arc::new(Queue::new(*MAXSIZE));
    let start = Instant::now();
    let consumers: Vec<_> = (0..*CONSUMERS)
        .map(|i| {
            let orders = Arc::clone(&orders);
            Thread::start(py, &format!("consumer-{i}"), move |py| consume(py, &orders))
        })
        .collect();
    for order in 0..*ORDERS {
        orders.put(py, Some(order)); // waits for room
    }
    let last_put = start.elapsed().as_secs_f64();
    for _ in &consumers {
        orders.put(py, None);
    }
    for consumer in consumers {
        consumer.join(py);
    }
    let share = 100.0 * last_put / start.elapsed().as_secs_f64();
    println!("{} orders done, the last one put after {share:.0}% of the time", *ORDERS);
}
