//! The same transfers: a thread that waited too long tries again.

use crate::native::{Lock, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

knobs! {
    TRANSFERS: usize = 10; // by each thread
    PAUSE: f64 = 0.01; // seconds between the two locks
}

struct Account {
    balance: AtomicI64,
    lock: Lock, // guards the balance
}

fn account(balance: i64) -> Arc<Account> {
    Arc::new(Account { balance: balance.into(), lock: Lock::default() })
}

fn transfer(
    py: &Py,
    source: &Account,
    target: &Account,
    patience: f64,
) -> usize {
    let (mut left, mut tries) = (*TRANSFERS, 0);
    while left > 0 {
        source.lock.acquire(py);
        py.sleep(*PAUSE); // look up the other account
        if target.lock.acquire_timeout(py, patience) {
            source.balance.fetch_sub(5, Relaxed);
            target.balance.fetch_add(5, Relaxed);
            left -= 1;
            target.lock.release().expect("it was acquired above");
        }
        source.lock.release().expect("it was acquired above");
        tries += 1;
        py.sleep(patience); // both locks are free: a turn for the other
    }
    tries
}

pub fn main(py: &Py) {
    let (ann, bob) = (account(100), account(100));
    let pairs = [("hasty", &ann, &bob, 0.002), ("calm", &bob, &ann, 0.02)];
    let threads = pairs.map(|(name, source, target, patience)| {
        let (source, target) = (source.clone(), target.clone());
        Thread::start(py, name, move |py| {
            transfer(py, &source, &target, patience)
        })
    });
    let tries: usize = threads.map(|thread| thread.join(py)).iter().sum();
    let together = ann.balance.load(Relaxed) + bob.balance.load(Relaxed);
    println!("together {together}, {tries} tries");
}
