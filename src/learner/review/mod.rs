//! Remembering: which topic comes back on which day, and what is asked then.
//!
//! A topic is a lesson. It gets a [`Card`] once some of its questions have been answered; `rs-fsrs` spaces the reviews.
//! Everything here is pure: the day is passed in, and nothing is left to chance.

pub mod calendar;
pub mod card;
pub mod cards;
pub mod choose;
pub mod grade;
#[cfg(test)]
mod tests;

pub use card::Card;
pub use choose::{Question, Topic, due};
pub use grade::Grade;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is remembered of reviews, as it is kept in the progress file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// When each topic comes back, by lesson id.
    #[serde(default)]
    pub topics: BTreeMap<String, Card>,
    /// How each question went when it was asked again: by lesson id, then by the question's id.
    #[serde(default)]
    pub asked: BTreeMap<String, BTreeMap<String, Asked>>,
}

/// How a question went when it was last asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// When, where the learner is.
    pub day: NaiveDate,
    /// How it went.
    pub grade: Grade,
}

impl Review {
    /// Whether there is nothing to remember.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.topics.is_empty() && self.asked.is_empty()
    }

    /// Forgets a lesson.
    pub fn forget(&mut self, lesson: &str) {
        self.topics.remove(lesson);
        self.asked.remove(lesson);
    }
}
