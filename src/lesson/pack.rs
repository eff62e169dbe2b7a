//! Lessons from outside: a folder of lessons that somebody else wrote, in Python alone.

use super::course::{Course, CourseError};
use super::fault::{Fault, Faults};
use super::folder::{folders, rust_files};
use super::id::MARK;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A folder of lessons from outside.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Where it lies.
    pub path: PathBuf,
    /// Its lessons. Their ids begin with the folder's name: `my-pack:01-locks`.
    pub course: Course,
    /// Tells whether anything in it has changed: the SHA-256 of every file that belongs to a lesson, with its name.
    pub digest: String,
}

impl Pack {
    /// Reads a folder of lessons, or a lesson's own folder.
    ///
    /// # Errors
    /// [`CourseError`]: unreadable, empty, or with faults. A Rust twin is a fault.
    pub fn read(path: &Path) -> Result<Pack, CourseError> {
        let unreadable = |error| CourseError::Unreadable { path: path.to_owned(), error };
        let path = path.canonicalize().map_err(unreadable)?;
        let folders = folders(&path)?;
        let mut hash = Sha256::new();
        for (folder, files) in &folders {
            for (file, bytes) in files {
                // The lengths keep the end of one part and the beginning of the next apart.
                for part in [folder.as_bytes(), file.as_bytes(), bytes.as_slice()] {
                    hash.update((part.len() as u64).to_le_bytes());
                    hash.update(part);
                }
            }
        }
        let digest = hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let course = Course::from_dir(&path)?;
        let twins: Vec<Fault> = rust_files(&folders).map(fault).collect();
        if !twins.is_empty() {
            return Err(Faults(twins).into());
        }
        // A lone lesson belongs to the pack that its folder lies in.
        let lone = folders.keys().any(|folder| folder.ends_with('/'));
        let own = if lone { path.parent().unwrap_or(&path) } else { &path };
        let name = own.file_name().map_or_else(|| "pack".into(), |name| name.to_string_lossy().into_owned());
        Ok(Pack { course: course.named(|id| format!("{name}{MARK}{id}")), path, digest })
    }
}

/// The fault of a Rust file that no build of the tutor has.
pub(super) fn fault(file: String) -> Fault {
    let message = "a pack from outside has Python programs only: a Rust twin has to be compiled into concur-tutor";
    Fault { file, line: 1, column: 1, message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::check_dir;
    use std::fs;

    /// A pack `mine` with one lesson.
    fn pack() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        let own = dir.path().join("mine/01-naps");
        fs::create_dir_all(&own).expect("a folder");
        let front = "title = \"Naps\"\nsummary = \"Naps.\"\n[[program]]\nname = \"nap\"\n";
        fs::write(own.join("lesson.md"), format!("+++\n{front}+++\n\n# Naps\n\nText.\n")).expect("written");
        fs::write(own.join("nap.py"), "print(1)\n").expect("written");
        dir
    }

    #[test]
    fn ids_begin_with_the_packs_name_and_lessons_are_found_by_their_own() {
        let dir = pack();
        let mine = Pack::read(&dir.path().join("mine")).expect("no faults");
        assert_eq!(mine.course.lessons()[0].id, "mine:01-naps");
        for name in ["mine:01-naps", "01-naps", "naps", "1"] {
            assert_eq!(mine.course.find(name).map(|l| l.title.as_str()), Ok("Naps"), "{name}");
        }
        let lone = Pack::read(&dir.path().join("mine/01-naps")).expect("no faults");
        assert_eq!(lone.course.lessons()[0].id, "mine:01-naps");
    }

    #[test]
    fn a_change_anywhere_gives_another_digest() {
        let dir = pack();
        let place = dir.path().join("mine");
        let read = || Pack::read(&place).expect("no faults").digest;
        let first = read();
        assert_eq!(first, read());
        fs::write(place.join("01-naps/nap.py"), "print(2)\n").expect("written");
        assert_ne!(first, read());
    }

    #[test]
    fn a_rust_file_is_a_fault_that_says_so() {
        let dir = pack();
        let place = dir.path().join("mine");
        fs::write(place.join("01-naps/nap.rs"), "fn main() {}\n").expect("written");
        let told = Pack::read(&place).expect_err("a twin").to_string();
        assert!(told.contains("01-naps/nap.rs:1:1: a pack from outside has Python programs only"), "{told}");
        let faults = check_dir(&place).expect("readable");
        assert_eq!(faults.len(), 1, "{faults:?}");
    }
}
