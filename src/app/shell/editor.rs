//! The learner's own editor, which has the terminal while it runs.

use std::path::Path;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicI32, Ordering};
use std::{env, io};

/// Editors that are tried where the learner has named none.
const USUAL: [&str; 5] = ["nano", "vi", "vim", "emacs", "ed"];

/// The editor that runs now, 0 for none: what signals mean depends on it.
static RUNNING: AtomicI32 = AtomicI32::new(0);

/// The process id of the editor that has the terminal now.
pub fn running() -> Option<i32> {
    Some(RUNNING.load(Ordering::Acquire)).filter(|pid| *pid != 0)
}

/// The editor's command: `$VISUAL`, `$EDITOR`, or one of the usual ones.
///
/// # Errors
/// Where there is none, or the variable is no command line; in words for the learner.
pub fn command(path: &Path) -> Result<Command, String> {
    let named = ["VISUAL", "EDITOR"].iter().find_map(|name| {
        let value = env::var(name).ok().filter(|value| !value.trim().is_empty())?;
        Some((*name, value))
    });
    let words = match named {
        Some((name, value)) => shell_words::split(&value).map_err(|error| format!("${name} is `{value}`: {error}"))?,
        None => vec![usual().ok_or_else(|| {
            format!("no editor was found: name one in $EDITOR, or change {} in another window", path.display())
        })?],
    };
    let (program, arguments) = words.split_first().ok_or("the editor's name is empty")?;
    let mut command = Command::new(program);
    command.args(arguments).arg(path);
    Ok(command)
}

fn usual() -> Option<String> {
    let dirs: Vec<_> = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let there = |name: &&&str| dirs.iter().any(|dir: &std::path::PathBuf| dir.join(name).is_file());
    USUAL.iter().find(there).map(|name| (*name).to_owned())
}

/// Runs the editor to its end; what it said where it did not end well.
///
/// # Errors
/// Where it cannot be started, in words for the learner.
pub fn run(mut command: Command) -> Result<Option<String>, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child: Child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("the editor `{name}` was not found: name another one in $EDITOR"),
        _ => format!("the editor `{name}` cannot be started: {error}"),
    })?;
    RUNNING.store(child.id().cast_signed(), Ordering::Release);
    let ended = child.wait();
    RUNNING.store(0, Ordering::Release);
    let status = ended.map_err(|error| format!("the editor `{name}`: {error}"))?;
    Ok((!status.success()).then(|| format!("{name} ended with {status}")))
}
