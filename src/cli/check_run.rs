//! `concur-tutor check --run`: what the lessons say, held against real runs.

use super::args::Format;
use super::check::CheckArgs;
use super::check_table::{Style, Table};
use super::output::print;
use super::{Failure, runtimes};
use crate::judge::check::{Choice, Lab, Outcome, Progress, Row, Trouble, check, check_corners, check_tasks, quick};
use crate::lesson::{Course, Pack, SharedLesson};
use crate::probe::calibrate::share_of_a_core;
use crate::runner::{self, LiveRun, Machine, Plan, guard, machine};
use crate::runtime::{Runtime, cpython};
use anyhow::Context as _;
use chrono::Datelike as _;
use serde_json::json;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// The exit status after an interrupt, as a shell has it.
const INTERRUPTED: u8 = 130;

pub(super) fn check_run(options: &CheckArgs) -> anyhow::Result<ExitCode> {
    let course = match &options.dir {
        Some(dir) => outside(dir)?,
        None => Course::embedded().context("the built-in lessons are damaged")?,
    };
    let lessons = chosen(&course, &options.lesson)?;
    guard::start();
    let runtimes = columns(options)?;
    let mut bench = Bench::new()?;
    let mut progress = OnStderr::default();
    let tell = |now: Progress<'_>| progress.tell(now);
    let rows = if options.corners {
        let (lessons, choice) = corners(&lessons, options.quick);
        check_corners(&lessons, &runtimes, &mut bench, choice, tell)
    } else if options.tasks {
        let lessons = if options.quick { of_today(&lessons).0 } else { lessons };
        check_tasks(&lessons, &runtimes, &mut bench, tell)
    } else {
        check(&lessons, &runtimes, &mut bench, !options.quick, tell)
    };
    progress.clear();
    let Ok(rows) = rows else { return Err(Failure::new(INTERRUPTED, "stopped; nothing is reported").into()) };
    let text = match options.format {
        Format::Json => json(&rows, &runtimes) + "\n",
        Format::Text => Table { rows: &rows, runtimes: &runtimes, style: Style::of_stdout() }.to_string(),
    };
    print(&text)?;
    Ok(ExitCode::from(u8::from(rows.iter().any(Row::failed))))
}

/// The lessons of a folder. Those of the course itself, where somebody works on it, keep their own names and twins.
fn outside(dir: &Path) -> anyhow::Result<Course> {
    match Pack::read(dir) {
        Ok(pack) => Ok(pack.course),
        Err(_) => Ok(Course::from_dir(dir)?),
    }
}

/// In how many days the quick form comes through all lessons.
const DAYS: usize = 4;

/// Which lessons and which corners: in the quick form a part of each, another one every day.
fn corners(lessons: &[SharedLesson], quick: bool) -> (Vec<SharedLesson>, Choice) {
    if !quick {
        return (lessons.to_vec(), Choice::All);
    }
    let (part, turn) = of_today(lessons);
    (part, Choice::Turn(turn))
}

/// The lessons that the quick form takes today, and in which turn through all of them.
fn of_today(lessons: &[SharedLesson]) -> (Vec<SharedLesson>, usize) {
    let today = usize::try_from(chrono::Local::now().date_naive().num_days_from_ce()).unwrap_or_default();
    let days = DAYS.min(lessons.len().max(1));
    let part = lessons.iter().enumerate().filter(|(place, _)| place % days == today % days);
    (part.map(|(_, lesson)| lesson.clone()).collect(), today / days)
}

fn chosen(course: &Course, names: &[String]) -> anyhow::Result<Vec<SharedLesson>> {
    if names.is_empty() {
        return Ok(course.lessons().to_vec());
    }
    names.iter().map(|name| Ok(course.find(name)?.clone())).collect()
}

/// The runtimes: the Pythons that were named or else all that are found, oldest first, then native.
fn columns(options: &CheckArgs) -> anyhow::Result<Vec<Runtime>> {
    let mut pythons = if options.python.is_empty() {
        cpython::discover().pythons
    } else {
        options.python.iter().map(|path| runtimes::named_python(path, None)).collect::<anyhow::Result<_>>()?
    };
    pythons.sort_by_key(|python| (!python.gil, python.version));
    let native = [true, false].map(|gil| Runtime::Native { gil });
    // A task is about a Python program.
    let native = native.into_iter().filter(|_| !options.tasks || pythons.is_empty());
    let native: Vec<Runtime> = native.collect();
    let all: Vec<Runtime> = pythons.into_iter().map(Runtime::CPython).chain(native).collect();
    let mut few = if options.quick { quick(&all) } else { all };
    if options.quick && (options.corners || options.tasks) {
        // The newest CPython stands last of them; native is the only one where there is none.
        let newest = few.iter().rposition(|runtime| matches!(runtime, Runtime::CPython(_))).unwrap_or(0);
        few = few.drain(..).skip(newest).take(1).collect();
    }
    Ok(few)
}

/// Does the runs, until somebody interrupts.
struct Bench {
    interrupted: Arc<AtomicBool>,
}

impl Bench {
    fn new() -> std::io::Result<Bench> {
        let interrupted = Arc::default();
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
        }
        Ok(Bench { interrupted })
    }
}

impl Lab for Bench {
    fn run(&mut self, plan: Plan) -> Result<Arc<runner::Outcome>, Trouble> {
        let (ended, end) = mpsc::channel::<()>();
        let live = LiveRun::start(plan, move || drop(ended)).map_err(|error| Trouble::Failed(error.to_string()))?;
        while end.recv_timeout(Duration::from_millis(20)) == Err(mpsc::RecvTimeoutError::Timeout) {
            if self.interrupted.load(Ordering::Acquire) {
                live.cancel();
            }
        }
        let outcome = live.wait().map_err(|error| Trouble::Failed(error.to_string()));
        if self.interrupted.load(Ordering::Acquire) { Err(Trouble::Stopped) } else { outcome }
    }

    fn machine(&mut self) -> Machine {
        machine::calibrate()
    }

    fn share(&mut self) -> f64 {
        share_of_a_core()
    }
}

/// Progress: one line that changes on a terminal, a line for each lesson and runtime elsewhere.
#[derive(Default)]
struct OnStderr {
    last: Option<String>,
}

impl OnStderr {
    fn tell(&mut self, now: Progress<'_>) {
        let place = format!("{} on {}", now.lesson, now.runtime.label());
        let mut out = std::io::stderr().lock();
        // Where progress cannot be told, the check goes on.
        let _ = if out.is_terminal() {
            let says: String = now.says.chars().take(50).collect();
            write!(out, "\r\x1b[K{}/{} {place}: {says}", now.done + 1, now.total)
        } else if self.last.as_ref() != Some(&place) {
            writeln!(out, "{}/{} {place}", now.done + 1, now.total)
        } else {
            Ok(())
        };
        self.last = Some(place);
    }

    fn clear(&self) {
        let mut out = std::io::stderr().lock();
        if self.last.is_some() && out.is_terminal() {
            let _ = write!(out, "\r\x1b[K");
        }
    }
}

fn json(rows: &[Row], runtimes: &[Runtime]) -> String {
    let cell = |(outcome, runtime): (&Outcome, &Runtime)| {
        let (word, why) = match outcome {
            Outcome::Holds => ("holds", None),
            Outcome::Fails(why) | Outcome::Mistaken(why) => ("fails", Some(why)),
            Outcome::NotShown(why) => ("not_shown", Some(why)),
            Outcome::NotSaid => ("not_said", None),
        };
        json!({"runtime": runtime.label(), "outcome": word, "reason": why})
    };
    let row = |row: &Row| {
        let cells: Vec<_> = row.outcomes.iter().zip(runtimes).map(cell).collect();
        json!({"lesson": row.lesson, "kind": row.kind, "says": row.says, "line": row.line, "outcomes": cells})
    };
    let rows_json: Vec<_> = rows.iter().map(row).collect();
    let version = crate::report::json::VERSION;
    let labels: Vec<String> = runtimes.iter().map(Runtime::label).collect();
    let ok = !rows.iter().any(Row::failed);
    json!({"version": version, "ok": ok, "runtimes": labels, "rows": rows_json}).to_string()
}
