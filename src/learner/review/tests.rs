//! From answers to cards, and from cards to questions.

use super::choose::{PER_TOPIC, Question, order};
use super::{Asked, Grade, calendar, cards, due};
use crate::learner::progress::{Answer, Progress};
use crate::lesson::{Check, CheckKind, Choice, Lesson, Outline};
use chrono::{Days, NaiveDate};

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap() + Days::new(n)
}

fn lesson(id: &str, checks: &[&str]) -> Lesson {
    let choice = |text: &str, right| Choice { text: text.into(), right, explain: String::new(), misconception: None };
    let check = |id: &&str| Check {
        id: (*id).to_owned(),
        question: String::new(),
        kind: CheckKind::Choice(vec![choice("a", true), choice("b", false), choice("c", false)]),
    };
    Lesson { id: id.into(), checks: checks.iter().map(check).collect(), ..Lesson::default() }
}

fn outline(id: &str, checks: &[&str]) -> Outline {
    Outline::of(&lesson(id, checks))
}

fn answer(progress: &mut Progress, lesson: &str, check: &str, right: bool, confidence: u8) {
    let answer = Answer { right, confidence: Some(confidence), ..Answer::default() };
    progress.lesson_mut(lesson).checks.insert(check.to_owned(), answer);
}

#[test]
fn a_topic_gets_its_card_with_its_first_answers() {
    let lessons = [outline("02-gil", &["x", "y"]), outline("03-io", &["z"])];
    let mut progress = Progress::default();
    cards::deal(&mut progress, &lessons, day(0));
    assert!(progress.review.is_empty());
    answer(&mut progress, "02-gil", "x", true, 2);
    cards::deal(&mut progress, &lessons, day(0));
    assert_eq!(progress.review.topics["02-gil"].due, day(3));
    answer(&mut progress, "02-gil", "y", false, 1);
    cards::deal(&mut progress, &lessons, day(0));
    assert_eq!(progress.review.topics["02-gil"].due, day(1), "the day's answers count together");
    assert_eq!(progress.review.topics["02-gil"].reviews, 1);
}

#[test]
fn a_wrong_answer_of_a_later_day_brings_the_topic_forward_once() {
    let lessons = [outline("02-gil", &["x", "y"])];
    let mut progress = Progress::default();
    answer(&mut progress, "02-gil", "x", true, 3);
    cards::deal(&mut progress, &lessons, day(0));
    answer(&mut progress, "02-gil", "y", false, 3);
    cards::deal(&mut progress, &lessons, day(2));
    assert_eq!(progress.review.topics["02-gil"].due, day(3));
    let card = progress.review.topics["02-gil"].reviewed(&[Grade::Right], day(3));
    progress.review.topics.insert("02-gil".into(), card.clone());
    cards::deal(&mut progress, &lessons, day(3));
    assert_eq!(progress.review.topics["02-gil"], card, "an answer counts once");
}

#[test]
fn an_answer_that_was_corrected_was_not_known() {
    let corrected = Answer { first: "a".into(), last: "b".into(), right: true, ..Answer::default() };
    assert_eq!(cards::of_answer(&corrected), Grade::Wrong);
}

#[test]
fn confident_errors_are_asked_first_then_what_was_wrong_and_not_too_much() {
    let lessons = [outline("02-gil", &["sure", "right", "wrong", "error", "guess"]), outline("03-io", &["z"])];
    let mut progress = Progress::default();
    for (id, right, confidence) in
        [("sure", true, 3), ("right", true, 2), ("wrong", false, 2), ("error", false, 3), ("guess", true, 1)]
    {
        answer(&mut progress, "02-gil", id, right, confidence);
    }
    cards::deal(&mut progress, &lessons, day(0));
    assert!(due(&lessons, &progress, day(0)).is_empty());
    let topics = due(&lessons, &progress, day(1));
    assert_eq!(topics.len(), 1);
    assert_eq!(topics[0].questions.len(), PER_TOPIC);
    assert_eq!(topics[0].questions[..2], [Question::Check(3), Question::Check(2)]);
    assert_eq!(topics, due(&lessons, &progress, day(1)), "nothing is left to chance");
    // What went well when it was asked again makes room for what was not asked for longer.
    let asked = progress.review.asked.entry("02-gil".into()).or_default();
    for id in ["error", "wrong"] {
        asked.insert(id.into(), Asked { day: day(1), grade: Grade::Right });
    }
    let places: Vec<_> = due(&lessons, &progress, day(9))[0].questions.clone();
    assert!(!places.contains(&Question::Check(3)) && !places.contains(&Question::Check(2)), "{places:?}");
}

#[test]
fn the_right_choice_stands_elsewhere_in_every_review() {
    let lesson = lesson("02-gil", &["x"]);
    let mut progress = Progress::default();
    answer(&mut progress, "02-gil", "x", true, 2);
    cards::deal(&mut progress, [&Outline::of(&lesson)], day(0));
    let mut before = None;
    for n in 1..7 {
        let order = order(&lesson, 0, &progress.review, day(n));
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2], "every choice is there once");
        let place = order.iter().position(|choice| *choice == 0);
        assert_ne!(place, before);
        before = place;
        let card = progress.review.topics["02-gil"].reviewed(&[Grade::Right], day(n));
        progress.review.topics.insert("02-gil".into(), card);
    }
}

#[test]
fn the_calendar_puts_what_is_overdue_on_today() {
    let lessons = [outline("02-gil", &["x"]), outline("03-io", &["y"])];
    let mut progress = Progress::default();
    answer(&mut progress, "02-gil", "x", false, 2);
    answer(&mut progress, "03-io", "y", true, 2);
    cards::deal(&mut progress, &lessons, day(0));
    let days = calendar::days(&lessons, &progress.review, day(2));
    let days: Vec<_> = days.into_iter().map(|day| (day.date, day.topics)).collect();
    assert_eq!(days, [(day(2), vec![0]), (day(3), vec![1])]);
}

#[test]
fn a_lesson_that_is_forgotten_has_no_card_any_more() {
    let lessons = [outline("02-gil", &["x"]), outline("03-io", &["y"])];
    let mut progress = Progress::default();
    for (lesson, check) in [("02-gil", "x"), ("03-io", "y")] {
        answer(&mut progress, lesson, check, true, 2);
    }
    progress.last = Some("02-gil".into());
    cards::deal(&mut progress, &lessons, day(0));
    progress.forget(Some("02-gil"));
    cards::deal(&mut progress, &lessons, day(0));
    assert_eq!(progress.review.topics.keys().collect::<Vec<_>>(), ["03-io"]);
    assert_eq!((progress.last.as_ref(), progress.lessons.len()), (None, 1));
    progress.forget(None);
    assert_eq!(progress, Progress::default());
}
