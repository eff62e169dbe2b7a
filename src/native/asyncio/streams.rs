//! Connections of the loop, and the semaphore that limits their number.

use super::steps::awaits;
use super::waiting;
use crate::eventlog::writer::TaskAwaits;
use std::future::Future;
use std::io;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// `asyncio.Semaphore`: so many may go on at the same time.
#[derive(Debug)]
pub struct Semaphore(tokio::sync::Semaphore);

impl Semaphore {
    /// One that lets so many go on.
    #[must_use]
    pub const fn new(value: usize) -> Self {
        Self(tokio::sync::Semaphore::const_new(value))
    }

    /// `async with semaphore`: what it gives is released when it goes out of scope.
    ///
    /// # Panics
    /// Never: nobody closes it.
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = tokio::sync::SemaphorePermit<'_>> {
        let from = Location::caller();
        async move {
            let turn = waiting(("Semaphore.acquire", from, TaskAwaits::Future), self.0.acquire()).await;
            turn.expect("nobody closes it")
        }
    }
}

/// A connection, to read from and to write to.
#[derive(Debug)]
pub struct Stream(TcpStream);

/// `asyncio.open_connection`, to `host:port`.
///
/// # Errors
/// Where nobody listens there.
#[track_caller]
pub fn open_connection(address: &str) -> impl Future<Output = io::Result<Stream>> {
    let from = Location::caller();
    async move {
        let connects = waiting(("open_connection", from, TaskAwaits::Future), TcpStream::connect(address));
        Ok(Stream(connects.await?))
    }
}

/// Says what is awaited where it has not come.
fn told<T>(called: &'static str, result: Poll<T>) -> Poll<T> {
    if result.is_pending() {
        awaits(Some(called), None, TaskAwaits::Future);
    }
    result
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        told("StreamReader.read", Pin::new(&mut self.0).poll_read(context, to))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        told("StreamWriter.drain", Pin::new(&mut self.0).poll_write(context, bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        told("StreamWriter.drain", Pin::new(&mut self.0).poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        told("StreamWriter.wait_closed", Pin::new(&mut self.0).poll_shutdown(context))
    }
}
