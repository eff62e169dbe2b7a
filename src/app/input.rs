//! Keys, mouse and resizes become messages.

use crate::app::message::Message;
use crossterm::event::{self, Event};
use std::io;
use std::sync::mpsc::Sender;

/// Starts the thread that reads the terminal. It ends with the process, or when the terminal goes away.
///
/// # Errors
/// If the thread cannot be started.
pub fn listen(sender: Sender<Message>) -> io::Result<()> {
    std::thread::Builder::new().name("input".into()).spawn(move || {
        loop {
            let message = match event::read() {
                Ok(Event::Key(key)) => Message::Key(key),
                Ok(Event::Mouse(mouse)) => Message::Mouse(mouse),
                Ok(Event::Resize(columns, rows)) => Message::Resize(columns, rows),
                Ok(_) => continue,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    tracing::error!(%error, "the terminal cannot be read any more");
                    Message::InputEnded
                }
            };
            let last = matches!(message, Message::InputEnded);
            if sender.send(message).is_err() || last {
                return;
            }
        }
    })?;
    Ok(())
}
