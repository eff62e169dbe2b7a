//! The same requests, beside a thread that makes long calls which keep the GIL.

use crate::clock;
use crate::native::{Int, Py, Thread};
use crate::runtime::native::knobs;
use std::hint::black_box;
use ureq::{Agent, Error};

knobs! {
    REQUESTS: usize = 100;
    THINK_TIME: f64 = 0.002; // seconds the server thinks
    NUMBERS: u64 = 100_000; // to sort, in one call
    SWITCH_INTERVAL: f64 = 0.005; // seconds before a thread asks for the GIL
    URL: &'static str = "http://127.0.0.1:8000";
}

fn compute(py: &Py, numbers: &[Int]) {
    loop {
        let mut sorted: Vec<&Int> = numbers.iter().collect();
        sorted.sort(); // one call: keeps the GIL to its end
        black_box(sorted);
        py.tick(); // back edge: does another thread want the GIL?
    }
}

fn ask(py: &Py, agent: &Agent) -> Result<f64, Error> {
    let start = clock::now();
    py.allow_threads(|| {
        let url = format!("{}/?think={}", *URL, *THINK_TIME);
        agent.get(url).call()?.body_mut().read_to_string() // waits, without the GIL
    })?;
    Ok(clock::seconds(clock::now() - start) * 1e3)
}

pub fn main(py: &Py) -> Result<(), Error> {
    py.set_switch_interval(*SWITCH_INTERVAL);
    // As good as random: the multiplier spreads the numbers over all that 64 bits can hold.
    let numbers: Vec<Int> = (0..*NUMBERS)
        .map(|i| Int::from(i.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
        .collect();
    Thread::start(py, "sorter", move |py| compute(py, &numbers)); // never joined: ends with the program
    let agent = ureq::agent();
    let mut times: Vec<f64> =
        (0..*REQUESTS).map(|_| ask(py, &agent)).collect::<Result<_, _>>()?;
    times.sort_by(f64::total_cmp);
    let (median, most) = (times[*REQUESTS / 2], times[*REQUESTS * 9 / 10]);
    println!("an answer: median {median:.1} ms, 90 % within {most:.1} ms");
    Ok(())
}
