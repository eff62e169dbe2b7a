//! Screens as a learner sees them, and no panic at any size.

use super::states;
use super::{Bench, SIZES, ascii, no_panic_at_any_size, play};
use crate::app::frame::{LastFrame, Shown};
use crate::app::keymap;
use crate::app::message::Message;
use crate::trace::Trace;
use crate::trace::standstill::{HeldUp, Kind, Place, Standstill};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Every state worth a look, with the keys that lead there from the list.
const STATES: [(&str, &str); 13] = [
    ("list", "down"),
    ("before", "enter"),
    ("gate", "enter tab space"),
    ("live", "enter tab space 2"),
    ("after", "enter tab space 2 END END"),
    ("cursor", "enter tab space 2 END END t right down"),
    ("sure", "enter right right 1"),
    ("question", "enter right right 1 3"),
    ("help", "enter ?"),
    ("picker", "enter R"),
    ("search", "/ \"holds down"),
    ("found", "/ \"holds down enter"),
    ("commands", "enter : \"run"),
];

fn bench(size: (u16, u16), keys: &str) -> Bench {
    play(Bench::at_list(size), keys)
}

#[test]
fn screens() {
    for size in SIZES {
        for (name, keys) in STATES {
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), bench(size, keys).screen());
        }
    }
}

#[test]
fn the_small_screens_other_parts() {
    for (name, keys) in [("source", "v v v v"), ("results", "v"), ("output", "v v"), ("locks", "v v v")] {
        let bench = bench((80, 24), &format!("enter tab space 2 END END {keys}"));
        insta::assert_snapshot!(format!("{name}_80x24"), bench.screen());
    }
}

#[test]
fn a_crowd_and_turns_in_the_lens() {
    for size in SIZES {
        for (name, state) in [
            ("crowd", "crowd"),
            ("crowd_opened", "crowd, opened"),
            ("crowd_cursor", "crowd live, cursor"),
            ("short_opened", "short-lived, opened"),
            ("gil_row", "a GIL's row"),
        ] {
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), states::named(state, size).screen());
        }
        for (name, state) in [("turns", "turns"), ("turns_live", "turns live"), ("turns_cursor", "turns, cursor")] {
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), states::named(state, size).screen());
        }
    }
}

#[test]
fn ascii_is_ascii() {
    for size in SIZES {
        for (name, keys) in STATES {
            let bench = play(Bench::with_appearance(size, ascii()), keys);
            let screen = bench.screen();
            let odd = screen.lines().find(|line| !line.is_ascii());
            assert_eq!(odd, None, "in {name} at {size:?}");
        }
    }
}

#[test]
fn no_size_panics() {
    for (_, keys) in STATES {
        no_panic_at_any_size(bench((120, 40), keys));
    }
}

#[test]
fn a_frame_of_another_size_than_the_model_is_left_out() {
    let bench = bench((120, 40), "enter");
    let mut buf = Buffer::empty(Rect::new(0, 0, 30, 10));
    bench.draw(buf.area, &mut buf);
    assert_eq!(buf, Buffer::empty(buf.area));
}

#[test]
fn a_streamed_frame_is_the_frame_that_would_be_drawn_from_nothing() {
    for size in SIZES {
        let mut bench = bench(size, "enter tab space 2");
        let area = Rect::new(0, 0, size.0, size.1);
        let mut still = LastFrame::default();
        for step in ["", "-", "+", "f"] {
            if !step.is_empty() {
                bench.press(step);
            }
            for _ in 0..2 {
                bench.advance();
                let (_, live) = bench.live.as_ref().unwrap();
                let (mut streamed, mut whole) = (Buffer::empty(area), Buffer::empty(area));
                live.snapshot(&mut |trace| {
                    let shown = Shown { trace: Some(trace), ..Shown::default() };
                    still.draw((&bench.model, &shown), area, &mut streamed, crate::app::screens::plan);
                });
                bench.draw(area, &mut whole);
                assert_eq!(streamed, whole, "after {step:?} at {size:?}");
            }
        }
    }
}

#[test]
fn lines_where_threads_are_stuck_are_marked_while_they_are() {
    let (size, mut still) = ((200, 60), LastFrame::default());
    let area = Rect::new(0, 0, size.0, size.1);
    let mut bench = bench(size, "enter tab space 2");
    bench.advance();
    let file = format!("{}.py", bench.model.live().expect("a run goes on").spec.program);
    let place = Place { file, line: 1, code: "with A:".into(), function: "work".into() };
    let thread = HeldUp { tid: 7, name: "poor thing".into(), place: Some(place), ..HeldUp::default() };
    let stuck = Standstill { since: 5, kind: Kind::NobodyLeft, open: false, threads: vec![thread] };
    let (_, live) = bench.live.as_ref().unwrap();
    let mut marked = Vec::new();
    live.snapshot(&mut |trace| {
        for standstill in [None, Some(stuck.clone()), None] {
            let trace = Trace { standstill, ..trace.clone() };
            let shown = Shown { trace: Some(&trace), ..Shown::default() };
            let mut buf = Buffer::empty(area);
            still.draw((&bench.model, &shown), area, &mut buf, crate::app::screens::plan);
            let text: String = buf.content.iter().map(ratatui::buffer::Cell::symbol).collect();
            marked.push(text.contains("poor thing waits"));
        }
    });
    assert_eq!(marked, [false, true, false]);
}

#[test]
fn the_readme_shows_the_key_table() {
    let readme = include_str!("../../../README.md");
    let table = readme.split("<!-- keys -->\n").nth(1).and_then(|rest| rest.split("<!-- /keys -->").next());
    assert_eq!(table, Some(keymap::markdown().as_str()), "paste the table between the marks");
}

/// A course of six lessons in two parts, in the middle of it.
pub(super) fn mid_course(size: (u16, u16)) -> Bench {
    let mut bench = Bench::at_list(size);
    let lesson = |n: usize| super::lesson(&format!("{n:02}-topic"), TITLES[(n - 1) % TITLES.len()]);
    let lessons = (1..=24).map(lesson);
    let today = bench.model.today;
    let fresh = crate::app::model::Model::new(lessons, size, bench.model.appearance);
    bench.model = crate::app::model::Model { today, cores: 2, ..fresh };
    bench.model.parts = crate::lesson::parts::parse(include_str!("../../../lessons/parts.toml")).expect("it is sound");
    bench
}

const TITLES: [&str; 4] =
    ["The GIL", "Races and locks", "Thousands of requests", "One machine is not enough, and then"];

fn half_done(size: (u16, u16)) -> Bench {
    let mut bench = mid_course(size);
    let mut progress = crate::learner::progress::Progress::default();
    for n in 1..=9 {
        let done = progress.lesson_mut(&format!("{n:02}-topic"));
        let pages = ["One after the other", "Two threads", "What did you see?"];
        done.pages.extend(pages[..if n == 9 { 2 } else { 3 }].iter().map(|page| (*page).to_owned()));
        done.runs.extend(["sequential", "threads"].map(str::to_owned));
        if n < 8 {
            let guess =
                crate::learner::progress::Guess { choice: Some("x".into()), measured: Some(1.0), ..Default::default() };
            done.predictions.insert("threads-speedup".into(), guess);
            for id in ["who-ran", "why"] {
                let answer = crate::learner::progress::Answer { right: true, ..Default::default() };
                done.checks.insert(id.into(), answer);
            }
        }
        if n < 8 {
            let card = crate::learner::review::Card::first(&[crate::learner::review::Grade::Right], bench.model.today);
            let due = bench.model.today + chrono::Days::new(u64::try_from(n * n).unwrap_or(0)) - chrono::Days::new(4);
            let counted = ["who-ran", "why"].map(str::to_owned).into();
            progress
                .review
                .topics
                .insert(format!("{n:02}-topic"), crate::learner::review::Card { due, counted, ..card });
        }
    }
    bench.tell(Message::Progress(crate::learner::store::Loaded { progress, message: None }));
    bench
}

#[test]
fn the_map_of_a_whole_course() {
    for size in SIZES {
        insta::assert_snapshot!(format!("map_first_{}x{}", size.0, size.1), mid_course(size).screen());
        insta::assert_snapshot!(format!("map_later_{}x{}", size.0, size.1), half_done(size).screen());
    }
    for size in [(96, 30), (120, 40), (200, 60)] {
        let bench = play(Bench::at_list(size), "enter space END tab space 2 END L");
        let screen = bench.screen();
        assert!(screen.contains("Your last runs, on CPython 3.13.0"), "{screen}");
        insta::assert_snapshot!(format!("map_last_runs_{}x{}", size.0, size.1), screen);
    }
    let mut bench = half_done((80, 24));
    bench.press("X");
    insta::assert_snapshot!("map_forget_80x24", bench.screen());
}
