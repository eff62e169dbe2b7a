//! The subcommands that the tutor starts of itself; not for people.

use crate::runner::{self, guard, machine};
use crate::runtime::{native, server};
use clap::Subcommand;
use std::process::ExitCode;

/// What the tutor starts of itself.
#[derive(Debug, Subcommand)]
pub(super) enum Hidden {
    #[command(name = "__guard", hide = true)]
    Guard { prefix: String },
    #[command(name = "__native", hide = true)]
    Native { lesson: String, program: String },
    #[command(name = "__server", hide = true)]
    Server,
    #[command(name = "__drain", hide = true)]
    Drain,
    #[command(name = "__calibrate", hide = true)]
    Calibrate,
}

pub(super) fn hidden(command: &Hidden) -> ExitCode {
    match command {
        Hidden::Guard { prefix } => guard::main(prefix),
        Hidden::Native { lesson, program } => native::main(lesson, program),
        Hidden::Server => server::main(),
        Hidden::Drain => {
            runner::drain();
            ExitCode::SUCCESS
        }
        Hidden::Calibrate => {
            machine::main();
            ExitCode::SUCCESS
        }
    }
}
