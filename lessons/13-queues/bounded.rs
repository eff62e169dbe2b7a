//! A fast producer, and a queue with little room.

use crate::native::{Py, Queue, Thread};
use crate::runtime::native::knobs;
use std::{iter, sync::Arc, time::Instant};

knobs! {
    CONSUMERS: usize = 2;
    ORDERS: usize = 20;
    USE_TIME: f64 = 0.05; // seconds of work on an order
    MAXSIZE: usize = 2; // orders that fit; 0: any number
}

type Orders = Queue<Option<usize>>;

fn produce(
    py: &Py,
    orders: &Orders,
    items: impl Iterator<Item = Option<usize>>,
) {
    for item in items {
        orders.put(py, item); // waits for room
    }
}

fn consume(py: &Py, orders: &Orders) {
    while orders.get(py).is_some() {
        py.sleep(*USE_TIME);
    }
}

pub fn main(py: &Py) {
    let orders = Arc::new(Queue::new(*MAXSIZE));
    let start = Instant::now();
    let own = Arc::clone(&orders);
    let producer = Thread::start(py, "producer", move |py| {
        produce(py, &own, (0..*ORDERS).map(Some));
    });
    let consumers: Vec<_> = (0..*CONSUMERS)
        .map(|i| {
            let orders = Arc::clone(&orders);
            Thread::start(py, &format!("consumer-{i}"), move |py| {
                consume(py, &orders);
            })
        })
        .collect();
    producer.join(py);
    let last_put = start.elapsed().as_secs_f64();
    produce(py, &orders, iter::repeat_n(None, *CONSUMERS)); // one each
    for consumer in consumers {
        consumer.join(py);
    }
    let share = 100.0 * last_put / start.elapsed().as_secs_f64();
    println!(
        "{} orders done, the last one put after {share:.0}% of the time",
        *ORDERS
    );
}
