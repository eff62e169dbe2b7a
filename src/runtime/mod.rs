//! Who runs a program: a CPython found on this machine, or the embedded native runtime.
//!
//! Owns discovery, the start-up file and the native twins; turns (runtime, program, knobs) into a [`Launch`]. May
//! import `clock`, `trace`, `eventlog`, `lesson` and `native`. A new runtime is one file here and a variant of [`Runtime`].

pub mod cpython;
pub mod environment;
pub mod folders;
pub mod marker;
pub mod native;
pub mod program_file;
pub mod server;
pub mod startup;

use crate::lesson::types::Language;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

/// A process to start, before the probes have added to its environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Launch {
    /// The executable.
    pub program: PathBuf,
    /// `argv[0]`, where it differs from the executable.
    pub arg0: Option<OsString>,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Variables to set (`Some`) or remove (`None`).
    pub env: Vec<(OsString, Option<OsString>)>,
    /// The working directory; the tutor's own where `None`.
    pub cwd: Option<PathBuf>,
}

/// Who runs a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runtime {
    /// A CPython build on this machine.
    CPython(Python),
    /// The embedded native runtime.
    Native {
        /// Whether the modelled GIL is on.
        gil: bool,
    },
}

impl Default for Runtime {
    /// The one that is there on every machine.
    fn default() -> Runtime {
        Runtime::Native { gil: true }
    }
}

/// A CPython that was found and works. Two are the same where they are the same build in the same place: what is installed
/// for it does not make it another.
#[derive(Debug, Clone, Default)]
pub struct Python {
    /// The executable, as found.
    pub path: PathBuf,
    /// (major, minor, micro).
    pub version: (u8, u8, u8),
    /// The full version, such as `3.15.0rc1`.
    pub version_text: String,
    /// Whether the GIL is on when it starts.
    pub gil: bool,
    /// Whether it is a free-threaded build.
    pub free_threaded: bool,
    /// `sys.platform` and machine, such as `linux-x86_64`.
    pub platform: String,
    /// The distributions installed for it, by their names on PyPI in lower case with `-`.
    pub packages: Arc<BTreeSet<String>>,
    /// The start-up file in its own code, where it has said that.
    pub startup: Option<Arc<startup::Compiled>>,
    /// Whether it is the one of the tutor's own environment, see [`environment`].
    pub own: bool,
}

impl PartialEq for Python {
    fn eq(&self, other: &Python) -> bool {
        let build = |p: &Python| (p.version, p.gil, p.free_threaded, p.own);
        self.path == other.path
            && self.version_text == other.version_text
            && self.platform == other.platform
            && build(self) == build(other)
    }
}

impl Eq for Python {}

impl Python {
    /// Those of these packages that are not installed for it.
    pub fn missing<'a>(&self, packages: &'a [String]) -> Vec<&'a str> {
        let has = |name: &str| self.packages.contains(&name.to_lowercase().replace(['_', '.'], "-"));
        packages.iter().map(String::as_str).filter(|name| !has(name)).collect()
    }
}

/// A Python that was found and cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// The executable, as found.
    pub path: PathBuf,
    /// Why, in words for the learner.
    pub reason: String,
}

/// What discovery found, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Those that work.
    pub pythons: Vec<Python>,
    /// Those that do not, with the reason.
    pub unusable: Vec<Unusable>,
}

impl Runtime {
    /// The short name on tabs and in tables, such as `3.13.0`, `3.13.5t no GIL`, `native`, `native no GIL`, or
    /// `3.14.2 packages` for the one of the tutor's own environment.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Runtime::CPython(p) => {
                let t = if p.free_threaded { "t" } else { "" };
                let gil = if p.gil { "" } else { " no GIL" };
                let own = if p.own { " packages" } else { "" };
                format!("{}{t}{gil}{own}", p.version_text)
            }
            Runtime::Native { gil: true } => "native".to_owned(),
            Runtime::Native { gil: false } => "native no GIL".to_owned(),
        }
    }

    /// The same for a sentence, such as `CPython 3.13.0`, `native`.
    #[must_use]
    pub fn full_name(&self) -> String {
        match self {
            Runtime::CPython(_) => format!("CPython {}", self.label()),
            Runtime::Native { .. } => self.label(),
        }
    }

    /// The language of the programs that it runs.
    #[must_use]
    pub const fn language(&self) -> Language {
        match self {
            Runtime::CPython(_) => Language::Python,
            Runtime::Native { .. } => Language::Rust,
        }
    }

    /// Whether programs run under a GIL.
    #[must_use]
    pub const fn has_gil(&self) -> bool {
        match self {
            Runtime::CPython(p) => p.gil,
            Runtime::Native { gil } => *gil,
        }
    }
}
