//! The progress file, in the XDG state directory. This is the only place that reads it and writes it.
//!
//! - Whoever writes it holds a lock from reading it to having written it, and writes what is in it with changes played
//!   on top: no program writes another's work over, see [`change`](super::change).
//! - It is written whole or not at all, see [`atomic`]. Where it is a link, the link's target is replaced.
//! - What could not be read is not written over, whatever the reason. Only a file that is understood to be damaged
//!   makes room, and is kept under another name; what a newer version has written stays, and nothing is saved.
//! - Nobody is waited for without an end, neither a pipe in the file's place nor a program that holds the lock.

use crate::clock::{Nanos, SECOND};
use crate::learner::atomic;
use crate::learner::change::Change;
use crate::learner::lock::Lock;
use crate::learner::progress::{Progress, VERSION};
use crate::learner::read::{Refused, read};
use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};

/// More than any learner types: what is larger is not ours, and nothing larger is written.
const LARGEST: u64 = 16 << 20;

/// How long another program is waited for: a save takes milliseconds, so one that holds on for longer has got stuck.
const PATIENCE: Nanos = 2 * SECOND;

/// Copies of one kind that are kept beside the file at most.
const COPIES: usize = 999;

/// Where progress is kept.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    /// How long another program that holds the lock is waited for.
    patience: Nanos,
}

/// Why progress could not be read, or not be kept. The file is as it was. In words for the learner, who may see the
/// beginning only: the path comes last.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be read, or is no file that one reads.
    #[error("your progress file {why}: {}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What about it makes it unreadable.
        why: Refused,
    },
    /// A newer version of the tutor has written it.
    #[error("a newer concur-tutor has written your progress file (layout version {version}): {}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The layout's version.
        version: u32,
    },
    /// It is no progress: cut off, say, or garbled.
    #[error("your progress file is damaged ({why}): {}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another program held the lock all the time.
    #[error("another program keeps your progress file locked: {}", path.display())]
    Busy {
        /// The lock's file.
        path: PathBuf,
    },
    /// Something could not be written: the file, its lock or a copy.
    #[error("{error}: {}", path.display())]
    Unwritable {
        /// What.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// What was loaded, and what there is to say about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The progress; empty where there was none that can be read.
    pub progress: Progress,
    /// A message for the learner.
    pub message: Option<String>,
}

/// What was forgotten.
#[derive(Debug, Clone, PartialEq)]
pub struct Forgotten {
    /// The copy that was kept; `None` where there was no file, and so nothing to forget.
    pub copy: Option<PathBuf>,
    /// What the file holds now.
    pub progress: Progress,
}

impl Store {
    /// A store in this folder, which need not exist.
    #[must_use]
    pub fn in_dir(dir: &Path) -> Store {
        Store { path: dir.join("progress.json"), patience: PATIENCE }
    }

    /// Reads the progress. A damaged file is set aside under another name; any other that cannot be read stays.
    #[must_use]
    pub fn load(&self) -> Loaded {
        let why = match self.peek() {
            Ok(progress) => return Loaded { progress, message: None },
            Err(why) => why,
        };
        let aside = match why {
            StoreError::Damaged { .. } => self.set_aside(),
            _ => Err(why),
        };
        let message = match aside {
            Ok(Some(to)) => format!("starting afresh: your progress file is damaged; it is kept as {}", to.display()),
            // Another program was faster.
            Ok(None) => return Loaded { progress: self.peek().unwrap_or_default(), message: None },
            Err(why) => format!("nothing is saved: {why}"),
        };
        Loaded { message: Some(message), ..Loaded::default() }
    }

    /// Reads the progress without touching the file, whatever it is.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn peek(&self) -> Result<Progress, StoreError> {
        // A file that is replaced whole needs no lock to be read.
        Ok(progress_in(&self.path)?.unwrap_or_default())
    }

    /// Plays these changes onto what the file holds now and writes that; returns it. Where the file is damaged or gone
    /// meanwhile, they are played onto what the program knows of it: only a reset makes a learner's progress less.
    ///
    /// # Errors
    /// Why it was not saved: none of the changes is in the file then.
    pub fn save(&self, known: &Progress, changes: &[Change]) -> Result<Progress, StoreError> {
        let file = self.lock()?;
        let there = match file.read() {
            Err(StoreError::Damaged { .. }) => file.set_aside().map(|_| None),
            there => there,
        }?;
        let mut progress = there.clone().unwrap_or_else(|| known.clone());
        for change in changes {
            change.apply(&mut progress);
        }
        progress.version = VERSION;
        if !there.unwrap_or_default().is_like(&progress) {
            file.write(&progress)?;
        }
        Ok(progress)
    }

    /// Changes what the file holds now.
    ///
    /// # Errors
    /// Why it was not changed. A damaged file stays where it is, for the app to set aside.
    pub fn update(&self, change: impl FnOnce(&mut Progress)) -> Result<Progress, StoreError> {
        let file = self.lock()?;
        let mut progress = file.read()?.unwrap_or_default();
        change(&mut progress);
        progress.version = VERSION;
        file.write(&progress)?;
        Ok(progress)
    }

    /// Forgets what the file holds of a lesson, or all of it, once a copy is kept beside it.
    ///
    /// # Errors
    /// Why nothing was forgotten.
    pub fn forget(&self, lesson: Option<&str>) -> Result<Forgotten, StoreError> {
        let file = self.lock()?;
        let Some(mut progress) = file.read()? else {
            return Ok(Forgotten { copy: None, progress: Progress::default() });
        };
        let copy = file.back_up()?;
        Change::forgot(lesson).apply(&mut progress);
        progress.version = VERSION;
        file.write(&progress)?;
        Ok(Forgotten { copy: Some(copy), progress })
    }

    /// Sets the file aside if it still is damaged; where that is now.
    fn set_aside(&self) -> Result<Option<PathBuf>, StoreError> {
        let file = self.lock()?;
        match file.read() {
            Err(StoreError::Damaged { .. }) => file.set_aside().map(Some),
            there => there.map(|_| None),
        }
    }

    /// Locks the file that is to be written: the link's target, where it is a link.
    fn lock(&self) -> Result<Locked, StoreError> {
        // What cannot be written over needs no lock, which would be a new file beside a device or in a strange place.
        if let Err(why @ (StoreError::Refused { .. } | StoreError::Newer { .. })) = self.peek() {
            return Err(why);
        }
        let path = atomic::follow(&self.path).map_err(|error| unwritable(&self.path, error))?;
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir).map_err(|error| unwritable(dir, error))?;
        }
        let beside = path.with_added_extension("lock");
        match Lock::take(&beside, self.patience) {
            Ok(Some(lock)) => Ok(Locked { path, _lock: lock }),
            Ok(None) => Err(StoreError::Busy { path: beside }),
            Err(error) => Err(unwritable(&beside, error)),
        }
    }
}

/// The file, which nobody else writes meanwhile.
struct Locked {
    path: PathBuf,
    _lock: Lock,
}

impl Locked {
    fn read(&self) -> Result<Option<Progress>, StoreError> {
        progress_in(&self.path)
    }

    /// Moves the file to a name that was free, and returns that.
    fn set_aside(&self) -> Result<PathBuf, StoreError> {
        let free = |to: &PathBuf| to.symlink_metadata().is_err();
        let to = self.names("damaged").find(free).ok_or_else(|| unwritable(&self.path, too_many()))?;
        std::fs::rename(&self.path, &to).map_err(|error| unwritable(&to, error))?;
        Ok(to)
    }

    /// Keeps a copy of the file beside it, under a name that was free.
    fn back_up(&self) -> Result<PathBuf, StoreError> {
        let refused = |why| StoreError::Refused { path: self.path.clone(), why };
        let bytes = read(&self.path, LARGEST).map_err(refused)?.unwrap_or_default();
        for copy in self.names("before-reset") {
            match atomic::write_new(&copy, &bytes) {
                Ok(()) => return Ok(copy),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    // Half a copy would be taken for one.
                    let _ = std::fs::remove_file(&copy);
                    return Err(unwritable(&copy, error));
                }
            }
        }
        Err(unwritable(&self.path, too_many()))
    }

    fn write(&self, progress: &Progress) -> Result<(), StoreError> {
        let cannot = |error: io::Error| unwritable(&self.path, error);
        let mut bytes = serde_json::to_vec_pretty(progress).map_err(|error| cannot(error.into()))?;
        bytes.push(b'\n');
        if bytes.len() as u64 > LARGEST {
            return Err(cannot(io::Error::from(io::ErrorKind::FileTooLarge)));
        }
        atomic::write_alone(&self.path, &bytes).map_err(cannot)
    }

    /// Names for copies of this kind beside the file.
    fn names(&self, kind: &'static str) -> impl Iterator<Item = PathBuf> {
        (1..=COPIES).map(move |n| self.path.with_added_extension(format!("{kind}-{n}")))
    }
}

/// The progress in a file; `None` where there is no file.
fn progress_in(path: &Path) -> Result<Option<Progress>, StoreError> {
    /// What every version of the layout begins with.
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }
    let refused = |why| StoreError::Refused { path: path.to_owned(), why };
    let damaged = |why: String| StoreError::Damaged { path: path.to_owned(), why };
    let Some(bytes) = read(path, LARGEST).map_err(refused)? else { return Ok(None) };
    let Head { version } = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    match version {
        VERSION => serde_json::from_slice(&bytes).map(Some).map_err(|error| damaged(error.to_string())),
        0 => Err(damaged("there is no layout version 0".to_owned())),
        _ => Err(StoreError::Newer { path: path.to_owned(), version }),
    }
}

fn unwritable(path: &Path, error: io::Error) -> StoreError {
    StoreError::Unwritable { path: path.to_owned(), error }
}

fn too_many() -> io::Error {
    io::Error::other(format!("there are {COPIES} copies already: remove some of them"))
}

#[cfg(test)]
mod tests;
