//! The same requests, while another thread computes.

use crate::clock;
use crate::native::{Int, Py, Thread};
use crate::runtime::native::knobs;
use std::hint::black_box;
use ureq::{Agent, Error};

knobs! {
    REQUESTS: usize = 100;
    THINK_TIME: f64 = 0.002; // seconds the server thinks
    NEIGHBOURS: usize = 1; // threads that compute
    SWITCH_INTERVAL: f64 = 0.005; // seconds before a thread asks for the GIL
    URL: &'static str = "http://127.0.0.1:8000";
}

fn compute(py: &Py) {
    loop {
        let mut total = Int::from(0);
        for n in 0..1000 {
            let n = Int::from(n); // an object, as every number in Python
            total += &n * &n;
            py.tick(); // back edge: does another thread want the GIL?
        }
        black_box(total);
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
    for i in 0..*NEIGHBOURS {
        Thread::start(py, &format!("neighbour-{i}"), compute); // never joined: ends with the program
    }
    let agent = ureq::agent();
    let mut times: Vec<f64> =
        (0..*REQUESTS).map(|_| ask(py, &agent)).collect::<Result<_, _>>()?;
    times.sort_by(f64::total_cmp);
    let (median, most) = (times[*REQUESTS / 2], times[*REQUESTS * 9 / 10]);
    println!("an answer: median {median:.1} ms, 90 % within {most:.1} ms");
    Ok(())
}
