//! The learner's own editor.

use std::env;
use std::path::Path;
use std::process::Command;

/// Editors that are tried where the learner has named none.
const USUAL: [&str; 5] = ["nano", "vi", "vim", "emacs", "ed"];

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
