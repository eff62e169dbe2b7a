//! `concur-tutor list`

use super::args::Format;
use super::output::print;
use super::remembered;
use crate::learner::course;
use crate::learner::progress::Progress;
use crate::lesson::types::Knobs;
use crate::lesson::{Course, Outline};
use crate::runner::guard;
use crate::runtime::{Found, Runtime, cpython};
use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Serialize)]
struct Listing {
    version: u32,
    lessons: Vec<LessonEntry>,
    runtimes: Vec<RuntimeEntry>,
}

#[derive(Serialize)]
struct LessonEntry {
    id: String,
    title: String,
    summary: String,
    able: Vec<String>,
    programs: Vec<String>,
    knobs: Knobs,
    progress: ProgressEntry,
}

/// Where the learner stands in a lesson.
#[derive(Serialize)]
struct ProgressEntry {
    pages_read: usize,
    pages: usize,
    programs_run: Vec<String>,
    checks_right: usize,
    checks: usize,
    task_passed: Option<bool>,
    passed: bool,
    due: Option<NaiveDate>,
}

#[derive(Serialize)]
struct RuntimeEntry {
    kind: &'static str,
    label: String,
    version: Option<String>,
    path: Option<PathBuf>,
    gil: Option<bool>,
    usable: bool,
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

pub(super) fn list(options: &List) -> anyhow::Result<ExitCode> {
    let course = Course::embedded().context("the built-in lessons are damaged")?;
    guard::start();
    let found = cpython::discover();
    let progress = remembered::progress();
    let listing = Listing {
        version: crate::report::json::VERSION,
        lessons: course.outlines().map(|lesson| lesson_entry(lesson, &progress)).collect(),
        runtimes: runtime_entries(&found),
    };
    match options.format {
        Format::Json => print(&(serde_json::to_string(&listing)? + "\n"))?,
        Format::Text => print(&text(&listing)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn lesson_entry(lesson: &Outline, progress: &Progress) -> LessonEntry {
    let standing = course::of(lesson, progress);
    LessonEntry {
        id: lesson.id.clone(),
        title: lesson.title.clone(),
        summary: lesson.summary.clone(),
        able: lesson.able.clone(),
        programs: lesson.programs.clone(),
        knobs: lesson.knobs.clone(),
        progress: ProgressEntry {
            pages_read: standing.pages_read,
            pages: standing.pages,
            programs_run: standing.programs_run,
            checks_right: standing.checks_right,
            checks: standing.checks,
            task_passed: standing.task_passed,
            passed: standing.passed,
            due: standing.due,
        },
    }
}

fn runtime_entries(found: &Found) -> Vec<RuntimeEntry> {
    let working = found.pythons.iter().map(|p| RuntimeEntry {
        kind: "cpython",
        label: Runtime::CPython(p.clone()).label(),
        version: Some(p.version_text.clone()),
        path: Some(p.path.clone()),
        gil: Some(p.gil),
        usable: true,
        reason: None,
    });
    let unusable = found.unusable.iter().map(|u| RuntimeEntry {
        kind: "cpython",
        label: "unusable".to_owned(),
        version: None,
        path: Some(u.path.clone()),
        gil: None,
        usable: false,
        reason: Some(u.reason.clone()),
    });
    let native = [true, false].map(|gil| RuntimeEntry {
        kind: "native",
        label: Runtime::Native { gil }.label(),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        path: None,
        gil: Some(gil),
        usable: true,
        reason: None,
    });
    working.chain(native).chain(unusable).collect()
}

fn text(listing: &Listing) -> Result<String, std::fmt::Error> {
    let mut out = String::from("lessons\n");
    for lesson in &listing.lessons {
        writeln!(out, "  {:<14} {}", lesson.id, lesson.title)?;
        writeln!(out, "  {:<14} {}", "", lesson.summary)?;
        let knobs: Vec<String> = lesson.knobs.iter().map(|(k, v)| format!("{k}={v}")).collect();
        writeln!(out, "  {:<14} programs: {}; knobs: {}", "", lesson.programs.join(", "), knobs.join(", "))?;
        writeln!(out, "  {:<14} {}", "", progress_words(&lesson.progress, lesson.programs.len()))?;
    }
    out.push_str("\nruntimes\n");
    for r in &listing.runtimes {
        let place = r.path.as_ref().map_or_else(|| "embedded".to_owned(), |p| p.display().to_string());
        let reason = r.reason.as_ref().map(|why| format!("  ({why})")).unwrap_or_default();
        writeln!(out, "  {:<22} {place}{reason}", r.label)?;
    }
    Ok(out)
}

fn progress_words(progress: &ProgressEntry, programs: usize) -> String {
    let mut words =
        format!("read {}/{}, run {}/{programs}", progress.pages_read, progress.pages, progress.programs_run.len());
    if progress.passed {
        words.push_str(", passed");
    }
    if let Some(due) = progress.due {
        let _ = write!(words, ", due {due}");
    }
    words
}
