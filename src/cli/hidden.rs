//! The subcommands that the tutor starts of itself; not for people.

use super::args::Hidden;
use crate::runner::{guard, machine};
use crate::runtime::{native, server};
use std::process::ExitCode;

pub(super) fn hidden(command: &Hidden) -> ExitCode {
    match command {
        Hidden::Guard { prefix } => guard::main(prefix),
        Hidden::Native { lesson, program } => native::main(lesson, program),
        Hidden::Server => server::main(),
        Hidden::Calibrate => {
            machine::main();
            ExitCode::SUCCESS
        }
    }
}
