//! The lesson's server: a child of its own, started before the program and ended after it.

use super::RunError;
use super::child::Child;
use crate::runtime::Launch;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::sync::mpsc;
use std::time::Duration;

/// How long the server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running server; dropped, it ends.
pub(super) struct Server {
    pub child: Child,
    /// Its address, such as `http://127.0.0.1:43211`.
    pub url: String,
}

impl Server {
    /// Starts the server and waits until it says where it listens.
    pub(super) fn start(
        launch: &Launch,
        env: &[(OsString, OsString)],
        address: impl Fn(&str) -> Option<String>,
    ) -> Result<Server, RunError> {
        let mut child = Child::spawn_service(launch, env)?;
        let stdout = child.stdout.take().ok_or_else(|| RunError::Server("it has no output".into()))?;
        let (sender, receiver) = mpsc::channel();
        let read = move || {
            let mut line = String::new();
            let read = BufReader::new(stdout).read_line(&mut line);
            // The receiver may have given up: then nobody wants the line.
            let _ = sender.send(read.map(|_| line));
        };
        // Without a thread the sender is gone at once.
        let reader = std::thread::Builder::new().name("server".into()).spawn(read);
        let url = match receiver.recv_timeout(PATIENCE) {
            Ok(Ok(line)) => address(&line).ok_or_else(|| RunError::Server(format!("it said {:?}", line.trim()))),
            Ok(Err(e)) => Err(RunError::Server(e.to_string())),
            Err(_) => Err(RunError::Server(match reader {
                Ok(_) => format!("it did not listen within {} s", PATIENCE.as_secs()),
                Err(e) => format!("no thread to read its address: {e}; allow more processes (ulimit -u)"),
            })),
        };
        match url {
            Ok(url) => Ok(Server { child, url }),
            Err(error) => {
                child.signal(libc::SIGKILL, true);
                child.reap();
                Err(error)
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.signal(libc::SIGKILL, true);
        self.child.reap();
    }
}
