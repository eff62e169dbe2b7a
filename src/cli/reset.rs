//! `concur-tutor reset [LESSON]`: forgets progress, after asking, and keeps a copy.

use super::output::{ask, print};
use super::{Failure, USAGE, remembered};
use crate::learner::store::StoreError;
use crate::lesson::{Course, SharedLesson};
use anyhow::Context as _;
use clap::Args;
use std::io::IsTerminal as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Reset {
    /// The lesson, such as `02-gil` or `gil`; every lesson where left out
    pub lesson: Option<String>,
    /// Do not ask first
    #[arg(long)]
    pub yes: bool,
}

pub(super) fn reset(options: &Reset) -> anyhow::Result<ExitCode> {
    let course = Course::embedded().context("the built-in lessons are damaged")?;
    let lesson = options.lesson.as_deref().map(|name| course.find(name)).transpose()?.map(SharedLesson::outline);
    let store = remembered::store().ok_or_else(|| Failure::new(1, "there is no home directory, so nothing is kept"))?;
    let refused = |why: StoreError| Failure::new(1, format!("{why}; nothing was forgotten"));
    // What cannot be forgotten need not be asked about.
    store.peek().map_err(refused)?;
    let what = lesson.map_or_else(|| "every lesson".to_owned(), |lesson| format!("{} ({})", lesson.id, lesson.title));
    if !options.yes && !asked(&what)? {
        print("nothing was forgotten\n")?;
        return Ok(ExitCode::from(1));
    }
    let forgotten = store.forget(lesson.map(|lesson| lesson.id.as_str())).map_err(refused)?;
    if let Some(shelf) = remembered::shelf() {
        let still = |why| Failure::new(1, format!("the last runs are still there: {why}"));
        shelf.forget(lesson.map(|lesson| lesson.id.as_str())).map_err(still)?;
    }
    let Some(copy) = forgotten.copy else {
        print("there is no progress yet\n")?;
        return Ok(ExitCode::SUCCESS);
    };
    print(&format!("forgot your progress in {what}\na copy is kept as {}\n", copy.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// Asks at the terminal. Without one there is nobody to ask.
fn asked(what: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        let message = "this forgets progress: without a terminal to ask at, add --yes";
        return Err(Failure::new(USAGE, message).into());
    }
    let question = format!("Forget what you read, ran and answered in {what}? A copy is kept.");
    Ok(ask(&question)?)
}
