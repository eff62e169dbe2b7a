//! The last runs of each lesson, kept for the next time: their pictures, numbers and sentences, in one file a lesson.
//!
//! What is kept was measured: a run comes back as it was, or it is told that it was thinned ([`thin`]), to how fine a
//! grain, and that it is of an earlier day. [`packed`] writes a trace in few bytes, [`stored`] the rest of a run, and
//! [`shelf`] has the files: how large they may become, and what becomes of those that cannot be read.

mod bytes;
mod locks;
mod packed;
pub mod recording;
mod sealed;
pub mod shelf;
mod stands;
mod stored;
mod tasks;
#[cfg(test)]
mod tests;
pub mod thin;

pub use packed::{Extent, pack_lanes, unpack};
pub use shelf::Shelf;

use crate::lesson::types::Knobs;
use crate::runner::{End, Outcome, RunSpec};
use chrono::NaiveDateTime;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A run of a lesson's program, as it is kept.
#[derive(Debug, Clone)]
pub struct KeptRun {
    /// When it ended, where the learner was.
    pub at: NaiveDateTime,
    /// What was run.
    pub spec: RunSpec,
    /// The knobs of it that its source has.
    pub used: Knobs,
    /// The source that ran, see [`fingerprint`]: a run of another text is another program's.
    pub source: u64,
    /// What the learner had said it would show.
    pub said: Option<String>,
    /// How it ended.
    pub end: End,
    /// What was concluded from it, in a form of the app's own: what a newer app cannot read it concludes anew.
    pub conclusion: Vec<u8>,
    /// What was measured; `None` where there was no room for it.
    pub outcome: Option<Arc<Outcome>>,
}

/// A number that tells a program's text from another.
#[must_use]
pub fn fingerprint(source: &str) -> u64 {
    let hash = Sha256::digest(source.as_bytes());
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
