//! Requests, one after the other; nobody computes meanwhile.

use crate::clock;
use crate::native::Py;
use crate::runtime::native::knobs;
use ureq::{Agent, Error};

knobs! {
    REQUESTS: usize = 100;
    THINK_TIME: f64 = 0.002; // seconds the server thinks
    URL: &'static str = "http://127.0.0.1:8000";
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
    let agent = ureq::agent();
    let mut times: Vec<f64> =
        (0..*REQUESTS).map(|_| ask(py, &agent)).collect::<Result<_, _>>()?;
    times.sort_by(f64::total_cmp);
    let (median, most) = (times[*REQUESTS / 2], times[*REQUESTS * 9 / 10]);
    println!("an answer: median {median:.1} ms, 90 % within {most:.1} ms");
    Ok(())
}
