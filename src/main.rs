//! The entry: the command line decides.

use std::process::ExitCode;

fn main() -> ExitCode {
    concur_tutor::main()
}
