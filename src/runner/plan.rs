//! Makes plans: what was asked to run, a lesson's program or a script, into something the runner can start.

use super::{Own, Plan, Prepared, ProbeChoice, RunError, RunSpec, Streams};
use crate::lesson::types::{Knobs, Language};
use crate::lesson::{Lesson, Program, knobs};
use crate::runtime::cpython::started::{Invocation, Reason, Subject};
use crate::runtime::program_file::program_file;
use crate::runtime::{Python, Runtime, cpython, native};
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Stands for the server's address in a native program's launch.
const URL_PLACE: &str = "{URL}";

/// How a run is watched and bounded, whatever it is of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conditions {
    /// Which sources of knowledge are tried.
    pub probes: ProbeChoice,
    /// What bounds it besides its time.
    pub limits: Limits,
    /// What the child reads and where it writes.
    pub streams: Streams,
}

/// What bounds a run besides its time: a run that passes one of these is ended. `None`: no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that it may write to standard output and standard error together. Of these the first and the last
    /// 256 KiB of each are kept.
    pub output: Option<u64>,
    /// Its processes that may live at once.
    pub processes: Option<usize>,
    /// Its threads that may live at once, those of all its processes together.
    pub threads: Option<usize>,
    /// Bytes of memory that its processes may hold together.
    pub memory: Option<u64>,
    /// How long nothing of it may be able to run: after that it is a deadlock.
    pub stall: Option<Duration>,
}

impl Limits {
    /// No bounds: for the learner's own script.
    pub const NONE: Limits = Limits { output: None, processes: None, threads: None, memory: None, stall: None };
    /// Bytes that a lesson's program may write.
    pub const OUTPUT: u64 = 8 << 20;
    /// Processes that a lesson's program may have at once, on a machine with few cores.
    pub const PROCESSES: usize = 64;
    /// Threads that a lesson's program may have at once: more than the largest number that a lesson asks for.
    pub const THREADS: usize = 12_000;
    /// How long nothing of a lesson's program may be able to run. Every wait is known to be endless then: the time is for
    /// the eye, and for records that come late.
    pub const STALL: Duration = Duration::from_secs(2);
}

impl Default for Limits {
    /// What a lesson's program never needs: more than that is a mistake in it. On a machine with many cores a pool may
    /// have a process for each.
    fn default() -> Limits {
        let cores = usize::try_from(super::machine::available()).unwrap_or(usize::MAX);
        Limits {
            output: Some(Self::OUTPUT),
            processes: Some(Self::PROCESSES.max(cores.saturating_mul(2))),
            threads: Some(Self::THREADS),
            memory: super::bounds::fair_share(),
            stall: Some(Self::STALL),
        }
    }
}

/// Whether a program of a lesson can run on a runtime: `Err` says why not, in words for the learner.
///
/// # Errors
/// The reason, such as "needs CPython 3.14".
pub fn runnable(lesson: &Lesson, program: &Program, runtime: &Runtime) -> Result<(), String> {
    match runtime {
        Runtime::CPython(_) if program.python.is_none() => Err("has no Python program".to_owned()),
        Runtime::CPython(python) => match (too_old(program, python), python.missing(&program.packages).as_slice()) {
            (Some((major, minor)), _) => {
                Err(format!("needs CPython {major}.{minor} or later; this is {}", python.version_text))
            }
            (_, []) => Ok(()),
            (_, missing) => Err(format!(
                "needs {}: concur-tutor setup installs {}",
                missing.join(" and "),
                if missing.len() == 1 { "it" } else { "them" }
            )),
        },
        Runtime::Native { .. } if !native::has_twin(&lesson.id, &program.name) => {
            Err("has no native twin; it runs on CPython only".to_owned())
        }
        Runtime::Native { .. } => Ok(()),
    }
}

/// Whether a program could run on a Python if packages were installed for it, and cannot without.
#[must_use]
pub fn lacks_packages_alone(program: &Program, python: &Python) -> bool {
    program.python.is_some() && too_old(program, python).is_none() && !python.missing(&program.packages).is_empty()
}

/// The version that a program needs, where this Python is older.
fn too_old(program: &Program, python: &Python) -> Option<(u8, u8)> {
    program.requires.filter(|needed| (python.version.0, python.version.1) < *needed)
}

/// The plan of a lesson's program. The lesson is the one that the spec names; its program may be the learner's copy.
///
/// # Errors
/// [`RunError::NoProgram`] where the program does not exist or cannot run on the runtime.
pub fn lesson_program(lesson: &Lesson, spec: RunSpec, conditions: Conditions) -> Result<Plan, RunError> {
    let missing = |why: String| RunError::NoProgram {
        lesson: lesson.id.clone(),
        program: spec.program.clone(),
        runtime: format!("{} ({why})", spec.runtime.label()),
    };
    let found = lesson.program(&spec.program).ok_or_else(|| missing("no such program".to_owned()))?;
    runnable(lesson, found, &spec.runtime).map_err(missing)?;
    let prepare = match &spec.runtime {
        Runtime::CPython(python) => prepare_python(found, python.clone(), spec.knobs.clone()),
        Runtime::Native { gil } => prepare_native(lesson, found, *gil, spec.knobs.clone()),
    };
    Ok(Plan { spec, prepare, server: lesson.server, conditions })
}

/// The plan of a script.
#[must_use]
pub fn script(
    python: &Python,
    script: &Path,
    args: &[OsString],
    timeout: Option<Duration>,
    conditions: Conditions,
) -> Plan {
    let subject = Subject::Script(script.to_owned());
    let invocation = Invocation { options: Vec::new(), subject, args: args.to_vec() };
    started(python, &invocation, None, timeout, conditions)
}

/// The plan of what the learner starts: a script, a module, a text.
#[must_use]
pub fn started(
    python: &Python,
    invocation: &Invocation,
    chosen: Option<Reason>,
    timeout: Option<Duration>,
    conditions: Conditions,
) -> Plan {
    let launch = cpython::launch_words(python, invocation.words());
    let spec = RunSpec {
        lesson: None,
        program: invocation.subject.name(),
        args: invocation.args.clone(),
        runtime: Runtime::CPython(python.clone()),
        own: Some(Own { subject: invocation.subject.clone(), chosen }),
        knobs: Knobs::new(),
        timeout,
    };
    let prepare: super::Prepare = Arc::new(move |_| Ok(Prepared { launch: launch.clone(), keep: None }));
    Plan { spec, prepare, server: false, conditions }
}

/// Writes the program with its knobs turned, then launches the file.
fn prepare_python(program: &Program, python: Python, values: Knobs) -> super::Prepare {
    let name = program.name.clone();
    let source = program.python.clone().unwrap_or_default();
    Arc::new(move |url| {
        let turned = knobs::substitute(&source, Language::Python, &values, url);
        let file = program_file(&name, &turned).map_err(|e| RunError::Prepare(e.to_string()))?;
        let launch = cpython::launch(&python, file.path(), &[]);
        Ok(Prepared { launch, keep: Some(Box::new(file)) })
    })
}

fn prepare_native(lesson: &Lesson, program: &Program, gil: bool, values: Knobs) -> super::Prepare {
    let (lesson, name) = (lesson.id.clone(), program.name.clone());
    Arc::new(move |url| {
        let mut launch = native::launch(&lesson, &name, &values, gil).map_err(|e| RunError::Prepare(e.to_string()))?;
        for value in launch.env.iter_mut().filter_map(|(_, value)| value.as_mut()) {
            if let (Some(text), Some(url)) = (value.to_str(), url) {
                *value = text.replace(URL_PLACE, url).into();
            }
        }
        Ok(Prepared { launch, keep: None })
    })
}
