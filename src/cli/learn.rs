//! `concur-tutor [learn [LESSON]]`: the app.

use super::args::{Learn, OnOff, RuntimeKind};
use super::{Failure, USAGE, packs};
use crate::app;
use std::io::IsTerminal;
use std::process::ExitCode;

pub(super) fn learn(options: &Learn) -> anyhow::Result<ExitCode> {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        let message = "the app needs a terminal; `concur-tutor list`, `run` and `watch --format json` work without one";
        return Err(Failure::new(USAGE, message).into());
    }
    let native = (options.runtime == Some(RuntimeKind::Native)).then(|| options.gil.is_none_or(OnOff::is_on));
    let pack = options.lessons.as_deref().map(|dir| packs::open(dir, options.yes)).transpose()?;
    app::run(&app::Options {
        course: pack.map(|pack| pack.course),
        lesson: options.lesson.clone(),
        python: options.python.clone(),
        native,
        review: false,
        ascii: options.ascii,
    })
}
