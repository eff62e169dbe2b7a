//! The course as a learner has gone through it: what is read, run, passed and due, and where to go on. The map, the
//! command line and the JSON all take it from here.

use crate::app::progress::Progress;
use crate::lesson::Lesson;
use chrono::NaiveDate;

/// Where a learner stands in one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// Pages that were opened.
    pub pages_read: usize,
    /// Pages in all.
    pub pages: usize,
    /// Programs that ran to their end here, in the order of the tabs.
    pub programs_run: Vec<String>,
    /// Programs in all.
    pub programs: usize,
    /// Checks whose latest answer is right.
    pub checks_right: usize,
    /// Checks in all.
    pub checks: usize,
    /// Whether the lesson's tasks are done; `None` where it has none.
    pub task_passed: Option<bool>,
    /// Whether the lesson is passed.
    pub passed: bool,
    /// When it comes back; `None` before its questions were answered.
    pub due: Option<NaiveDate>,
}

/// Where the learner stands in this lesson.
#[must_use]
pub fn of(lesson: &Lesson, progress: &Progress) -> Entry {
    let due = progress.review.topics.get(&lesson.id).map(|card| card.due);
    let all = Entry {
        pages: lesson.pages.len(),
        programs: lesson.programs.len(),
        checks: lesson.checks.len(),
        task_passed: (!lesson.tasks.is_empty()).then_some(false),
        due,
        ..Entry::default()
    };
    let Some(done) = progress.lessons.get(&lesson.id) else { return all };
    let mut entry = Entry {
        pages_read: lesson.pages.iter().filter(|page| done.pages.contains(&page.title)).count(),
        programs_run: names(lesson).filter(|name| done.runs.contains(name)).collect(),
        checks_right: lesson.checks.iter().filter(|c| done.checks.get(&c.id).is_some_and(|a| a.right)).count(),
        task_passed: all.task_passed.map(|_| lesson.tasks.iter().all(|task| done.tasks.contains(&task.id))),
        ..all
    };
    let predicted = lesson.predictions.iter().all(|p| done.predictions.contains_key(&p.id));
    entry.passed = predicted
        && entry.checks_right == entry.checks
        && entry.task_passed != Some(false)
        && (entry.checks > 0 || entry.pages_read == entry.pages);
    entry
}

fn names(lesson: &Lesson) -> impl Iterator<Item = String> {
    lesson.programs.iter().map(|program| program.name.clone())
}

/// The lesson to go on with, by place: the one that was opened last, or else the furthest that was begun; the next one
/// that is not passed where that one is. `None` where nothing was begun, or everything is passed.
#[must_use]
pub fn go_on<'a>(lessons: impl IntoIterator<Item = &'a Lesson>, progress: &Progress) -> Option<usize> {
    let lessons: Vec<&Lesson> = lessons.into_iter().collect();
    let open = |place: &usize| {
        let entry = of(lessons[*place], progress);
        !entry.passed || entry.pages_read < entry.pages
    };
    let last = progress.last.as_ref().and_then(|id| lessons.iter().position(|lesson| lesson.id == *id));
    let furthest = || lessons.iter().rposition(|lesson| of(lesson, progress).pages_read > 0);
    let from = last.or_else(furthest)?;
    (from..lessons.len()).find(open).or_else(|| (0..from).find(open))
}
