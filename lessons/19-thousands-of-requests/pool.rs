//! Many HTTP requests: WORKERS at once, in a pool of threads.

use crate::native::{Py, ThreadPool, commas};
use crate::runtime::native::knobs;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::io::{self, Read, Write};
use std::net::TcpStream;

knobs! {
    REQUESTS: usize = 1000;
    WORKERS: usize = 200;
    THINK_TIME: f64 = 0.5; // seconds the server thinks
    URL: &'static str = "http://127.0.0.1:8000";
}

fn allow_open_files(needed: u64) -> io::Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if hard < needed {
        let message =
            format!("{needed} open files needed, only {hard} allowed");
        return Err(io::Error::other(message));
    }
    Ok(setrlimit(Resource::RLIMIT_NOFILE, soft.max(needed), hard)?)
}

fn fetch(py: &Py, _request: usize) -> io::Result<bool> {
    let server = URL.trim_start_matches("http://");
    let request = format!(
        "GET /?think={} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n",
        *THINK_TIME
    );
    let mut answer = String::new();
    py.allow_threads(|| {
        let mut stream = TcpStream::connect(server)?; // waits, without the GIL
        stream.write_all(request.as_bytes())?;
        stream.read_to_string(&mut answer)
    })?;
    Ok(answer.split(' ').nth(1) == Some("200"))
}

pub fn main(py: &Py) -> io::Result<()> {
    allow_open_files(*WORKERS as u64 + 50)?; // each connection is an open file
    let pool = ThreadPool::new(*WORKERS);
    let answers = pool.map(py, 0..*REQUESTS, fetch);
    let answers: Vec<bool> = answers.collect::<io::Result<_>>()?;
    let ok = answers.into_iter().filter(|ok| *ok).count();
    println!("{} requests, {} answered 200 OK", commas(*REQUESTS), commas(ok));
    Ok(())
}
