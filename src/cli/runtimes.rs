//! Which runtime a command uses.

use super::args::{OnOff, RuntimeKind};
use super::{Failure, USAGE};
use crate::runner::guard;
use crate::runtime::{Python, Runtime, cpython};
use std::path::Path;

/// The runtime that the arguments ask for: without a word CPython where one is found, else native. Of several Pythons
/// the first that has the packages.
pub(super) fn choose(
    kind: Option<RuntimeKind>,
    python: Option<&Path>,
    gil: Option<OnOff>,
    packages: &[String],
) -> anyhow::Result<Runtime> {
    match (kind, python) {
        (Some(RuntimeKind::Native), Some(path)) => {
            let message = format!("--runtime native does not use --python {}: leave out one of them", path.display());
            Err(Failure::new(USAGE, message).into())
        }
        (Some(RuntimeKind::Native), None) => Ok(Runtime::Native { gil: gil.is_none_or(OnOff::is_on) }),
        (_, Some(path)) => named_python(path, gil).map(Runtime::CPython),
        (Some(RuntimeKind::Cpython), None) => best_python(gil, packages).map(Runtime::CPython),
        (None, None) => Ok(best_python(gil, packages)
            .map_or_else(|_| Runtime::Native { gil: gil.is_none_or(OnOff::is_on) }, Runtime::CPython)),
    }
}

/// The Python that `--python` names, with its GIL as asked for where the build can do that.
pub(super) fn named_python(path: &Path, gil: Option<OnOff>) -> anyhow::Result<Python> {
    python_at(path, gil, "--python")
}

/// The Python at `path`; `who` has named it.
pub(super) fn python_at(path: &Path, gil: Option<OnOff>, who: &str) -> anyhow::Result<Python> {
    guard::start();
    let mut python = cpython::probe_one(path).map_err(|bad| {
        let help = if who.starts_with("--") { "" } else { "; name another one with --python" };
        Failure::new(USAGE, format!("{who}, {}: {}{help}", bad.path.display(), bad.reason))
    })?;
    match gil {
        Some(wanted) if wanted.is_on() == python.gil => {}
        None => {}
        // A free-threaded build can run with a GIL (PYTHON_GIL=1); the other way round there is no way.
        Some(_) if python.free_threaded => python.gil = !python.gil,
        Some(_) => {
            let message = format!(
                "--gil off: {} is a build with a GIL. A free-threaded build (python3.13t or later) has none, \
                 and neither has `--runtime native --gil off`",
                python.path.display()
            );
            return Err(Failure::new(USAGE, message).into());
        }
    }
    Ok(python)
}

/// The first Python found that has the GIL asked for, and the packages where one has them.
pub(super) fn best_python(gil: Option<OnOff>, packages: &[String]) -> anyhow::Result<Python> {
    guard::start();
    let found = cpython::discover();
    let fits = |p: &&Python| gil.is_none_or(|wanted| wanted.is_on() == p.gil);
    let fitting = || found.pythons.iter().filter(fits);
    fitting().find(|p| p.missing(packages).is_empty()).or_else(|| fitting().next()).cloned().ok_or_else(|| {
        let what = match gil.map(OnOff::is_on) {
            Some(false) => "no free-threaded CPython was found",
            _ => "no CPython 3.9 or later was found",
        };
        let looked = "on PATH, in the active environment, and where pyenv, uv and conda keep theirs";
        let help = "name one with --python PATH or CONCUR_TUTOR_PYTHONS, or use --runtime native";
        Failure::new(USAGE, format!("{what} {looked}; {help}")).into()
    })
}
