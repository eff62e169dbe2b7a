//! Two threads move money between two accounts.

use crate::native::{Lock, Py, Thread};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering::Relaxed};

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

static MOVED: AtomicUsize = AtomicUsize::new(0);

fn move_money(source: &Account, target: &Account) {
    source.balance.fetch_sub(5, Relaxed);
    target.balance.fetch_add(5, Relaxed);
    MOVED.fetch_add(1, Relaxed);
}

fn transfer(py: &Py, source: &Account, target: &Account) {
    for _ in 0..*TRANSFERS {
        source.lock.acquire(py);
        py.sleep(*PAUSE); // look up the other account
        target.lock.with(py, || move_money(source, target));
        source.lock.release().expect("it was acquired above");
    }
}

pub fn main(py: &Py) {
    let (ann, bob) = (account(100), account(100));
    let pairs = [("ann-to-bob", &ann, &bob), ("bob-to-ann", &bob, &ann)];
    let threads = pairs.map(|(name, source, target)| {
        let (source, target) = (source.clone(), target.clone());
        Thread::start(py, name, move |py| transfer(py, &source, &target))
    });
    for thread in threads {
        thread.join(py);
    }
    println!(
        "together {} after {} transfers",
        ann.balance.load(Relaxed) + bob.balance.load(Relaxed),
        MOVED.load(Relaxed)
    );
}
