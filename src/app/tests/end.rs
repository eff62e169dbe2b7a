//! The end of a lesson: what was predicted and seen, what is missing and the key that goes there, and the way on.

use super::{Bench, SIZES, make, play};
use crate::app::model::Screen;
use crate::learner::progress::Answer;

const WIDE: (u16, u16) = (120, 40);

/// The test lesson with its prediction made and run, at its end; `all`: its questions answered as well.
fn at_end(size: (u16, u16), all: bool) -> Bench {
    let mut bench = play(Bench::at_list(size), "enter tab space 2 END END");
    if all {
        let right = Answer { right: true, ..Answer::default() };
        let done = bench.model.progress.lesson_mut("02-gil");
        done.checks.extend(["who-ran", "why"].map(|id| (id.to_owned(), right.clone())));
    }
    bench.press("right right right");
    assert!(bench.desk().on_end(), "{}", bench.screen());
    bench
}

fn words(bench: &Bench) -> String {
    bench.screen().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn screens() {
    for size in SIZES {
        for (name, all) in [("end_open", false), ("end_passed", true)] {
            let bench = at_end(size, all);
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), bench.screen());
        }
    }
}

#[test]
fn a_passed_lesson_says_so_and_enter_opens_the_next() {
    let mut bench = at_end(WIDE, true);
    let screen = words(&bench);
    assert!(screen.contains("✓ Lesson passed"), "{screen}");
    assert!(screen.contains("you said “about as long” · measured"), "{screen}");
    assert!(!screen.contains("page 4"), "the end is no page: {screen}");
    bench.press("enter");
    assert_eq!(bench.model.screen, Screen::Desk(1));
    bench.press("right right right enter");
    assert_eq!(bench.model.screen, Screen::List(1), "after the last lesson is the map");
}

#[test]
fn what_is_missing_is_one_key_away() {
    let mut bench = at_end(WIDE, false);
    assert!(words(&bench).contains("answer the question on page 3"), "{}", bench.screen());
    bench.press("o");
    assert_eq!(bench.desk().page, 2);
    bench.model.progress.lesson_mut("02-gil").predictions.clear();
    bench.press("right o");
    assert_eq!((bench.desk().page, bench.desk().tab), (1, 1));
    assert!(bench.desk().gate.is_some(), "what was not predicted is asked");
}

#[test]
fn past_the_last_task_is_the_end() {
    let mut bench = play(make::bench(WIDE), "e COPY right COPY right");
    assert!(bench.desk().on_end() && bench.desk().counts(), "{}", bench.screen());
    bench.press("o");
    assert!(bench.desk().gate.is_some() || bench.desk().page < 3, "{}", bench.screen());
}
