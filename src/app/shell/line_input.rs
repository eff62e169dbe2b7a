//! Lines from standard input become messages.

use crate::app::message::Message;
use crate::app::shell::input::{HANGUP, Pause};
use std::io::{self, Read};
use std::sync::mpsc::Sender;

/// Bytes of the longest line.
const LONGEST: usize = 1 << 16;

/// Starts the thread that reads standard input. It ends with the process, or when there is no more to read.
///
/// # Errors
/// If the thread cannot be started.
pub fn listen(sender: Sender<Message>, pause: Pause) -> io::Result<()> {
    let mut wait = Wait::new()?;
    std::thread::Builder::new().name("lines".into()).spawn(move || {
        let mut pending: Vec<u8> = Vec::new();
        loop {
            pause.pass();
            // Nothing is taken from the input while somebody else has it.
            if !wait.is_ready() {
                continue;
            }
            let mut bytes = [0; 4096];
            let last = match read(&mut bytes) {
                Ok(0) => Some(Message::NoMoreLines),
                Ok(count) => {
                    pending.extend_from_slice(&bytes[..count]);
                    // Whatever has no end is no line that somebody wrote.
                    pending.truncate(LONGEST.max(count));
                    None
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
                Err(error) => {
                    tracing::error!(%error, "standard input cannot be read any more");
                    Some(Message::Terminate(HANGUP))
                }
            };
            while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = pending.drain(..=end).collect();
                if sender.send(Message::Line(text(&line))).is_err() {
                    return;
                }
            }
            if let Some(last) = last {
                if !pending.is_empty() {
                    let _ = sender.send(Message::Line(text(&pending)));
                }
                let _ = sender.send(last);
                return;
            }
        }
    })?;
    Ok(())
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end_matches(['\n', '\r']).to_owned()
}

/// Reads what is there. Not through the standard library's buffer: what it read ahead would be lost to an editor.
///
/// # Errors
/// If the input cannot be read.
#[cfg(unix)]
pub fn read(bytes: &mut [u8]) -> io::Result<usize> {
    use std::os::fd::AsFd;
    nix::unistd::read(io::stdin().as_fd(), bytes).map_err(io::Error::from)
}

/// Reads what is there.
///
/// # Errors
/// If the input cannot be read.
#[cfg(not(unix))]
pub fn read(bytes: &mut [u8]) -> io::Result<usize> {
    io::stdin().lock().read(bytes)
}

/// Waits for input; a change of the terminal's size, real or not, ends the wait.
#[cfg(unix)]
struct Wait(std::os::unix::net::UnixStream);

#[cfg(unix)]
impl Wait {
    fn new() -> io::Result<Wait> {
        let (woken, wakes) = std::os::unix::net::UnixStream::pair()?;
        woken.set_nonblocking(true)?;
        signal_hook::low_level::pipe::register(signal_hook::consts::SIGWINCH, wakes)?;
        Ok(Wait(woken))
    }

    /// Waits; tells whether there is something to read, be it the end.
    fn is_ready(&mut self) -> bool {
        use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
        use std::os::fd::AsFd;
        let stdin = io::stdin();
        let mut both = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN), PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        let polled = poll(&mut both, PollTimeout::NONE);
        let ready = polled.is_ok() && both[0].any().unwrap_or(true);
        let woken = both[1].any().unwrap_or(false);
        if woken {
            while matches!(self.0.read(&mut [0; 64]), Ok(1..)) {}
        }
        // A pause that is wanted comes before what is there to read.
        ready && !woken
    }
}

#[cfg(not(unix))]
struct Wait;

#[cfg(not(unix))]
impl Wait {
    fn new() -> io::Result<Wait> {
        Ok(Wait)
    }

    fn is_ready(&mut self) -> bool {
        true
    }
}
