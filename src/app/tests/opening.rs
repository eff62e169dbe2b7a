//! The first frame waits for nothing that it does not show.

use super::*;
use crate::app::{Options, opening};
use crate::lesson::Course;

/// The lessons that somebody has looked into once the first frame is drawn.
fn opened(lesson: Option<&str>) -> Vec<String> {
    let bench = Bench::at_list((120, 40));
    let first = opening(Course::built(), lesson, &Options::default(), bench.model.size, bench.model.appearance);
    let bench = Bench { model: first.model, ..bench };
    assert!(bench.screen().contains("The GIL"), "{}", bench.screen());
    let open = bench.model.desks.iter().filter(|desk| desk.lesson.is_open());
    open.map(|desk| desk.lesson.outline().id.clone()).collect()
}

#[test]
fn the_map_is_drawn_without_looking_into_a_lesson() {
    assert_eq!(opened(None), [""; 0]);
}

#[test]
fn a_lesson_is_drawn_without_looking_into_the_others() {
    assert_eq!(opened(Some("02-gil")), ["02-gil"]);
}

/// To lay a page out and to highlight its sources takes most of the memory that the tutor ever holds.
#[test]
fn nothing_is_typeset_before_a_lesson_is_opened() {
    let mut bench = Bench::at_list((120, 40));
    bench.press("down up");
    let typeset = |bench: &Bench| bench.effects.iter().filter(|e| matches!(e, Effect::Prepare(..))).count();
    assert_eq!(typeset(&bench), 0);
    bench.press("enter");
    assert_eq!(typeset(&bench), 1);
}
