//! Woken, and they look again.

use crate::native::condition::NotAcquired;
use crate::native::{Condition, Py, Thread, commas};
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
    baked: Condition, // its lock guards both
    rolls: AtomicUsize,
    in_vain: AtomicUsize,
}

fn buy(py: &Py, shop: &Shop) -> Result<(), NotAcquired> {
    for _ in 0..*EACH {
        shop.baked.with(py, || {
            while shop.rolls.load(Relaxed) == 0 {
                shop.in_vain.fetch_add(1, Relaxed);
                shop.baked.wait(py)?; // right: looks before and after
            }
            shop.rolls.fetch_sub(1, Relaxed);
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
    let in_vain = commas(shop.in_vain.load(Relaxed));
    println!(
        "{} rolls baked, {} left, {in_vain} looks in vain",
        *CUSTOMERS * *EACH,
        shop.rolls.load(Relaxed)
    );
    Ok(())
}
