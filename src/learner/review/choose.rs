//! What is asked today: a few questions for each due topic, what went wrong first, the choices in an order that
//! changes from review to review.

use super::cards;
use super::{Asked, Grade, Review};
use crate::learner::progress::Progress;
use crate::lesson::{Lesson, Outline};
use chrono::{Datelike, NaiveDate};

/// The most questions for one topic: a review is short.
pub const PER_TOPIC: usize = 3;

/// A topic that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The lesson's place in the course.
    pub lesson: usize,
    /// Since when it is due.
    pub due: NaiveDate,
    /// What is asked, in this order.
    pub questions: Vec<Question>,
}

/// A question of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Question {
    /// A check, by place in the lesson.
    Check(usize),
    /// An interview question, by place in the lesson.
    Interview(usize),
}

impl Question {
    /// Its id in the lesson.
    #[must_use]
    pub fn id(self, lesson: &Outline) -> Option<&str> {
        match self {
            Question::Check(place) => lesson.checks.get(place).map(String::as_str),
            Question::Interview(place) => lesson.interview.get(place).map(String::as_str),
        }
    }
}

/// The topics that are due today, the longest due first.
#[must_use]
pub fn due<'a>(lessons: impl IntoIterator<Item = &'a Outline>, progress: &Progress, today: NaiveDate) -> Vec<Topic> {
    let topic = |(place, lesson): (usize, &Outline)| {
        let card = progress.review.topics.get(&lesson.id).filter(|card| card.is_due(today))?;
        let questions = questions(lesson, progress, today);
        (!questions.is_empty()).then_some(Topic { lesson: place, due: card.due, questions })
    };
    let mut topics: Vec<Topic> = lessons.into_iter().enumerate().filter_map(topic).collect();
    topics.sort_by_key(|topic| (topic.due, topic.lesson));
    topics
}

/// What is asked of a lesson: only what was answered there once; confident errors first, then what was wrong, then
/// what was not asked for the longest time.
fn questions(lesson: &Outline, progress: &Progress, today: NaiveDate) -> Vec<Question> {
    let Some(done) = progress.lessons.get(&lesson.id) else { return Vec::new() };
    let last = |id: &str| last_asked(&progress.review, &lesson.id, id);
    // Everything that is known well enough ranks alike: then what was not asked for the longest time comes first.
    let urgency = |id: &str, first: Grade| {
        let asked = last(id);
        (asked.map_or(first, |asked| asked.grade).min(Grade::Unsure), asked.map(|asked| asked.day))
    };
    let mut all: Vec<_> = cards::grades(lesson, done)
        .into_iter()
        .filter_map(|(id, first)| Some((urgency(&id, first), place_of(lesson, &id)?, id)))
        .collect();
    all.sort_by_cached_key(|(urgency, _, id)| (*urgency, seed(&[&lesson.id, id], today)));
    all.into_iter().take(PER_TOPIC).map(|(_, place, _)| place).collect()
}

fn last_asked(review: &Review, lesson: &str, question: &str) -> Option<Asked> {
    review.asked.get(lesson)?.get(question).copied()
}

fn place_of(lesson: &Outline, id: &str) -> Option<Question> {
    let check = lesson.checks.iter().position(|check| check == id).map(Question::Check);
    check.or_else(|| lesson.interview.iter().position(|question| question == id).map(Question::Interview))
}

/// The order in which a check's choices are shown: places in the lesson. Where the right one stands moves on by one
/// with every review, so that it cannot be known by its place; the others are shuffled by the day.
#[must_use]
pub fn order(lesson: &Lesson, check: usize, review: &Review, today: NaiveDate) -> Vec<usize> {
    let Some(check) = lesson.checks.get(check) else { return Vec::new() };
    let choices = check.choices();
    let mut wrong: Vec<usize> = (0..choices.len()).filter(|c| !choices[*c].right).collect();
    wrong.sort_by_cached_key(|place| seed(&[&lesson.id, &check.id, &place.to_string()], today));
    let Some(right) = choices.iter().position(|choice| choice.right) else { return wrong };
    let reviews = review.topics.get(&lesson.id).map_or(0, |card| card.reviews);
    let place = (right + usize::try_from(reviews).unwrap_or(0)) % choices.len();
    wrong.insert(place.min(wrong.len()), right);
    wrong
}

/// A number that looks like chance and is the same for the same words on the same day (FNV-1a, then mixed).
fn seed(words: &[&str], today: NaiveDate) -> u64 {
    let day = today.num_days_from_ce().to_le_bytes();
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0])).chain(day);
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}
