//! The whole course in lines: every page is read, every prediction made, every question answered, every task judged, every
//! interview held, and what comes back is reviewed.

use super::{Reader, typewriter};
use crate::app::aloud::{Aloud, understood};
use crate::app::model::{Model, Screen};
use crate::app::screens::desk::sight;
use crate::app::screens::review::update::check;
use crate::learner::review::choose;
use crate::lesson::{Check, CheckKind, Course, Lesson, PredictionAsk};
use chrono::{Days, NaiveDate};

fn reader(course: Course) -> Reader {
    let parts = course.parts().to_vec();
    let mut model = Model::new(course.into_lessons(), (80, 24), typewriter());
    model.parts = parts;
    model.today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    model.progress_known = true;
    Reader::new(model)
}

/// Every number of an offer stands before its words, and no other.
fn numbers_are_said(aloud: &Aloud) {
    let numbers: Vec<usize> =
        aloud.parts.iter().filter_map(|part| part.lines.first()?.split_once(") ")?.0.parse().ok()).collect();
    let offered: Vec<usize> = (1..=aloud.offers.len()).collect();
    assert_eq!(numbers, offered, "{:?}", aloud.parts);
}

/// Answers a question of a page or of a review, by its number or as text, and says how sure.
fn answer(reader: &mut Reader, check: &Check, order: &[usize], typing: bool) -> String {
    numbers_are_said(&reader.aloud());
    match &check.kind {
        CheckKind::Choice(choices) => {
            assert_eq!(reader.aloud().offers.len(), choices.len(), "{}", check.id);
            let right = order.iter().position(|choice| choices[*choice].right).expect("a right choice");
            reader.write(&(right + 1).to_string());
        }
        CheckKind::Typed(typed) => {
            let right = typed.answers.iter().find(|answer| answer.right).expect("a right answer");
            if !typing {
                reader.write("a");
            }
            reader.write_all(right.accept[0].lines());
            if typed.code.is_some() {
                reader.write("");
            }
        }
    }
    assert_eq!(reader.aloud().offers.len(), 3, "how sure: {}", reader.transcript);
    reader.write("3")
}

/// Makes the predictions that wait, each as it is asked.
fn predict(reader: &mut Reader) {
    while let Some((bars, choices)) = reader.model.desk().and_then(|desk| {
        let gate = sight::gate(&reader.model, desk)?;
        Some((gate.bars.len(), desk.lesson.predictions[gate.prediction].choices().len()))
    }) {
        numbers_are_said(&reader.aloud());
        if bars == 0 {
            assert_eq!(reader.aloud().offers.len(), choices);
            reader.write("1");
        } else {
            let said = reader.write(["9", "9 1"][bars - 1]);
            assert!(said.contains("90 %"), "{said}");
            reader.write("");
        }
    }
}

fn go_through(reader: &mut Reader, lesson: &Lesson, number: usize) {
    reader.write(&number.to_string());
    for page in &lesson.pages {
        assert!(reader.transcript.contains(&page.title), "{}", page.title);
        for id in &page.checks {
            let check = lesson.checks.iter().find(|check| check.id == *id).expect("the page's check");
            let all: Vec<usize> = (0..check.choices().len()).collect();
            let said = answer(reader, check, &all, false);
            assert!(said.contains("Right."), "{}: {said}", check.id);
        }
        reader.write("n");
    }
    for (place, program) in lesson.programs.iter().enumerate() {
        if lesson.predictions.iter().any(|prediction| prediction.program == program.name) {
            // Nothing is asked here, so numbers choose programs.
            reader.write(&(place + 1).to_string());
            reader.write("run");
            predict(reader);
            assert!(reader.transcript.contains("The run is over"), "{}", program.name);
        }
    }
    for (place, task) in lesson.tasks.iter().enumerate() {
        if place == 0 {
            reader.write("task");
        } else {
            reader.write("n");
        }
        reader.write("edit");
        let said = reader.write("run");
        assert!(said.contains("hold") || said.contains("nothing is judged"), "{}: {said}", task.id);
        // Whether a solution does what its task asks is held against real runs elsewhere.
        reader.model.progress.judged(&lesson.id, &task.id, true);
    }
    if !lesson.tasks.is_empty() {
        reader.write("esc");
    }
    for (place, question) in lesson.interview.iter().enumerate() {
        reader.write("interview");
        interview(reader, place, question.points.len());
        reader.write("esc");
    }
    reader.spoken.forget();
    let said = reader.write("again");
    assert!(said.contains("Lesson passed"), "{number}: {said}");
    reader.write("L");
    assert!(matches!(reader.model.screen, Screen::List(_)));
}

/// Answers an interview's question and ticks what was named.
fn interview(reader: &mut Reader, place: usize, points: usize) {
    reader.write(&(place + 1).to_string());
    judge(reader, points);
}

fn judge(reader: &mut Reader, points: usize) {
    reader.write_all(["In my own words,", "a line or two.", "", "2"]);
    numbers_are_said(&reader.aloud());
    assert_eq!(reader.aloud().offers.len(), points, "{}", reader.transcript);
    let all: Vec<String> = (1..=points).map(|n| n.to_string()).collect();
    let said = reader.write(&all.join(" "));
    assert_eq!(said.matches("named: ").count(), points, "{said}");
    reader.write("n");
}

/// Reviews all that is due by then.
fn review(reader: &mut Reader) -> usize {
    reader.write_all(["review", ""]);
    let mut asked = 0;
    loop {
        let model = &reader.model;
        if let Some((lesson, place, check)) = check(model).filter(|_| model.screen == Screen::Review) {
            let (check, lesson) = (check.clone(), model.desks[lesson].lesson.clone());
            let order = choose::order(&lesson, place, &model.progress.review, model.today);
            let said = answer(reader, &check, &order, true);
            assert!(said.contains("Right."), "{}: {said}", check.id);
            reader.write("");
        } else if let Screen::Interview = model.screen {
            let open = model.interview.as_ref().expect("an interview is open");
            let points = model.desks[open.lesson].lesson.interview[open.question].points.len();
            judge(reader, points);
        } else {
            return asked;
        }
        asked += 1;
    }
}

#[test]
fn all_of_the_course_can_be_finished_in_lines() {
    let course = Course::embedded().expect("the embedded course has no faults");
    let lessons = course.lessons().to_vec();
    let mut reader = reader(course);
    for (place, lesson) in lessons.iter().enumerate() {
        go_through(&mut reader, lesson, place + 1);
    }
    reader.model.today = reader.model.today + Days::new(200);
    let asked = review(&mut reader);
    assert!(asked >= lessons.len() / 2, "{asked}");
    assert!(reader.transcript.contains("Done for today."), "{}", reader.hear());
    assert!(!reader.transcript.contains("names nothing here"), "every line was understood");
    assert!(reader.transcript.chars().all(|c| c == '\n' || !c.is_control()), "nothing commands the terminal");
}

#[test]
fn no_answer_is_the_name_of_a_key() {
    let course = Course::embedded().expect("the embedded course has no faults");
    let checks = course.lessons().iter().flat_map(|lesson| lesson.checks.clone());
    for check in checks {
        let CheckKind::Typed(typed) = &check.kind else { continue };
        let accepted = typed.answers.iter().flat_map(|answer| &answer.accept);
        for line in accepted.flat_map(|answer| answer.lines()) {
            assert!(understood::key_named(line.trim()).is_none(), "{}: {line}", check.id);
        }
    }
}

#[test]
fn each_kind_of_prediction_occurs_in_the_course() {
    let course = Course::embedded().expect("the embedded course has no faults");
    let all: Vec<PredictionAsk> =
        course.lessons().iter().flat_map(|lesson| lesson.predictions.iter().map(|p| p.ask.clone())).collect();
    assert!(all.iter().any(|ask| matches!(ask, PredictionAsk::Draw(_))));
    assert!(all.iter().any(|ask| matches!(ask, PredictionAsk::Choice { .. })));
}
