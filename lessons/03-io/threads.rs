//! HTTP requests, WORKERS at once, each in a thread.

use crate::native::{Py, ThreadPool};
use crate::runtime::native::knobs;

knobs! {
    WORKERS: usize = 5;
    REQUESTS: usize = 20;
    THINK_TIME: f64 = 0.05; // seconds the server takes for an answer
    URL: &'static str = "http://127.0.0.1:8000";
}

fn fetch(py: &Py, _request: usize) -> Result<u16, ureq::Error> {
    let url = format!("{}/?think={}", *URL, *THINK_TIME);
    py.allow_threads(|| {
        let mut response = ureq::get(url).call()?; // waits, without the GIL
        response.body_mut().read_to_string()?;
        Ok(response.status().as_u16())
    })
}

pub fn main(py: &Py) -> Result<(), ureq::Error> {
    let pool = ThreadPool::new(*WORKERS);
    let statuses = pool.map(py, 0..*REQUESTS, fetch);
    let statuses: Vec<u16> = statuses.collect::<Result<_, _>>()?;
    let ok = statuses.iter().filter(|status| **status == 200).count();
    println!("{} requests, {ok} answered 200 OK", *REQUESTS);
    Ok(())
}
