//! A small shelf: the baker waits for room, too.

use crate::native::condition::NotAcquired;
use crate::native::{Condition, Lock, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

knobs! {
    ROLLS: usize = 8;
    BAKE_TIME: f64 = 0.05; // seconds for a roll
    EAT_TIME: f64 = 0.15; // seconds until the next one is wanted
    ROOM: usize = 2; // rolls that fit on the shelf
}

struct Shop {
    baked: Condition, // two things to wait for,
    taken: Condition, // and one lock, which guards rolls
    rolls: AtomicUsize,
}

fn buy(py: &Py, shop: &Shop) -> Result<(), NotAcquired> {
    for _ in 0..*ROLLS {
        shop.baked.with(py, || {
            shop.baked.wait_for(py, || shop.rolls.load(Relaxed) > 0)?; // has the loop inside
            shop.rolls.fetch_sub(1, Relaxed);
            shop.taken.notify(1)
        })?;
        py.sleep(*EAT_TIME);
    }
    Ok(())
}

pub fn main(py: &Py) -> Result<(), NotAcquired> {
    let lock = Arc::new(Lock::default());
    let (baked, taken) =
        (Condition::new(Arc::clone(&lock)), Condition::new(lock));
    let shop = Arc::new(Shop { baked, taken, rolls: AtomicUsize::new(0) });
    let customer = Thread::start(py, "customer-0", {
        let shop = Arc::clone(&shop);
        move |py| buy(py, &shop)
    });
    for _ in 0..*ROLLS {
        py.sleep(*BAKE_TIME);
        shop.taken.with(py, || {
            shop.taken.wait_for(py, || shop.rolls.load(Relaxed) < *ROOM)?;
            shop.rolls.fetch_add(1, Relaxed);
            shop.baked.notify(1)
        })?;
    }
    customer.join(py)?;
    println!("{} rolls baked, {} left", *ROLLS, shop.rolls.load(Relaxed));
    Ok(())
}
