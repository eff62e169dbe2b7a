//! Runs side by side: what a newcomer sees first, and the comparison of a lesson.

use super::*;
use crate::app::effect::Effect;
use crate::app::frame::LastFrame;
use crate::app::model::Screen;
use crate::clock::MILLISECOND;
use crate::learner::progress::Progress;
use crate::learner::store::Loaded;
use crate::runner::{End, EndedBy, Status};
use crate::trace::LaneKind;
use crate::view::fixtures::{Do, Scenario};

const WIDE: (u16, u16) = (120, 40);

/// A learner who has run nothing, on a course with what can be put side by side.
pub fn newcomer(size: (u16, u16)) -> Bench {
    let mut bench = Bench::at_list(size);
    bench.change_lesson(0, |lesson| {
        let processes = Program { name: "processes".into(), stem: "processes".into(), ..lesson.programs[1].clone() };
        lesson.programs.insert(2, processes);
    });
    bench.tell(Message::Progress(Loaded { progress: Progress::default(), message: None }));
    bench
}

/// The same, with more programs than a screen has room for.
pub fn crowd(size: (u16, u16)) -> Bench {
    let mut bench = newcomer(size);
    bench.change_lesson(0, |lesson| {
        let more = (0..80).map(|n| Program { name: format!("more-{n}"), ..lesson.programs[3].clone() });
        let more: Vec<Program> = more.collect();
        lesson.programs.extend(more);
    });
    bench
}

fn words(bench: &Bench) -> String {
    bench.screen().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn one_key_shows_a_newcomer_three_runs_and_one_more_begins_to_say_why() {
    for size in SIZES {
        let mut bench = newcomer(size);
        assert!(bench.screen().contains("space  the same work done three ways"), "{}", bench.screen());
        bench.press("space");
        assert_eq!(bench.started(), ["sequential"]);
        assert!(words(&bench).contains("run 1 of 3"), "{}", bench.screen());
        bench.advance();
        bench.end_run();
        bench.end_run();
        assert!(words(&bench).contains("run 3 of 3"), "{}", bench.screen());
        bench.end_run();
        assert_eq!(bench.started(), ["sequential", "threads", "processes"]);
        let screen = bench.screen();
        assert!(screen.contains("one GIL") && screen.contains("Why?"), "{screen}");
        if size.1 >= 24 {
            assert!(screen.contains("77 ms saved") && screen.contains("close up"), "{screen}");
        }
        bench.press("enter");
        assert_eq!(bench.model.screen, Screen::Desk(0), "the first lesson");
    }
}

#[test]
fn once_something_has_run_the_key_opens_the_lesson() {
    let mut bench = newcomer(WIDE);
    bench.press("space esc");
    let outcome = Outcome { end: End::Ended(EndedBy::Cancelled, Status::Signal(15)), ..Outcome::default() };
    bench.end_as(outcome);
    bench.press("esc");
    assert!(matches!(bench.model.screen, Screen::List(_)));
    assert!(bench.screen().contains("three ways"), "what was stopped has not run");
    bench.press("space");
    for _ in 0..3 {
        bench.end_run();
    }
    bench.press("esc");
    assert!(!bench.screen().contains("three ways"));
    bench.press("space");
    assert_eq!(bench.model.screen, Screen::Desk(0));
}

#[test]
fn nothing_is_offered_before_it_is_known_what_has_run() {
    let mut bench = newcomer(WIDE);
    bench.model.progress_known = false;
    bench.press("space");
    assert_eq!(bench.model.screen, Screen::Desk(0), "as ever");
    let mut bench = Bench::at_list(WIDE);
    bench.tell(Message::Progress(Loaded { progress: Progress::default(), message: None }));
    bench.press("space");
    assert_eq!(bench.model.screen, Screen::Desk(0), "a course without processes");
}

#[test]
fn the_first_runs_wait_for_discovery_and_start_by_themselves() {
    let mut bench = newcomer(WIDE);
    bench.model.runtimes = crate::app::model::Runtimes::default();
    bench.press("space");
    assert!(bench.started().is_empty() && words(&bench).contains("looking for Pythons first"), "{}", bench.screen());
    bench.tell(Message::Runtimes(found(), true));
    assert_eq!(bench.started(), ["sequential"]);
    let spec = bench.effects.iter().find_map(|effect| match effect {
        Effect::Start(_, _, spec) => Some(spec.clone()),
        _ => None,
    });
    assert_eq!(spec.unwrap().runtime.label(), "3.13.0", "on the Python that was found");
}

#[test]
fn leaving_before_anything_is_known_runs_nothing_later() {
    let mut bench = newcomer(WIDE);
    bench.model.runtimes = crate::app::model::Runtimes::default();
    bench.press("enter c esc");
    bench.tell(Message::Runtimes(found(), true));
    assert!(bench.started().is_empty());
}

#[test]
fn a_comparison_makes_what_is_missing_and_says_why_the_rest_is_not_there() {
    let mut bench = newcomer(WIDE);
    bench.press("enter space");
    bench.end_run();
    bench.press("c");
    assert_eq!(bench.started(), ["sequential", "threads"], "the baseline is there");
    assert!(words(&bench).contains("run 1 of 2"));
    bench.end_run();
    bench.end_run();
    let screen = bench.screen();
    assert!(screen.contains("interpreters") && screen.contains("needs CPython 3.14 or later"), "{screen}");
    assert!(screen.contains("Nothing here is held against a prediction"), "{screen}");
    bench.press("esc");
    assert_eq!(bench.model.screen, Screen::Desk(0));
    bench.press("c");
    assert_eq!(bench.started().len(), 3, "nothing is missing any more");
    bench.press("r");
    assert_eq!(bench.started()[3..], ["sequential"], "all anew");
}

#[test]
fn a_comparison_leaves_the_gate_of_a_prediction_as_it_is() {
    let mut bench = newcomer(WIDE);
    bench.press("enter c");
    for _ in 0..3 {
        bench.end_run();
    }
    assert!(bench.model.progress.lessons["02-gil"].predictions.is_empty());
    bench.press("esc tab space");
    assert!(bench.desk().gate.is_some() && bench.started().len() == 3, "the first run of the desk is asked about");
    bench.press("1");
    bench.end_run();
    let guess = &bench.model.progress.lessons["02-gil"].predictions["threads-speedup"];
    assert!(guess.measured.is_some());
}

#[test]
fn a_run_that_fails_says_so_and_the_next_one_runs() {
    let mut bench = newcomer(WIDE);
    bench.press("enter c");
    bench.end_run();
    let failed = Outcome { trace: crate::view::fixtures::one_after_the_other().ended(), ..Outcome::default() };
    bench.end_as(Outcome { end: End::Exited(3), ..failed });
    assert_eq!(bench.started(), ["sequential", "threads", "processes"]);
    bench.end_run();
    let screen = bench.screen();
    let row = screen.lines().find(|line| line.trim_start().starts_with("threads")).expect("its row");
    assert!(row.contains("exit 3") && !row.contains('×'), "{screen}");
    assert!(!words(&bench).contains("threads, never"), "nothing is said of it: {screen}");
}

#[test]
fn a_python_that_disappears_is_told_in_its_row_and_the_rest_is_tried() {
    let mut bench = newcomer(WIDE);
    bench.press("enter c");
    bench.end_run();
    let (id, _) = bench.live.take().expect("a run goes on");
    bench.tell(Message::RunFailed(id, "could not start /usr/bin/python3".into()));
    assert_eq!(bench.started(), ["sequential", "threads", "processes"]);
    assert!(words(&bench).contains("not started: could not start /usr/bin/python3"), "{}", bench.screen());
}

#[test]
fn what_ran_stays_when_the_rest_is_stopped() {
    let mut bench = newcomer(WIDE);
    bench.press("enter c");
    bench.end_run();
    bench.press("esc");
    assert!(words(&bench).contains("stopping"));
    bench.end_as(Outcome { end: End::Ended(EndedBy::Cancelled, Status::Signal(15)), ..Outcome::default() });
    assert_eq!(bench.started().len(), 2);
    let screen = bench.screen();
    assert!(screen.contains("baseline") && screen.contains("stopped") && screen.contains("what ran stays"), "{screen}");
    bench.press("esc");
    assert_eq!(bench.model.screen, Screen::Desk(0));
}

#[test]
fn an_instant_is_told_for_every_run_and_the_close_up_goes_there() {
    let mut bench = newcomer(WIDE);
    bench.press("enter c");
    for _ in 0..3 {
        bench.end_run();
    }
    bench.press("right");
    let screen = bench.screen();
    assert!(screen.contains("after the start of each") && screen.contains("worker-0"), "{screen}");
    assert!(screen.contains("100 ms of each, around 0.123 s"), "{screen}");
    bench.press("+ + esc esc");
    assert_eq!(bench.model.screen, Screen::Desk(0), "the cursor first, then the screen");
}

/// Two processes that want to compute, and one core for both.
fn on_one_core() -> Scenario {
    let turn = 10 * MILLISECOND;
    let process = |all: Scenario, n: u32| {
        let turns = [Do::Run(0, turn), Do::Ready(turn)];
        let does = if n == 0 { turns } else { [turns[1], turns[0]] };
        all.lane(LaneKind::Process, (4712 + n, 4712 + n), "Process", 0, &does.repeat(12))
    };
    (0..2).fold(Scenario::new(1), process)
}

#[test]
fn one_core_is_named_where_it_hides_what_there_is_to_see() {
    let mut bench = newcomer(WIDE);
    bench.tell(Message::Calibrated(Ok(Machine { cores: 1, usable_cores: 1.0 })));
    bench.press("enter c");
    bench.end_run();
    bench.end_run();
    bench.end_as(Outcome { trace: on_one_core().ended(), ..Outcome::default() });
    assert!(words(&bench).contains("What would run at once cannot be seen here."), "{}", bench.screen());
}

#[test]
fn a_comparison_in_every_size() {
    for size in SIZES {
        for name in ["newcomer's map", "first runs live", "first runs", "first runs, an instant", "comparison"] {
            let file = name.replace([' ', ',', '\''], "_");
            let bench = states::named(name, size);
            insta::assert_snapshot!(format!("{file}_{}x{}", size.0, size.1), bench.screen());
        }
    }
}

#[test]
fn a_streamed_comparison_is_the_frame_that_would_be_drawn_from_nothing() {
    for size in SIZES {
        let mut bench = newcomer(size);
        bench.press("space");
        let area = Rect::new(0, 0, size.0, size.1);
        let mut still = LastFrame::default();
        for _ in 0..3 {
            bench.advance();
            let (_, live) = bench.live.as_ref().expect("a run goes on");
            let (mut streamed, mut whole) = (Buffer::empty(area), Buffer::empty(area));
            live.snapshot(&mut |trace| {
                let shown = Shown { trace: Some(trace), ..Shown::default() };
                still.draw((&bench.model, &shown), area, &mut streamed, plan);
            });
            bench.draw(area, &mut whole);
            assert_eq!(streamed, whole, "at {size:?}");
        }
    }
}
