//! Where the learner stands in an interview: which question, and how far its answer has come.

use crate::app::screens::ask::{Asking, Field};
use crate::learner::progress::Spoken;
use crate::lesson::InterviewQuestion;
use crate::lesson::types::Knobs;
use std::collections::BTreeSet;

/// An interview that is open.
#[derive(Debug, Clone)]
pub struct Interview {
    /// Its lesson's place in the course.
    pub lesson: usize,
    /// The question, by place in the lesson.
    pub question: usize,
    /// How far its answer has come.
    pub stage: InterviewStage,
    /// What was typed before the field was left, and to which question.
    pub draft: Option<(usize, Box<Field>)>,
    /// Whether a review asks: then it goes on there.
    pub in_review: bool,
}

/// How far an answer has come.
#[derive(Debug, Clone)]
pub enum InterviewStage {
    /// A question is to be chosen.
    Choosing,
    /// The question is asked.
    Asking(Asking),
    /// The answer is held against the rubric.
    Judging(Judging),
}

/// An answer beside its rubric.
#[derive(Debug, Clone, Default)]
pub struct Judging {
    /// The answer.
    pub text: String,
    /// How sure the learner was, from 1 to 3.
    pub confidence: u8,
    /// The points that the learner found in it, by place.
    pub named: BTreeSet<usize>,
    /// The point that the learner is on.
    pub here: usize,
    /// Rows scrolled.
    pub scroll: u16,
}

impl Judging {
    /// Ticks the point that the learner is on, or takes the tick away.
    pub fn tick(&mut self) {
        if !self.named.remove(&self.here) {
            self.named.insert(self.here);
        }
    }

    /// What is kept of it.
    #[must_use]
    pub fn spoken(&self, question: &InterviewQuestion) -> Spoken {
        let named = self.named.iter().filter_map(|place| question.points.get(*place)).cloned().collect();
        Spoken { text: self.text.clone(), confidence: self.confidence, named, points: question.points.len() }
    }
}

/// A proof that is shown: the runs of a lesson's programs that show what an answer says.
#[derive(Debug, Clone)]
pub struct Proving {
    /// The desk where it runs.
    pub desk: usize,
    /// What to look at.
    pub look: String,
    /// The knobs as they were before.
    pub knobs: Knobs,
}

impl Interview {
    /// The interview of a lesson, with a question to be chosen.
    #[must_use]
    pub const fn new(lesson: usize, question: usize) -> Interview {
        Interview { lesson, question, stage: InterviewStage::Choosing, draft: None, in_review: false }
    }

    /// One question that a review asks.
    #[must_use]
    pub fn in_review(lesson: usize, question: usize) -> Interview {
        let stage = InterviewStage::Asking(Asking::typing("", true));
        Interview { lesson, question, stage, draft: None, in_review: true }
    }
}
