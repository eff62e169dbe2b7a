//! Orders in a list, and consumers that keep looking.

use crate::native::{Lock, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

knobs! {
    CONSUMERS: usize = 2;
    ORDERS: usize = 20;
    MAKE_TIME: f64 = 0.05; // seconds until an order comes
    USE_TIME: f64 = 0.05; // seconds of work on an order
}

#[derive(Default)]
struct Shop {
    lock: Lock, // guards orders and closed
    orders: AtomicUsize,
    done: AtomicUsize,
    closed: AtomicBool,
}

fn consume(py: &Py, shop: &Shop) {
    loop {
        let (order, over) = shop.lock.with(py, || {
            let some = shop.orders.load(SeqCst) > 0; // again and again
            shop.orders.fetch_sub(usize::from(some), SeqCst);
            (some, !some && shop.closed.load(SeqCst))
        });
        if over {
            return;
        }
        if order {
            py.sleep(*USE_TIME);
            shop.done.fetch_add(1, SeqCst);
        }
        py.tick(); // back edge: does another thread want the GIL?
    }
}

pub fn main(py: &Py) {
    let shop = Arc::new(Shop::default());
    let consumers: Vec<_> = (0..*CONSUMERS)
        .map(|i| {
            let shop = Arc::clone(&shop);
            Thread::start(py, &format!("consumer-{i}"), move |py| {
                consume(py, &shop);
            })
        })
        .collect();
    for _ in 0..*ORDERS {
        py.sleep(*MAKE_TIME);
        shop.lock.with(py, || shop.orders.fetch_add(1, SeqCst));
    }
    shop.lock.with(py, || shop.closed.store(true, SeqCst));
    for consumer in consumers {
        consumer.join(py);
    }
    println!("{} orders done", shop.done.load(SeqCst));
}
