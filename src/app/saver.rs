//! Writes progress on a thread of its own: a slow disk must not hold up a key.

use crate::app::message::Message;
use crate::app::progress::{Progress, Store};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// The thread that writes; dropping it writes what is left.
pub struct Saver {
    sender: Option<Sender<Progress>>,
    thread: Option<JoinHandle<()>>,
}

impl Saver {
    /// Starts the thread. The first failure is told; later ones only logged.
    #[must_use]
    pub fn start(store: Store, tell: Sender<Message>) -> Saver {
        let (sender, receiver) = channel::<Progress>();
        let write = move || {
            let mut told = false;
            while let Ok(mut progress) = receiver.recv() {
                while let Ok(newer) = receiver.try_recv() {
                    progress = newer;
                }
                if let Err(error) = store.save(&progress) {
                    tracing::warn!(%error, "progress was not saved");
                    if !std::mem::replace(&mut told, true) {
                        let _ = tell.send(Message::NotSaved(error.to_string()));
                    }
                }
            }
        };
        let thread = std::thread::Builder::new().name("saver".into()).spawn(write).ok();
        Saver { sender: Some(sender), thread }
    }

    /// Writes this soon; a newer one may overtake it.
    pub fn save(&self, progress: &Progress) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(progress.clone());
        }
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
