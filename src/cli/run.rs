//! `concur-tutor run LESSON PROGRAM`

use super::args::{Chosen, Common};
use super::output::{OnSignal, Target, run_to_end};
use super::{Failure, USAGE, runtimes};
use crate::lesson::types::Knobs;
use crate::lesson::{Course, Language, Lesson, knobs};
use crate::report::Report;
use crate::runner::plan::{Conditions, lesson_program};
use crate::runner::{RunSpec, machine};
use crate::runtime::Runtime;
use anyhow::Context as _;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Run {
    /// The lesson: its folder's name, with or without its number
    pub lesson: String,
    /// The program: its file's stem, such as `threads`
    #[arg(required_unless_present = "task")]
    pub program: Option<String>,
    /// Run the learner's copy of a task's program, and judge it: exit status 0 where all that is expected comes true
    #[arg(long, value_name = "ID", conflicts_with = "program")]
    pub task: Option<String>,
    /// The changed program, where it is not the copy that the app keeps
    #[arg(long, value_name = "PATH", requires = "task")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub chosen: Chosen,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(options: &Run) -> anyhow::Result<ExitCode> {
    let course = Course::embedded().context("the built-in lessons are damaged")?;
    let lesson = course.find(&options.lesson)?;
    let Some(name) = &options.program else { return super::task::run(options, lesson) };
    check_program(lesson, name)?;
    let mut values = lesson.default_knobs();
    values.extend(turned(&options.chosen.set, lesson)?);
    let packages = lesson.program(name).map_or(&[][..], |program| &program.packages);
    let runtime =
        runtimes::choose(options.chosen.runtime, options.common.python.as_deref(), options.chosen.gil, packages)?;
    let text = text(lesson, name, &runtime, &values);
    let spec = RunSpec::program(lesson, name, &runtime, &values, options.common.under.timeout);
    let conditions = Conditions { probes: options.common.under.probes.choice(), ..Conditions::default() };
    let plan = lesson_program(lesson, spec, conditions)?;
    let target = Target::open(options.common.under.out.as_deref(), options.common.format)?;
    let machine = machine::calibrate();
    let (outcome, signal) = run_to_end(plan, OnSignal::Cancel)?;
    let status = match signal {
        0 if outcome.end.success() => 0,
        0 => 1,
        n => 128 + u8::try_from(n).unwrap_or(0),
    };
    target.deliver(&Report::new(&outcome, machine).of_lesson(lesson).with_text(text), options.common.format, status)?;
    Ok(ExitCode::from(status))
}

/// The program's text as it runs: with the knobs' values in it.
fn text(lesson: &Lesson, name: &str, runtime: &Runtime, values: &Knobs) -> Option<String> {
    let (program, language) = (lesson.program(name)?, runtime.language());
    let text = match language {
        Language::Python => program.python.as_deref(),
        Language::Rust => program.rust.as_deref(),
    };
    Some(knobs::substitute(text?, language, values, None))
}

/// The knobs that the arguments turn.
pub(super) fn turned(settings: &[String], lesson: &Lesson) -> anyhow::Result<Knobs> {
    Ok(settings.iter().map(|setting| knobs::parse_setting(lesson, setting)).collect::<Result<_, _>>()?)
}

pub(super) fn check_program(lesson: &Lesson, name: &str) -> anyhow::Result<()> {
    if lesson.program(name).is_some() {
        return Ok(());
    }
    let names = || lesson.programs.iter().map(|p| p.name.as_str());
    let hint = match crate::lesson::fault::closest(name, names()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("it has {}", names().collect::<Vec<_>>().join(", ")),
    };
    Err(Failure::new(USAGE, format!("{} has no program `{name}`; {hint}", lesson.id)).into())
}
