//! Executables that may be a Python: from `CONCUR_TUTOR_PYTHONS`, the active environment, `PATH` and the usual places.

use crate::runtime::environment;
use std::collections::HashSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// The variable that names Pythons, separated as in `PATH`.
pub const VARIABLE: &str = "CONCUR_TUTOR_PYTHONS";

/// Where a candidate comes from, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Named by [`VARIABLE`], in its order.
    Named(usize),
    /// The active virtual or conda environment.
    Active,
    /// What `python3` means on `PATH`.
    Default,
    /// Any other.
    Usual,
    /// The tutor's own environment.
    Own,
}

/// An executable to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The executable.
    pub path: PathBuf,
    /// Where it comes from.
    pub rank: Rank,
}

/// Where to look: the environment's answers, so that tests can give others.
#[derive(Debug, Default)]
pub struct Places {
    /// The value of [`VARIABLE`].
    pub named: Option<OsString>,
    /// `VIRTUAL_ENV` and `CONDA_PREFIX`.
    pub active: Vec<PathBuf>,
    /// The folders of `PATH`.
    pub path: Vec<PathBuf>,
    /// Folders whose sub-folders are Python installations: pyenv's, uv's, conda's.
    pub versions: Vec<PathBuf>,
    /// Installations, and folders of executables, that are looked into though they are not on `PATH`.
    pub usual: Vec<PathBuf>,
    /// The Python of the tutor's own environment.
    pub own: Option<PathBuf>,
}

impl Places {
    /// Those of this process.
    pub fn of_this_process() -> Places {
        let var = |name: &str| env::var_os(name).filter(|v| !v.is_empty());
        let home = var("HOME").or_else(|| var("USERPROFILE")).map(PathBuf::from);
        let under_home = |rest: &str| home.as_ref().map(|h| h.join(rest));
        let data = var("XDG_DATA_HOME").map(PathBuf::from).or_else(|| under_home(".local/share"));
        let pyenv = var("PYENV_ROOT").map(PathBuf::from).or_else(|| under_home(".pyenv"));
        let uv = var("UV_PYTHON_INSTALL_DIR").map(PathBuf::from);
        let conda = ["miniconda3", "anaconda3", "miniforge3", "mambaforge", ".conda"].map(under_home);
        let conda: Vec<PathBuf> = conda.into_iter().flatten().chain(["/opt/conda".into()]).collect();
        let versions = [
            pyenv.map(|p| p.join("versions")),
            uv.or_else(|| data.as_ref().map(|d| d.join("uv/python"))),
            data.as_ref().map(|d| d.join("mise/installs/python")),
            under_home(".asdf/installs/python"),
        ];
        let system = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from);
        Places {
            named: var(VARIABLE),
            active: ["VIRTUAL_ENV", "CONDA_PREFIX"].iter().filter_map(|n| var(n)).map(PathBuf::from).collect(),
            path: var("PATH").map_or_else(Vec::new, |p| env::split_paths(&p).collect()),
            versions: versions.into_iter().flatten().chain(conda.iter().map(|c| c.join("envs"))).collect(),
            usual: system.into_iter().chain(conda.iter().map(|c| c.join("bin"))).collect(),
            own: environment::python(),
        }
    }
}

/// Every candidate, best first, each interpreter once as far as that shows without running it.
pub fn all(places: &Places) -> Vec<Candidate> {
    let mut out = Vec::new();
    for (i, name) in places.named.iter().flat_map(env::split_paths).filter(|n| !n.as_os_str().is_empty()).enumerate() {
        out.push(Candidate { path: resolve(&name, places), rank: Rank::Named(i) });
    }
    for prefix in &places.active {
        out.extend(installation(prefix).map(|path| Candidate { path, rank: Rank::Active }));
    }
    let default = places.path.iter().map(|dir| dir.join("python3")).find(|p| p.is_file());
    out.extend(default.map(|path| Candidate { path, rank: Rank::Default }));
    let mut usual: Vec<PathBuf> = places.path.iter().flat_map(|dir| executables(dir)).collect();
    for root in &places.versions {
        usual.extend(sorted(root).iter().filter_map(|prefix| installation(prefix)));
    }
    usual.extend(places.usual.iter().flat_map(|dir| executables(dir)));
    out.extend(usual.into_iter().map(|path| Candidate { path, rank: Rank::Usual }));
    out.extend(places.own.iter().map(|path| Candidate { path: path.clone(), rank: Rank::Own }));
    let mut seen = HashSet::new();
    out.retain(|c| seen.insert(identity(&c.path)));
    out
}

/// What makes two paths the same interpreter: the file behind all links, but a virtual environment is one of its own.
#[must_use]
pub fn identity(path: &Path) -> PathBuf {
    let environment = path.parent().and_then(Path::parent).filter(|p| p.join("pyvenv.cfg").is_file());
    if let Some(real) = environment.and_then(|e| e.canonicalize().ok()) {
        return real;
    }
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The executable that a learner means by a path, a name on `PATH` or a folder of an environment.
pub fn resolve(path: &Path, places: &Places) -> PathBuf {
    if path.is_dir() {
        return installation(path).unwrap_or_else(|| path.to_owned());
    }
    if is_bare(path) {
        let found = places.path.iter().map(|dir| dir.join(path)).find(|p| p.is_file());
        return found.unwrap_or_else(|| path.to_owned());
    }
    // Relative to the folder that the learner is in now, wherever the program will run.
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Every other executable that a bare name can mean: further along `PATH`, and in the installations.
pub fn namesakes(name: &Path, places: &Places) -> Vec<PathBuf> {
    if !is_bare(name) {
        return Vec::new();
    }
    let installed = places.versions.iter().flat_map(|root| sorted(root)).map(|prefix| prefix.join("bin"));
    let dirs = places.path.iter().cloned().chain(installed).chain(places.usual.iter().cloned());
    let found = dirs.map(|dir| dir.join(name)).filter(|path| path.is_file());
    let mut seen = HashSet::from([identity(&resolve(name, places))]);
    found.filter(|path| seen.insert(identity(path))).collect()
}

/// Whether it is a name to look for rather than a path.
fn is_bare(path: &Path) -> bool {
    path.components().count() == 1 && !path.is_absolute() && !path.exists()
}

/// The interpreter of an installation or environment.
pub fn installation(prefix: &Path) -> Option<PathBuf> {
    let names = ["bin/python3", "bin/python", "python.exe", "Scripts/python.exe"];
    names.iter().map(|name| prefix.join(name)).find(|path| path.is_file())
}

/// The Pythons in a folder of executables. A folder of shims has one script under many names, most of which lead
/// nowhere: there only `python3` is taken, and the installations behind the shims are found where they are.
fn executables(dir: &Path) -> Vec<PathBuf> {
    if dir.ends_with("shims") {
        return Vec::from_iter(Some(dir.join("python3")).filter(|p| p.is_file()));
    }
    sorted(dir).into_iter().filter(|path| path.file_name().is_some_and(is_python) && path.is_file()).collect()
}

/// `python3`, `python3.X` or `python3.Xt`, with or without `.exe`.
fn is_python(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let Some(rest) = name.strip_prefix("python3") else { return false };
    let Some(minor) = rest.strip_prefix('.') else { return rest.is_empty() };
    let minor = minor.strip_suffix('t').unwrap_or(minor);
    !minor.is_empty() && minor.bytes().all(|b| b.is_ascii_digit())
}

fn sorted(dir: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    entries.sort();
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: PathBuf) -> PathBuf {
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(&path, "").expect("a file");
        path
    }

    #[test]
    fn names_of_interpreters_are_told_from_their_neighbours() {
        for name in ["python3", "python3.9", "python3.13t", "python3.15.exe"] {
            assert!(is_python(OsStr::new(name)), "{name}");
        }
        for name in
            ["python3-config", "python3.11-config", "python", "python3.", "python3.t", "python3.13td", "python4"]
        {
            assert!(!is_python(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn every_place_is_looked_into_and_each_interpreter_is_taken_once() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |p: &str| root.path().join(p);
        let active = file(at("venv/bin/python3"));
        file(at("venv/pyvenv.cfg"));
        let first = file(at("one/python3"));
        let second = file(at("two/python3.12"));
        file(at("two/python3-config"));
        let shim = file(at("shims/python3"));
        file(at("shims/python3.6"));
        let pyenv = file(at("versions/3.11.7/bin/python3"));
        let named = file(at("elsewhere/my-python"));
        #[cfg(unix)]
        std::os::unix::fs::symlink(&second, at("two/python3")).expect("a link");
        let places = Places {
            named: Some(named.clone().into()),
            active: vec![at("venv")],
            path: vec![at("venv/bin"), at("one"), at("two"), at("shims"), at("missing")],
            versions: vec![at("versions")],
            usual: vec![at("two")],
            own: None,
        };
        let found: Vec<_> = all(&places).into_iter().map(|c| (c.path, c.rank)).collect();
        let linked = if cfg!(unix) { at("two/python3") } else { second };
        let wanted = vec![
            (named, Rank::Named(0)),
            (active, Rank::Active),
            (first, Rank::Usual),
            (linked, Rank::Usual),
            (shim, Rank::Usual),
            (pyenv, Rank::Usual),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_bare_name_is_looked_up_and_a_folder_leads_to_its_interpreter() {
        let root = tempfile::tempdir().expect("a folder");
        let python = file(root.path().join("bin/python3"));
        let places = Places { path: vec![root.path().join("bin")], ..Places::default() };
        assert_eq!(resolve(Path::new("python3"), &places), python);
        assert_eq!(resolve(root.path(), &places), python);
        assert!(resolve(Path::new("./no-such-python"), &places).is_absolute());
        assert_eq!(resolve(Path::new("no-such-python"), &places), Path::new("no-such-python"));
        let installed = file(root.path().join("versions/3.99.1/bin/python3.99"));
        let shim = file(root.path().join("shims/python3.99"));
        let places = Places {
            path: vec![root.path().join("shims")],
            versions: vec![root.path().join("versions")],
            ..Places::default()
        };
        assert_eq!(resolve(Path::new("python3.99"), &places), shim);
        assert_eq!(namesakes(Path::new("python3.99"), &places), [installed]);
        assert!(namesakes(root.path(), &places).is_empty());
    }
}
