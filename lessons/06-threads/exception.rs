//! One of three threads fails. Who is told?

use crate::native::{Py, Thread};
use crate::runtime::native::knobs;
use std::num::ParseIntError;
use std::sync::{Arc, Mutex, PoisonError};

knobs! {
    STEP: f64 = 0.1; // seconds
    TEXTS: usize = 3; // of these below, from the first
}

const LIMITS: [&str; 3] = ["20", "ten", "5"]; // one of them is no number

type Results = Arc<Mutex<Vec<(&'static str, u64)>>>;

fn work(
    py: &Py,
    results: &Results,
    text: &'static str,
    steps: u32,
) -> Result<(), ParseIntError> {
    py.sleep(*STEP * f64::from(steps));
    let sum = (0..text.parse()?).sum(); // an error?
    results.lock().unwrap_or_else(PoisonError::into_inner).push((text, sum));
    Ok(())
}

pub fn main(py: &Py) {
    let results = Results::default();
    let threads: Vec<_> = (1..)
        .zip(LIMITS.into_iter().take(*TEXTS))
        .map(|(steps, text)| {
            let (name, results) =
                (format!("worker-{}", steps - 1), Arc::clone(&results));
            Thread::start(py, &name.clone(), move |py| {
                // As `threading.excepthook` does: it tells standard error, and nobody else.
                if let Err(error) = work(py, &results, text, steps) {
                    eprintln!("Exception in thread {name}:\n{error}: {text:?}");
                }
            })
        })
        .collect();
    for (i, thread) in threads.into_iter().enumerate() {
        thread.join(py); // of a failed thread, too
        println!("worker-{i}: alive False");
    }
    let results = results.lock().unwrap_or_else(PoisonError::into_inner);
    let all: Vec<String> =
        results.iter().map(|(text, sum)| format!("'{text}': {sum}")).collect();
    println!("results: {} of {}, {{{}}}", all.len(), *TEXTS, all.join(", "));
}
