//! The make step: the learner changes a program as the lesson asks and runs it; the run is judged, never the text.
//!
//! It is shown by a desk like any other, of a lesson that is made for it: a tab and a page for each task, whose program is
//! the learner's copy. So all that a desk can do (lanes, cores, runtimes, output) works there too. Here is that lesson,
//! and what is known of each task.

use crate::app::engine::Request;
use crate::app::model::Model;
use crate::app::screens::desk::Desk;
use crate::learner::copies;
use crate::lesson::types::Task;
use crate::lesson::{Lesson, Page, Program};
use crate::report::Report;
use crate::runner::plan::{self, Conditions, Limits};
use crate::runner::{Machine, Outcome, ProbeChoice, Streams, words};
use crate::truth::{Judgement, judge};
use crate::view::theme::Glyphs;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// What is known of the tasks of one lesson.
#[derive(Debug, Clone)]
pub struct Board {
    /// The lesson as it is in the course.
    pub lesson: Arc<Lesson>,
    /// Its place in the course.
    pub place: usize,
    /// Each of its tasks, in order.
    pub tasks: Vec<Standing>,
    /// Whether it was asked if the open task's copy shall be thrown away.
    pub asking: bool,
    /// Whether the learner leaves for the map of the course, not for the lesson.
    pub to_map: bool,
}

/// How one task stands.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The learner's program; the lesson's own until it has been read.
    pub source: String,
    /// Where it is.
    pub path: Option<PathBuf>,
    /// Whether the hint is shown.
    pub hint: bool,
    /// Whether it was ever passed.
    pub passed: bool,
    /// How the last run of the text as it is now was judged.
    pub judged: Option<Judged>,
}

/// How a run was judged.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What was expected, and whether it came true.
    pub found: Vec<Judgement>,
    /// How the run ended, where it did not end well: "failed with ...".
    pub ended: Option<String>,
    /// Who ran it.
    pub runtime: String,
}

impl Judged {
    /// Whether all came true.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.found.iter().all(Judgement::held)
    }
}

impl Board {
    /// A board on which nothing has been done yet but what `passed` says.
    #[must_use]
    pub fn new(lesson: Arc<Lesson>, place: usize, passed: impl Fn(&str) -> bool) -> Board {
        let standing = |task: &Task| Standing {
            source: copies::original(&lesson, task).to_owned(),
            passed: passed(&task.id),
            ..Standing::default()
        };
        let tasks = lesson.tasks.iter().map(standing).collect();
        Board { lesson, place, tasks, asking: false, to_map: false }
    }

    /// The task to begin with: the first that was not passed.
    #[must_use]
    pub fn first_open(&self) -> usize {
        self.tasks.iter().position(|task| !task.passed).unwrap_or(0)
    }

    /// The lesson that the desk shows: a tab and a page for each task.
    #[must_use]
    pub fn dressed(&self, glyphs: &Glyphs) -> Lesson {
        let both = || self.lesson.tasks.iter().zip(&self.tasks);
        Lesson {
            id: self.lesson.id.clone(),
            title: self.lesson.title.clone(),
            summary: self.lesson.summary.clone(),
            pages: both().map(|(task, standing)| page(task, standing, glyphs)).collect(),
            programs: both().map(|(task, standing)| self.program(task, standing)).collect(),
            server: self.lesson.server,
            ..Lesson::default()
        }
    }

    fn program(&self, task: &Task, standing: &Standing) -> Program {
        changed(&self.lesson, task, &standing.source)
    }

    /// Judges a run of the task in this place.
    pub fn judge(&mut self, place: usize, request: &Request, outcome: &Outcome, machine: Option<Machine>) {
        let (Some(task), Some(standing)) = (self.lesson.tasks.get(place), self.tasks.get_mut(place)) else { return };
        let conditions = Conditions {
            limits: Limits::NONE,
            probes: ProbeChoice::default(),
            timeout: None,
            streams: Streams::default(),
        };
        let name = &request.program().name;
        let plan = plan::lesson_program(&request.lesson, name, &request.runtime, &request.knobs, conditions);
        let Ok(plan) = plan else { return };
        let report = Report::new(&plan, outcome, machine.unwrap_or_default());
        let found = judge(&self.lesson, task, &report);
        let judged = Judged { found, ended: words(outcome), runtime: request.runtime.label() };
        standing.passed |= judged.passed();
        standing.judged = Some(judged);
    }
}

/// What the first of the lesson's tasks that is not done asks for: its first sentence.
#[must_use]
pub fn open_task(model: &Model, desk: &Desk) -> Option<String> {
    let done = model.progress.lessons.get(&desk.lesson.id);
    let open = |task: &&Task| !done.is_some_and(|done| done.tasks.contains(&task.id));
    let goal = desk.lesson.tasks.iter().find(open)?.goal.trim();
    let sentence = goal.split_inclusive(['.', ':']).next().unwrap_or(goal);
    Some(sentence.replace(['`', '*'], "").split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The program of a task with the learner's text, under the task's name.
#[must_use]
pub fn changed(lesson: &Lesson, task: &Task, source: &str) -> Program {
    let original = lesson.program(&task.program).cloned().unwrap_or_default();
    Program {
        name: task.id.clone(),
        python: Some(source.to_owned()),
        rust: None,
        requires: task.requires.or(original.requires),
        baseline: false,
        note: None,
        ..original
    }
}

/// The goal, what a run must show with what the last one did, and the hint on request.
fn page(task: &Task, standing: &Standing, glyphs: &Glyphs) -> Page {
    let mut text = format!("{}\n\n", task.goal.trim());
    if let Some(ended) = standing.judged.as_ref().and_then(|judged| judged.ended.as_deref()) {
        let stop = if ended.ends_with(['.', '?', '!']) { "" } else { "." };
        let _ = writeln!(text, "**The run {}{stop}**\n", plain(ended));
    }
    let _ = match &standing.judged {
        Some(judged) if judged.passed() => writeln!(text, "**Done**, on {}:\n", plain(&judged.runtime)),
        Some(judged) => writeln!(text, "Not yet, on {}:\n", plain(&judged.runtime)),
        None if standing.passed => writeln!(text, "You have done it before. A run must show:\n"),
        None => writeln!(text, "It is done when a run shows:\n"),
    };
    for (place, expect) in task.expects.iter().enumerate() {
        let finding = standing.judged.as_ref().and_then(|judged| judged.found.get(place));
        let mark = finding.map_or(glyphs.page_open, |found| if found.held() { glyphs.yes } else { glyphs.no });
        // A plus at a line's beginning would begin a list.
        let escape = if mark.starts_with(|c: char| c.is_ascii_punctuation()) { "\\" } else { "" };
        let _ = write!(text, "{escape}{mark} {}", expect.says.trim());
        if let Some(reason) = finding.and_then(Judgement::reason) {
            let _ = write!(text, ": {}", plain(values(reason)));
        }
        text.push_str("  \n");
    }
    match &task.hint {
        Some(hint) if standing.hint => {
            let _ = writeln!(text, "\n**Hint.** {}", hint.trim());
        }
        _ => {}
    }
    if let Some(path) = &standing.path {
        let _ = writeln!(text, "\nYour copy: {}", plain(&short(path)));
    }
    Page { title: "Change it yourself".to_owned(), markdown: text, program: Some(task.id.clone()), checks: Vec::new() }
}

/// A path as the learner writes it, with `~` for home.
#[must_use]
pub fn short(path: &std::path::Path) -> String {
    let home = std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.parent().is_some());
    match home.as_ref().and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

/// What a reason says of the values: it begins with the whole expression, which the words before it stand for.
fn values(reason: &str) -> &str {
    let rest = reason.strip_prefix('`').unwrap_or_default();
    let after = rest.split_once("`: ").or_else(|| rest.split_once("` cannot be evaluated: "));
    after.map_or(reason, |(_, values)| values)
}

/// Words that are no Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace('`', "").chars() {
        // What stands between letters or blanks means nothing in Markdown; fewer signs keep words whole.
        if matches!(c, '\\' | '[' | ']' | '<' | '&' | '*') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}
