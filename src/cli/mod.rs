//! The command line: one file a subcommand.
//!
//! Owns arguments, exit statuses and what is printed. May import everything. A new subcommand is one file and two
//! lines here.

mod args;
mod check;
mod check_run;
mod check_table;
mod doctor;
mod hidden;
mod learn;
mod list;
mod new_lesson;
mod output;
mod packs;
mod remembered;
mod reset;
mod review;
mod run;
mod runtimes;
mod setup;
mod task;
mod watch;

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// The exit status of a usage error, an unknown name or a bad value.
const USAGE: u8 = 2;

/// Parses the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    survive_file_limit();
    let result = match arguments.command {
        None => learn::learn(&args::Learn::default()),
        Some(args::Command::Learn(options)) => learn::learn(&options),
        Some(args::Command::List(options)) => list::list(&options),
        Some(args::Command::Run(options)) => run::run(&options),
        Some(args::Command::Check(options)) => check::check(&options),
        Some(args::Command::Review(options)) => review::review(&options),
        Some(args::Command::Reset(options)) => reset::reset(&options),
        Some(args::Command::NewLesson(options)) => new_lesson::new_lesson(&options),
        Some(args::Command::Doctor(options)) => doctor::doctor(&options),
        Some(args::Command::Watch(options)) => watch::watch(&options),
        Some(args::Command::Setup(options)) => setup::setup(&options),
        Some(args::Command::Hidden(command)) => Ok(hidden::hidden(&command)),
    };
    crate::runner::guard::dismiss();
    result.unwrap_or_else(|error| {
        // Where standard error cannot be written to either, the exit status has to say it alone.
        let _ = writeln!(std::io::stderr(), "concur-tutor: {error:#}");
        error.downcast_ref::<Failure>().map_or(ExitCode::from(USAGE), |f| ExitCode::from(f.status))
    })
}

/// A file that grows past `ulimit -f` shall be an error with a message, not a death. A handler, since a signal that is
/// ignored would stay ignored in the programs that we start.
fn survive_file_limit() {
    #[cfg(unix)]
    // Where it cannot be set, things are as they are without.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
}

/// An error that chooses its exit status.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Failure {
    status: u8,
    message: String,
}

impl Failure {
    fn new(status: u8, message: impl Into<String>) -> Self {
        Failure { status, message: message.into() }
    }
}
