//! Every question of the built-in course at every size: its page opens with it, its choices are in sight, and what is out of
//! sight cannot be chosen.

use super::clicks::painted;
use super::states::FEW_SIZES;
use super::{Bench, found, key};
use crate::app::frame::Target;
use crate::app::message::Message;
use crate::app::model::{Model, Screen};
use crate::app::screens::desk::{Gate, Pane, Plan, Scroll};
use crate::app::update::update;
use crate::learner::progress::Answer;
use crate::lesson::{Check, CheckKind, Course};
use crate::runner::Machine;
use ratatui::layout::Rect;
use std::collections::BTreeMap;

/// The sizes that are promised.
const SIZES: [(u16, u16); 8] = [(60, 15), (80, 24), (96, 30), (100, 30), (104, 30), (120, 15), (120, 40), (200, 60)];

/// The built-in course, on a machine with two cores.
fn course(size: (u16, u16)) -> Bench {
    let mut bench = Bench::at_list(size);
    bench.model = Model::new(Course::built().into_lessons(), size, bench.model.appearance);
    bench.tell(Message::Calibrated(Ok(Machine { cores: 2, usable_cores: 1.97 })));
    bench.tell(Message::Runtimes(found(), true));
    bench
}

/// What is painted on each number that can be clicked in a pane, without blanks and signs.
fn numbers(bench: &Bench, pane: Pane) -> BTreeMap<usize, String> {
    let plan = bench.plan();
    let part = plan.of::<Plan>().expect("a desk").parts.of(pane);
    let buf = painted(bench, &bench.model);
    let mut out = BTreeMap::<usize, String>::new();
    for placed in plan.targets().filter(|placed| part.intersection(placed.area) == placed.area) {
        let Target::Choice(number) = placed.target else { continue };
        let symbols = placed.area.positions().map(|at| buf[at].symbol()).collect::<String>();
        out.entry(number).or_default().push_str(&letters(&symbols));
    }
    out
}

/// The letters and digits of a text.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What stands on each choice's number, where all of it is in sight.
fn whole<'a>(choices: impl Iterator<Item = &'a str>) -> BTreeMap<usize, String> {
    choices.enumerate().map(|(place, text)| (place, format!("{}{}", place + 1, letters(text)))).collect()
}

/// Every page with a question, with those that come before it on the page answered.
fn each_check(size: (u16, u16), mut then: impl FnMut(&mut Bench, &Check, &str)) {
    let mut bench = course(size);
    for place in 0..bench.model.desks.len() {
        let lesson = bench.model.desks[place].lesson.clone();
        for (page, one) in lesson.pages.iter().enumerate() {
            bench.model.progress.lessons.remove(&lesson.id);
            for id in &one.checks {
                let check = lesson.checks.iter().find(|check| check.id == *id).expect("a page's check");
                let desk = &mut bench.model.desks[place];
                (desk.page, desk.pane, desk.answering, desk.gate) = (page, Pane::Text, None, None);
                desk.scroll = [Scroll::default(); Pane::COUNT];
                bench.model.screen = Screen::Desk(place);
                then(&mut bench, check, &format!("{} {id} at {size:?}", lesson.id));
                let right = Answer { right: true, last: right(check), ..Answer::default() };
                bench.model.progress.lesson_mut(&lesson.id).checks.insert(id.clone(), right);
            }
        }
    }
}

fn right(check: &Check) -> String {
    match &check.kind {
        CheckKind::Choice(choices) => choices.iter().find(|choice| choice.right).map(|choice| choice.text.clone()),
        CheckKind::Typed(typed) => typed.right().map(str::to_owned),
    }
    .expect("a right answer")
}

#[test]
fn every_choice_is_in_sight_when_its_page_is_opened() {
    for size in SIZES {
        each_check(size, |bench, check, what| {
            if !check.choices().is_empty() {
                let expected = whole(check.choices().iter().map(|choice| choice.text.as_str()));
                assert_eq!(numbers(bench, Pane::Text), expected, "{what}:\n{}", bench.screen());
            }
        });
    }
}

#[test]
fn how_sure_is_asked_in_sight_and_so_is_the_reply() {
    for size in SIZES {
        each_check(size, |bench, check, what| {
            if check.choices().is_empty() {
                return;
            }
            let before = bench.model.clone();
            bench.press("1");
            let sure = whole(["a guess", "I think so", "sure"].into_iter());
            assert_eq!(numbers(bench, Pane::Text), sure, "{what}:\n{}", bench.screen());
            bench.press("1");
            let reply = check.choices()[0].explain.as_str();
            let end: String = letters(reply).chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
            assert!(letters(&reading(bench)).contains(&end), "{what}: the reply is cut:\n{}", bench.screen());
            bench.model = before;
        });
    }
}

/// What the text pane shows.
fn reading(bench: &Bench) -> String {
    let part = bench.plan().of::<Plan>().expect("a desk").parts.of(Pane::Text);
    let buf = painted(bench, &bench.model);
    let row = |area: Rect| area.positions().map(|at| buf[at].symbol()).collect::<String>();
    part.rows().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_answer_is_typed_in_sight() {
    for size in SIZES {
        each_check(size, |bench, check, what| {
            if check.choices().is_empty() {
                let before = bench.model.clone();
                bench.press("a");
                bench.type_in("xyzzy");
                assert!(reading(bench).contains("xyzzy"), "{what}:\n{}", bench.screen());
                bench.model = before;
            }
        });
    }
}

#[test]
fn what_is_out_of_sight_cannot_be_chosen_and_one_key_shows_it() {
    for &size in FEW_SIZES {
        each_check(size, |bench, check, what| {
            if check.choices().is_empty() {
                return;
            }
            let (all, before) = (numbers(bench, Pane::Text), bench.model.clone());
            for _ in 0..40 {
                bench.press("down");
            }
            if numbers(bench, Pane::Text) == all {
                return;
            }
            let hidden = bench.model.clone();
            for shows in ["a", "1"] {
                bench.model = hidden.clone();
                bench.press(shows);
                assert!(bench.desk().answering.is_none(), "{what}: {shows} chose what was out of sight");
                assert_eq!(numbers(bench, Pane::Text), all, "{what}, after {shows}:\n{}", bench.screen());
            }
            bench.model = before;
        });
    }
}

#[test]
fn every_prediction_is_asked_in_sight() {
    for size in SIZES {
        let mut bench = course(size);
        for place in 0..bench.model.desks.len() {
            let lesson = bench.model.desks[place].lesson.clone();
            bench.model.screen = Screen::Desk(place);
            bench.model.desks[place].skipped.clear();
            for (prediction, asked) in lesson.predictions.iter().enumerate() {
                let Some(tab) = lesson.programs.iter().position(|p| p.name == asked.program) else { continue };
                let desk = &mut bench.model.desks[place];
                desk.tab = tab;
                let bars = match asked.ask {
                    crate::lesson::PredictionAsk::Choice { .. } => 0,
                    crate::lesson::PredictionAsk::Draw(_) => 2,
                };
                let gate = Gate { prediction, selected: 0, bars: vec![0; bars] };
                (desk.gate, desk.pane) = (Some(gate), Pane::Watch);
                let what = format!("{} {} at {size:?}:\n{}", lesson.id, asked.id, bench.screen());
                let expected = whole(asked.choices().iter().map(|choice| choice.label.as_str()));
                assert_eq!(numbers(&bench, Pane::Watch), expected, "{what}");
                let plan = bench.plan();
                let drawn = plan.targets().filter(|placed| matches!(placed.target, Target::Bar(..)));
                assert_eq!(drawn.count(), bars, "{what}");
                bench.model.desks[place].gate = None;
            }
        }
    }
}

#[test]
fn a_digit_that_is_elsewhere_shows_the_question_first() {
    let mut bench = Bench::at_desk((80, 24));
    bench.press("right right v");
    assert_eq!(bench.desk().pane, Pane::Source);
    let plan = bench.plan();
    let _ = update(&mut bench.model, &plan, Message::Key(key("2")));
    assert_eq!((bench.desk().pane, bench.desk().answering.is_some()), (Pane::Text, false));
    bench.press("2");
    assert!(bench.desk().answering.is_some());
}
