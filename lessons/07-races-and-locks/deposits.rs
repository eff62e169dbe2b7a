//! Several cash desks pay into one account, and money gets lost.

use crate::native::{Py, ThreadPool};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

knobs! {
    DESKS: usize = 4; // cash desks
    ROUNDS: usize = 10; // payments at each
    PAUSE: f64 = 0.02; // seconds to print a receipt
}

#[derive(Default)]
struct Account {
    balance: AtomicUsize,
}

impl Account {
    fn pay_in(&self, py: &Py, amount: usize) {
        let balance = self.balance.load(Relaxed);
        py.sleep(*PAUSE); // the receipt is printed
        self.balance.store(balance + amount, Relaxed);
    }
}

fn desk(py: &Py, account: &Account) {
    for _ in 0..*ROUNDS {
        account.pay_in(py, 1);
    }
}

pub fn main(py: &Py) {
    let account = Arc::new(Account::default());
    let each = vec![Arc::clone(&account); *DESKS];
    ThreadPool::new(*DESKS).map(py, each, |py, account| desk(py, &account));
    let (expected, got) = (*DESKS * *ROUNDS, account.balance.load(Relaxed));
    println!("expected {expected}, got {got}, lost {}", expected - got);
}
