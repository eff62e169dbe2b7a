//! A review that is under way: what is asked today, and how far the learner has come.

use crate::app::screens::ask::Asking;
use crate::learner::review::{Grade, Question, Topic};
use chrono::NaiveDate;

/// A review.
#[derive(Debug, Clone)]
pub struct Sitting {
    /// The day on which it began.
    pub day: NaiveDate,
    /// What was due then, in the order in which it is asked.
    pub topics: Vec<Topic>,
    /// The topic, by place in `topics`.
    pub topic: usize,
    /// The question, by place in the topic.
    pub question: usize,
    /// How far its answer has come.
    pub stage: ReviewStage,
    /// How this topic's questions went so far.
    pub grades: Vec<Grade>,
    /// The topics that are done.
    pub done: Vec<Reviewed>,
}

/// How far a review has come.
#[derive(Debug, Clone)]
pub enum ReviewStage {
    /// What is due, and the calendar.
    Overview,
    /// A question is asked.
    Asking(Asking),
    /// This answer was given, and is explained.
    Told(String),
}

/// A topic that was reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The lesson's place in the course.
    pub lesson: usize,
    /// Questions that went well.
    pub right: usize,
    /// Questions asked.
    pub asked: usize,
    /// The day on which it comes back.
    pub back: NaiveDate,
}

impl Sitting {
    /// A review of these topics.
    #[must_use]
    pub const fn new(topics: Vec<Topic>, day: NaiveDate) -> Sitting {
        Sitting {
            day,
            topics,
            topic: 0,
            question: 0,
            stage: ReviewStage::Overview,
            grades: Vec::new(),
            done: Vec::new(),
        }
    }

    /// The topic that is asked.
    #[must_use]
    pub fn current(&self) -> Option<&Topic> {
        self.topics.get(self.topic)
    }

    /// The question that is asked: its lesson's place in the course, and which.
    #[must_use]
    pub fn asked(&self) -> Option<(usize, Question)> {
        let topic = self.current()?;
        Some((topic.lesson, *topic.questions.get(self.question)?))
    }

    /// The place of the question among all of today's, from 1, and how many there are.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        let before: usize = self.topics.iter().take(self.topic).map(|topic| topic.questions.len()).sum();
        (before + self.question + 1, self.topics.iter().map(|topic| topic.questions.len()).sum())
    }

    /// Whether everything was asked.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.topic >= self.topics.len()
    }
}
