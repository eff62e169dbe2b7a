//! Several windows sell the same seats: look first, then sell.

use crate::native::{Executor, Py};
use crate::runtime::native::knobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

knobs! {
    WINDOWS: usize = 4; // each sells as long as there are seats
    SEATS: u32 = 10;
    PAUSE: f64 = 0.02; // seconds between looking and selling
}

struct Hall {
    free: AtomicI64,
}

impl Hall {
    fn sell(&self, py: &Py) -> bool {
        if self.free.load(Relaxed) <= 0 {
            return false; // check
        }
        py.sleep(*PAUSE); // the customer pays
        self.free.fetch_sub(1, Relaxed); // act
        true
    }
}

fn window(py: &Py, hall: &Hall) -> i64 {
    let mut sold = 0;
    while hall.sell(py) {
        sold += 1;
    }
    sold
}

pub fn main(py: &Py) {
    let hall = Arc::new(Hall { free: AtomicI64::new(i64::from(*SEATS)) });
    let pool = Executor::new(*WINDOWS);
    let open = |_| {
        let hall = Arc::clone(&hall);
        pool.submit(py, move |py| window(py, &hall))
    };
    let windows: Vec<_> = (0..*WINDOWS).map(open).collect();
    let sold: i64 = windows.iter().map(|sold| sold.result(py)).sum();
    pool.shutdown(py);
    let over = sold - i64::from(*SEATS);
    println!("{} seats, {sold} sold: {over} too many", *SEATS);
}
