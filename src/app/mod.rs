//! The terminal app: what is known ([`model`]), what happens to it ([`message`], [`update`]), how it is drawn ([`screens`],
//! [`frame`]) or said where nothing is drawn ([`aloud`]), and the shell that does what has to be done outside ([`shell`],
//! [`effect`]).
//!
//! Owns the screens, the key table and the terminal. May import everything but `cli`. The app runs on plain threads and
//! one channel; nothing but the shell does I/O. A key is a row in its screen's `keys.rs`; a screen is a folder in
//! [`screens`] and its line there.

pub mod aloud;
pub mod appearance;
pub mod conclusion;
pub mod effect;
pub mod engine;
pub mod frame;
pub mod keymap;
pub mod looks;
pub mod message;
pub mod model;
pub mod screens;
pub mod shell;
#[cfg(test)]
mod tests;
pub mod typeset;
pub mod update;

use crate::app::appearance::Appearance;
use crate::app::effect::Effects;
use crate::app::engine::Engine;
use crate::app::model::{Model, Voice};
use crate::app::screens::desk::Desk;
use crate::app::screens::desk::recorded::{self, NoEngine};
use crate::app::screens::desk::script;
use crate::app::shell::frames::Frames;
use crate::app::shell::front::Front;
use crate::app::shell::lines::Lines;
use crate::app::shell::log;
use crate::app::shell::runner_engine::RunnerEngine;
use crate::clock;
use crate::learner::runs::recording::Recording;
use crate::lesson::Course;
use crate::runner::{Plan, guard, machine};
use crate::runtime::cpython::started::Subject;
use crate::runtime::{Python, Runtime, cpython, folders};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// What the app is started with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The lessons; the built-in course where `None`.
    pub course: Option<Course>,
    /// The lesson to open, by any of its names; the list of lessons where `None`.
    pub lesson: Option<String>,
    /// The Python to start with.
    pub python: Option<PathBuf>,
    /// Starts on the native runtime, with (`true`) or without its GIL, even where a Python is found.
    pub native: Option<bool>,
    /// Whether to open what is due today.
    pub review: bool,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    /// How it is shown.
    pub shown: ShownAs,
}

/// How the app is shown. It is the same app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShownAs {
    /// As frames on a terminal.
    #[default]
    Frames,
    /// As settled lines, and lines are read: that was asked for.
    Lines,
    /// The same, since the terminal can do no more.
    LinesOnDumb,
}

impl ShownAs {
    /// How it is shown where lines were asked for or not, and standard input and output are a terminal or not; `None` where
    /// there is no terminal to draw on.
    #[must_use]
    pub fn choose(inline: bool, terminal: bool) -> Option<ShownAs> {
        let term = std::env::var("TERM").unwrap_or_default();
        match (inline, terminal) {
            (true, _) => Some(ShownAs::Lines),
            (false, true) if cfg!(unix) && matches!(term.as_str(), "" | "dumb") => Some(ShownAs::LinesOnDumb),
            (false, true) => Some(ShownAs::Frames),
            (false, false) => None,
        }
    }

    /// What is said first.
    fn greeting(self) -> &'static str {
        match self {
            ShownAs::LinesOnDumb => {
                "concur-tutor, line by line: TERM says that this terminal cannot be drawn on. ? lists what you can write."
            }
            ShownAs::Lines | ShownAs::Frames => "concur-tutor, line by line. ? lists what you can write.",
        }
    }
}

/// Opens the app on the course and returns when the learner leaves it.
///
/// # Errors
/// If the lesson is unknown, or the terminal cannot be used.
pub fn run(mut options: Options) -> anyhow::Result<ExitCode> {
    let course = match options.course.take() {
        Some(course) => course,
        None => Course::embedded().context("the built-in course is damaged")?,
    };
    let open = options
        .lesson
        .as_deref()
        .map(|name| course.find(name).map(|lesson| lesson.outline().id.clone()))
        .transpose()?;
    let engine = Arc::new(RunnerEngine { python: options.python.as_deref().map(named).transpose()?, script: None });
    let left = start((options.ascii, options.shown), engine, |size, appearance| {
        opening(course, open.as_deref(), &options, size, appearance)
    })?;
    Ok(left.status)
}

/// The map of the course, or what the options ask for: the lesson with the id `open`, the review.
fn opening(course: Course, open: Option<&str>, options: &Options, size: (u16, u16), appearance: Appearance) -> Opening {
    let parts = course.parts().to_vec();
    let mut model = Model::new(course.into_lessons(), size, appearance);
    let mut effects = Effects::none();
    model.parts = parts;
    if let Some(gil) = options.native {
        model.runtimes.choose(&Runtime::Native { gil });
    }
    if options.review {
        screens::review::update::open(&mut model);
    }
    let place = open.and_then(|id| model.outlines().position(|outline| outline.id == id));
    if let Some(place) = place {
        effects = update::open(&mut model, place);
    }
    Opening { model, effects }
}

/// Opens the app on what the learner started, which runs at once; returns the script's own exit status when the
/// learner leaves.
///
/// # Errors
/// If the terminal cannot be used.
pub fn watch(subject: &Subject, plan: Plan, shown: ShownAs) -> anyhow::Result<ExitCode> {
    let lesson = script::of(subject);
    let spec = plan.spec.clone();
    let engine = Arc::new(RunnerEngine { python: None, script: Some(plan) });
    let left = start((false, shown), engine, |size, appearance| Opening {
        model: script::model(lesson, &spec, size, appearance),
        effects: Effects::none(),
    })?;
    Ok(left.script_status.map_or(left.status, ExitCode::from))
}

/// Opens the app on a recorded run, and returns when the learner leaves it.
///
/// # Errors
/// If the terminal cannot be used.
pub fn open(recording: Recording, shown: ShownAs) -> anyhow::Result<ExitCode> {
    let engine = NoEngine { runtime: recording.run.spec.runtime.clone(), machine: recording.machine };
    let left = start((false, shown), Arc::new(engine), |size, appearance| Opening {
        model: recorded::model(recording, size, appearance),
        effects: Effects::none(),
    })?;
    Ok(left.status)
}

fn named(path: &Path) -> anyhow::Result<Python> {
    guard::start();
    cpython::probe_one(path).map_err(|bad| anyhow::anyhow!("--python {}: {}", bad.path.display(), bad.reason))
}

/// How the app was left.
struct Left {
    /// The tutor's own exit status: 128 and the signal's number where one ended it.
    status: ExitCode,
    /// The exit status of the learner's script, where it ran.
    script_status: Option<u8>,
}

/// What is on the screen first, and what it wants done once it has been drawn.
struct Opening {
    model: Model,
    effects: Effects,
}

/// Takes the terminal where that is drawn on, runs the loop, gives the terminal back.
fn start(
    (ascii, shown): (bool, ShownAs),
    engine: Arc<dyn Engine>,
    make: impl FnOnce((u16, u16), Appearance) -> Opening,
) -> anyhow::Result<Left> {
    let dir = folders::state();
    log::start(dir.as_deref());
    let assumed = appearance::from_environment(ascii, &|name| std::env::var(name).ok());
    let size = match shown {
        ShownAs::Frames => crossterm::terminal::size().unwrap_or((80, 24)),
        ShownAs::Lines | ShownAs::LinesOnDumb => aloud::SIZE,
    };
    let Opening { mut model, effects } = make(size, assumed.appearance);
    model.assumed = assumed;
    model.measuring = true;
    if !model.desks.first().is_some_and(Desk::is_recorded) {
        model.cores = machine::available();
    }
    (model.today, model.now) = (clock::today(), clock::moment());
    let mut front: Box<dyn Front> = match shown {
        ShownAs::Frames => Box::new(Frames::take().context("the terminal cannot be used")?),
        ShownAs::Lines | ShownAs::LinesOnDumb => {
            model.voice = Voice::Lines;
            model.dress();
            Box::new(Lines::new(shown.greeting()))
        }
    };
    let mut shell = shell::Shell::new(engine, dir.as_deref());
    let left = shell.run(&mut model, effects, assumed.ask && shown == ShownAs::Frames, front.as_mut());
    drop(front);
    let signal = left?.signal.and_then(|s| u8::try_from(128 + s).ok());
    let script_status = if signal.is_some() { None } else { script::status(&model) };
    Ok(Left { status: signal.map_or(ExitCode::SUCCESS, ExitCode::from), script_status })
}
