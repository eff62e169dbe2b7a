//! HTTP requests, WORKERS at once, as tokio tasks in one thread.

use crate::native::{Py, asyncio};
use crate::runtime::native::knobs;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

knobs! {
    WORKERS: usize = 5;
    REQUESTS: usize = 20;
    THINK_TIME: f64 = 0.05; // seconds the server takes for an answer
    URL: &'static str = "http://127.0.0.1:8000";
}

async fn fetch(limit: &asyncio::Semaphore) -> io::Result<bool> {
    let server = URL.trim_start_matches("http://");
    let _turn = limit.acquire().await;
    let mut stream = asyncio::open_connection(server).await?;
    let request = format!(
        "GET /?think={} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n",
        *THINK_TIME
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?; // the other tasks go on meanwhile
    Ok(answer.split(' ').nth(1) == Some("200"))
}

async fn requests() -> io::Result<()> {
    let limit = asyncio::Semaphore::new(*WORKERS); // like the size of a pool
    let tasks = (0..*REQUESTS).map(|_| fetch(&limit));
    let answers: Vec<bool> =
        asyncio::gather(tasks).await.into_iter().collect::<Result<_, _>>()?;
    let ok = answers.into_iter().filter(|ok| *ok).count();
    println!("{} requests, {ok} answered 200 OK", *REQUESTS);
    Ok(())
}

pub fn main(py: &Py) -> io::Result<()> {
    asyncio::run(py, requests())
}
