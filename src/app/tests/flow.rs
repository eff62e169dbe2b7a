//! What keys and messages lead to.

use super::{Bench, found, states};
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::app::model::{Overlay, Screen};
use crate::app::screens::desk::{self, Pane};
use crate::clock::MILLISECOND;
use crate::learner::progress::{Answer, Progress};
use crate::learner::store::Loaded;
use crate::lesson::KnobValue;
use crate::runner::{End, EndedBy, Outcome, Status};
use crate::trace::LaneKind;
use crate::view::fixtures::{Do, Scenario};
use crate::view::lanes::Pointed;
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use std::sync::Arc;

const WIDE: (u16, u16) = (120, 40);

#[test]
fn predict_then_the_baseline_then_the_program_then_the_explanation() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab space");
    assert!(bench.desk().gate.is_some() && bench.started().is_empty(), "the first run is gated");
    bench.press("1");
    assert_eq!(bench.started(), ["sequential"], "speed-up needs the baseline");
    bench.advance();
    assert!(bench.screen().contains("as the baseline: running"));
    bench.end_run();
    assert_eq!(bench.started(), ["sequential", "threads"]);
    bench.advance();
    bench.end_run();
    let screen = bench.screen();
    let words = screen.replace('│', "").split_whitespace().collect::<Vec<_>>().join(" ");
    let large = "✗ you said “half as long” · about as fast as sequential: 0.25 s against";
    assert!(words.contains(large), "{screen}");
    assert!(screen.contains("With a GIL, one thread at a time"), "{screen}");
    let guess = &bench.model.progress.lessons["02-gil"].predictions["threads-speedup"];
    assert_eq!(guess.choice.as_deref(), Some("half as long"));
    assert!(guess.measured.is_some());
}

#[test]
fn the_run_that_was_predicted_is_told_from_a_later_one() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab space 1");
    bench.end_run();
    bench.end_run();
    assert!(!bench.screen().contains("an earlier run"), "this is the run that was predicted");
    let guess = bench.model.progress.lesson_mut("02-gil").predictions.get_mut("threads-speedup").unwrap();
    (guess.measured, guess.runtime) = (Some(1.9), Some("native no GIL".to_owned()));
    assert!(!bench.screen().contains("an earlier run"), "only its baseline may have run again");
    bench.press("space");
    bench.end_run();
    let words = bench.screen().replace('│', "").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("About as fast as sequential: 0.25 s against 0.24 s."), "{words}");
    let told = "of an earlier run on native no GIL: 1.90× as fast";
    assert!(words.contains(told) && words.contains("this one: 0.98× as fast"), "{words}");
}

#[test]
fn a_second_run_is_not_gated_and_the_baseline_does_not_run_again() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab space s");
    bench.end_run();
    bench.end_run();
    bench.press("space");
    assert_eq!(bench.started(), ["sequential", "threads", "threads"]);
    bench.end_run();
    assert!(!bench.screen().contains("you said"), "nothing was said");
}

#[test]
fn another_knob_needs_another_baseline() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab space s");
    bench.end_run();
    bench.end_run();
    bench.press("] space");
    assert_eq!(bench.desk().knobs["WORKERS"], KnobValue::Int(4));
    assert_eq!(bench.started(), ["sequential", "threads", "sequential"]);
    assert!(bench.screen().contains("WORKERS = 4"));
}

#[test]
fn knobs_stop_at_their_ends() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("] ] ] ] ]");
    assert_eq!(bench.desk().knobs["WORKERS"], KnobValue::Int(8));
    bench.press("[ [ [ [ [ [");
    assert_eq!(bench.desk().knobs["WORKERS"], KnobValue::Int(1));
}

#[test]
fn escape_stops_the_run_and_what_would_follow() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab space 2 esc");
    assert!(matches!(bench.effects.last(), Some(Effect::Cancel(_))));
    let outcome = Outcome { end: End::Ended(EndedBy::Cancelled, Status::Signal(15)), ..Outcome::default() };
    bench.end_as(outcome);
    assert_eq!(bench.started(), ["sequential"]);
    assert!(bench.model.active.is_none());
    assert!(bench.screen().contains("was stopped"));
}

#[test]
fn a_failed_baseline_ends_the_chain_and_says_so() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab space 2");
    let end = End::Exited(3);
    let stderr = b"out of patience\n".to_vec();
    bench.end_as(Outcome { end, stderr, ..Outcome::default() });
    assert_eq!(bench.started(), ["sequential"]);
    assert!(bench.screen().contains("sequential failed with exit status 3"));
    assert_eq!((bench.desk().tab, bench.desk().pane), (0, Pane::Output), "what failed says what it wrote");
}

#[test]
fn one_key_shows_the_output_where_the_source_is_open() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("v");
    assert_eq!(bench.desk().pane, Pane::Output);
    bench.press("v");
    assert_eq!(bench.desk().pane, Pane::Source);
}

#[test]
fn what_cannot_run_here_says_why() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab tab");
    let words = bench.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words.matches("needs CPython 3.14").count(), 1, "once: {words}");
    assert!(words.contains("space runs it on native"), "{words}");
    bench.press("space");
    assert_eq!((bench.model.runtimes.current().label().as_str(), bench.started().len()), ("native", 1));
    assert!(!bench.model.runtimes.chosen, "other lessons begin with their own");
}

#[test]
fn a_run_waits_for_discovery_and_then_starts_by_itself() {
    let mut bench = Bench::at_list(WIDE);
    bench.model.runtimes = crate::app::model::Runtimes::default();
    bench.press("enter space");
    assert!(bench.started().is_empty());
    bench.tell(Message::Runtimes(found(), false));
    assert!(bench.started().is_empty(), "discovery goes on");
    bench.tell(Message::Runtimes(found(), true));
    assert_eq!(bench.started(), ["sequential"]);
}

#[test]
fn a_runtime_that_was_chosen_stays_when_more_are_found() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("R down enter");
    let chosen = bench.model.runtimes.current().clone();
    let mut more = found();
    more.pythons.insert(0, crate::runtime::Python { version_text: "3.14.0".into(), ..more.pythons[0].clone() });
    bench.tell(Message::Runtimes(more, true));
    assert_eq!(*bench.model.runtimes.current(), chosen);
}

#[test]
fn the_picker_says_why_a_python_cannot_be_used() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("R down down down enter");
    assert!(matches!(bench.model.overlay, Some(Overlay::Runtimes(3))));
    assert!(bench.screen().contains("/opt/old/bin/python3 cannot be used: CPython 3.6.15 is too old"));
}

#[test]
fn pages_turn_and_select_their_program() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("right");
    assert_eq!((bench.desk().page, bench.desk().tab), (1, 1));
    bench.press("right right");
    assert!(bench.desk().on_end(), "past the last page: the end");
    bench.press("right");
    assert_eq!(bench.model.screen, Screen::List(1), "past the end: the next lesson");
    let read = &bench.model.progress.lessons["02-gil"].pages;
    assert_eq!(read.len(), 3);
}

#[test]
fn a_wrong_answer_is_answered_and_may_be_corrected() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("right right 1");
    assert!(bench.screen().contains("How sure are you?") && !bench.screen().contains("Because"));
    bench.press("3");
    assert!(bench.screen().contains("Because both at once."));
    assert!(!bench.screen().contains("Who ran (why)?"), "one question at a time");
    bench.press("2");
    assert!(bench.screen().contains("Because one at a time."));
    assert!(bench.screen().contains("Who ran (why)?"));
    let answer = &bench.model.progress.lessons["02-gil"].checks["who-ran"];
    assert_eq!((answer.first.as_str(), answer.last.as_str(), answer.right), ("both at once", "one at a time", true));
    assert_eq!((answer.confidence, answer.misconception.as_deref()), (Some(3), Some("both-at-once")));
    assert!(matches!(bench.effects.last(), Some(Effect::Save)));
}

#[test]
fn each_tab_keeps_the_picture_of_its_last_run() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab space 2");
    bench.end_run();
    bench.end_run();
    assert!(bench.screen().contains("threads on 3.13.0"));
    bench.press("tab tab");
    assert!(bench.screen().contains("sequential on 3.13.0"));
}

#[test]
fn the_cursor_takes_the_arrows_and_gives_them_back() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("space");
    bench.end_run();
    bench.press("t right right");
    assert_eq!(bench.desk().page, 0);
    assert!(bench.desk().view.cursor.is_some());
    bench.press("esc right");
    assert_eq!(bench.desk().page, 1);
}

#[test]
fn zooming_and_panning_stay_inside_the_run() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("space");
    bench.end_run();
    let whole = bench.desk().view.span();
    bench.press("+ +");
    assert_eq!(bench.desk().view.span(), whole / 4);
    bench.press("h h h h h h h h h h h h h h 0");
    assert_eq!(bench.desk().view.span(), whole);
}

#[test]
fn holding_the_picture_lets_the_run_go_on() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("space");
    bench.advance();
    bench.press("f");
    assert!(!bench.desk().view.follow);
    assert!(bench.screen().contains("f follows"));
    bench.press("f");
    assert!(bench.desk().view.follow);
}

#[test]
fn nothing_is_written_over_a_file_that_has_not_been_read() {
    let mut bench = Bench::at_desk(WIDE);
    assert!(!bench.model.progress_known);
    let mut old = Progress::default();
    old.lesson_mut("02-gil").pages.insert("Two threads".into());
    bench.tell(Message::Progress(Loaded { progress: old, message: Some("set aside".into()) }));
    assert!(bench.model.progress_known);
    assert_eq!(bench.model.progress.lessons["02-gil"].pages.len(), 2);
    assert!(bench.screen().contains("set aside"));
    assert!(matches!(bench.effects.last(), Some(Effect::Save)));
}

#[test]
fn what_other_programs_have_done_is_there_once_it_is_told() {
    let mut bench = Bench::at_desk(WIDE);
    let mut theirs = Progress::default();
    let right = Answer { right: true, ..Answer::default() };
    theirs.lesson_mut("02-gil").checks.insert("why".into(), right);
    bench.tell(Message::CaughtUp(Box::new(theirs)));
    let done = &bench.model.progress.lessons["02-gil"];
    assert!(done.checks["why"].right && done.pages.is_empty(), "a reset elsewhere holds");
    assert!(bench.model.progress.review.topics.contains_key("02-gil"), "what they answered comes back");
}

#[test]
fn clicks_reach_what_is_drawn() {
    let mut bench = Bench::at_desk(WIDE);
    click_on(&mut bench, "│ tab", "interpreters");
    assert_eq!(bench.desk().tab, 2);
    click_on(&mut bench, "│ tab", "threads");
    assert_eq!(bench.desk().tab, 1);
    click_on(&mut bench, "executor", "space");
    assert!(bench.desk().gate.is_some());
    click_on(&mut bench, "about as long", "about as long");
    bench.end_run();
    bench.end_run();
    click_on(&mut bench, "results", "results");
    assert_eq!(bench.desk().view.cursor, None, "a rule is no lane");
    let lane = bench.screen().lines().position(|line| line.contains("worker-1 ")).unwrap();
    click_at(&mut bench, 85, lane);
    assert_eq!(bench.desk().view.selected, Some(Pointed::Lane(2)));
    click_on(&mut bench, "executor", "help");
    assert!(matches!(bench.model.overlay, Some(Overlay::Help(_))));
}

/// Clicks on the first cell of this text, in the first row that shows `row`.
pub fn click_on(bench: &mut Bench, row: &str, text: &str) {
    let screen = bench.screen();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains(row)).expect("the row is on screen");
    let (before, _) = line.rsplit_once(text).expect("the text is in the row");
    click_at(bench, before.chars().count(), row);
}

fn click_at(bench: &mut Bench, column: usize, row: usize) {
    let (column, row) = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    let kind = MouseEventKind::Down(MouseButton::Left);
    bench.tell(Message::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
}

#[test]
fn the_wheel_zooms_where_it_points() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("space");
    bench.end_run();
    let whole = bench.desk().view.span();
    let screen = bench.screen();
    let row = screen.lines().position(|line| line.contains("MainThread")).unwrap();
    let (column, row) = (85, u16::try_from(row).unwrap());
    let wheel = |kind| Message::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    bench.tell(wheel(MouseEventKind::ScrollUp));
    assert_eq!(bench.desk().view.span(), whole / 2);
    assert!(bench.desk().view.cursor.is_none());
}

#[test]
fn the_small_screen_goes_through_its_parts() {
    let mut bench = Bench::at_desk((80, 24));
    for pane in [Pane::Source, Pane::Watch, Pane::Results, Pane::Output, Pane::Objects, Pane::Text] {
        bench.press("v");
        assert_eq!(bench.desk().pane, pane);
    }
    bench.press("tab space");
    assert_eq!(bench.desk().pane, Pane::Watch, "the question is where the picture will be");
}

#[test]
fn the_source_scrolls_beside_the_text() {
    let mut bench = Bench::at_desk(WIDE);
    bench.change_lesson(0, |lesson| lesson.programs[0].python = Some("pass\n".repeat(60)));
    bench.press("pgdn");
    assert_eq!((bench.scroll(Pane::Text), bench.scroll(Pane::Source)), (0, 8));
    bench.press("pgdn pgdn pgdn pgdn pgdn pgdn pgdn pgdn pgdn");
    assert!(bench.scroll(Pane::Source) < 60 - 10, "the last line stays at the bottom");
    assert!(bench.screen().contains(" 60  pass"));
    bench.press("pgup pgup pgup pgup pgup pgup pgup pgup pgup");
    assert_eq!(bench.scroll(Pane::Source), 0);
}

#[test]
fn ctrl_c_leaves_from_everywhere() {
    for before in ["esc", "?", "enter", "enter space", "enter tab space"] {
        let mut bench = Bench::at_list(WIDE);
        bench.press(before);
        let mut event = super::key("c");
        event.modifiers = KeyModifiers::CONTROL;
        bench.tell(Message::Key(event));
        assert!(matches!(bench.effects.last(), Some(Effect::Quit(None))), "after {before:?}");
    }
}

#[test]
fn what_lacks_packages_alone_offers_to_install_them() {
    let mut bench = Bench::at_list(WIDE);
    let mut lesson = (*bench.model.desks[1].lesson).clone();
    lesson.programs[1].packages = vec!["distributed".to_owned()];
    lesson.programs[1].name = "cluster".to_owned();
    bench.model.desks[1].lesson = lesson.into();
    bench.press("down enter tab");
    let words = bench.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("space runs concur-tutor setup here, which asks first"), "{words}");
    bench.press("space");
    assert!(matches!(bench.effects.last(), Some(Effect::Install)));
    assert!(bench.started().is_empty());
}

#[test]
fn a_lesson_with_packages_begins_with_a_python_that_has_them() {
    let mut bench = Bench::at_list(WIDE);
    let mut more = found();
    let own = crate::runtime::Python {
        path: "/home/me/environment/bin/python3".into(),
        packages: Arc::new(["numpy".to_owned()].into()),
        own: true,
        ..more.pythons[0].clone()
    };
    more.pythons.push(own);
    let mut lesson = (*bench.model.desks[1].lesson).clone();
    lesson.programs[1].packages = vec!["numpy".to_owned()];
    bench.model.desks[1].lesson = lesson.clone().into();
    bench.tell(Message::Runtimes(found(), true));
    bench.press("down enter tab");
    let words = bench.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("needs numpy: concur-tutor setup") && words.contains("installs it."), "{words}");
    bench.tell(Message::Runtimes(more, true));
    assert_eq!(bench.model.runtimes.current().label(), "3.13.0 packages");
    assert!(!bench.screen().contains("needs numpy"), "{}", bench.screen());
    bench.press("esc up enter");
    assert_eq!(bench.model.runtimes.current().label(), "3.13.0", "others begin as before");
    bench.press("r esc down enter");
    assert_eq!(bench.model.runtimes.current().label(), "3.13.0 packages", "the learner's choice, or what is needed");
}

#[test]
fn one_core_settles_nothing_where_it_was_wanted_and_only_there() {
    let turns = [Do::Run(0, 50 * MILLISECOND), Do::Ready(50 * MILLISECOND)];
    let other = [Do::Ready(50 * MILLISECOND), Do::Run(0, 50 * MILLISECOND)];
    let starved = Scenario::new(2)
        .lane(LaneKind::Process, (4711, 4711), "worker-0", 0, &turns)
        .lane(LaneKind::Process, (4712, 4712), "worker-1", 0, &other)
        .ended();
    let words = |outcome: Option<Outcome>| {
        let mut bench = Bench::at_desk(WIDE);
        bench.tell(Message::Calibrated(Ok(crate::runner::Machine { cores: 2, usable_cores: 1.02 })));
        bench.press("tab space 1");
        bench.end_run();
        match outcome {
            Some(outcome) => bench.end_as(outcome),
            None => bench.end_run(),
        }
        bench.screen().replace('│', "").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let lacking = words(Some(Outcome { trace: starved, ..Outcome::default() }));
    assert!(lacking.contains("! you said “half as long”"), "{lacking}");
    assert!(lacking.contains("not judged: it takes more than one core."), "{lacking}");
    assert!(lacking.contains("about 1.02 cores when it was measured: for 50 % of the time"), "{lacking}");
    let turns = words(None);
    assert!(turns.contains("✗ you said “half as long”"), "threads that take turns need no second core: {turns}");
    assert!(!turns.contains("when it was measured"), "{turns}");
}

#[test]
fn what_is_folded_opens_step_by_step() {
    let mut bench = states::named("short-lived, opened", (120, 40));
    assert!(bench.screen().contains("pool-1 ") && !bench.screen().contains("short-0"), "{}", bench.screen());
    // The last lane has those below it in sight that stand for others.
    bench.press("t end");
    assert!(bench.screen().contains("pool-79") && bench.screen().contains("+500 ended"), "{}", bench.screen());
    let name = bench.plan().of::<desk::Plan>().expect("a desk").watch.timeline.folded.last().copied();
    let name = name.expect("those that have ended are one row");
    click_at(&mut bench, name.x.into(), name.y.into());
    bench.press("end");
    assert!(bench.screen().contains("short-499") && bench.screen().contains("of 580"), "{}", bench.screen());
    bench.press("o");
    assert!(bench.screen().contains("580 threads"), "{}", bench.screen());
}

#[test]
fn the_row_of_a_gil_can_be_asked() {
    let mut bench = states::named("a GIL's row", (120, 40));
    let told = |bench: &Bench| bench.screen().lines().find(|line| line.contains("GIL  held by")).map(str::to_owned);
    let before = told(&bench).expect("who held it");
    assert!(
        before.contains("held by worker-") && before.contains("since") && before.contains("for 5.00 ms"),
        "{before}"
    );
    bench.press("right right right right right right right right");
    assert_ne!(told(&bench), Some(before), "at another instant");
}
