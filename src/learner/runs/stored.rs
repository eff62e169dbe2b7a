//! The layout of the file: its head ([`super::sealed`]), then the runs as `MessagePack`, oldest first.

use super::KeptRun;
use super::bytes::Garbled;
use super::packed::{Extent, pack, unpack};
use super::sealed::{Broken, Magic, seal, unseal};
use super::thin::thinned;
use super::{locks, tasks};
use crate::lesson::types::Knobs;
use crate::runner::{End, Outcome, Own, RunSpec, Stuck, Survivor};
use crate::runtime::cpython::started::{Reason, Subject};
use crate::runtime::server::Served;
use crate::runtime::{Python, Runtime};
use crate::trace::Trace;
use chrono::NaiveDateTime;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What the file begins with.
const MAGIC: Magic = *b"ct-runs\n";
/// The version of the layout.
pub(super) const VERSION: u16 = 4;
/// The oldest version that is read: what it lacks, its runs come without.
const OLDEST: u16 = 3;

/// How much of a run is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Spans and holds, more are thinned; `None` for as they are.
    pub items: Option<usize>,
    /// Bytes of its picture: what is larger is not kept, and its numbers are.
    pub picture: usize,
    /// Of them, of its asyncio tasks.
    pub tasks: usize,
    /// Of them, of what it told of locks.
    pub locks: usize,
    /// Bytes of the end of what it wrote, of each stream.
    pub written: usize,
    /// Bytes of its notes.
    pub notes: usize,
}

/// Of a run among many of its lesson.
pub(super) const ON_SHELF: Bounds = Bounds {
    items: Some(48_000),
    picture: 512 << 10,
    tasks: 256 << 10,
    locks: 128 << 10,
    written: 16 << 10,
    notes: 4 << 10,
};

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
    #[serde(default)]
    args: Vec<Blob>,
    /// Of a program of the learner's own.
    #[serde(default)]
    own: Option<StoredOwn>,
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

/// A program of the learner's own; names as the system has them, which need be no text.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredOwn {
    subject: StoredSubject,
    chosen: Option<StoredReason>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum StoredSubject {
    Script(Blob),
    Module(Blob),
    Code(Blob),
    Input,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum StoredReason {
    Named,
    Command,
    FirstLine(Blob),
    Environment(Blob),
    Active(Blob),
    First,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredOutcome {
    stdout: Blob,
    stderr: Blob,
    rusage_cpu: u64,
    url: Option<String>,
    notes: Vec<String>,
    stuck: Vec<Stuck>,
    #[serde(default)]
    served: Option<Served>,
    #[serde(default)]
    outlived: Vec<Survivor>,
    /// Whether the trace has locks, and what was found in them.
    #[serde(default)]
    whole: bool,
    trace: Blob,
}

/// Bytes, as bytes: a list of numbers would take twice the room.
#[derive(Debug, Clone, Default)]
pub(super) struct Blob(pub Vec<u8>);

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
    pub(super) fn of(run: &KeptRun, bounds: &Bounds) -> StoredRun {
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
            measured: run.outcome.as_deref().and_then(|outcome| StoredOutcome::of(outcome, bounds)),
            args: run.spec.args.iter().map(|arg| Blob(arg.as_bytes().to_vec())).collect(),
            own: run.spec.own.as_ref().map(StoredOwn::of),
        }
    }

    /// The run.
    pub(super) fn run(self) -> Result<KeptRun, Garbled> {
        let spec = RunSpec {
            lesson: self.lesson,
            program: self.program,
            args: self.args.into_iter().map(Blob::into_text).collect(),
            runtime: self.runtime.runtime(),
            own: self.own.map(StoredOwn::own),
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
                // It is for reading: nothing is started by it.
                path: PathBuf::from(python.path.to_string_lossy().into_owned()),
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

impl Blob {
    fn into_text(self) -> OsString {
        OsString::from_vec(self.0)
    }
}

impl StoredOwn {
    fn of(own: &Own) -> StoredOwn {
        let text = |text: &OsStr| Blob(text.as_bytes().to_vec());
        let subject = match &own.subject {
            Subject::Script(path) => StoredSubject::Script(text(path.as_os_str())),
            Subject::Module(name) => StoredSubject::Module(text(name)),
            Subject::Code(code) => StoredSubject::Code(text(code)),
            Subject::Input => StoredSubject::Input,
        };
        let chosen = own.chosen.as_ref().map(|reason| match reason {
            Reason::Named => StoredReason::Named,
            Reason::Command => StoredReason::Command,
            Reason::FirstLine(file) => StoredReason::FirstLine(text(file.as_os_str())),
            Reason::Environment(folder) => StoredReason::Environment(text(folder.as_os_str())),
            Reason::Active(folder) => StoredReason::Active(text(folder.as_os_str())),
            Reason::First => StoredReason::First,
        });
        StoredOwn { subject, chosen }
    }

    fn own(self) -> Own {
        let subject = match self.subject {
            StoredSubject::Script(path) => Subject::Script(path.into_text().into()),
            StoredSubject::Module(name) => Subject::Module(name.into_text()),
            StoredSubject::Code(code) => Subject::Code(code.into_text()),
            StoredSubject::Input => Subject::Input,
        };
        let chosen = self.chosen.map(|reason| match reason {
            StoredReason::Named => Reason::Named,
            StoredReason::Command => Reason::Command,
            StoredReason::FirstLine(file) => Reason::FirstLine(file.into_text().into()),
            StoredReason::Environment(folder) => Reason::Environment(folder.into_text().into()),
            StoredReason::Active(folder) => Reason::Active(folder.into_text().into()),
            StoredReason::First => Reason::First,
        });
        Own { subject, chosen }
    }
}

impl StoredOutcome {
    fn of(outcome: &Outcome, bounds: &Bounds) -> Option<StoredOutcome> {
        let trace = match bounds.items {
            Some(items) => thinned(&outcome.trace, items)?,
            None => outcome.trace.clone(),
        };
        let (tasks, no_tasks) = tasks::fitting(&trace.tasks, bounds.tasks);
        let (locks, no_locks) = locks::fitting(&trace.locks, bounds.locks);
        let trace = pack(&Trace { tasks, locks, ..trace });
        let missing: Vec<String> = [no_tasks, no_locks].into_iter().flatten().map(str::to_owned).collect();
        let mut room = bounds.notes;
        let fits = |note: &&String| {
            let fits = note.len() <= room;
            room = room.saturating_sub(note.len());
            fits
        };
        (trace.len() <= bounds.picture).then(|| StoredOutcome {
            stdout: Blob(last(&outcome.stdout, bounds.written)),
            stderr: Blob(last(&outcome.stderr, bounds.written)),
            rusage_cpu: outcome.rusage_cpu,
            url: outcome.url.clone(),
            notes: missing.iter().chain(&outcome.notes).take_while(fits).cloned().collect(),
            stuck: outcome.stuck.clone(),
            served: outcome.served,
            outlived: outcome.outlived.clone(),
            whole: true,
            trace: Blob(trace),
        })
    }

    fn outcome(self, spec: &RunSpec, end: End) -> Result<Outcome, Garbled> {
        let extent = if self.whole { Extent::Whole } else { Extent::Lanes };
        Ok(Outcome {
            served: self.served,
            outlived: self.outlived,
            spec: spec.clone(),
            end,
            stdout: self.stdout.0,
            stderr: self.stderr.0,
            rusage_cpu: self.rusage_cpu,
            trace: unpack(&self.trace.0, extent)?,
            url: self.url,
            notes: self.notes,
            stuck: self.stuck,
        })
    }
}

/// The last part of what was written: whole lines, where it was cut.
fn last(written: &[u8], most: usize) -> Vec<u8> {
    let from = written.len().saturating_sub(most);
    let cut = &written[from..];
    let line = if from == 0 { 0 } else { cut.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1) };
    cut[line..].to_vec()
}

/// A file of these runs as it was written up to layout 3.
#[cfg(test)]
pub(super) fn write_as_before(runs: &[KeptRun]) -> Vec<u8> {
    let mut stored: Vec<StoredRun> = runs.iter().map(|run| StoredRun::of(run, &ON_SHELF)).collect();
    for (stored, run) in stored.iter_mut().zip(runs) {
        if let Some((measured, outcome)) = stored.measured.as_mut().zip(run.outcome.as_ref()) {
            (measured.trace, measured.whole) = (Blob(super::packed::pack_lanes(&outcome.trace)), false);
        }
    }
    seal(MAGIC, OLDEST, &rmp_serde::to_vec_named(&stored).unwrap())
}

/// The file of these runs.
pub(super) fn write(runs: &[StoredRun]) -> Result<Vec<u8>, String> {
    let body = rmp_serde::to_vec_named(runs).map_err(|error| error.to_string())?;
    Ok(seal(MAGIC, VERSION, &body))
}

/// The runs in a file.
pub(super) fn read(file: &[u8]) -> Result<Vec<StoredRun>, Unread> {
    let damaged = |why: &str| Unread::Damaged(why.to_owned());
    let body = unseal(MAGIC, OLDEST..=VERSION, file).map_err(|broken| match broken {
        Broken::Foreign => damaged("their file is none of concur-tutor's"),
        Broken::CutOff => damaged("their file is cut off"),
        Broken::Changed => damaged("their file is cut off or garbled"),
        Broken::Version(version) => Unread::Version(version),
    })?;
    rmp_serde::from_slice(body).map_err(|error| Unread::Damaged(format!("their file is garbled ({error})")))
}
