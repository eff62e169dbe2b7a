//! A lesson's program as a file that an interpreter can run, in a folder that nobody else can read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{env, io};
use tempfile::TempDir;

/// What the folders' names begin with.
const PREFIX: &str = "concur-tutor-run-";

/// A folder younger than this may belong to a tutor that has not locked it yet.
const YOUNG: Duration = Duration::from_mins(1);

/// A program's file. Its folder goes when this is dropped.
#[derive(Debug)]
pub struct ProgramFile {
    path: PathBuf,
    /// Locked as long as this tutor lives, so that another one does not sweep it. Dropped before the folder.
    _lock: Option<File>,
    _dir: TempDir,
}

impl ProgramFile {
    /// The file: as a traceback shows it, such as `.../threads.py`.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Whether a path, as a traceback shows it, is of a file that was written here, by this tutor or by one before it.
#[must_use]
pub fn is_program_file(path: &str) -> bool {
    let folder = Path::new(path).parent().and_then(Path::file_name).and_then(|name| name.to_str());
    folder.is_some_and(|name| name.starts_with(PREFIX))
}

/// No folder could be written to.
#[derive(Debug, thiserror::Error)]
#[error("the program cannot be written to any folder ({}); make room in one of them, or set TMPDIR to one with room", listed(.0))]
pub struct NoRoom(pub Vec<(PathBuf, io::Error)>);

fn listed(tried: &[(PathBuf, io::Error)]) -> String {
    tried.iter().map(|(path, error)| format!("{}: {error}", path.display())).collect::<Vec<_>>().join("; ")
}

/// Writes a program as `NAME` (such as `threads.py`) into a fresh folder with mode 0700.
///
/// # Errors
/// [`NoRoom`], with every folder that was tried and why it did not do.
pub fn program_file(name: &str, source: &str) -> Result<ProgramFile, NoRoom> {
    program_file_in(&folders(), name, source)
}

fn program_file_in(folders: &[PathBuf], name: &str, source: &str) -> Result<ProgramFile, NoRoom> {
    let mut tried = Vec::new();
    for folder in folders {
        match write(folder, name, source) {
            Ok(file) => return Ok(file),
            Err(error) => tried.push((folder.clone(), error)),
        }
    }
    Err(NoRoom(tried))
}

fn write(folder: &Path, name: &str, source: &str) -> io::Result<ProgramFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o700));
    let dir = builder.tempdir_in(folder)?;
    let lock = File::open(dir.path()).ok().filter(|dir| dir.try_lock().is_ok());
    let path = dir.path().join(name);
    fs::write(&path, source)?;
    // The new folder's own time is the file system's idea of now.
    if let Ok(now) = fs::metadata(dir.path()).and_then(|m| m.modified()) {
        sweep(folder, now);
    }
    Ok(ProgramFile { path, _lock: lock, _dir: dir })
}

/// The folders to try: those in memory first, for they are the fastest and are private.
fn folders() -> Vec<PathBuf> {
    let state = super::folders::state().filter(|dir| fs::create_dir_all(dir).is_ok());
    let memory = cfg!(target_os = "linux").then(|| PathBuf::from("/dev/shm"));
    let runtime = env::var_os("XDG_RUNTIME_DIR").filter(|v| !v.is_empty()).map(PathBuf::from);
    [runtime, memory, Some(env::temp_dir()), state].into_iter().flatten().collect()
}

/// Removes the folders of tutors that were killed: nobody holds their lock any more.
fn sweep(folder: &Path, now: SystemTime) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours && is_old(&entry, now) && File::open(entry.path()).is_ok_and(|dir| dir.try_lock().is_ok()) {
            // Another user's folder cannot be opened, so this is ours. If it cannot be removed, it does no harm.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_old(entry: &fs::DirEntry, now: SystemTime) -> bool {
    let changed = entry.metadata().ok().filter(fs::Metadata::is_dir).and_then(|m| m.modified().ok());
    changed.and_then(|at| now.duration_since(at).ok()).is_some_and(|age| age > YOUNG)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_file_lies_in_a_private_folder_that_goes_with_it() {
        let place = tempfile::tempdir().expect("a folder");
        let missing = place.path().join("missing");
        let file = program_file_in(&[missing, place.path().to_owned()], "threads.py", "print(1)\n").expect("a file");
        let dir = file.path().parent().expect("it has one").to_owned();
        assert_eq!(file.path().file_name(), Some("threads.py".as_ref()));
        assert_eq!(fs::metadata(&dir).expect("the folder").permissions().mode() & 0o777, 0o700);
        drop(file);
        assert!(!dir.exists());
    }

    #[test]
    fn folders_of_dead_tutors_are_swept_and_those_of_living_ones_stay() {
        let place = tempfile::tempdir().expect("a folder");
        let aged = |name: &str| {
            let dir = place.path().join(name);
            fs::create_dir(&dir).expect("a folder");
            let long_ago = SystemTime::UNIX_EPOCH;
            File::open(&dir).and_then(|d| d.set_modified(long_ago)).expect("aged");
            dir
        };
        let (dead, foreign) = (aged("concur-tutor-run-dead"), aged("something-else"));
        let living = aged("concur-tutor-run-living");
        let lock = File::open(&living).expect("open");
        lock.try_lock().expect("locked");
        let young = program_file_in(&[place.path().to_owned()], "a.py", "").expect("a file");
        let _second = program_file_in(&[place.path().to_owned()], "b.py", "").expect("a file");
        assert!(!dead.exists());
        assert!(foreign.exists() && living.exists() && young.path().exists());
    }

    #[test]
    fn where_nothing_can_be_written_every_folder_is_named() {
        let error = program_file_in(&["/no/such".into(), "/nor/this".into()], "a.py", "").expect_err("no room");
        let text = error.to_string();
        assert!(
            text.contains("/no/such: No such file") && text.contains("/nor/this") && text.contains("TMPDIR"),
            "{text}"
        );
    }
}
