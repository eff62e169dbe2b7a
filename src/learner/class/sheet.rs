//! What one learner answered.

use crate::learner::atomic;
use crate::learner::progress::{Answer, Guess, LessonProgress, Progress};
use crate::learner::read::{Refused, read};
use crate::lesson::{Check, CheckKind, Course, Lesson};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The version of a sheet's layout.
const VERSION: u32 = 1;
/// More than any learner answers, in bytes.
const LARGEST: u64 = 4 << 20;
/// More characters of a typed answer tell nothing.
const LONGEST: usize = 120;

/// What one learner answered in a course. Nothing in it tells who that is, but what they typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// The layout's version.
    pub version: u32,
    /// Drawn at random when this learner exported first, so that no sheet counts twice: 16 hexadecimal digits.
    pub learner: String,
    /// By the lesson's id.
    pub lessons: BTreeMap<String, Answers>,
}

/// What was answered in one lesson, by the ids of what was asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// The questions on its pages.
    #[serde(default)]
    pub checks: BTreeMap<String, Answered>,
    /// What was predicted.
    #[serde(default)]
    pub predictions: BTreeMap<String, Foreseen>,
    /// Its tasks.
    #[serde(default)]
    pub tasks: BTreeMap<String, Tried>,
}

/// What was answered to one question.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The first answer; what was typed is written as the lesson writes it, where the lesson knows it.
    pub first: String,
    /// Whether that was right; `None` where the lesson no longer has it.
    pub first_right: Option<bool>,
    /// Whether the latest was.
    pub right: bool,
    /// How sure the learner was of the first: 1 a guess, 2 thought so, 3 sure.
    pub sure: Option<u8>,
    /// The misconception that the first reveals.
    pub misconception: Option<String>,
}

/// What was predicted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Foreseen {
    /// The choice, as the learner read it; `None` where it was drawn.
    pub choice: Option<String>,
    /// Whether what was measured agrees with it; `None` where that was not judged.
    pub right: Option<bool>,
}

/// How a task went.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// Whether it is done.
    pub done: bool,
    /// How often its program was run to be judged.
    pub attempts: u32,
}

/// Why a file is no sheet.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// There is none.
    #[error("there is no such file")]
    Missing,
    /// It was not read.
    #[error("it {0}")]
    Refused(#[from] Refused),
    /// It is cut off, or something else.
    #[error("it is damaged, or no export of a class: {0}")]
    Damaged(#[from] serde_json::Error),
    /// A newer version of the tutor has written it.
    #[error("a newer concur-tutor has written it (layout version {0})")]
    Newer(u32),
}

/// What is read first: other versions may have anything else.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

impl Sheet {
    /// What a learner of this number answered in a course.
    #[must_use]
    pub fn of(progress: &Progress, course: &Course, learner: String) -> Sheet {
        let done = course.lessons().iter().filter_map(|lesson| {
            let id = &lesson.outline().id;
            let answers = answers(progress.lessons.get(id)?, lesson);
            (answers != Answers::default()).then(|| (id.clone(), answers))
        });
        Sheet { version: VERSION, learner, lessons: done.collect() }
    }

    /// Reads a sheet from a file.
    ///
    /// # Errors
    /// Where there is none, it is none, or one of a newer version.
    pub fn read(path: &Path) -> Result<Sheet, SheetError> {
        let bytes = read(path, LARGEST)?.ok_or(SheetError::Missing)?;
        match serde_json::from_slice::<Head>(&bytes)?.version {
            newer if newer > VERSION => Err(SheetError::Newer(newer)),
            _ => Ok(serde_json::from_slice(&bytes)?),
        }
    }

    /// How many answers it has.
    #[must_use]
    pub fn answers(&self) -> usize {
        self.lessons.values().map(|lesson| lesson.checks.len() + lesson.predictions.len() + lesson.tasks.len()).sum()
    }
}

fn answers(done: &LessonProgress, lesson: &Lesson) -> Answers {
    let checks = lesson.checks.iter().filter_map(|check| {
        let answer = done.checks.get(&check.id)?;
        Some((check.id.clone(), answered(answer, check)))
    });
    let foreseen = |id: &str| {
        let guess = [true, false].into_iter().find_map(|gil| done.guess(id, gil).filter(|guess| !guess.skipped()))?;
        Some(Foreseen { choice: guess.choice.clone(), right: judged(guess) })
    };
    let predictions = lesson.predictions.iter().filter_map(|asked| Some((asked.id.clone(), foreseen(&asked.id)?)));
    let tasks = lesson.tasks.iter().filter_map(|task| {
        let tried =
            Tried { done: done.tasks.contains(&task.id), attempts: done.attempts.get(&task.id).copied().unwrap_or(0) };
        (tried != Tried::default()).then(|| (task.id.clone(), tried))
    });
    Answers { checks: checks.collect(), predictions: predictions.collect(), tasks: tasks.collect() }
}

/// Whether a prediction was right; what was disturbed tells nothing.
fn judged(guess: &Guess) -> Option<bool> {
    guess.right.filter(|_| !guess.disturbed)
}

fn answered(answer: &Answer, check: &Check) -> Answered {
    let reply = check.reply(&answer.first);
    let known = match &check.kind {
        CheckKind::Typed(typed) => typed.find(&answer.first).and_then(|known| known.accept.first()),
        CheckKind::Choice(_) => None,
    };
    Answered {
        first: known.unwrap_or(&answer.first).chars().take(LONGEST).collect(),
        first_right: reply.map(|reply| reply.right),
        right: answer.right,
        sure: answer.confidence,
        misconception: reply.and_then(|reply| reply.misconception).map(str::to_owned),
    }
}

/// The number of the learner whose progress is in this folder: the one that was drawn before, or a new one, which is kept there.
/// Without a folder, or where it cannot be kept, it is one for this time.
#[must_use]
pub fn number_of(folder: Option<&Path>) -> String {
    let file = folder.map(|folder| folder.join("class-number"));
    let before = file.as_deref().and_then(|file| read(file, 64).ok().flatten());
    if let Some(number) = before.and_then(|bytes| String::from_utf8(bytes).ok()).map(|text| text.trim().to_owned())
        && number.len() == 16
        && number.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return number;
    }
    let mut drawn = [0; 8];
    // Where the system has no random numbers, all such learners are one: said by the merge, which names both files.
    let _ = getrandom::fill(&mut drawn);
    let number = format!("{:016x}", u64::from_le_bytes(drawn));
    if let Some(file) = file {
        // Where it cannot be kept, the next export counts as another learner's.
        let _ = atomic::write(&file, number.as_bytes());
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_drawn_once_and_then_kept() {
        let folder = tempfile::tempdir().unwrap();
        let own = number_of(Some(folder.path()));
        assert_eq!((own.len(), number_of(Some(folder.path()))), (16, own.clone()));
        assert_ne!(own, number_of(None));
        std::fs::write(folder.path().join("class-number"), "my name").unwrap();
        let new = number_of(Some(folder.path()));
        assert!(new != "my name" && new != own, "{new}");
    }

    #[test]
    fn a_sheet_has_the_first_answers_and_what_they_reveal() {
        let course = Course::embedded().unwrap();
        let lesson = course.find("gil").unwrap();
        let check = lesson.checks.iter().find(|check| !check.choices().is_empty()).unwrap();
        let wrong = check.choices().iter().find(|choice| !choice.right).unwrap();
        let mut progress = Progress::default();
        let done = progress.lesson_mut("02-gil");
        let answer = Answer { first: wrong.text.clone(), right: true, confidence: Some(3), ..Answer::default() };
        done.checks.insert(check.id.clone(), answer);
        let asked = lesson.predictions.first().unwrap();
        done.predictions
            .insert(asked.id.clone(), Guess { choice: Some("x".into()), right: Some(true), ..Guess::default() });
        let sheet = Sheet::of(&progress, &course, "0123".to_owned());
        let own = &sheet.lessons["02-gil"];
        let expected = Answered {
            first: wrong.text.clone(),
            first_right: Some(false),
            right: true,
            sure: Some(3),
            misconception: wrong.misconception.clone(),
        };
        assert_eq!((own.checks.len(), &own.checks[&check.id]), (1, &expected));
        assert_eq!(own.predictions[&asked.id].right, Some(true));
        assert_eq!((sheet.answers(), sheet.lessons.len()), (2, 1));
    }
}
