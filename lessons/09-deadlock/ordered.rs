//! The same transfers: the lower account number is locked first.

use crate::native::{Lock, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

knobs! {
    TRANSFERS: usize = 10; // by each thread
    PAUSE: f64 = 0.01; // seconds between the two locks
}

struct Account {
    number: u32,
    balance: AtomicI64,
    lock: Lock, // guards the balance
}

fn account(number: u32, balance: i64) -> Arc<Account> {
    Arc::new(Account { number, balance: balance.into(), lock: Lock::default() })
}

fn transfer(py: &Py, source: &Account, target: &Account) {
    let in_order = source.number < target.number;
    let (first, second) =
        if in_order { (source, target) } else { (target, source) };
    for _ in 0..*TRANSFERS {
        first.lock.acquire(py);
        py.sleep(*PAUSE); // look up the other account
        second.lock.with(py, || {
            source.balance.fetch_sub(5, Relaxed);
            target.balance.fetch_add(5, Relaxed);
        });
        first.lock.release().expect("it was acquired above");
    }
}

pub fn main(py: &Py) {
    let (ann, bob) = (account(1, 100), account(2, 100));
    let pairs = [("ann-to-bob", &ann, &bob), ("bob-to-ann", &bob, &ann)];
    let threads = pairs.map(|(name, source, target)| {
        let (source, target) = (source.clone(), target.clone());
        Thread::start(py, name, move |py| transfer(py, &source, &target))
    });
    for thread in threads {
        thread.join(py);
    }
    println!(
        "together {}",
        ann.balance.load(Relaxed) + bob.balance.load(Relaxed)
    );
}
