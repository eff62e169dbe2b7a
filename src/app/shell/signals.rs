//! Signals become messages, so that the one loop restores the terminal and ends what runs.

use crate::app::message::Message;
use crate::app::shell::{foreground, stalled};
use crate::runner::inherited;
use std::io;
use std::sync::mpsc::Sender;

/// Starts the thread that waits for signals.
///
/// # Errors
/// If the handlers cannot be installed.
#[cfg(unix)]
pub fn listen(sender: Sender<Message>) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    let all = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT].into_iter();
    let mut signals = signal_hook::iterator::Signals::new(all.filter(|signal| !inherited::ignores(*signal)))?;
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let message = match (signal, foreground::running()) {
                // It has the terminal: it decides about keys, and is stopped and goes on together with us.
                (SIGINT | SIGQUIT | SIGCONT, Some(_)) => continue,
                (SIGTSTP, Some(_)) => {
                    stop_self();
                    continue;
                }
                (other, Some(pid)) => {
                    // SAFETY: a signal to our own child; no memory is involved.
                    unsafe { libc::kill(pid, SIGTERM) };
                    Message::Terminate(other)
                }
                (signal, None) => match signal {
                    SIGTSTP => Message::Suspend,
                    SIGCONT => Message::Continued,
                    other => Message::Terminate(other),
                },
            };
            let ends = matches!(message, Message::Terminate(_));
            if sender.send(message).is_err() {
                return;
            }
            if ends {
                stalled::end_if_stuck(signal);
            }
        }
    })?;
    Ok(())
}

/// Signals that end a program are not caught here.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn listen(_sender: Sender<Message>) -> io::Result<()> {
    Ok(())
}

/// Stops this process until somebody continues it.
pub fn stop_self() {
    #[cfg(unix)]
    if let Err(error) = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP) {
        tracing::warn!(%error, "could not stop");
    }
}
