//! Orders in a list, and consumers who look for them.

use crate::model::{Lock, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

knobs! {
    CONSUMERS: usize = 2;
    ORDERS: usize = 20;
    MAKE_TIME: f64 = 0.05; // seconds until an order comes
    USE_TIME: f64 = 0.05; // seconds of work on an order
}

#[derive(Default)]
struct Shop {
    lock: Lock, // guards orders
    orders: AtomicUsize,
    done: AtomicUsize,
    closed: AtomicBool,
}

fn consume(py: &Py, shop: &Shop) {
    while shop.orders.load(Relaxed) > 0 || !shop.closed.load(Relaxed) {
        let order = shop.lock.with(py, || {
            let some = shop.orders.load(Relaxed) > 0;
            shop.orders.fetch_sub(usize::from(some), Relaxed);
            some
        });
        if order {
            py.sleep(*USE_TIME);
            shop.done.fetch_add(1, Relaxed);
        }
        py.tick(); // back edge: does another thread want the GIL?
    }
}

pub fn main(py: &Py) {
    let shop = Arc::new(Shop::default());
    let consumers: Vec<_> = (0..*CONSUMERS)
        .map(|i| {
            let shop = Arc::clone(&shop);
            Thread::start(py, &format!("consumer-{i}"), move |py| consume(py, &shop))
        })
        .collect();
    for _ in 0..*ORDERS {
        py.sleep(*MAKE_TIME);
        shop.lock.with(py, || shop.orders.fetch_add(1, Relaxed));
    }
    shop.closed.store(true, Relaxed);
    for consumer in consumers {
        consumer.join(py);
    }
    println!("{} orders done", shop.done.load(Relaxed));
}
