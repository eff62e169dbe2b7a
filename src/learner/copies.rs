//! The learner's copies of the programs that tasks are about, in the data directory: written whole and once, so that what
//! the learner has changed is never written over but by a reset.

use crate::learner::atomic;
use crate::learner::read::{Refused, read as ordinary};
use crate::lesson::types::Task;
use crate::lesson::{Lesson, Program};
use crate::runtime::folders;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of the copies in the data directory.
const FOLDER: &str = "tasks";
/// More than any program that was typed: what is larger is not read.
const LARGEST: u64 = 1 << 20;

/// Where the copies are, such as `~/.local/share/concur-tutor/tasks`. `None` where there is no home.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    Some(folders::data()?.join(FOLDER))
}

/// The task's copy: `LESSON/PROGRAM.py`, or `LESSON/TASK.py` where several tasks change the same program.
#[must_use]
pub fn path(folder: &Path, lesson: &Lesson, task: &Task) -> PathBuf {
    let alone = lesson.tasks.iter().filter(|other| other.program == task.program).count() == 1;
    // The file's name and not the program's: a file `asyncio.py` would hide the module.
    let stem = lesson.program(&task.program).map_or(&task.program, |program| &program.stem);
    let name = if alone { stem } else { &task.id };
    folder.join(&lesson.id).join(format!("{name}.py"))
}

/// The program as the lesson has it.
#[must_use]
pub fn original<'a>(lesson: &'a Lesson, task: &Task) -> &'a str {
    lesson.program(&task.program).and_then(|program| program.python.as_deref()).unwrap_or_default()
}

/// The program of a task with the learner's text, under the task's name.
#[must_use]
pub fn program(lesson: &Lesson, task: &Task, source: &str) -> Program {
    let original = lesson.program(&task.program).cloned().unwrap_or_default();
    Program {
        name: task.id.clone(),
        python: Some(source.to_owned()),
        rust: None,
        requires: task.requires.or(original.requires),
        baseline: false,
        note: None,
        ..original
    }
}

/// The text of a copy, which is made where there is none yet.
///
/// # Errors
/// Where it cannot be written or read, or is no text.
pub fn open(path: &Path, original: &str) -> io::Result<String> {
    if path.symlink_metadata().is_err() {
        write(path, original)?;
    }
    match ordinary(path, LARGEST) {
        Ok(Some(bytes)) => text(bytes),
        Ok(None) => Err(io::ErrorKind::NotFound.into()),
        Err(Refused::Unreadable(error)) => Err(error),
        Err(why) => Err(io::Error::other(format!("it {why}"))),
    }
}

/// Reads a changed program that the learner has named: it may be a pipe as well.
///
/// # Errors
/// Where it cannot be read, is no text or far too large.
pub fn read(path: &Path) -> io::Result<String> {
    if path.metadata()?.len() > LARGEST {
        return Err(io::Error::other("it is larger than a megabyte"));
    }
    text(std::fs::read(path)?)
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8 text"))
}

/// Writes a copy anew: whole or not at all.
///
/// # Errors
/// Where it cannot be written.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    atomic::write(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_made_once_and_only_a_reset_writes_over_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("07-races/naive.py");
        assert_eq!(open(&path, "first\n").unwrap(), "first\n");
        std::fs::write(&path, "mine\n").unwrap();
        assert_eq!(open(&path, "first\n").unwrap(), "mine\n");
        write(&path, "first\n").unwrap();
        assert_eq!(open(&path, "other\n").unwrap(), "first\n");
    }

    #[test]
    fn what_is_no_program_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.py");
        std::fs::write(&path, b"\xff\xfe").unwrap();
        assert!(open(&path, "").unwrap_err().to_string().contains("UTF-8"));
        std::fs::File::create(&path).unwrap().set_len(LARGEST + 1).unwrap();
        assert_eq!(open(&path, "").unwrap_err().to_string(), "it is larger than 1 MiB");
        assert!(read(&path).unwrap_err().to_string().contains("megabyte"));
        std::fs::remove_file(&path).unwrap();
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert_eq!(open(&path, "").unwrap_err().to_string(), "it is a pipe, not a file");
    }
}
