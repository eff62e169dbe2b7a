//! Keys, mouse and resizes become messages.

use crate::app::message::Message;
use crossterm::event::{self, Event};
use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What ends a program whose terminal has gone away: `SIGHUP`, told or not.
pub const HANGUP: i32 = 1;

/// Stops the reading of the terminal while somebody else has it, such as the learner's editor.
#[derive(Debug, Clone, Default)]
pub struct Pause(Arc<(Mutex<State>, Condvar)>);

#[derive(Debug, Default)]
struct State {
    /// Whether the reading shall stand still.
    wanted: bool,
    /// Whether it does. Before the first message there is no thread, and so nothing to wait for.
    still: bool,
    reading: bool,
}

impl Pause {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something while nobody else reads the terminal.
    pub fn during<T>(&self, action: impl FnOnce() -> T) -> T {
        self.state().wanted = true;
        // A read that waits for a key is woken by a change of the terminal's size, real or not.
        let _ = signal_hook::low_level::raise(signal_hook::consts::SIGWINCH);
        let standing = |state: &mut State| state.reading && !state.still;
        let wait = Duration::from_secs(1);
        drop(self.0.1.wait_timeout_while(self.state(), wait, standing));
        let result = action();
        self.state().wanted = false;
        self.0.1.notify_all();
        result
    }

    /// Called between two reads: stands still as long as that is wanted.
    pub fn pass(&self) {
        let mut state = self.state();
        state.reading = true;
        while state.wanted {
            if !std::mem::replace(&mut state.still, true) {
                self.0.1.notify_all();
            }
            state = self.0.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.still = false;
    }
}

/// Says when the terminal has gone away. Its end is told by SIGHUP to the terminal's own session only, and whoever reads a
/// terminal that is gone, as crossterm does, reads nothing again and again.
#[cfg(unix)]
fn watch_for_hangup(sender: Sender<Message>) -> io::Result<()> {
    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd;
    std::thread::Builder::new().name("hangup".into()).spawn(move || {
        let stdin = io::stdin();
        // Nothing is asked for: what is told all the same is that it hung up.
        let mut terminal = [PollFd::new(stdin.as_fd(), PollFlags::empty())];
        while matches!(poll(&mut terminal, PollTimeout::NONE), Err(Errno::EINTR)) {}
        let _ = sender.send(Message::Terminate(HANGUP));
    })?;
    Ok(())
}

/// A console that goes away ends its programs.
#[cfg(not(unix))]
fn watch_for_hangup(_sender: Sender<Message>) -> io::Result<()> {
    Ok(())
}

/// Starts the threads that read the terminal. They end with the process, or when the terminal goes away.
///
/// # Errors
/// If a thread cannot be started.
pub fn listen(sender: Sender<Message>, pause: Pause) -> io::Result<()> {
    watch_for_hangup(sender.clone())?;
    std::thread::Builder::new().name("input".into()).spawn(move || {
        loop {
            pause.pass();
            let message = match event::read() {
                Ok(Event::Key(key)) => Message::Key(key),
                Ok(Event::Paste(text)) => Message::Paste(text),
                Ok(Event::Mouse(mouse)) => Message::Mouse(mouse),
                Ok(Event::Resize(columns, rows)) => Message::Resize(columns, rows),
                Ok(_) => continue,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    tracing::error!(%error, "the terminal cannot be read any more");
                    Message::Terminate(HANGUP)
                }
            };
            let last = matches!(message, Message::Terminate(_));
            if sender.send(message).is_err() || last {
                return;
            }
        }
    })?;
    Ok(())
}
