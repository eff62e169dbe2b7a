//! Two of these jobs fail. Who hears?

use crate::native::{Executor, Py};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: usize = 2;
    PAUSE: f64 = 0.05; // seconds until a reading is there
}

const READINGS: [&str; 6] = ["12", "7", "n/a", "30", "", "5"];

fn parse(py: &Py, text: &str) -> Result<i64, String> {
    py.sleep(*PAUSE);
    let wrong = |_| format!("invalid literal for int() with base 10: '{text}'");
    text.parse().map_err(wrong)
}

pub fn main(py: &Py) {
    let executor = Executor::new(*WORKERS);
    let futures =
        READINGS.map(|text| executor.submit(py, move |py| parse(py, text)));
    executor.shutdown(py);
    println!("all jobs are done, and main has heard of no error");

    let failed = futures.iter().filter(|future| future.result(py).is_err());
    println!("asked: {} of {} failed", failed.count(), futures.len());
    match futures.iter().map(|future| future.result(py)).sum::<Result<i64, _>>()
    {
        Ok(sum) => println!("sum {sum}"),
        Err(error) => println!("raised by result(): {error}"),
    }
}
