//! Many HTTP requests: all at once, as tokio tasks in one thread.

use crate::native::{Py, asyncio, commas};
use crate::runtime::native::knobs;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

knobs! {
    REQUESTS: usize = 1000;
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

async fn fetch() -> io::Result<bool> {
    let server = URL.trim_start_matches("http://");
    let mut stream = asyncio::open_connection(server).await?;
    let request = format!(
        "GET /?think={} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n",
        *THINK_TIME
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?; // the other tasks go on
    Ok(answer.split(' ').nth(1) == Some("200"))
}

pub fn main(py: &Py) -> io::Result<()> {
    allow_open_files(*REQUESTS as u64 + 50)?; // each connection is an open file
    let answers =
        asyncio::run(py, asyncio::gather((0..*REQUESTS).map(|_| fetch())));
    let answers: Vec<bool> = answers.into_iter().collect::<io::Result<_>>()?;
    let ok = answers.into_iter().filter(|ok| *ok).count();
    println!("{} requests, {} answered 200 OK", commas(*REQUESTS), commas(ok));
    Ok(())
}
