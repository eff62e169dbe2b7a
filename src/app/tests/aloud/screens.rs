//! What each screen says, as a reader gets it.

use super::super::{compare, gate, lesson, make, review};
use super::{Reader, typewriter};
use crate::app::model::Model;
use chrono::Days;

fn fresh() -> Model {
    let mut model = Model::new(vec![lesson("02-gil", "The GIL"), lesson("03-io", "Waiting")], (80, 24), typewriter());
    model.progress_known = true;
    model.today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    model
}

#[test]
fn a_lesson_from_the_map_to_its_end() {
    let mut reader = Reader::new(fresh());
    reader.write_all(["?", "1", "n", "run", "2", "n", "1", "2", "2", "2", "3", "n", "o", "L"]);
    insta::assert_snapshot!("aloud_lesson", reader.transcript);
}

#[test]
fn what_else_can_be_read_and_turned() {
    let mut reader = Reader::new(fresh());
    reader.write_all(["1", "run", "v", "v", "v", "v", "v", "v", "]", "tab", "tab", "R", "2", "m", "again"]);
    insta::assert_snapshot!("aloud_parts", reader.transcript);
}

#[test]
fn what_is_asked_of_a_run() {
    let mut reader = Reader::new(fresh());
    reader.write_all([
        "at 0.1",
        "1",
        "t",
        "run",
        "t",
        "+",
        "<",
        "at 0.1",
        "at 9",
        "from 0.05 to 0.1",
        "lens",
        "y",
        "Y",
        "?",
    ]);
    insta::assert_snapshot!("aloud_asked", reader.transcript);
}

#[test]
fn a_prediction_that_is_drawn_and_answers_that_are_typed() {
    let mut model = fresh();
    model.desks[0].lesson = gate::rich(&model.desks[0].lesson).into();
    let mut reader = Reader::new(model);
    reader.write_all([
        "1", "2", "run", "9 1", "", "15", "", "n", "n", "a", "100", "3", "a", "5ms", "a", "0", "1", "", "2",
    ]);
    insta::assert_snapshot!("aloud_typed", reader.transcript);
}

#[test]
fn a_task() {
    let mut reader = Reader::new(make::bench((80, 24)).model);
    reader.copy = |_| "print('mine')\n".to_owned();
    reader.write_all(["task", "hint", "edit", "run", "x", "1", "n", "run", "n"]);
    insta::assert_snapshot!("aloud_task", reader.transcript);
}

#[test]
fn a_review_and_an_interview() {
    let mut bench = review::bench((80, 24), &[("who-ran", true, 2), ("why", false, 3)]);
    bench.model.today = bench.model.today + Days::new(1);
    let mut reader = Reader::new(bench.model);
    reader.write_all([
        "review",
        "",
        "1",
        "3",
        "",
        "2",
        "2",
        "",
        "esc",
        "3",
        "i",
        "1",
        "One GIL,",
        "one thread.",
        "",
        "3",
    ]);
    reader.write_all(["1 2", "enter", "esc", "n", "esc", "esc"]);
    insta::assert_snapshot!("aloud_review", reader.transcript);
}

#[test]
fn runs_side_by_side() {
    let mut reader = Reader::new(compare::newcomer((80, 24)).model);
    reader.write_all(["space", "1", "esc", "1", "c", "r", "at 0.1", "lens", "esc"]);
    insta::assert_snapshot!("aloud_compare", reader.transcript);
}

#[test]
fn what_lies_over_a_screen() {
    let mut reader = Reader::new(fresh());
    reader.write_all(["/gil", "nowhere", "esc", ":", "theme", "esc", "X", "3", "X", "1", "F1", "esc"]);
    insta::assert_snapshot!("aloud_over", reader.transcript);
}
