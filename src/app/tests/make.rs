//! The make step: a copy is shown, changed, run, judged, reset and left.

use super::{Bench, found, lesson};
use crate::app::appearance::Appearance;
use crate::app::effect::Effect;
use crate::app::message::{CopyRead, Message};
use crate::app::model::{Model, Screen};
use crate::lesson::types::{Expect, Knobs, Task};
use crate::lesson::{KnobValue, expression::Expression};
use crate::runner::{End, EndedBy, Machine, Outcome, Status};
use crate::view::theme::{Background, ColorDepth};
use std::time::Duration;

/// A desk of a lesson with two tasks. The script knows their names.
pub(super) fn bench(size: (u16, u16)) -> Bench {
    let expect = |says: &str, that: &str| Expect {
        says: says.into(),
        that: Expression { text: that.into(), names: Vec::new(), line: 1 },
    };
    let task = |id: &str, that: &str| Task {
        id: id.into(),
        program: "sequential".into(),
        goal: "Let `WORKERS` threads share the work. Keep the sum.".into(),
        hint: Some("A thread needs a target.".into()),
        set: Knobs::from([("WORKERS".to_owned(), KnobValue::Int(4))]),
        timeout_s: 5.0,
        expects: vec![expect("it ends well", "run.exit.code == 0.0"), expect("it says the sum", that)],
        requires: None,
        vary: Vec::new(),
        again: Knobs::new(),
        solutions: Vec::new(),
    };
    let mut first = lesson("02-gil", "The GIL");
    first.tasks = vec![task("sequential", "run.printed('sum') == 7.0"), task("threads", "run.stdout.contains('2')")];
    let appearance =
        Appearance { background: Background::Dark, depth: ColorDepth::True, contrast: false, unicode: true };
    let model = Model::new(vec![first, lesson("03-io", "Waiting")], size, appearance);
    let mut bench = Bench { model, engine: super::scripted::Scripted, live: None, effects: Vec::new() };
    bench.tell(Message::Calibrated(Ok(Machine { cores: 2, usable_cores: 1.97 })));
    bench.tell(Message::Runtimes(found(), true));
    bench.press("enter");
    bench
}

/// The shell has read the copy that was asked for last.
pub(super) fn read(bench: &mut Bench, text: &str) {
    let copy = bench.effects.iter().rev().find_map(|effect| match effect {
        Effect::ReadCopy(copy) | Effect::ResetCopy(copy) | Effect::EditCopy(copy) => Some(copy.clone()),
        _ => None,
    });
    let copy = copy.expect("a copy was asked for");
    let (path, text) = ("/home/me/tasks/02-gil/sequential.py".into(), Ok(text.to_owned()));
    bench.tell(Message::Copy(CopyRead { task: copy.task, path, text, notice: None, run: copy.run }));
}

pub(super) const MINE: &str = "print('mine')\n";

#[test]
fn a_copy_is_changed_run_and_judged() {
    let mut bench = bench((120, 40));
    assert!(bench.screen().contains("e task"), "{}", bench.screen());
    bench.press("e");
    read(&mut bench, "print('as it was')\n");
    let screen = bench.screen();
    assert!(screen.contains("Change it yourself") && screen.contains("○ it ends well"), "{screen}");
    assert!(screen.contains("print('as it was')") && screen.contains("e edit"), "{screen}");
    bench.press("e");
    assert!(matches!(bench.effects.last(), Some(Effect::EditCopy(_))));
    read(&mut bench, MINE);
    assert!(bench.screen().contains("print('mine')"));
    bench.press("space");
    assert!(bench.started().is_empty(), "the text is read anew before each run");
    read(&mut bench, MINE);
    let started = bench.effects.iter().find_map(|effect| match effect {
        Effect::Start(_, lesson, spec) => Some((lesson.clone(), spec.clone())),
        _ => None,
    });
    let (lesson, spec) = started.expect("it runs");
    assert_eq!(lesson.program(&spec.program).unwrap().python.as_deref(), Some(MINE));
    assert_eq!(spec.timeout, Some(Duration::from_secs(5)), "the task's own");
    assert_eq!(spec.knobs["WORKERS"], KnobValue::Int(4));
    bench.advance();
    bench.end_run();
    let screen = bench.screen();
    assert!(screen.contains("✓ it ends well") && screen.contains("✗ it says the sum"), "{screen}");
    assert!(screen.contains("1 of 2 hold"), "{screen}");
    let progress = &bench.model.progress.lessons["02-gil"];
    assert!(progress.tasks.is_empty() && progress.attempts["sequential"] == 1);
    assert!(matches!(bench.effects.last(), Some(Effect::Save)));
    assert!(bench.model.desks[0].runs.is_empty(), "the lesson's own runs are another matter");
}

#[test]
fn a_task_that_is_passed_is_remembered_and_ticked() {
    let mut bench = bench((120, 40));
    bench.press("e");
    read(&mut bench, MINE);
    bench.press("tab space");
    read(&mut bench, MINE);
    bench.advance();
    bench.end_run();
    let screen = bench.screen();
    assert!(screen.contains("So far so good") && !screen.contains("threads ✓"), "one run is not enough: {screen}");
    assert!(bench.model.progress.lessons.get("02-gil").is_none_or(|lesson| lesson.tasks.is_empty()));
    bench.advance();
    bench.end_run();
    let screen = bench.screen();
    assert!(screen.contains("Done: 2 of 2 hold") && screen.contains("threads ✓"), "{screen}");
    assert!(bench.model.progress.lessons["02-gil"].tasks.contains("threads"));
    bench.press("esc");
    assert!(bench.model.task.is_none() && matches!(bench.model.screen, Screen::Desk(0)));
}

#[test]
fn another_text_is_not_what_was_judged() {
    let mut bench = bench((120, 40));
    bench.press("e");
    read(&mut bench, MINE);
    bench.press("space");
    read(&mut bench, MINE);
    bench.end_run();
    assert!(bench.screen().contains("✓ it ends well"));
    bench.press("e");
    read(&mut bench, "print('other')\n");
    assert!(bench.screen().contains("○ it ends well"), "{}", bench.screen());
}

#[test]
fn a_reset_asks_first() {
    let mut bench = bench((120, 40));
    bench.press("e");
    read(&mut bench, MINE);
    let resets = |bench: &Bench| bench.effects.iter().filter(|e| matches!(e, Effect::ResetCopy(_))).count();
    bench.press("x");
    assert!(bench.screen().contains("Throw away what you changed"), "{}", bench.screen());
    bench.press("n");
    assert_eq!((resets(&bench), bench.screen().contains("Throw away")), (0, false));
    bench.press("y");
    assert_eq!(resets(&bench), 0, "nothing was asked");
    bench.press("x y");
    assert_eq!(resets(&bench), 1);
}

#[test]
fn the_hint_comes_on_request() {
    let mut bench = bench((80, 24));
    bench.press("e");
    read(&mut bench, MINE);
    assert!(!bench.screen().contains("A thread needs a target"));
    bench.press("i");
    assert!(bench.screen().contains("A thread needs a target"), "{}", bench.screen());
    bench.press("i");
    assert!(!bench.screen().contains("A thread needs a target"));
}

#[test]
fn a_run_that_had_to_be_ended_is_said_in_words() {
    for size in [(80, 24), (120, 40)] {
        let mut bench = bench(size);
        bench.press("e");
        read(&mut bench, MINE);
        bench.press("space");
        read(&mut bench, MINE);
        let end = End::Ended(EndedBy::Processes(70), Status::Signal(9));
        bench.end_as(Outcome { end, ..Outcome::default() });
        let words = bench.screen().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("was ended after starting 70 processes"), "{words}");
    }
}

#[test]
fn a_copy_that_cannot_be_read_says_why_and_arrows_lead_out() {
    let mut bench = bench((120, 40));
    bench.press("e");
    let path = "/nowhere/a.py".into();
    let text = Err("permission denied".to_owned());
    bench.tell(Message::Copy(CopyRead { task: 0, path, text, notice: None, run: true }));
    assert!(bench.screen().contains("your copy cannot be used: permission denied"), "{}", bench.screen());
    assert!(bench.started().is_empty());
    bench.press("right right");
    assert!(bench.model.task.is_none(), "past the last task is the lesson");
    bench.press("e left");
    assert!(bench.model.task.is_none(), "and before the first");
    assert_eq!(bench.model.screen, Screen::Desk(0));
    bench.press("e L");
    assert_eq!((bench.model.task.is_none(), bench.model.screen), (true, Screen::List(0)));
}

#[test]
fn screens() {
    for size in [(80, 24), (120, 40)] {
        let mut bench = bench(size);
        bench.press("e");
        read(&mut bench, MINE);
        insta::assert_snapshot!(format!("make_{}x{}", size.0, size.1), bench.screen());
        bench.press("space");
        read(&mut bench, MINE);
        bench.end_run();
        insta::assert_snapshot!(format!("made_{}x{}", size.0, size.1), bench.screen());
    }
}
