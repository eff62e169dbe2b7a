//! `doctor --bundle FILE`: what somebody needs to know who looks for a fault, and nothing about whose machine it is.

use super::personal::Personal;
use crate::cli::output::{ask, print};
use crate::cli::{Failure, USAGE};
use anyhow::Context as _;
use std::fs::File;
use std::io::{IsTerminal, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// Variables that change what the tutor or a Python does, and hold no secrets.
const VARIABLES: [&str; 12] = [
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "LANG",
    "LC_ALL",
    "COLUMNS",
    "LINES",
    "PYTHON_GIL",
    "PYTHONMALLOC",
    "PYTHONDEVMODE",
    "CONCUR_TUTOR_PYTHONS",
    "LD_PRELOAD",
];

/// Shows what would be written, asks, and writes it. `found` is what the doctor says.
pub(super) fn write(found: &str, file: &Path, yes: bool) -> anyhow::Result<ExitCode> {
    let text = Personal::of_this_machine().hide(&format!("{}\n{found}", machine()));
    print(&text)?;
    if !yes {
        if !std::io::stdin().is_terminal() {
            let message = "standard input is no terminal, so nobody can be asked; `--yes` says yes beforehand";
            return Err(Failure::new(USAGE, message).into());
        }
        if !ask(&format!("\nThis is all of it. Write it to {}?", file.display()))? {
            print("Nothing was written.\n")?;
            return Ok(ExitCode::from(1));
        }
    }
    let written = File::options().write(true).create_new(true).open(file);
    let written = written.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// The tutor, the system and the terminal.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let release = read("/etc/os-release");
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or("not told");
    let size = crossterm::terminal::size().map_or("none".to_owned(), |(columns, rows)| format!("{columns}x{rows}"));
    let mut lines = vec![
        format!("concur-tutor {} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH),
        format!("system       {}, Linux {}", name.trim_matches('"'), read("/proc/sys/kernel/osrelease").trim()),
        format!("terminal     {size}"),
    ];
    for name in VARIABLES {
        lines.extend(std::env::var_os(name).map(|value| format!("  {name}={}", value.to_string_lossy())));
    }
    lines.join("\n") + "\n"
}
