//! The layout of the file: a head that tells our files from others, their version and whether they are whole, then the
//! runs as `MessagePack`, oldest first.

use super::KeptRun;
use super::bytes::Garbled;
use super::packed::{pack, unpack};
use super::tasks::fitting;
use super::thin::thinned;
use crate::lesson::types::Knobs;
use crate::runner::{End, Outcome, RunSpec, Stuck};
use crate::runtime::{Python, Runtime};
use crate::trace::Trace;
use chrono::NaiveDateTime;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What the file begins with.
const MAGIC: &[u8; 8] = b"ct-runs\n";
/// The version of the layout.
pub(super) const VERSION: u16 = 3;
/// Magic, version and checksum.
const HEAD: usize = MAGIC.len() + 2 + CHECKSUM;
const CHECKSUM: usize = 16;

/// Spans and holds of a run that are kept; more are thinned.
const ITEMS: usize = 48_000;
/// Bytes of a run's picture at most: what is larger is not kept, and its numbers are.
const PICTURE: usize = 512 << 10;
/// Bytes of the end of what it wrote, of each stream.
const WRITTEN: usize = 16 << 10;
/// Bytes of its notes, at most.
const NOTES: usize = 4 << 10;

/// Why a file could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unread {
    /// Another version of the layout.
    #[error("of layout version {0}")]
    Version(u16),
    /// It is not whole.
    #[error("{0}")]
    Damaged(String),
}

/// A run as it is in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StoredRun {
    at: NaiveDateTime,
    lesson: Option<String>,
    program: String,
    runtime: StoredRuntime,
    knobs: Knobs,
    timeout: Option<Duration>,
    used: Knobs,
    source: u64,
    said: Option<String>,
    end: End,
    conclusion: Blob,
    measured: Option<StoredOutcome>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum StoredRuntime {
    CPython {
        path: PathBuf,
        version: (u8, u8, u8),
        version_text: String,
        gil: bool,
        free_threaded: bool,
        platform: String,
        own: bool,
    },
    Native {
        gil: bool,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredOutcome {
    stdout: Blob,
    stderr: Blob,
    rusage_cpu: u64,
    url: Option<String>,
    notes: Vec<String>,
    stuck: Vec<Stuck>,
    trace: Blob,
}

/// Bytes, as bytes: a list of numbers would take twice the room.
#[derive(Debug, Clone, Default)]
struct Blob(Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Blob, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Blob;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Blob, E> {
                Ok(Blob(bytes.to_vec()))
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Blob, E> {
                Ok(Blob(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}

impl StoredRun {
    /// A run as it is kept: its picture where there is room for it.
    pub(super) fn of(run: &KeptRun) -> StoredRun {
        StoredRun {
            at: run.at,
            lesson: run.spec.lesson.clone(),
            program: run.spec.program.clone(),
            runtime: StoredRuntime::of(&run.spec.runtime),
            knobs: run.spec.knobs.clone(),
            timeout: run.spec.timeout,
            used: run.used.clone(),
            source: run.source,
            said: run.said.clone(),
            end: run.end,
            conclusion: Blob(run.conclusion.clone()),
            measured: run.outcome.as_deref().and_then(StoredOutcome::of),
        }
    }

    /// The run.
    pub(super) fn run(self) -> Result<KeptRun, Garbled> {
        let spec = RunSpec {
            lesson: self.lesson,
            program: self.program,
            args: Vec::new(),
            runtime: self.runtime.runtime(),
            own: None,
            knobs: self.knobs,
            timeout: self.timeout,
        };
        let outcome = self.measured.map(|measured| measured.outcome(&spec, self.end)).transpose()?;
        Ok(KeptRun {
            at: self.at,
            spec,
            used: self.used,
            source: self.source,
            said: self.said,
            end: self.end,
            conclusion: self.conclusion.0,
            outcome: outcome.map(Arc::new),
        })
    }

    /// Whether the other is a run of the same under the same conditions.
    pub(super) fn is_like(&self, other: &StoredRun) -> bool {
        self.program == other.program && self.runtime == other.runtime && self.used == other.used
    }

    /// Bytes of its picture.
    pub(super) fn picture(&self) -> usize {
        self.measured.as_ref().map_or(0, |m| m.trace.0.len() + m.stdout.0.len() + m.stderr.0.len())
    }

    /// The same without its picture.
    pub(super) fn drop_picture(&mut self) {
        self.measured = None;
    }
}

impl StoredRuntime {
    fn of(runtime: &Runtime) -> StoredRuntime {
        match runtime {
            Runtime::Native { gil } => StoredRuntime::Native { gil: *gil },
            Runtime::CPython(python) => StoredRuntime::CPython {
                path: python.path.clone(),
                version: python.version,
                version_text: python.version_text.clone(),
                gil: python.gil,
                free_threaded: python.free_threaded,
                platform: python.platform.clone(),
                own: python.own,
            },
        }
    }

    fn runtime(self) -> Runtime {
        match self {
            StoredRuntime::Native { gil } => Runtime::Native { gil },
            StoredRuntime::CPython { path, version, version_text, gil, free_threaded, platform, own } => {
                let packages = Arc::default();
                Runtime::CPython(Python {
                    path,
                    version,
                    version_text,
                    gil,
                    free_threaded,
                    platform,
                    packages,
                    startup: None,
                    own,
                })
            }
        }
    }
}

impl StoredOutcome {
    fn of(outcome: &Outcome) -> Option<StoredOutcome> {
        let (tasks, missing) = fitting(&outcome.trace.tasks);
        let trace = pack(&Trace { tasks, ..thinned(&outcome.trace, ITEMS)? });
        let missing = missing.map(str::to_owned);
        let mut room = NOTES;
        let fits = |note: &&String| {
            let fits = note.len() <= room;
            room = room.saturating_sub(note.len());
            fits
        };
        (trace.len() <= PICTURE).then(|| StoredOutcome {
            stdout: Blob(last(&outcome.stdout)),
            stderr: Blob(last(&outcome.stderr)),
            rusage_cpu: outcome.rusage_cpu,
            url: outcome.url.clone(),
            notes: missing.iter().chain(&outcome.notes).take_while(fits).cloned().collect(),
            stuck: outcome.stuck.clone(),
            trace: Blob(trace),
        })
    }

    fn outcome(self, spec: &RunSpec, end: End) -> Result<Outcome, Garbled> {
        Ok(Outcome {
            served: None,
            outlived: Vec::new(),
            spec: spec.clone(),
            end,
            stdout: self.stdout.0,
            stderr: self.stderr.0,
            rusage_cpu: self.rusage_cpu,
            trace: unpack(&self.trace.0)?,
            url: self.url,
            notes: self.notes,
            stuck: self.stuck,
        })
    }
}

/// The last part of what was written: whole lines, where it was cut.
fn last(written: &[u8]) -> Vec<u8> {
    let from = written.len().saturating_sub(WRITTEN);
    let cut = &written[from..];
    let line = if from == 0 { 0 } else { cut.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1) };
    cut[line..].to_vec()
}

/// The file of these runs.
pub(super) fn write(runs: &[StoredRun]) -> Result<Vec<u8>, String> {
    let body = rmp_serde::to_vec_named(runs).map_err(|error| error.to_string())?;
    let mut out = Vec::with_capacity(HEAD + body.len());
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&checksum(&body));
    out.extend_from_slice(&body);
    Ok(out)
}

/// The runs in a file.
pub(super) fn read(file: &[u8]) -> Result<Vec<StoredRun>, Unread> {
    let damaged = |why: &str| Unread::Damaged(why.to_owned());
    let rest = file.strip_prefix(MAGIC).ok_or_else(|| damaged("their file is none of concur-tutor's"))?;
    let (version, rest) = rest.split_first_chunk().ok_or_else(|| damaged("their file is cut off"))?;
    match u16::from_le_bytes(*version) {
        VERSION => {}
        other => return Err(Unread::Version(other)),
    }
    let (sum, body) = rest.split_first_chunk::<CHECKSUM>().ok_or_else(|| damaged("their file is cut off"))?;
    if *sum != checksum(body) {
        return Err(damaged("their file is cut off or garbled"));
    }
    rmp_serde::from_slice(body).map_err(|error| Unread::Damaged(format!("their file is garbled ({error})")))
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let mut out = [0; CHECKSUM];
    out.copy_from_slice(&Sha256::digest(body)[..CHECKSUM]);
    out
}
