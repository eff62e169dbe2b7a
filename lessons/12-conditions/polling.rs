//! Customers that look again and again.

use crate::native::{Lock, Py, Thread, commas};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

knobs! {
    CUSTOMERS: usize = 3;
    EACH: usize = 4; // rolls each one wants
    BAKE_TIME: f64 = 0.05; // seconds for a roll
}

#[derive(Default)]
struct Shop {
    lock: Lock, // guards both
    rolls: AtomicUsize,
    in_vain: AtomicUsize,
}

fn buy(py: &Py, shop: &Shop) {
    let mut bought = 0;
    while bought < *EACH {
        shop.lock.with(py, || {
            if shop.rolls.load(Relaxed) > 0 {
                shop.rolls.fetch_sub(1, Relaxed);
                bought += 1;
            } else {
                shop.in_vain.fetch_add(1, Relaxed); // nothing there: look again
            }
        });
        py.tick(); // back edge: does another thread want the GIL?
    }
}

pub fn main(py: &Py) {
    let shop = Arc::new(Shop::default());
    let customers: Vec<_> = (0..*CUSTOMERS)
        .map(|i| {
            let shop = Arc::clone(&shop);
            Thread::start(py, &format!("customer-{i}"), move |py| {
                buy(py, &shop);
            })
        })
        .collect();
    for _ in 0..*CUSTOMERS * *EACH {
        py.sleep(*BAKE_TIME);
        shop.lock.with(py, || shop.rolls.fetch_add(1, Relaxed));
    }
    for customer in customers {
        customer.join(py);
    }
    let in_vain = commas(shop.in_vain.load(Relaxed));
    println!(
        "{} rolls baked, {} left, {in_vain} looks in vain",
        *CUSTOMERS * *EACH,
        shop.rolls.load(Relaxed)
    );
}
