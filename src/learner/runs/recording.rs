//! A run in a file of its own, whole: to be opened another day, or elsewhere. Beside what was measured it has the program's
//! text, and the machine that it ran on.

use super::KeptRun;
use super::sealed::{Broken, Magic, seal, unseal};
use super::stored::{Bounds, StoredRun};
use crate::learner::read::{Refused, read};
use crate::runner::Machine;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What the file begins with.
const MAGIC: Magic = *b"ct-rec.\n";
/// The version of the layout.
const VERSION: u16 = 1;
/// A file that is larger is not ours.
const LARGEST: u64 = 256 << 20;

/// What a run's trace is bounded by already is the bound here: nothing of that is thinned.
const WHOLE: Bounds =
    Bounds { items: None, picture: 192 << 20, tasks: 32 << 20, locks: 16 << 20, written: 16 << 20, notes: 64 << 10 };

/// A recorded run.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The tutor that recorded it.
    pub by: String,
    /// The machine that it ran on.
    pub machine: Machine,
    /// The program's text as it ran; `None` where that was not at hand.
    pub text: Option<String>,
    /// The run.
    pub run: KeptRun,
}

/// Why a recording cannot be opened, in words for the learner.
#[derive(Debug, thiserror::Error)]
pub enum Unopened {
    /// There is no such file.
    #[error("there is no such file: {}", .0.display())]
    Missing(PathBuf),
    /// It is no file that one reads.
    #[error("{} {why}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What about it makes it unreadable.
        why: Refused,
    },
    /// It is something else.
    #[error("{} is no recording of concur-tutor: `run` and `watch` make one with --format recording --out FILE", .0.display())]
    Foreign(PathBuf),
    /// Another tutor has made it.
    #[error("{} has layout version {version}; this concur-tutor reads version {VERSION}: open it with the one that recorded it", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The layout's version.
        version: u16,
    },
    /// It is not what was written.
    #[error("{} cannot be opened: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// The body of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    by: String,
    machine: Machine,
    text: Option<String>,
    run: StoredRun,
}

impl Recording {
    /// The file of this recording.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let stored = Stored {
            by: self.by.clone(),
            machine: self.machine,
            text: self.text.clone(),
            run: StoredRun::of(&self.run, &WHOLE),
        };
        let body = rmp_serde::to_vec_named(&stored).expect("all of it are numbers, texts and bytes");
        seal(MAGIC, VERSION, &body)
    }

    /// Reads a recording.
    ///
    /// # Errors
    /// [`Unopened`], in words for the learner.
    pub fn open(path: &Path) -> Result<Recording, Unopened> {
        let to = || path.to_owned();
        let file = read(path, LARGEST).map_err(|why| Unopened::Refused { path: to(), why })?;
        let file = file.ok_or_else(|| Unopened::Missing(to()))?;
        let damaged = |why: &str| Unopened::Damaged { path: to(), why: why.to_owned() };
        let body = unseal(MAGIC, VERSION..=VERSION, &file).map_err(|broken| match broken {
            Broken::Foreign => Unopened::Foreign(to()),
            Broken::CutOff => damaged("it is cut off"),
            Broken::Changed => damaged("it is cut off, or was changed after it was written"),
            Broken::Version(version) => Unopened::Version { path: to(), version },
        })?;
        let stored: Stored =
            rmp_serde::from_slice(body).map_err(|error| damaged(&format!("it is garbled ({error})")))?;
        let run = stored.run.run().map_err(|why| damaged(&format!("it is garbled ({why})")))?;
        if run.outcome.is_none() {
            return Err(damaged("what was measured was too much to be kept in it"));
        }
        Ok(Recording { by: stored.by, machine: stored.machine, text: stored.text, run })
    }
}
