//! The tutor's own virtual environment: a Python with the packages that some lessons need, made on request alone.
//!
//! It is built in a folder beside its place and renamed there when it works, so that whatever goes wrong meanwhile
//! leaves either the old one or none.

mod build;
mod command;

pub use build::{Built, SetupError, Step, build};

use super::folders;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The environment's name in the tutor's data folder.
const NAME: &str = "environment";

/// Where the environment is, or would be.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    Some(folders::data()?.join(NAME))
}

/// The environment's Python, where there is one.
#[must_use]
pub fn python() -> Option<PathBuf> {
    folder().map(|folder| python_in(&folder)).filter(|path| path.symlink_metadata().is_ok())
}

fn python_in(folder: &Path) -> PathBuf {
    if cfg!(windows) { folder.join("Scripts/python.exe") } else { folder.join("bin/python3") }
}

/// Removes the environment; whether there was one.
///
/// # Errors
/// Where it cannot be removed.
pub fn remove(folder: &Path) -> io::Result<bool> {
    let Some(parent) = folder.parent().filter(|_| folder.symlink_metadata().is_ok()) else { return Ok(false) };
    // Out of sight in one step: half an environment would be found and not work.
    let aside = tempfile::Builder::new().prefix(".environment-old-").tempdir_in(parent)?;
    fs::rename(folder, aside.path().join(NAME))?;
    aside.close()?;
    Ok(true)
}
