//! The files of the runs that are kept: `runs/LESSON.runs` in the state folder.
//!
//! - Whoever writes one holds a lock from reading it to having written it, so that two apps keep the runs of both.
//! - It is written whole or not at all. Where there is no room on the disk, what was there stays.
//! - A file that is damaged is put aside, and told; one of a newer tutor stays as it is, and nothing is kept for its lesson.
//! - All that is kept is bounded: so many runs of a lesson, so many bytes of their pictures, so many bytes in all. What is
//!   older gives way, a picture before its numbers.

use super::KeptRun;
use super::stored::{self, ON_SHELF, StoredRun, Unread};
use crate::clock::{Nanos, SECOND};
use crate::learner::atomic;
use crate::learner::lock::Lock;
use crate::learner::read::{Refused, read};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Runs of a lesson that are kept.
const RUNS: usize = 40;
/// Bytes of the pictures of a lesson's runs.
const PICTURES: usize = 1 << 20;
/// A file that is larger is not ours: the pictures, and of each run what was concluded.
const LARGEST: u64 = 4 << 20;
/// Bytes of all files together: the lesson whose runs are the oldest gives way.
const ALL: u64 = 8 << 20;
/// How long another program is waited for.
const PATIENCE: Nanos = 2 * SECOND;
/// The endings of the files.
const ENDING: &str = "runs";

/// Why runs could not be read or kept, in words for the learner. What was kept before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// It cannot be read, or is no file that one reads.
    #[error("the file of the last runs {why}: {}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What about it makes it unreadable.
        why: Refused,
    },
    /// Another version of the tutor has written it.
    #[error("another version of concur-tutor wrote {} (layout version {version}), which stays as it is", name(path))]
    Version {
        /// The file.
        path: PathBuf,
        /// The layout's version.
        version: u16,
    },
    /// It is not whole; where it is now.
    #[error("{why}, and put aside as {}", name(path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another program held the lock all the time.
    #[error("another program keeps the last runs locked: {}", path.display())]
    Busy {
        /// The lock's file.
        path: PathBuf,
    },
    /// Something could not be written.
    #[error("{error}: {}", path.display())]
    Unwritable {
        /// What.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// A file's name: what is wrong with it has to fit into a line.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Where runs are kept.
#[derive(Debug, Clone)]
pub struct Shelf {
    dir: PathBuf,
}

impl Shelf {
    /// The shelf in this state folder, which need not exist.
    #[must_use]
    pub fn in_dir(state: &Path) -> Shelf {
        Shelf { dir: state.join("runs") }
    }

    /// The runs of a lesson, oldest first.
    ///
    /// # Errors
    /// Why they cannot be read. A damaged file is put aside.
    pub fn read(&self, lesson: &str) -> Result<Vec<KeptRun>, ShelfError> {
        let runs = self.stored(lesson)?.into_iter().map(StoredRun::run).collect::<Result<_, _>>();
        runs.map_err(|why| self.put_aside(lesson, format!("their file is garbled ({why})")))
    }

    /// Keeps a run of a lesson beside the others.
    ///
    /// # Errors
    /// Why it was not kept.
    pub fn keep(&self, lesson: &str, run: &KeptRun) -> Result<(), ShelfError> {
        let run = StoredRun::of(run, &ON_SHELF);
        let _lock = self.lock()?;
        let mut runs = match self.stored(lesson) {
            Err(ShelfError::Damaged { .. }) => Vec::new(),
            there => there?,
        };
        runs.retain(|other| !other.is_like(&run));
        runs.push(run);
        bound(&mut runs);
        let path = self.path(lesson);
        let cannot = |error: io::Error| ShelfError::Unwritable { path: path.clone(), error };
        let bytes = stored::write(&runs).map_err(|error| cannot(io::Error::other(error)))?;
        atomic::write_alone(&path, &bytes).map_err(cannot)?;
        self.make_room(&path);
        Ok(())
    }

    /// Forgets the runs of a lesson, or of all.
    ///
    /// # Errors
    /// Why they are still there.
    pub fn forget(&self, lesson: Option<&str>) -> Result<(), ShelfError> {
        if !self.dir.exists() {
            return Ok(());
        }
        let _lock = self.lock()?;
        let paths = match lesson {
            Some(lesson) => vec![self.path(lesson), aside(&self.path(lesson))],
            None => self.files().into_iter().map(|(path, ..)| path).collect(),
        };
        for path in paths {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(ShelfError::Unwritable { path, error });
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn path(&self, lesson: &str) -> PathBuf {
        // A lesson's id is the name of its folder; nothing else may lead out of ours.
        let plain = |c: char| if c.is_alphanumeric() || "-_ ".contains(c) { c } else { '_' };
        self.dir.join(format!("{}.{ENDING}", lesson.chars().map(plain).collect::<String>()))
    }

    fn stored(&self, lesson: &str) -> Result<Vec<StoredRun>, ShelfError> {
        let path = self.path(lesson);
        let file = match read(&path, LARGEST) {
            Ok(Some(file)) => file,
            Ok(None) => return Ok(Vec::new()),
            Err(why) => return Err(ShelfError::Refused { path, why }),
        };
        stored::read(&file).map_err(|why| match why {
            Unread::Version(version) => ShelfError::Version { path, version },
            Unread::Damaged(why) => self.put_aside(lesson, why),
        })
    }

    /// Gives a damaged file another name: it is nobody's loss but its own.
    fn put_aside(&self, lesson: &str, why: String) -> ShelfError {
        let path = self.path(lesson);
        let to = aside(&path);
        match std::fs::rename(&path, &to) {
            Ok(()) => ShelfError::Damaged { path: to, why },
            Err(error) => ShelfError::Unwritable { path, error },
        }
    }

    fn lock(&self) -> Result<Lock, ShelfError> {
        let cannot = |error| ShelfError::Unwritable { path: self.dir.clone(), error };
        std::fs::create_dir_all(&self.dir).map_err(cannot)?;
        let path = self.dir.join("lock");
        match Lock::take(&path, PATIENCE) {
            Ok(Some(lock)) => Ok(lock),
            Ok(None) => Err(ShelfError::Busy { path }),
            Err(error) => Err(ShelfError::Unwritable { path, error }),
        }
    }

    /// Every file of runs, damaged ones too: the oldest first, with its size.
    fn files(&self) -> Vec<(PathBuf, SystemTime, u64)> {
        let entries = std::fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let one = |entry: std::fs::DirEntry| {
            let (path, data) = (entry.path(), entry.metadata().ok()?);
            let ours = data.is_file() && path.file_name()?.to_str()?.contains(".runs");
            ours.then_some((path, data.modified().unwrap_or(SystemTime::UNIX_EPOCH), data.len()))
        };
        let mut files: Vec<_> = entries.filter_map(one).collect();
        files.sort_by_key(|(_, modified, _)| *modified);
        files
    }

    /// Removes the oldest files where all together are too large, but not this one.
    fn make_room(&self, but: &Path) {
        let files = self.files();
        let mut all: u64 = files.iter().map(|(.., size)| size).sum();
        for (path, _, size) in files.iter().filter(|(path, ..)| path != but) {
            if all > ALL && std::fs::remove_file(path).is_ok() {
                all -= size;
            }
        }
    }
}

/// The name of a damaged file.
fn aside(path: &Path) -> PathBuf {
    path.with_added_extension("damaged")
}

/// Drops what is too much: old runs, and the pictures of the older ones.
fn bound(runs: &mut Vec<StoredRun>) {
    let excess = runs.len().saturating_sub(RUNS);
    runs.drain(..excess);
    let mut room = PICTURES;
    for run in runs.iter_mut().rev() {
        match room.checked_sub(run.picture()) {
            Some(rest) => room = rest,
            None => run.drop_picture(),
        }
    }
}
