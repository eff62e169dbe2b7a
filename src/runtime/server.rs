//! The lesson's HTTP server: a child process of its own, on the loopback interface only.
//!
//! It answers `GET /?think=SECONDS` after that many seconds, which stand for a database or another service at work. One
//! thread serves thousands of connections: it is itself an example of what the lesson teaches. It ends when its standard
//! input is closed, so it never outlives the tutor, whatever happens to the tutor.

use crate::runtime::Launch;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::cell::Cell;
use std::convert::Infallible;
use std::ffi::OsString;
use std::future::Future;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};

/// The hidden subcommand that runs the server.
pub const SUBCOMMAND: &str = "__server";
/// The longest time to think, in seconds.
pub const MAX_THINK: f64 = 10.0;
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4096;
/// Open files that serve the lesson with the most requests at once.
const ENOUGH: u64 = 10_240;
/// What its first line of output begins with.
const GREETING: &str = "listening on ";
/// The path of what it has served so far: for the runner, when the program has ended.
const SERVED: &str = "/served";
/// How long the runner waits for that.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the server has done for a program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Served {
    /// Requests that it has answered with 200.
    pub answered: u32,
    /// The most requests that were open at one instant: come, and not answered yet.
    pub most_at_once: u32,
}

thread_local! {
    /// What this thread, which is the server's only one, has served, and the requests that are open now.
    static SO_FAR: Cell<(Served, u32)> = const { Cell::new((Served { answered: 0, most_at_once: 0 }, 0)) };
}

/// A request that is open until this is dropped, whether it is answered or its client hangs up.
struct Open;

impl Open {
    fn new() -> Open {
        let (mut served, open) = SO_FAR.get();
        served.most_at_once = served.most_at_once.max(open + 1);
        SO_FAR.set((served, open + 1));
        Open
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let (served, open) = SO_FAR.get();
        SO_FAR.set((served, open.saturating_sub(1)));
    }
}

/// Asks a server what it has served so far; `None` where it does not say. `url` is its address.
#[must_use]
pub fn served(url: &str) -> Option<Served> {
    let address: SocketAddr = url.strip_prefix("http://")?.parse().ok()?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET {SERVED} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    serde_json::from_str(text.split_once("\r\n\r\n")?.1).ok()
}

/// The process that serves. The runner keeps its standard input open for as long as it shall live, and reads its first
/// line of output with [`parse_address`].
///
/// # Errors
/// Where the system does not tell which executable this is.
pub fn launch() -> io::Result<Launch> {
    Ok(Launch { program: std::env::current_exe()?, args: vec![OsString::from(SUBCOMMAND)], ..Launch::default() })
}

/// The address, such as `http://127.0.0.1:41234`, in the server's first line of output.
#[must_use]
pub fn parse_address(line: &str) -> Option<&str> {
    let address = line.trim_end().strip_prefix(GREETING)?;
    address.strip_prefix("http://")?.parse::<SocketAddr>().ok()?;
    Some(address)
}

/// Serves until standard input is closed: the hidden subcommand's whole work.
#[must_use]
pub fn main() -> ExitCode {
    match serve_until_stdin_closes() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the loopback server failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_until_stdin_closes() -> io::Result<()> {
    allow_many_connections();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = listen()?;
        let mut stdout = io::stdout();
        writeln!(stdout, "{GREETING}http://{}", listener.local_addr()?)?;
        stdout.flush()?;
        tokio::select! {
            closed = stdin_closed() => closed,
            never = serve(listener) => match never {},
        }
    })
}

/// Listens on a free port.
fn listen() -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    socket.listen(BACKLOG)
}

/// Accepts connections for ever, each a task of its own.
async fn serve(listener: TcpListener) -> Infallible {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Small answers at once: a delay of the network's own would be taken for thinking.
                let _ = stream.set_nodelay(true);
                let connection = hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .serve_connection(TokioIo::new(stream), hyper::service::service_fn(answer));
                // A client that hangs up is no fault of the server.
                tokio::spawn(async { drop(connection.await) });
            }
            // No descriptor is left until a connection ends: wait for one, and do not spin.
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

/// Thinks, then answers.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let respond = |status, text: String| {
        let mut response = Response::new(Full::new(Bytes::from(text)));
        *response.status_mut() = status;
        Ok(response)
    };
    if request.method() == Method::GET && request.uri().path() == SERVED {
        return respond(StatusCode::OK, serde_json::to_string(&SO_FAR.get().0).unwrap_or_default());
    }
    if request.method() != Method::GET || request.uri().path() != "/" {
        return respond(StatusCode::NOT_FOUND, "ask for GET /?think=SECONDS\n".to_owned());
    }
    match think_time(request.uri().query()) {
        Ok(think) => {
            let open = Open::new();
            if !think.is_zero() {
                tokio::time::sleep(think).await;
            }
            drop(open);
            let (mut served, others) = SO_FAR.get();
            served.answered += 1;
            SO_FAR.set((served, others));
            respond(StatusCode::OK, format!("thought for {} s\n", think.as_secs_f64()))
        }
        Err(reason) => respond(StatusCode::BAD_REQUEST, reason),
    }
}

/// The time to think that a query asks for; none where it does not say.
fn think_time(query: Option<&str>) -> Result<Duration, String> {
    let mut parameters = query.unwrap_or_default().split('&');
    let Some(text) = parameters.find_map(|parameter| parameter.strip_prefix("think=")) else {
        return Ok(Duration::ZERO);
    };
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=MAX_THINK).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err(format!("think must be a number of seconds from 0 to {MAX_THINK}, not {text:?}\n")),
    }
}

/// Returns when standard input has come to its end. On the event loop, so that the server stays a single thread.
#[cfg(unix)]
fn stdin_closed() -> impl Future<Output = io::Result<()>> {
    use std::os::fd::AsFd;
    use tokio::io::AsyncReadExt;
    use tokio::net::unix::pipe::Receiver;

    async {
        // A file, a terminal or /dev/null does not close when the tutor ends, which is what is watched for.
        let mut stdin = Receiver::from_owned_fd(io::stdin().as_fd().try_clone_to_owned()?)
            .map_err(|_| io::Error::other("its standard input must be a pipe that stays open"))?;
        // Whatever is written to the server is of no interest.
        while stdin.read(&mut [0; 256]).await? > 0 {}
        Ok(())
    }
}

/// Returns when standard input has come to its end.
#[cfg(not(unix))]
fn stdin_closed() -> impl Future<Output = io::Result<()>> {
    let (closed, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || closed.send(io::copy(&mut io::stdin(), &mut io::sink()).map(drop)));
    async { told.await.unwrap_or(Ok(())) }
}

/// Raises the limit of open files as far as it goes without privilege.
fn allow_many_connections() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        if let Ok((soft, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
            // macOS allows "unlimited" in words and refuses it: then enough for the largest lesson. Where that is refused,
            // too, the limit stays as it was, and who finds no place waits for one.
            let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most)
                .or_else(|_| setrlimit(Resource::RLIMIT_NOFILE, soft.max(ENOUGH.min(most)), most));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_its_own_greeting_only() {
        assert_eq!(parse_address("listening on http://127.0.0.1:8000\n"), Some("http://127.0.0.1:8000"));
        for line in ["", "listening on ", "listening on http://", "listening on http://a b", "http://127.0.0.1:8000"] {
            assert_eq!(parse_address(line), None, "{line}");
        }
    }

    #[test]
    fn think_time_is_bounded_and_optional() {
        assert_eq!(think_time(None), Ok(Duration::ZERO));
        assert_eq!(think_time(Some("a=1&think=0.25")), Ok(Duration::from_millis(250)));
        for bad in ["think=", "think=-1", "think=11", "think=NaN", "think=inf", "think=1s"] {
            assert!(think_time(Some(bad)).is_err(), "{bad}");
        }
    }
}
