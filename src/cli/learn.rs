//! `concur-tutor [learn [LESSON]]`: the app.

use super::args::Learn;
use super::{Failure, USAGE};
use crate::app;
use std::io::IsTerminal;
use std::process::ExitCode;

pub(super) fn learn(options: &Learn) -> anyhow::Result<ExitCode> {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        let message = "the app needs a terminal; `concur-tutor list`, `run` and `watch --format json` work without one";
        return Err(Failure::new(USAGE, message).into());
    }
    app::run(&app::Options { lesson: options.lesson.clone(), python: options.python.clone(), ascii: options.ascii })
}
