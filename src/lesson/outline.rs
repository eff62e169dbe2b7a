//! What is asked of a lesson that nobody has opened: what it is called, and what there is to do in it, by name. The map
//! and the learner's progress need no more.

use super::types::{Knobs, Lesson};
use serde::{Deserialize, Serialize};

/// A lesson without its texts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// As [`Lesson::id`].
    pub id: String,
    /// As [`Lesson::title`].
    pub title: String,
    /// As [`Lesson::summary`].
    pub summary: String,
    /// As [`Lesson::able`].
    pub able: Vec<String>,
    /// The titles of its pages.
    pub pages: Vec<String>,
    /// The names of its programs.
    pub programs: Vec<String>,
    /// The place of the program that its first page is about; the first where that is about none.
    pub first_program: usize,
    /// Every knob at its default.
    pub knobs: Knobs,
    /// The ids of its predictions.
    pub predictions: Vec<String>,
    /// The ids of its checks.
    pub checks: Vec<String>,
    /// The ids of its tasks.
    pub tasks: Vec<String>,
    /// The ids of its interview's questions.
    pub interview: Vec<String>,
    /// About how long it takes, in minutes: a rough guess, for whoever plans an evening.
    pub minutes: usize,
}

/// Words that are read in a minute, beside a picture.
const WORDS_A_MINUTE: usize = 150;
/// Seconds for a program: to predict, to run, to look; for a question; for a task.
const SECONDS: [usize; 3] = [60, 30, 300];

impl Outline {
    /// The outline of a lesson.
    #[must_use]
    pub fn of(lesson: &Lesson) -> Outline {
        let about = lesson.pages.first().and_then(|page| page.program.as_deref());
        let first = about.and_then(|name| lesson.programs.iter().position(|program| program.name == name));
        Outline {
            id: lesson.id.clone(),
            title: lesson.title.clone(),
            summary: lesson.summary.clone(),
            able: lesson.able.clone(),
            pages: lesson.pages.iter().map(|page| page.title.clone()).collect(),
            programs: lesson.programs.iter().map(|program| program.name.clone()).collect(),
            first_program: first.unwrap_or(0),
            knobs: lesson.default_knobs(),
            predictions: lesson.predictions.iter().map(|prediction| prediction.id.clone()).collect(),
            checks: lesson.checks.iter().map(|check| check.id.clone()).collect(),
            tasks: lesson.tasks.iter().map(|task| task.id.clone()).collect(),
            interview: lesson.interview.iter().map(|question| question.id.clone()).collect(),
            minutes: minutes(lesson),
        }
    }
}

/// By the words on its pages and what there is to do, in steps of five.
fn minutes(lesson: &Lesson) -> usize {
    let words: usize = lesson.pages.iter().map(|page| page.markdown.split_whitespace().count()).sum();
    let todo = [lesson.programs.len(), lesson.checks.len() + lesson.interview.len(), lesson.tasks.len()];
    let seconds: usize = todo.iter().zip(SECONDS).map(|(count, each)| count * each).sum();
    (words / WORDS_A_MINUTE + seconds / 60).div_ceil(5).max(1) * 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::types::{Page, Program};

    #[test]
    fn more_to_read_and_to_do_takes_longer() {
        let page = |words| Page { markdown: "word ".repeat(words), ..Page::default() };
        let with = |words, programs| Lesson {
            pages: vec![page(words)],
            programs: vec![Program::default(); programs],
            ..Lesson::default()
        };
        assert_eq!(minutes(&Lesson::default()), 5);
        assert_eq!([minutes(&with(1_500, 0)), minutes(&with(1_500, 3))], [10, 15]);
    }
}
