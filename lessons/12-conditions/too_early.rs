//! A call that comes before anybody listens.

use crate::native::condition::NotAcquired;
use crate::native::{Condition, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

knobs! {
    OPENS_AT: f64 = 0.1; // seconds until the shop calls its customers
    COMES_AT: f64 = 0.3; // seconds until the customer comes
    PATIENCE: f64 = 0.5; // seconds that the customer waits
}

#[derive(Default)]
struct Shop {
    opened: AtomicBool,
    door: Condition, // its lock guards opened
}

fn come(py: &Py, shop: &Shop) -> Result<(), NotAcquired> {
    py.sleep(*COMES_AT);
    shop.door.with(py, || {
        // Wrong: waits without a look.
        if shop.door.wait_within(py, *PATIENCE)? {
            println!("called in");
        } else {
            let opened =
                if shop.opened.load(Relaxed) { "True" } else { "False" };
            println!("no call in {:?} s, though opened is {opened}", *PATIENCE);
        }
        Ok(())
    })
}

pub fn main(py: &Py) -> Result<(), NotAcquired> {
    let shop = Arc::new(Shop::default());
    let customer = Thread::start(py, "customer-0", {
        let shop = Arc::clone(&shop);
        move |py| come(py, &shop)
    });
    py.sleep(*OPENS_AT);
    shop.door.with(py, || {
        shop.opened.store(true, Relaxed);
        shop.door.notify_all() // wakes the threads that wait now
    })?;
    customer.join(py)
}
