//! The files of lessons, read from disk.

use super::bounded;
use super::build::{Folder, LESSON_FILE};
use super::course::CourseError;
use super::solution;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The Rust files of lessons, as `02-gil/threads.rs`.
pub(super) fn rust_files(folders: &BTreeMap<String, Folder>) -> impl Iterator<Item = String> {
    folders.iter().flat_map(|(id, files)| {
        let rust = files.keys().filter(|file| Path::new(file).extension().is_some_and(|end| end == "rs"));
        rust.map(move |file| format!("{}/{file}", id.trim_end_matches('/')))
    })
}

/// Every lesson's files in a folder of lessons, by the lesson's id; a lesson's own folder is the only one, and its key
/// ends in a slash.
pub(super) fn folders(path: &Path) -> Result<BTreeMap<String, Folder>, CourseError> {
    let mut out = BTreeMap::new();
    if path.join(LESSON_FILE).symlink_metadata().is_ok() {
        let name = path.canonicalize().ok().and_then(|p| Some(p.file_name()?.to_string_lossy().into_owned()));
        out.insert(format!("{}/", name.unwrap_or_default()), folder(path)?);
        return Ok(out);
    }
    for entry in entries(path)? {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let numbered = name.starts_with(|c: char| c.is_ascii_digit());
        if entry.is_dir() && (numbered || entry.join(LESSON_FILE).symlink_metadata().is_ok()) {
            out.insert(name, folder(&entry)?);
        }
    }
    if out.is_empty() { Err(CourseError::Empty(path.to_owned())) } else { Ok(out) }
}

fn folder(path: &Path) -> Result<Folder, CourseError> {
    let mut out = Folder::new();
    read_into(&mut out, path, "")?;
    let solutions = path.join(solution::FOLDER);
    if solutions.is_dir() {
        for task in entries(&solutions)?.into_iter().filter(|task| task.is_dir()) {
            let name = task.file_name().unwrap_or_default().to_string_lossy().into_owned();
            read_into(&mut out, &task, &format!("{}/{name}/", solution::FOLDER))?;
        }
    }
    Ok(out)
}

/// Reads the files of one folder. `prefix` is what stands before their names.
fn read_into(out: &mut Folder, path: &Path, prefix: &str) -> Result<(), CourseError> {
    for file in entries(path)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if belongs(&name) {
            let bytes = bounded::read(&file).map_err(|error| CourseError::Unreadable { path: file, error })?;
            out.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
}

/// Whether a file is part of a lesson.
fn belongs(name: &str) -> bool {
    name == LESSON_FILE || Path::new(name).extension().is_some_and(|e| e == "py" || e == "rs")
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, CourseError> {
    let unreadable = |error| CourseError::Unreadable { path: path.to_owned(), error };
    let mut out = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        out.push(entry.map_err(unreadable)?.path());
        bounded::few(out.len()).map_err(unreadable)?;
    }
    out.sort();
    Ok(out)
}
