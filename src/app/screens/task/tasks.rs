//! What is known of the tasks of a lesson: the learner's text, and how its last run was judged. The run is judged, never
//! the text.
//!
//! A task is shown by a desk like any other, of a lesson that is made for it: a tab and a page for each task, whose
//! program is the learner's copy. So all that a desk can do (lanes, cores, runtimes, output) works there too.

use crate::app::model::Model;
use crate::app::screens::desk::Desk;
use crate::judge::{Judgement, judge};
use crate::learner::copies;
use crate::lesson::types::{Knobs, Task};
use crate::lesson::{Lesson, Page, SharedLesson, knobs};
use crate::report::Report;
use crate::runner::{Machine, Outcome, how_it_ended};
use std::collections::VecDeque;
use std::path::PathBuf;

/// What is known of the tasks of one lesson.
#[derive(Debug, Clone)]
pub struct Tasks {
    /// The lesson as it is in the course.
    pub lesson: SharedLesson,
    /// Its place in the course.
    pub place: usize,
    /// Each of its tasks, in order.
    pub each: Vec<Standing>,
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
    /// The knobs of the runs that are still to come before it is passed.
    pub to_come: VecDeque<Knobs>,
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
    /// Who ran it, and with which knobs where it did not do what was expected.
    pub runtime: String,
    /// Whether another run, with other knobs, has to show the same.
    pub once_more: bool,
}

impl Judged {
    /// Whether all came true, in every run.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.held() && !self.once_more
    }

    /// Whether all came true in this run.
    #[must_use]
    pub fn held(&self) -> bool {
        self.found.iter().all(Judgement::held)
    }

    /// Whether the program failed, so that nothing of its run was judged.
    #[must_use]
    pub fn failed(&self) -> bool {
        !self.found.is_empty() && !self.found.iter().any(Judgement::judged)
    }
}

impl Tasks {
    /// Tasks on which nothing has been done yet but what `passed` says.
    #[must_use]
    pub fn new(lesson: SharedLesson, place: usize, passed: impl Fn(&str) -> bool) -> Tasks {
        let standing = |task: &Task| Standing {
            source: copies::original(&lesson, task).to_owned(),
            passed: passed(&task.id),
            ..Standing::default()
        };
        let each = lesson.tasks.iter().map(standing).collect();
        Tasks { lesson, place, each }
    }

    /// The task to begin with: the first that was not passed.
    #[must_use]
    pub fn first_open(&self) -> usize {
        self.each.iter().position(|task| !task.passed).unwrap_or(0)
    }

    /// Whether every one of them was passed.
    #[must_use]
    pub fn all_passed(&self) -> bool {
        self.each.iter().all(|task| task.passed)
    }

    /// The lesson that the desk shows: a tab and a page for each task. The page is the goal; how the task stands is
    /// drawn below it.
    #[must_use]
    pub fn dressed(&self) -> Lesson {
        let both = || self.lesson.tasks.iter().zip(&self.each);
        Lesson {
            id: self.lesson.id.clone(),
            title: self.lesson.title.clone(),
            summary: self.lesson.summary.clone(),
            pages: self.lesson.tasks.iter().map(page).collect(),
            programs: both().map(|(task, standing)| copies::program(&self.lesson, task, &standing.source)).collect(),
            server: self.lesson.server,
            ..Lesson::default()
        }
    }

    /// Judges a run of the task in this place.
    pub fn judge(&mut self, place: usize, outcome: &Outcome, machine: Option<Machine>) {
        let (Some(task), Some(standing)) = (self.lesson.tasks.get(place), self.each.get_mut(place)) else { return };
        let report = Report::new(outcome, machine.unwrap_or_default());
        let found = judge(&self.lesson, task, &report);
        let (held, values) = (found.iter().all(Judgement::held), &outcome.spec.knobs);
        let with = if held || values.is_empty() { String::new() } else { format!(" with {}", knobs::said(values)) };
        let runtime = outcome.spec.runtime.label() + &with;
        let once_more = held && !standing.to_come.is_empty();
        let judged = Judged { found, ended: how_it_ended(outcome), runtime, once_more };
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

/// The page of a task: its goal.
fn page(task: &Task) -> Page {
    Page {
        title: "Change it yourself".to_owned(),
        markdown: format!("{}\n", task.goal.trim()),
        program: Some(task.id.clone()),
        checks: Vec::new(),
    }
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
