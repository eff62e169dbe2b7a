//! Woken, but they do not look again.

use crate::native::condition::NotAcquired;
use crate::native::{Condition, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

knobs! {
    CUSTOMERS: usize = 3;
    EACH: usize = 4; // rolls each one wants
    BAKE_TIME: f64 = 0.05; // seconds for a roll
    WAKE: usize = 3; // woken for each roll
}

#[derive(Default)]
struct Shop {
    baked: Condition, // its lock guards rolls
    rolls: AtomicUsize,
}

fn buy(py: &Py, shop: &Shop) -> Result<(), NotAcquired> {
    for _ in 0..*EACH {
        shop.baked.with(py, || {
            if shop.rolls.load(Relaxed) == 0 {
                shop.baked.wait(py)?; // wrong: looks only before the wait
            }
            if shop.rolls.load(Relaxed) > 0 {
                shop.rolls.fetch_sub(1, Relaxed);
            } // else: home without one
            Ok(())
        })?;
    }
    Ok(())
}

pub fn main(py: &Py) -> Result<(), NotAcquired> {
    let shop = Arc::new(Shop::default());
    let customers: Vec<_> = (0..*CUSTOMERS)
        .map(|i| {
            let shop = Arc::clone(&shop);
            Thread::start(py, &format!("customer-{i}"), move |py| {
                buy(py, &shop)
            })
        })
        .collect();
    for _ in 0..*CUSTOMERS * *EACH {
        py.sleep(*BAKE_TIME);
        shop.baked.with(py, || {
            shop.rolls.fetch_add(1, Relaxed);
            shop.baked.notify(*WAKE)
        })?;
    }
    for customer in customers {
        customer.join(py)?;
    }
    println!(
        "{} rolls baked, {} left",
        *CUSTOMERS * *EACH,
        shop.rolls.load(Relaxed)
    );
    Ok(())
}
