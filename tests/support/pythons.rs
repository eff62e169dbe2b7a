//! The Pythons of this machine, by what their locks are made of.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// Every CPython on this machine, each once.
pub fn all() -> Vec<PathBuf> {
    let named = std::env::var_os("CONCUR_TUTOR_PYTHONS").unwrap_or_default();
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let pyenv = home.join(".pyenv/versions").read_dir().into_iter().flatten().flatten();
    let on_path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .map(|folder| folder.join("python3"))
        .collect::<Vec<_>>();
    let all = std::env::split_paths(&named).chain(pyenv.map(|v| v.path().join("bin/python3"))).chain(on_path);
    let mut seen = BTreeSet::new();
    all.filter(|path| path.canonicalize().is_ok_and(|real| seen.insert(real)) && notes_holders(path).is_some())
        .collect()
}

/// Tries something on each of them, side by side: what is tried mostly waits.
pub fn each(pythons: &[PathBuf], tried: impl Fn(&PathBuf) + Sync) {
    std::thread::scope(|scope| {
        let tried = &tried;
        for python in pythons {
            scope.spawn(move || tried(python));
        }
    });
}

/// Whether a `Lock` and an `RLock` are made of semaphores, in which who holds them can be noted; `None` where it is no CPython from
/// 3.9 on.
pub fn notes_holders(python: &PathBuf) -> Option<[bool; 2]> {
    const ASK: &str = "import sys, _thread, sysconfig
head = 32 if sysconfig.get_config_var('Py_GIL_DISABLED') else 16
assert sys.implementation.name == 'cpython' and sys.version_info >= (3, 9)
print(type(_thread.allocate_lock()).__basicsize__ - head, _thread.RLock.__basicsize__ - head)";
    let output = std::process::Command::new(python).args(["-c", ASK]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (lock, again) = text.trim().split_once(' ')?;
    Some([lock == "24", again == "32"])
}
