//! `concur-tutor [learn [LESSON]]`: the app.

use super::args::{OnOff, RuntimeKind};
use super::{Failure, USAGE, packs};
use crate::app;
use clap::Args;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args, Default)]
pub(super) struct Learn {
    /// The lesson to open, such as `02-gil` or `gil`
    pub lesson: Option<String>,
    /// The Python to start with
    #[arg(long, value_name = "PATH")]
    pub python: Option<PathBuf>,
    /// The runtime to start with: CPython where one is found, else native
    #[arg(long, value_enum, conflicts_with = "python")]
    pub runtime: Option<RuntimeKind>,
    /// With `--runtime native`: whether its GIL is on
    #[arg(long, value_enum, requires = "runtime", conflicts_with = "python")]
    pub gil: Option<OnOff>,
    /// Open a pack of lessons from this folder instead of the course; its programs run on this machine
    #[arg(long, value_name = "DIR")]
    pub lessons: Option<PathBuf>,
    /// Do not ask whether the pack may be opened
    #[arg(long, requires = "lessons")]
    pub yes: bool,
    /// Draw with ASCII characters only
    #[arg(long)]
    pub ascii: bool,
    /// Print lines instead of drawing on the terminal, and read lines: for screen readers, dumb terminals and scripts
    #[arg(long)]
    pub inline: bool,
}

pub(super) fn learn(options: &Learn) -> anyhow::Result<ExitCode> {
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let Some(shown) = app::ShownAs::choose(options.inline, terminal) else {
        let message = "the app needs a terminal, or `--inline`; `concur-tutor list`, `run` and `watch --format json` work without one";
        return Err(Failure::new(USAGE, message).into());
    };
    let native = (options.runtime == Some(RuntimeKind::Native)).then(|| options.gil.is_none_or(OnOff::is_on));
    let pack = options.lessons.as_deref().map(|dir| packs::open(dir, options.yes)).transpose()?;
    app::run(app::Options {
        course: pack.map(|pack| pack.course),
        lesson: options.lesson.clone(),
        python: options.python.clone(),
        native,
        review: false,
        ascii: options.ascii,
        shown,
    })
}
