//! Reads and writes progress on a thread of its own: a slow disk must not hold up a key.
//!
//! What is to be written is in a [`Ledger`], which the loop and the thread share: the thread writes what is noted there,
//! and the loop takes from it what other programs have written.

use crate::app::message::Message;
use crate::learner::ledger::Ledger;
use crate::learner::progress::Progress;
use crate::learner::runs::{KeptRun, Shelf};
use crate::learner::store::{Loaded, Store, StoreError};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// The thread that writes; dropping it writes what is left.
pub struct Saver {
    ledger: Arc<Mutex<Ledger>>,
    sender: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// One thing to do.
enum Job {
    Save,
    Forget(Option<String>),
    Keep(String, Box<KeptRun>),
}

impl Saver {
    /// Starts the thread, which reads the file first and tells what is in it.
    #[must_use]
    pub fn start(store: Store, shelf: Shelf, tell: &Sender<Message>) -> Saver {
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let (sender, jobs) = channel();
        let (ledger_of, tell_to) = (Arc::clone(&ledger), tell.clone());
        let writer = Writer { store, shelf, ledger: ledger_of, tell: tell_to, told: None, told_of_run: None };
        let thread = std::thread::Builder::new().name("saver".into()).spawn(move || writer.work(&jobs));
        if let Err(error) = &thread {
            let _ = tell.send(Message::NotSaved(error.to_string()));
        }
        Saver { ledger, sender: Some(sender), thread: thread.ok() }
    }

    /// Writes soon what is new in this.
    pub fn save(&self, progress: &Progress) {
        lock(&self.ledger).note(progress);
        self.send(Job::Save);
    }

    /// Forgets the progress of this lesson, or all, once everything that was to be saved so far is in a copy of the
    /// file, and tells how that went.
    pub fn forget(&self, lesson: Option<String>) {
        self.send(Job::Forget(lesson));
    }

    /// Keeps a run for the next time.
    pub fn keep(&self, lesson: String, run: Box<KeptRun>) {
        self.send(Job::Keep(lesson, run));
    }

    /// The app's progress, where this is what it was, with what other programs have done.
    #[must_use]
    pub fn catch_up(&self, progress: &Progress) -> Progress {
        lock(&self.ledger).catch_up(progress)
    }

    fn send(&self, job: Job) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(job);
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

/// What the thread has.
struct Writer {
    store: Store,
    shelf: Shelf,
    ledger: Arc<Mutex<Ledger>>,
    tell: Sender<Message>,
    /// Why nothing can be saved, as the learner was told it.
    told: Option<String>,
    /// Why no run can be kept, as the learner was told it.
    told_of_run: Option<String>,
}

impl Writer {
    fn work(mut self, jobs: &Receiver<Job>) {
        let Loaded { progress, message } = self.store.load();
        *lock(&self.ledger) = Ledger::of(progress.clone());
        // What is told now need not be told again when it keeps the first save from succeeding.
        self.told = self.store.peek().err().map(|why| why.to_string());
        let _ = self.tell.send(Message::Progress(Loaded { progress, message }));
        while let Ok(first) = jobs.recv() {
            let mut unsaved = false;
            for job in std::iter::once(first).chain(jobs.try_iter()) {
                match job {
                    Job::Save => unsaved = true,
                    Job::Keep(lesson, run) => self.keep(&lesson, &run),
                    Job::Forget(lesson) => {
                        unsaved = false;
                        self.forget(lesson);
                    }
                }
            }
            if unsaved {
                self.save_or_tell();
            }
        }
        // What stood in the way of an earlier save may be gone now that the app is left.
        if !lock(&self.ledger).unsaved().is_empty() {
            self.save_or_tell();
        }
    }

    /// Tells a reason once, as long as it stays the same.
    fn save_or_tell(&mut self) {
        let Err(error) = self.save() else { return };
        let why = error.to_string();
        tracing::warn!(%why, "progress was not saved");
        if self.told.replace(why.clone()).as_ref() != Some(&why) {
            let _ = self.tell.send(Message::NotSaved(why));
        }
    }

    /// Writes what is noted. What could not be written stays noted, and is tried again with the next save.
    fn save(&mut self) -> Result<(), StoreError> {
        let (known, changes) = {
            let ledger = lock(&self.ledger);
            (ledger.file().clone(), ledger.unsaved().to_vec())
        };
        let file = self.store.save(&known, &changes)?;
        self.told = None;
        self.saved(changes.len(), file);
        Ok(())
    }

    /// What was done before it is forgotten, too: saved afterwards, it would come back.
    fn forget(&mut self, lesson: Option<String>) {
        let kept = self.save().and_then(|()| self.store.forget(lesson.as_deref()));
        if kept.is_ok()
            && let Err(why) = self.shelf.forget(lesson.as_deref())
        {
            let _ = self.tell.send(Message::NotKept(format!("the last runs are still there: {why}")));
        }
        let kept = kept.map(|forgotten| {
            self.saved(0, forgotten.progress);
            forgotten.copy
        });
        let _ = self.tell.send(Message::Forgotten(lesson, kept.map_err(|error| error.to_string())));
    }

    /// Tells a reason once, as long as it stays the same: the run is on the screen all the same.
    fn keep(&mut self, lesson: &str, run: &KeptRun) {
        match self.shelf.keep(lesson, run) {
            Ok(()) => self.told_of_run = None,
            Err(error) => {
                let why = error.to_string();
                tracing::warn!(%why, "a run was not kept");
                if self.told_of_run.replace(why.clone()).as_ref() != Some(&why) {
                    let text = format!("this run is not kept for the next time: {why}; everything else works");
                    let _ = self.tell.send(Message::NotKept(text));
                }
            }
        }
    }

    fn saved(&self, written: usize, file: Progress) {
        if lock(&self.ledger).saved(written, file) {
            let _ = self.tell.send(Message::Saved);
        }
    }
}

/// The ledger is whole after every step: one who panicked has left nothing undone in it.
fn lock(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}
