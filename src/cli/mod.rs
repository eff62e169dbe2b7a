//! The command line: one file a subcommand.
//!
//! Owns arguments, exit statuses and what is printed. May import everything. A new subcommand is one file, which has
//! its arguments and what it does, and its lines here: the module, the variant of [`Command`], the arm in [`main`].

mod args;
mod beside;
mod check;
mod check_run;
mod check_table;
mod class;
mod compare;
mod doctor;
mod findings;
mod hidden;
mod learn;
mod list;
mod manual;
mod new_lesson;
mod open;
mod output;
mod packs;
#[cfg(test)]
mod pages;
mod remembered;
mod reset;
mod review;
mod run;
mod runtimes;
mod schema;
mod setup;
mod task;
mod watch;

use crate::trace::plain_lines;
use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// The exit status of a usage error, an unknown name or a bad value.
const USAGE: u8 = 2;

/// See Python's concurrency: live lessons that draw every core and every thread.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true, after_long_help = beside::help())]
struct Arguments {
    /// Print lines instead of drawing on the terminal, and read lines: for screen readers, dumb terminals and scripts
    #[arg(long)]
    inline: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the app (the default)
    Learn(learn::Learn),
    /// List the lessons, their programs and knobs, and the runtimes found
    List(list::List),
    /// Ask again what is due today; without a terminal: what is due, and when the rest comes back
    Review(review::Review),
    /// Forget your progress in a lesson, or in all of them; a copy of it is kept
    Reset(reset::Reset),
    /// Run one program of a lesson and report what was measured
    Run(run::Run),
    /// Run the programs of a lesson and draw them on one axis: who was faster is shorter
    Compare(compare::Compare),
    /// Check lesson folders: one `lesson.md:LINE:COLUMN: message` a fault; with --run, hold what they say against real runs
    Check(check::CheckArgs),
    /// Make a folder with a small lesson that works, to be changed into one's own
    NewLesson(new_lesson::NewLesson),
    /// Say what can be measured on this machine, and how to get more
    Doctor(doctor::Doctor),
    /// Put your own Python script under the same probes
    Watch(watch::Watch),
    /// Open a run that was recorded with --format recording
    Open(open::Open),
    /// Show what `watch` can find in a program: each pattern in a picture of a real run
    Findings(findings::Findings),
    /// Install the packages that some lessons need, into an environment of the tutor's own
    Setup(setup::Setup),
    /// Teach a class: write what one learner answered, or bring many such files together
    Class(class::ClassArgs),
    /// Print what the JSON outputs look like, as JSON Schema
    Schema(schema::Schema),
    /// Print what a shell needs to complete the command line
    Completions(manual::Completions),
    /// Print a manual page, or write all of them into a folder
    Man(manual::ManualPage),
    #[command(flatten)]
    Hidden(hidden::Hidden),
}

/// Parses the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    crate::runner::inherited::look();
    survive_file_limit();
    let result = match arguments.command {
        None => learn::learn(&learn::Learn { inline: arguments.inline, ..learn::Learn::default() }),
        Some(Command::Learn(options)) => learn::learn(&options),
        Some(Command::List(options)) => list::list(&options),
        Some(Command::Run(options)) => run::run(&options),
        Some(Command::Compare(options)) => compare::compare(&options),
        Some(Command::Check(options)) => check::check(&options),
        Some(Command::Review(options)) => review::review(&options),
        Some(Command::Reset(options)) => reset::reset(&options),
        Some(Command::NewLesson(options)) => new_lesson::new_lesson(&options),
        Some(Command::Doctor(options)) => doctor::doctor(&options),
        Some(Command::Watch(options)) => watch::watch(&options),
        Some(Command::Open(options)) => open::open(&options),
        Some(Command::Findings(options)) => findings::findings(&options),
        Some(Command::Setup(options)) => setup::setup(&options),
        Some(Command::Class(options)) => class::class(&options),
        Some(Command::Schema(options)) => schema::schema(&options),
        Some(Command::Completions(options)) => manual::completions(&options),
        Some(Command::Man(options)) => manual::man(&options),
        Some(Command::Hidden(command)) => Ok(hidden::hidden(&command)),
    };
    crate::runner::guard::dismiss();
    result.unwrap_or_else(|error| {
        // Where standard error cannot be written to either, the exit status has to say it alone.
        let _ = writeln!(std::io::stderr(), "concur-tutor: {}", plain_lines(&format!("{error:#}")));
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
