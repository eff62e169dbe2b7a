//! The embedded runtime: a lesson's Rust twin, run by this very executable as a child process.
//!
//! A twin stands beside its Python program (`lessons/02-gil/threads.rs`) and is compiled into this binary; adding one is a
//! line in [`mod@twins`]. What it needs to know comes by the environment: the knobs and whether there is a GIL. Its threads,
//! locks and executors are those of [`crate::native`].

mod knobs;
mod twins;

pub use knobs::VARIABLE as KNOBS_VARIABLE;
pub(crate) use knobs::{knob, knobs};
pub use twins::{Twin, twins};

use crate::lesson::types::Knobs;
use crate::native::Interpreter;
use crate::runtime::Launch;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// The hidden subcommand that runs a twin: `__native LESSON PROGRAM`.
pub const SUBCOMMAND: &str = "__native";
/// The variable that says whether the modelled GIL is `on` or `off`.
pub const GIL_VARIABLE: &str = "CONCUR_TUTOR_GIL";

/// Whether this program of this lesson has a twin.
#[must_use]
pub fn has_twin(lesson: &str, program: &str) -> bool {
    find(lesson, program).is_some()
}

fn find(lesson: &str, program: &str) -> Option<&'static Twin> {
    twins().iter().find(|twin| twin.lesson == lesson && twin.program == program)
}

/// The process that runs a twin. `{URL}` in its environment stands for the address of the lesson's server, for the
/// runner to fill in.
///
/// # Errors
/// Where the system does not tell which executable this is.
pub fn launch(lesson: &str, program: &str, knobs: &Knobs, gil: bool) -> std::io::Result<Launch> {
    Ok(launch_by(std::env::current_exe()?, lesson, program, knobs, gil))
}

/// As [`launch`], by an executable that has the hidden subcommand.
#[must_use]
pub fn launch_by(executable: PathBuf, lesson: &str, program: &str, knobs: &Knobs, gil: bool) -> Launch {
    let set = |name: &str, value: String| (OsString::from(name), Some(OsString::from(value)));
    Launch {
        program: executable,
        args: [SUBCOMMAND, lesson, program].map(OsString::from).into(),
        env: vec![
            set(KNOBS_VARIABLE, knobs::to_json(knobs)),
            set(GIL_VARIABLE, if gil { "on" } else { "off" }.to_owned()),
        ],
        ..Launch::default()
    }
}

/// Runs a twin in this process, and exits as it says: the hidden subcommand's whole work.
#[must_use]
pub fn main(lesson: &str, program: &str) -> ExitCode {
    let Some(twin) = find(lesson, program) else {
        eprintln!("no twin of {program} in {lesson}: add a line to src/runtime/native/twins.rs");
        return ExitCode::from(2);
    };
    if let Err(error) = knobs::check() {
        eprintln!("{error}");
        return ExitCode::from(2);
    }
    let gil = std::env::var_os(GIL_VARIABLE).is_none_or(|value| value != "off");
    Interpreter::new(gil).run_main(twin.main)
}
