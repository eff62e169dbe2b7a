//! A program as people start it: `python -m pkg`, `./tool.py`, a console script by its name; and which Python that means.
//!
//! [`invocation`] reads the command line, [`first_line`] what a script asks for, and this file puts them together: the
//! file that is meant, the Python that would run it, and why that one.

mod first_line;
mod invocation;

pub use invocation::{Invocation, Misread, Subject};

use super::candidates::{Places, installation, resolve};
use crate::runtime::Python;
use first_line::{Asked, is_python};
use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is started, and with which Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The command line, with the file that a bare name means.
    pub invocation: Invocation,
    /// The Python that it asks for; `None` where it asks for none: then the first that is found.
    pub python: Option<(PathBuf, Reason)>,
}

/// Why a Python was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// By `--python`.
    Named,
    /// The command begins with it.
    Command,
    /// The first line of this file asks for it.
    FirstLine(PathBuf),
    /// It is of a virtual environment, in this folder.
    Environment(PathBuf),
    /// The environment that is active, in this folder.
    Active(PathBuf),
    /// The first one found.
    First,
}

impl Reason {
    /// The name in reports.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Reason::Named => "named",
            Reason::Command => "command",
            Reason::FirstLine(_) => "first-line",
            Reason::Environment(_) => "environment",
            Reason::Active(_) => "active",
            Reason::First => "first",
        }
    }
}

impl Reason {
    /// Why a Python was taken that nothing asked for.
    #[must_use]
    pub fn of_found(python: &Python) -> Reason {
        let active = Places::of_this_process().active;
        active.into_iter().find(|folder| python.path.starts_with(folder)).map_or(Reason::First, Reason::Active)
    }
}

/// In words, behind the name of the Python.
impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Named => f.write_str("named with --python"),
            Reason::Command => f.write_str("named in the command"),
            Reason::FirstLine(file) => write!(f, "named in the first line of {}", file.display()),
            Reason::Environment(folder) => write!(f, "of the virtual environment {}", folder.display()),
            Reason::Active(folder) => write!(f, "of the active environment {}", folder.display()),
            Reason::First => f.write_str("the first one found"),
        }
    }
}

/// Why a command cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum Unstartable {
    /// The command line cannot be read.
    #[error(transparent)]
    Misread(#[from] Misread),
    /// A name that is neither a file here nor a program on `PATH`.
    #[error("cannot watch {}: there is no such file, and no program of that name on PATH", .0.display())]
    NotFound(PathBuf),
    /// A path at which nothing is.
    #[error("cannot watch {}: there is no such file", .0.display())]
    NoFile(PathBuf),
    /// A program on `PATH` that Python does not run.
    #[error("cannot watch {}: {} is not a Python program", .name.display(), .path.display())]
    NotPython {
        /// What was asked for.
        name: PathBuf,
        /// What it is.
        path: PathBuf,
    },
}

/// Finds out what a command starts and which Python it asks for. The first word may be a Python.
///
/// # Errors
/// [`Unstartable`], in words for the learner.
pub fn started(words: &[OsString]) -> Result<Started, Unstartable> {
    started_among(words, &Places::of_this_process())
}

fn started_among(words: &[OsString], places: &Places) -> Result<Started, Unstartable> {
    let first = words.first().map(Path::new).filter(|first| means_a_python(first, places));
    let mut invocation = Invocation::read(if first.is_some() { &words[1..] } else { words })?;
    if let Some(first) = first {
        if let Subject::Script(path) = &invocation.subject {
            exists(path)?;
        }
        return Ok(Started { invocation, python: Some((resolve(first, places), Reason::Command)) });
    }
    let place = match &mut invocation.subject {
        Subject::Script(path) => {
            *path = file(path, places)?;
            Some(path.clone())
        }
        _ => None,
    };
    let asked = place.as_deref().and_then(Asked::by).filter(Asked::is_python);
    if let Some(asked) = asked.filter(Asked::is_certain) {
        // As the system does where the script is started by its name.
        invocation.options.splice(0..0, asked.options.into_iter().map(OsString::from));
        let path = resolve(&asked.program, places);
        return Ok(Started { invocation, python: Some((path, Reason::FirstLine(place.unwrap_or_default()))) });
    }
    let python = if places.active.is_empty() { environment(place.as_deref()) } else { None };
    Ok(Started { invocation, python })
}

/// Whether a command's first word is the Python that shall run the rest. A file here of that name is a script.
fn means_a_python(word: &Path, places: &Places) -> bool {
    is_python(word) && resolve(word, places).is_file() && (word.components().count() > 1 || !word.exists())
}

fn exists(path: &Path) -> Result<(), Unstartable> {
    if path.symlink_metadata().is_ok() { Ok(()) } else { Err(Unstartable::NoFile(path.to_owned())) }
}

/// The file that a learner means: one that is there, or the program of that name on `PATH`.
fn file(path: &Path, places: &Places) -> Result<PathBuf, Unstartable> {
    if path.symlink_metadata().is_ok() {
        return Ok(path.to_owned());
    }
    if path.components().count() != 1 || path.is_absolute() {
        return Err(Unstartable::NoFile(path.to_owned()));
    }
    let found = places.path.iter().map(|dir| dir.join(path)).find(|file| file.is_file());
    let found = found.ok_or_else(|| Unstartable::NotFound(path.to_owned()))?;
    let found = behind_a_shim(&found).unwrap_or(found);
    let python = Asked::by(&found).is_some_and(|asked| asked.is_python());
    if python { Ok(found) } else { Err(Unstartable::NotPython { name: path.to_owned(), path: found }) }
}

/// What a version manager's shim stands for: it knows by itself.
fn behind_a_shim(file: &Path) -> Option<PathBuf> {
    file.parent().filter(|dir| dir.ends_with("shims"))?;
    let text = std::fs::read_to_string(file).ok()?;
    let manager = ["pyenv", "asdf", "mise"]
        .into_iter()
        .find(|name| text.contains(&format!("{name} exec")) || text.contains(&format!("{name}\" exec")))?;
    let output = Command::new(manager).arg("which").arg(file.file_name()?).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    Some(path).filter(|path| output.status.success() && path.is_file())
}

/// The Python of the virtual environment in which a file lies, or that lies beside it or above it within its project;
/// without a file, beside the folder that the learner is in.
fn environment(file: Option<&Path>) -> Option<(PathBuf, Reason)> {
    let start = match file {
        Some(file) => file.canonicalize().ok()?.parent()?.to_owned(),
        None => std::env::current_dir().ok()?,
    };
    for folder in start.ancestors() {
        for environment in [folder.to_owned(), folder.join(".venv"), folder.join("venv")] {
            if environment.join("pyvenv.cfg").is_file()
                && let Some(python) = installation(&environment)
            {
                return Some((python, Reason::Environment(environment)));
            }
        }
        // What lies above a project is another one's.
        if ["pyproject.toml", "setup.py", ".git", ".hg"].iter().any(|name| folder.join(name).exists()) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_name_on_the_path_is_a_program_and_its_first_line_names_the_python() {
        let dir = tempfile::tempdir().unwrap();
        let tool = dir.path().join("bin/a-tool-of-ours");
        write(&tool, "#!/opt/its/bin/python3.12 -u\n");
        let places = Places { path: vec![dir.path().join("bin")], ..Places::default() };
        let found = started_among(&words(&["a-tool-of-ours", "-x"]), &places).unwrap();
        assert_eq!(found.invocation.words(), ["-u".into(), OsString::from(&tool), "-x".into()]);
        assert_eq!(found.python, Some(("/opt/its/bin/python3.12".into(), Reason::FirstLine(tool))));

        write(&dir.path().join("bin/a-shell-script"), "#!/bin/sh\n");
        let wrong = started_among(&words(&["a-shell-script"]), &places).unwrap_err().to_string();
        assert!(wrong.contains("not a Python program"), "{wrong}");
        let missing = started_among(&words(&["no-such-tool"]), &places).unwrap_err().to_string();
        assert!(missing.contains("no such file, and no program of that name on PATH"), "{missing}");
        let missing = started_among(&words(&["no/such"]), &places).unwrap_err().to_string();
        assert!(missing.ends_with("there is no such file"), "{missing}");
    }

    #[test]
    fn a_virtual_environment_beside_or_above_within_the_project_is_the_scripts() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let script = root.join("project/src/deep/a.py");
        write(&script, "print(1)\n");
        let asked = |active: &[PathBuf]| {
            let places = Places { active: active.to_vec(), ..Places::default() };
            started_among(&[script.clone().into()], &places).unwrap().python
        };
        assert_eq!(asked(&[]), None);
        let environment = root.join("project/.venv");
        write(&environment.join("pyvenv.cfg"), "");
        write(&environment.join("bin/python3"), "");
        let expected = (environment.join("bin/python3"), Reason::Environment(environment.clone()));
        assert_eq!(asked(&[]), Some(expected));
        assert_eq!(asked(&["/some/active".into()]), None, "the learner has chosen one");
        // A project of its own in it has none of its own.
        write(&root.join("project/src/pyproject.toml"), "");
        assert_eq!(asked(&[]), None);
    }

    #[test]
    fn a_command_may_begin_with_its_python() {
        let dir = tempfile::tempdir().unwrap();
        let python = dir.path().join("python3.12");
        write(&python, "");
        let places = Places { path: vec![dir.path().to_owned()], ..Places::default() };
        let found = started_among(&words(&["python3.12", "-m", "pkg"]), &places).unwrap();
        assert_eq!(found.invocation.subject, Subject::Module("pkg".into()));
        assert_eq!(found.python, Some((python, Reason::Command)));
    }
}
