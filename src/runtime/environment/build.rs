//! Makes the environment: a virtual environment, pip, and a look whether the packages can be imported.

use super::command::{Why, run};
use super::{NAME, python_in};
use crate::runtime::Python;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;

/// What the folder's name begins with while it is built.
const PREFIX: &str = ".environment-new-";

/// Where the building stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// A virtual environment is made.
    Environment,
    /// The packages are installed: a line of pip's.
    Install(&'a str),
    /// They are imported, to see whether they work.
    Import,
}

/// An environment that works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The interpreter in it, by path.
    pub python: PathBuf,
    /// The packages with their versions.
    pub packages: Vec<(String, String)>,
}

/// Why there is no environment.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The learner stopped it.
    #[error("stopped: nothing was changed")]
    Stopped,
    /// A folder cannot be made, renamed or removed.
    #[error("{0}: {1}")]
    Folder(PathBuf, io::Error),
    /// This Python cannot make an environment: another one may.
    #[error("it cannot make a virtual environment: {0}")]
    NoEnvironment(String),
    /// The packages could not be installed.
    #[error("pip could not install the packages:\n{0}")]
    Install(String),
    /// They are there, but one cannot be imported.
    #[error("the packages were installed but do not work:\n{0}")]
    Import(String),
}

impl SetupError {
    /// Whether another Python might do better: not where the way to PyPI or room on the disk is what is missing.
    #[must_use]
    pub fn try_another(&self) -> bool {
        !matches!(self, SetupError::Stopped | SetupError::Folder(..)) && self.hint().is_none()
    }

    /// What the learner can do about it, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        let said = match self {
            SetupError::Install(said) | SetupError::NoEnvironment(said) => said.clone(),
            SetupError::Folder(_, error) => error.to_string(),
            SetupError::Stopped | SetupError::Import(_) => return None,
        };
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if has(&["No space left", "Errno 28", "Disk quota"]) {
            return Some("the disk is full: make room (about 300 MB) and try again");
        }
        let network = [
            "NewConnectionError",
            "Temporary failure in name resolution",
            "Connection refused",
            "timed out",
            "Network is unreachable",
            "Failed to establish a new connection",
            "ProxyError",
            "SSLError",
            "Max retries",
        ];
        has(&network).then_some(
            "PyPI cannot be reached: is this machine online? pip uses its own settings for a proxy or a mirror",
        )
    }
}

/// Makes an environment in `folder` with this Python and these packages; one that is there is replaced when the new one
/// works. `stop` ends it early.
///
/// # Errors
/// [`SetupError`]; nothing is left half made.
pub fn build(
    python: &Python,
    packages: &[String],
    folder: &Path,
    stop: &AtomicBool,
    mut tell: impl FnMut(Step<'_>),
) -> Result<Built, SetupError> {
    let parent = folder.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|error| SetupError::Folder(parent.to_owned(), error))?;
    sweep(parent);
    let beside = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent);
    let beside = beside.map_err(|error| SetupError::Folder(parent.to_owned(), error))?;
    let _lock = File::open(beside.path()).ok().filter(|dir| dir.try_lock().is_ok());
    let new = beside.path().join(NAME);
    tell(Step::Environment);
    let mut venv = Command::new(&python.path);
    venv.args(["-m", "venv"]).arg(&new);
    run(&mut venv, stop, |_| {}).map_err(|why| of(why, SetupError::NoEnvironment))?;
    install(&python_in(&new), packages, stop, &mut tell)?;
    tell(Step::Import);
    let packages = import(&python_in(&new), packages, stop)?;
    readdress(&new, folder).map_err(|error| SetupError::Folder(new.clone(), error))?;
    put(&new, folder, &beside.path().join("old"))?;
    Ok(Built { python: python_in(folder), packages })
}

/// Has all that names the folder in which the environment was built name its place instead: the first lines of the scripts
/// beside its Python, and what activates it.
fn readdress(new: &Path, folder: &Path) -> io::Result<()> {
    let (from, to) = (new.as_os_str().as_encoded_bytes(), folder.as_os_str().as_encoded_bytes());
    let scripts = python_in(new).parent().map(fs::read_dir).transpose()?;
    let files = scripts.into_iter().flatten().flatten().map(|entry| entry.path()).chain([new.join("pyvenv.cfg")]);
    for file in files {
        // A link leads to the Python that all this is for.
        if !file.symlink_metadata()?.is_file() {
            continue;
        }
        let content = fs::read(&file)?;
        let moved = replaced(&content, from, to);
        if moved != content {
            fs::write(&file, moved)?;
        }
    }
    Ok(())
}

/// `content` with each `from` in it replaced.
fn replaced(content: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        out.extend([&rest[..at], to].concat());
        rest = &rest[at + from.len()..];
    }
    out.extend(rest);
    out
}

/// Puts the new environment in its place. Where that fails, the old one is there as before.
fn put(new: &Path, folder: &Path, old: &Path) -> Result<(), SetupError> {
    let at = |error| SetupError::Folder(folder.to_owned(), error);
    let replaces = folder.symlink_metadata().is_ok();
    if replaces {
        fs::rename(folder, old).map_err(at)?;
    }
    fs::rename(new, folder).map_err(|error| {
        if replaces {
            // Two failures in a row leave it under its other name, which goes with the folder: it can be made anew.
            let _ = fs::rename(old, folder);
        }
        at(error)
    })
}

fn install(
    python: &Path,
    packages: &[String],
    stop: &AtomicBool,
    tell: &mut impl FnMut(Step<'_>),
) -> Result<(), SetupError> {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]);
    // What has no wheel for this Python would need a compiler, and minutes: another Python is better then.
    pip.args(["--only-binary", ":all:", "--retries", "1", "--timeout", "20"]).args(packages);
    tell(Step::Install("asking PyPI"));
    run(&mut pip, stop, |line| tell(Step::Install(line))).map_err(|why| of(why, SetupError::Install))
}

/// Imports every package and asks for its version.
fn import(python: &Path, packages: &[String], stop: &AtomicBool) -> Result<Vec<(String, String)>, SetupError> {
    let script = "import importlib, importlib.metadata as m, sys\nfor name in sys.argv[1:]:\n    \
                  importlib.import_module(name.replace('-', '_'))\n    print('version', name, m.version(name))\n";
    let mut versions = Vec::new();
    let mut ask = Command::new(python);
    ask.args(["-c", script]).args(packages);
    let read = |line: &str| {
        if let ["version", name, version] = line.split(' ').collect::<Vec<_>>()[..] {
            versions.push((name.to_owned(), version.to_owned()));
        }
    };
    run(&mut ask, stop, read).map_err(|why| of(why, SetupError::Import))?;
    Ok(versions)
}

fn of(why: Why, failed: impl FnOnce(String) -> SetupError) -> SetupError {
    match why {
        Why::Stopped => SetupError::Stopped,
        Why::Failed(said) => failed(said),
    }
}

/// Removes the folders of tutors that were killed while they built: nobody holds their lock any more.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours && File::open(entry.path()).is_ok_and(|dir| dir.try_lock().is_ok()) {
            // What cannot be removed does no harm.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_the_folder_it_was_built_in_names_its_place() {
        let dir = tempfile::tempdir().expect("a folder");
        let (new, place) = (dir.path().join(".new/environment"), dir.path().join("environment"));
        fs::create_dir_all(new.join("bin")).expect("a folder");
        let text = |path: &Path| {
            let path = path.display();
            format!("#!{path}/bin/python3\nVIRTUAL_ENV={path}\nend")
        };
        let binary = [b"\0\xff".as_slice(), new.as_os_str().as_encoded_bytes()].concat();
        fs::write(new.join("bin/tool"), text(&new)).expect("written");
        fs::write(new.join("bin/other"), &binary).expect("written");
        fs::write(new.join("pyvenv.cfg"), text(&new)).expect("written");
        std::os::unix::fs::symlink("/usr/bin/env", new.join("bin/python3")).expect("a link");
        readdress(&new, &place).expect("writable");
        for file in ["bin/tool", "pyvenv.cfg"] {
            assert_eq!(fs::read_to_string(new.join(file)).expect("there"), text(&place), "{file}");
        }
        assert!(!fs::read(new.join("bin/other")).expect("there").is_empty());
    }

    #[test]
    fn every_place_is_replaced() {
        assert_eq!(replaced(b"/a/b and /a/b/c", b"/a/b", b"/x"), b"/x and /x/c");
        assert_eq!(replaced(b"", b"/a", b"/b"), b"");
    }
}
