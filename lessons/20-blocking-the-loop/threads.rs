//! Jobs that wait and compute, each in a thread; a ticker beside them.

use crate::native::{Int, Py, asyncio, commas};
use crate::runtime::native::knobs;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Instant,
};

knobs! {
    JOBS: usize = 2;
    WAIT: f64 = 0.1; // seconds that a job waits, in a call that blocks
    N: u64 = 2_000_000; // numbers that a job squares
    TICK: f64 = 0.01; // seconds from tick to tick
}

fn job(py: &Py) -> Int {
    py.sleep(*WAIT); // stands for a slow disk or a blocking library
    let mut total = Int::from(0);
    for n in 0..*N {
        let n = Int::from(n);
        total += &n * &n;
        py.tick();
    }
    total
}

async fn handle(py: &Py) -> Int {
    asyncio::to_thread(py, job).await // the loop goes on meanwhile
}

async fn ticker(lags: Rc<RefCell<Vec<f64>>>, done: Rc<Cell<bool>>) {
    while !done.get() {
        let asked = Instant::now();
        asyncio::sleep(*TICK).await;
        lags.borrow_mut()
            .push((asked.elapsed().as_secs_f64() - *TICK) * 1000.0); // ms too late
    }
}

async fn run(py: &Py) {
    let lags = Rc::new(RefCell::new(Vec::new()));
    let done = Rc::new(Cell::new(false));
    let ticks =
        asyncio::create_task(ticker(Rc::clone(&lags), Rc::clone(&done)));
    asyncio::sleep(0.0).await; // the ticker begins
    let totals = asyncio::gather((0..*JOBS).map(|_| handle(py))).await;
    done.set(true);
    ticks.await; // its last tick may be late
    let mut lags = lags.take();
    lags.sort_by(f64::total_cmp);
    let (count, max) = (lags.len(), lags.last().copied().unwrap_or_default());
    let total = commas(totals.into_iter().sum::<Int>());
    println!("{} jobs, squares add up to {total}", *JOBS);
    println!(
        "{count} ticks, lag p50 {:.1} ms, max {max:.1} ms",
        lags[count / 2]
    );
}

pub fn main(py: &Py) {
    asyncio::run(py, run(py));
}
