//! `concur-tutor class`: what one learner answered goes into a file, and many such files become a table.

use super::Failure;
use super::output::{Target, print};
use super::remembered;
use crate::learner::class::{Class, Sheet, number_of};
use crate::lesson::Course;
use crate::report::class::{FORMS, Form, form};
use crate::runtime::folders;
use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct ClassArgs {
    #[command(subcommand)]
    pub command: ClassCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum ClassCommand {
    /// Write what you answered, for the one who teaches; without your name
    Export(Export),
    /// Bring such files together: what was hard, and what was believed
    Merge(Merge),
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// Write it to a file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// What the learners have exported
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write the table to a file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The table's form
    #[arg(long, value_parser = PossibleValuesParser::new(FORMS.map(|form| form.name)))]
    pub format: Option<String>,
}

pub(super) fn class(options: &ClassArgs) -> anyhow::Result<ExitCode> {
    let course = Course::embedded().context("the built-in lessons are damaged")?;
    match &options.command {
        ClassCommand::Export(options) => export(options, &course),
        ClassCommand::Merge(options) => merge(options, &course),
    }
}

fn export(options: &Export, course: &Course) -> anyhow::Result<ExitCode> {
    let store = remembered::store().ok_or_else(|| Failure::new(1, "there is no home directory, so nothing is kept"))?;
    // A sheet without answers would be taken for a learner who answered nothing.
    let progress = store.peek().map_err(|why| Failure::new(1, format!("{why}; nothing was exported")))?;
    let target = Target::open(options.out.as_deref(), None)?;
    let sheet = Sheet::of(&progress, course, number_of(folders::state().as_deref()));
    let text = serde_json::to_string(&sheet)? + "\n";
    target.put(text.as_bytes()).map_err(|failed| Failure::new(1, failed))?;
    if let Some(file) = &options.out {
        let (answers, lessons) = (sheet.answers(), sheet.lessons.len());
        print(&format!("{answers} answers in {lessons} lessons are in {}; your name is not\n", file.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn merge(options: &Merge, course: &Course) -> anyhow::Result<ExitCode> {
    let target = Target::open(options.out.as_deref(), None)?;
    let sheets = options.files.iter().map(|file| (file.display().to_string(), Sheet::read(file))).collect();
    let class = Class::of(sheets, course);
    let form: Form = options.format.as_deref().and_then(form).unwrap_or(FORMS[0]);
    target.put((form.write)(&class).as_bytes()).map_err(|failed| Failure::new(1, failed))?;
    for file in &class.left_out {
        eprintln!("concur-tutor: left out {}: {}", file.file, file.why);
    }
    Ok(ExitCode::from(u8::from(class.damaged() > 0)))
}
