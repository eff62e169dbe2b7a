//! Writes progress on a thread of its own: a slow disk must not hold up a key.

use crate::app::message::Message;
use crate::learner::progress::{Progress, Store};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// The thread that writes; dropping it writes what is left.
pub struct Saver {
    sender: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// One thing to write.
enum Job {
    Save(Box<Progress>),
    BackUp(Option<String>),
}

impl Saver {
    /// Starts the thread. The first failure is told; later ones only logged.
    #[must_use]
    pub fn start(store: Store, tell: Sender<Message>) -> Saver {
        let (sender, receiver) = channel::<Job>();
        let write = move || {
            let mut told = false;
            while let Ok(first) = receiver.recv() {
                let mut newest = None;
                for job in std::iter::once(first).chain(receiver.try_iter()) {
                    match job {
                        Job::Save(progress) => newest = Some(progress),
                        Job::BackUp(lesson) => {
                            // What was to be saved before belongs into the copy.
                            write_one(&store, newest.take(), &mut told, &tell);
                            let kept = store.back_up().map_err(|error| error.to_string());
                            let _ = tell.send(Message::BackedUp(lesson, kept));
                        }
                    }
                }
                write_one(&store, newest, &mut told, &tell);
            }
        };
        let thread = std::thread::Builder::new().name("saver".into()).spawn(write).ok();
        Saver { sender: Some(sender), thread }
    }

    /// Writes this soon; a newer one may overtake it.
    pub fn save(&self, progress: &Progress) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(Job::Save(Box::new(progress.clone())));
        }
    }

    /// Keeps a copy of the file as it is after everything that was to be saved so far, and tells how that went.
    pub fn back_up(&self, lesson: Option<String>) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(Job::BackUp(lesson));
        }
    }
}

fn write_one(store: &Store, progress: Option<Box<Progress>>, told: &mut bool, tell: &Sender<Message>) {
    let Some(progress) = progress else { return };
    if let Err(error) = store.save(&progress) {
        tracing::warn!(%error, "progress was not saved");
        if !std::mem::replace(told, true) {
            let _ = tell.send(Message::NotSaved(error.to_string()));
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
