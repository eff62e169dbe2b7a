//! `concur-tutor setup`: a private environment with the packages that some lessons need.

use super::output::print;
use super::{Failure, USAGE, runtimes};
use crate::lesson::Course;
use crate::runner::guard;
use crate::runtime::environment::{self, Built, SetupError, Step};
use crate::runtime::{Python, cpython};
use anyhow::Context as _;
use clap::Args;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Another Python is tried where one has no pip or no wheels, but not for ever.
const MOST_TRIES: usize = 4;

#[derive(Debug, Args)]
pub(super) struct Setup {
    /// The Python to make the environment with: the newest that can, where left out
    #[arg(long, value_name = "PATH", conflicts_with = "remove")]
    pub python: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Take the environment away again
    #[arg(long)]
    pub remove: bool,
}

pub(super) fn setup(options: &Setup) -> anyhow::Result<ExitCode> {
    let folder = environment::folder().context("there is no home directory to keep an environment in")?;
    if options.remove {
        return remove(&folder, options.yes);
    }
    let packages = Course::embedded().context("the built-in lessons are damaged")?.packages();
    if packages.is_empty() {
        print("No lesson needs a package: there is nothing to install.\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    let pythons = candidates(options.python.as_deref())?;
    let first = pythons.first().context("no CPython 3.9 or later with a GIL was found; name one with --python PATH")?;
    print(&plan(first, &packages, &folder))?;
    if !options.yes && !confirmed("Go on?")? {
        print("Nothing was changed.\n")?;
        return Ok(ExitCode::from(1));
    }
    let stop = stop_on_signal()?;
    let built = try_each(&pythons, &packages, &folder, &stop)?;
    print(&done(&built))?;
    Ok(ExitCode::SUCCESS)
}

/// The Pythons to try: the one that was named, or those with a GIL, the newest first and previews last.
fn candidates(named: Option<&Path>) -> anyhow::Result<Vec<Python>> {
    if let Some(path) = named {
        return Ok(vec![runtimes::named_python(path, None)?]);
    }
    guard::start();
    let mut found = cpython::discover().pythons;
    found.retain(|python| python.gil && !python.own);
    let preview = |python: &Python| python.version_text.contains(|c: char| c.is_ascii_alphabetic());
    found.sort_by_key(|python| (preview(python), std::cmp::Reverse(python.version)));
    found.dedup_by_key(|python| python.version);
    found.truncate(MOST_TRIES);
    Ok(found)
}

fn plan(python: &Python, packages: &[String], folder: &Path) -> String {
    let replaced =
        if folder.exists() { "\nThe environment that is there now is replaced once the new one works." } else { "" };
    format!(
        "Some lessons use packages that do not come with Python: {}.\n\
         This makes a virtual environment of the tutor's own and installs them from PyPI into it, with pip.\n\n  \
         Python   {} ({})\n  folder   {}\n  size     up to 200 MB\n\n\
         Your own Pythons stay as they are. `concur-tutor setup --remove` takes it away.{replaced}\n",
        packages.join(", "),
        python.version_text,
        python.path.display(),
        folder.display(),
    )
}

fn remove(folder: &Path, yes: bool) -> anyhow::Result<ExitCode> {
    if folder.symlink_metadata().is_err() {
        print(&format!("There is no environment of the tutor's ({}).\n", folder.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&format!("This removes {} with all packages in it.\n", folder.display()))?;
    if !yes && !confirmed("Go on?")? {
        print("Nothing was changed.\n")?;
        return Ok(ExitCode::from(1));
    }
    environment::remove(folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    print("Removed.\n")?;
    Ok(ExitCode::SUCCESS)
}

/// Asks, and takes anything but a yes for a no.
fn confirmed(question: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        let message = "standard input is no terminal, so nobody can be asked; `--yes` says yes beforehand";
        return Err(Failure::new(USAGE, message).into());
    }
    print(&format!("\n{question} [y/N] "))?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Set when a signal asks to stop.
fn stop_on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

/// Builds with the first Python that can.
fn try_each(pythons: &[Python], packages: &[String], folder: &Path, stop: &AtomicBool) -> anyhow::Result<Built> {
    let mut why_not = Vec::new();
    for (place, python) in pythons.iter().enumerate() {
        let mut screen = Progress::new(&python.version_text);
        let result = environment::build(python, packages, folder, stop, |step| screen.step(step));
        screen.end();
        match result {
            Ok(built) => return Ok(built),
            Err(SetupError::Stopped) => {
                let signalled = stop.load(Ordering::Acquire);
                return Err(Failure::new(if signalled { 130 } else { 1 }, "stopped: nothing was changed").into());
            }
            Err(error) => {
                let last = place + 1 == pythons.len() || !error.try_another();
                let hint = error.hint().map(|hint| format!("{hint}\n")).unwrap_or_default();
                why_not.push(format!("{hint}{}: {error}", python.version_text));
                if last {
                    break;
                }
                print(&format!("Python {} will not do; trying the next one.\n", python.version_text))?;
            }
        }
    }
    let message = format!("no environment was made, nothing was changed:\n{}", why_not.join("\n"));
    Err(Failure::new(1, message).into())
}

fn done(built: &Built) -> String {
    let packages: Vec<String> = built.packages.iter().map(|(name, version)| format!("{name} {version}")).collect();
    format!(
        "Ready: {}.\n{} is on every lesson's list of runtimes now, and lessons that need it begin with it.\n",
        packages.join(", "),
        built.python.display()
    )
}

/// One line that changes on a terminal; a line a step elsewhere.
struct Progress {
    python: String,
    live: bool,
    count: usize,
}

impl Progress {
    fn new(python: &str) -> Progress {
        Progress { python: python.to_owned(), live: std::io::stdout().is_terminal(), count: 0 }
    }

    fn step(&mut self, step: Step<'_>) {
        match step {
            Step::Environment => self.show(&format!("1 of 3  a virtual environment with Python {}", self.python), true),
            Step::Import => self.show("3 of 3  importing them", true),
            Step::Install(line) => {
                if let Some(words) = self.progress_of(line) {
                    self.show(&format!("2 of 3  {words}"), self.count == 0 || words.starts_with("installing"));
                }
            }
        }
    }

    /// What a line of pip's means to a learner; `None` where it means nothing.
    fn progress_of(&mut self, line: &str) -> Option<String> {
        let line = line.trim();
        let name =
            |rest: &str| rest.split([' ', '<', '>', '=', '!', '(', '[', ';']).next().unwrap_or_default().to_owned();
        if let Some(rest) = line.strip_prefix("Collecting ") {
            self.count += 1;
            return Some(format!("{} packages so far: {}", self.count, name(rest)));
        }
        if let Some(rest) = line.strip_prefix("Downloading ") {
            let file = rest.rsplit('/').next().unwrap_or(rest);
            return Some(format!("{} packages so far: downloading {}", self.count, file));
        }
        if line.starts_with("Installing collected packages") {
            return Some(format!("installing {} packages", self.count));
        }
        if line.contains("Retrying") {
            return Some("PyPI does not answer; asking again".to_owned());
        }
        (line == "asking PyPI").then(|| line.to_owned())
    }

    /// Shows a line; where lines stay, only those that are `worth` one.
    fn show(&self, text: &str, worth: bool) {
        let mut out = std::io::stdout().lock();
        // A terminal that is gone does not stop the work.
        let _ = match (self.live, worth) {
            (true, _) => {
                let columns = crossterm::terminal::size().map_or(80, |(columns, _)| usize::from(columns));
                write!(out, "\r\x1b[K{}", text.chars().take(columns.saturating_sub(1)).collect::<String>())
            }
            (false, true) => writeln!(out, "{text}"),
            (false, false) => Ok(()),
        };
        let _ = out.flush();
    }

    fn end(&self) {
        if self.live {
            let _ = write!(std::io::stdout(), "\r\x1b[K");
        }
    }
}
