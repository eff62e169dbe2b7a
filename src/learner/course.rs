//! The course as a learner has gone through it: what is read, run, passed and due, and where to go on. The map, the
//! command line and the JSON all take it from here.

use crate::learner::progress::Progress;
use crate::lesson::Outline;
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
    /// Whether a prediction was made before its run: one at least, because a program may need a Python that is not
    /// installed. `None` where the lesson asks for none.
    pub predicted: Option<bool>,
    /// Checks whose latest answer is right.
    pub checks_right: usize,
    /// Checks in all.
    pub checks: usize,
    /// Whether the lesson's tasks are done; `None` where it has none.
    pub task_passed: Option<bool>,
    /// Whether the lesson is passed: a prediction was made, all its checks were answered right and its tasks are done. One
    /// that asks for nothing is passed once it is read.
    pub passed: bool,
    /// When it comes back; `None` before its questions were answered.
    pub due: Option<NaiveDate>,
}

/// Where the learner stands in this lesson.
#[must_use]
pub fn of(lesson: &Outline, progress: &Progress) -> Entry {
    let due = progress.review.topics.get(&lesson.id).map(|card| card.due);
    let all = Entry {
        pages: lesson.pages.len(),
        programs: lesson.programs.len(),
        checks: lesson.checks.len(),
        predicted: (!lesson.predictions.is_empty()).then_some(false),
        task_passed: (!lesson.tasks.is_empty()).then_some(false),
        due,
        ..Entry::default()
    };
    let Some(done) = progress.lessons.get(&lesson.id) else { return all };
    let mut entry = Entry {
        pages_read: lesson.pages.iter().filter(|page| done.pages.contains(*page)).count(),
        programs_run: lesson.programs.iter().filter(|name| done.runs.contains(*name)).cloned().collect(),
        checks_right: lesson.checks.iter().filter(|id| done.checks.get(*id).is_some_and(|a| a.right)).count(),
        predicted: all.predicted.map(|_| lesson.predictions.iter().any(|id| done.predicted(id))),
        task_passed: all.task_passed.map(|_| lesson.tasks.iter().all(|id| done.tasks.contains(id))),
        ..all
    };
    let asks = entry.checks > 0 || entry.predicted.is_some() || entry.task_passed.is_some();
    entry.passed = entry.predicted != Some(false)
        && entry.checks_right == entry.checks
        && entry.task_passed != Some(false)
        && (asks || entry.pages_read == entry.pages);
    entry
}

/// The lesson to go on with, by place: the one that was opened last, or else the furthest that was begun; the next one
/// that is not passed where that one is. `None` where nothing was begun, or everything is passed.
#[must_use]
pub fn go_on<'a>(lessons: impl IntoIterator<Item = &'a Outline>, progress: &Progress) -> Option<usize> {
    let lessons: Vec<&Outline> = lessons.into_iter().collect();
    let open = |place: &usize| {
        let entry = of(lessons[*place], progress);
        !entry.passed || entry.pages_read < entry.pages
    };
    let last = progress.last.as_ref().and_then(|id| lessons.iter().position(|lesson| lesson.id == *id));
    let furthest = || lessons.iter().rposition(|lesson| of(lesson, progress).pages_read > 0);
    let from = last.or_else(furthest)?;
    (from..lessons.len()).find(open).or_else(|| (0..from).find(open))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::progress::{Answer, Guess};

    #[test]
    fn a_lesson_is_passed_by_predicting_answering_and_making() {
        let lesson = Outline {
            id: "02-gil".into(),
            predictions: vec!["threads-speedup".into()],
            checks: vec!["who-ran".into(), "why".into()],
            tasks: vec!["make".into()],
            ..Outline::default()
        };
        let mut progress = Progress::default();
        let passed = |progress: &Progress| of(&lesson, progress).passed;
        let done = progress.lesson_mut("02-gil");
        let skipped = Guess { measured: Some(1.0), ..Guess::default() };
        done.predictions.insert("threads-speedup".into(), skipped.clone());
        for check in ["who-ran", "why"] {
            done.checks.insert(check.into(), Answer { right: true, ..Answer::default() });
        }
        done.tasks.insert("make".into());
        assert!(!passed(&progress), "a skipped gate was not met");
        let drawn = Guess { drawn: vec![0.5], ..skipped };
        progress.lesson_mut("02-gil").predictions.insert("threads-speedup".into(), drawn);
        assert!(passed(&progress));
        progress.lesson_mut("02-gil").tasks.clear();
        assert!(!passed(&progress));
        progress.lesson_mut("02-gil").tasks.insert("make".into());
        progress.lesson_mut("02-gil").checks.insert("why".into(), Answer::default());
        assert!(!passed(&progress));
        assert!(!passed(&Progress::default()));
    }
}
