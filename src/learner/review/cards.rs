//! From answers to cards: called whenever progress has changed.

use super::{Card, Grade, Review};
use crate::learner::progress::{Answer, LessonProgress, Progress};
use crate::lesson::Outline;
use chrono::NaiveDate;

/// How the questions of a lesson went in the lesson itself, by id, in its order. The first answer counts: what was
/// corrected after the explanation had been read was not known.
#[must_use]
pub fn grades(lesson: &Outline, done: &LessonProgress) -> Vec<(String, Grade)> {
    let check = |id: &String| Some((id.clone(), of_answer(done.checks.get(id)?)));
    let spoken = |id: &String| Some((id.clone(), done.interview.get(id)?.grade()));
    let checks = lesson.checks.iter().filter_map(check);
    checks.chain(lesson.interview.iter().filter_map(spoken)).collect()
}

/// How the first answer to a check went.
#[must_use]
pub fn of_answer(answer: &Answer) -> Grade {
    Grade::of(answer.right && answer.first == answer.last, answer.confidence)
}

/// Gives every topic with answered questions its card, and brings a review forward where a new answer was wrong.
/// Questions answered on the day of the first ones count together with them.
pub fn deal<'a>(progress: &mut Progress, lessons: impl IntoIterator<Item = &'a Outline>, today: NaiveDate) {
    for lesson in lessons {
        if let Some(done) = progress.lessons.get(&lesson.id) {
            let grades = grades(lesson, done);
            topic(&mut progress.review, &lesson.id, &grades, today);
        }
    }
}

fn topic(review: &mut Review, lesson: &str, grades: &[(String, Grade)], today: NaiveDate) {
    let counted = |id: &String| review.topics.get(lesson).is_some_and(|card| card.counted.contains(id));
    let new: Vec<_> = grades.iter().filter(|(id, _)| !counted(id)).collect();
    if new.is_empty() {
        return;
    }
    let all: Vec<Grade> = grades.iter().map(|(_, grade)| *grade).collect();
    let card = match review.topics.remove(lesson) {
        Some(mut card) if card.reviews > 1 || card.last != today => {
            for (_, grade) in &new {
                card.come_back_by(today, *grade);
            }
            card
        }
        _ => Card::first(&all, today),
    };
    let counted = grades.iter().map(|(id, _)| id.clone()).collect();
    review.topics.insert(lesson.to_owned(), Card { counted, ..card });
}
