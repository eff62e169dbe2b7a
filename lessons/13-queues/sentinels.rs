//! Orders in a queue: a consumer that finds it empty sleeps.

use crate::native::{Py, Queue, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;

knobs! {
    CONSUMERS: usize = 2;
    ORDERS: usize = 20;
    MAKE_TIME: f64 = 0.05; // seconds until an order comes
    USE_TIME: f64 = 0.05; // seconds of work on an order
}

fn consume(py: &Py, orders: &Queue<Option<usize>>) -> usize {
    let mut done = 0;
    while orders.get(py).is_some() {
        py.sleep(*USE_TIME);
        done += 1;
    }
    done
}

pub fn main(py: &Py) {
    let orders = Arc::new(Queue::new(0));
    let consumers: Vec<_> = (0..*CONSUMERS)
        .map(|i| {
            let orders = Arc::clone(&orders);
            Thread::start(py, &format!("consumer-{i}"), move |py| {
                consume(py, &orders)
            })
        })
        .collect();
    for order in 0..*ORDERS {
        py.sleep(*MAKE_TIME);
        orders.put(py, Some(order));
    }
    for _ in &consumers {
        orders.put(py, None); // no more orders: one each
    }
    let done: usize =
        consumers.into_iter().map(|consumer| consumer.join(py)).sum();
    println!("{done} orders done");
}
