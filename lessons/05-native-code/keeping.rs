//! Three functions that keep the GIL: first in a row, then in threads.

use crate::clock;
use crate::native::{Py, Queue, Thread};
use crate::runtime::native::knobs;
use std::{hint::black_box, sync::Arc};

knobs! {
    WORKERS: usize = 2;
    NUMBERS: u64 = 300_000;
}

type Job = fn(&Data);

/// The numbers, and the same as a text in JSON.
struct Data {
    numbers: Vec<f64>,
    text: String,
}

fn loads(data: &Data) {
    black_box(
        serde_json::from_str::<Vec<f64>>(&data.text)
            .expect("a list of numbers"),
    );
}

fn findall(data: &Data) {
    let number = |(at, _)| {
        data.text[at + 1..]
            .split(|c: char| !c.is_ascii_digit())
            .next()?
            .rsplit_once("77")
    };
    black_box(
        data.text.match_indices('.').filter_map(number).collect::<Vec<_>>(),
    );
}

fn sorted(data: &Data) {
    let mut numbers = data.numbers.clone();
    numbers.sort_by(f64::total_cmp);
    black_box(numbers);
}

/// A pool's thread: takes jobs from the queue until there are no more. None of them releases the GIL.
fn work(py: &Py, jobs: &Queue<Option<Job>>, done: &Queue<()>, data: &Data) {
    while let Some(job) = jobs.get(py) {
        job(data);
        done.put(py, ());
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "any numbers between 0 and 1 will do"
)]
pub fn main(py: &Py) {
    // As good as random: the multiplier spreads the numbers over all that 64 bits can hold.
    let spread =
        |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15) as f64 / u64::MAX as f64;
    let numbers: Vec<f64> = (0..*NUMBERS).map(spread).collect();
    let text =
        serde_json::to_string(&numbers).expect("numbers have a JSON form");
    let data = Arc::new(Data { numbers, text });
    let (calls, done) = (Arc::new(Queue::new(0)), Arc::new(Queue::new(0)));
    let start = |i| {
        let (calls, done, data) =
            (Arc::clone(&calls), Arc::clone(&done), Arc::clone(&data));
        Thread::start(py, &format!("worker_{i}"), move |py| {
            work(py, &calls, &done, &data);
        })
    };
    let workers: Vec<_> = (0..*WORKERS).map(start).collect();
    for (name, job) in [
        ("json.loads", loads as Job),
        ("re.findall", findall),
        ("sorted", sorted),
    ] {
        let start = clock::now();
        (0..*WORKERS).for_each(|_| job(&data));
        let middle = clock::now();
        (0..*WORKERS).for_each(|_| calls.put(py, Some(job)));
        (0..*WORKERS).for_each(|_| done.get(py));
        let (row, threads) = (
            clock::seconds(middle - start),
            clock::seconds(clock::now() - middle),
        );
        println!("{name} in threads: {:.2} times as fast", row / threads);
    }
    (0..*WORKERS).for_each(|_| calls.put(py, None));
    for worker in workers {
        worker.join(py);
    }
}
