//! Drawing what a run will show, typing answers, saying how sure one is, and what is taken away.

use super::{Bench, SIZES, ascii, no_panic_at_any_size, play};
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::app::screens::desk::Pane;
use crate::lesson::question::{KnownAnswer, Typed};
use crate::lesson::takeaway::Takeaway;
use crate::lesson::{Check, CheckKind, Drawing, Lesson, Metric, Piece, Prediction, PredictionAsk, PredictionChoice};
use crate::runner::{End, EndedBy, Outcome, Status};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use std::sync::Arc;

const WIDE: (u16, u16) = (120, 40);

/// Every state worth a look, with the keys that lead there from the list; `"text` types.
const STATES: [(&str, &str); 8] = [
    ("drawing_cores", "enter tab space right right right down right"),
    ("drawing_wall", "enter tab space right enter right right right right right right right right right right"),
    ("drawn", "enter tab space right right enter right right right enter END END"),
    ("short", "enter right right a \"5ms"),
    ("how_sure", "enter right right a \"5ms enter"),
    ("wrong", "enter right right a \"100 enter 3"),
    ("prints", "enter right right a \"5ms enter 2 a \"0 down \"1"),
    ("takeaway", "enter right right right"),
];

/// The test lesson, with drawn predictions, typed answers and a take-away.
pub(super) fn rich(lesson: &Lesson) -> Lesson {
    let draw = |id: &str, drawing, question: &str| Prediction {
        id: id.into(),
        program: "threads".into(),
        question: question.into(),
        ask: PredictionAsk::Draw(drawing),
        set: std::collections::BTreeMap::new(),
        unit: None,
        explain: "With a GIL, one thread at a time runs Python bytecode.".into(),
    };
    let number = |program: &str, metric| Piece::Number { program: program.into(), metric };
    Lesson {
        predictions: vec![
            draw("cores", Drawing::Cores, "How busy will each core be with `threads`?"),
            draw("wall", Drawing::Wall, "How long will `threads` take?"),
        ],
        checks: vec![
            typed("who-ran", None, ["5 ms", "100 bytecodes", "100"]),
            typed("why", Some("for n in range(2):\n    print(n)\n"), ["0\n1", "0 1 2", "2"]),
        ],
        takeaway: Some(Takeaway {
            parts: vec![
                Piece::Text("Two threads took ".into()),
                number("threads", Metric::Wall),
                Piece::Text(", one after the other ".into()),
                number("sequential", Metric::Wall),
                Piece::Text(", shared by ".into()),
                Piece::Knob { program: "sequential".into(), knob: "WORKERS".into() },
                Piece::Text(".".into()),
            ],
        }),
        ..lesson.clone()
    }
}

fn typed(id: &str, code: Option<&str>, [right, wrong, also]: [&str; 3]) -> Check {
    let answer = |accept: &[&str], right: bool, misconception: Option<&str>| KnownAnswer {
        accept: accept.iter().map(|a| (*a).to_owned()).collect(),
        right,
        explain: if right { "Just so.".into() } else { "You may think that it counts. In fact it waits.".into() },
        misconception: misconception.map(str::to_owned),
        compute: None,
    };
    let answers = vec![answer(&[right], true, None), answer(&[wrong, also], false, Some("it-counts"))];
    let otherwise = "Neither that nor anything near it.".into();
    let kind = CheckKind::Typed(Typed { code: code.map(str::to_owned), python_min: None, answers, otherwise });
    let question = if code.is_some() { "What does this print?" } else { "How long does a thread wait?" };
    Check { id: id.into(), question: question.into(), kind }
}

pub(super) fn enrich(mut bench: Bench) -> Bench {
    for desk in &mut bench.model.desks {
        desk.lesson = rich(&desk.lesson).into();
    }
    bench
}

fn at_desk(size: (u16, u16)) -> Bench {
    let mut bench = enrich(Bench::at_list(size));
    bench.press("enter");
    bench
}

/// The screen's words, whatever the lines they stand on.
fn joined_text(bench: &Bench) -> String {
    bench.screen().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn screens() {
    for size in SIZES {
        for (name, keys) in STATES {
            let bench = play(enrich(Bench::at_list(size)), keys);
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), bench.screen());
        }
    }
}

#[test]
fn ascii_is_ascii() {
    for size in SIZES {
        for (name, keys) in STATES {
            let screen = play(enrich(Bench::with_appearance(size, ascii())), keys).screen();
            assert_eq!(screen.lines().find(|line| !line.is_ascii()), None, "in {name} at {size:?}");
        }
    }
}

#[test]
fn no_size_panics() {
    for (_, keys) in STATES {
        no_panic_at_any_size(play(enrich(Bench::at_list(WIDE)), keys));
    }
}

#[test]
fn bars_are_drawn_then_the_measured_ones_are_laid_over_them() {
    let mut bench = at_desk(WIDE);
    bench.press("tab space enter");
    assert!(bench.screen().contains("Set the bars first") && bench.started().is_empty());
    for _ in 0..30 {
        bench.press("right");
    }
    assert_eq!(bench.desk().gate.as_ref().unwrap().bars, [100, 0], "a core is busy all the time at most");
    bench.press("down right right left enter");
    assert_eq!(bench.desk().gate.as_ref().unwrap().bars, [0], "then the next prediction of the program");
    for _ in 0..10 {
        bench.press("right");
    }
    bench.press("enter");
    assert_eq!(bench.started(), ["sequential"]);
    bench.end_run();
    bench.end_run();
    let done = &bench.model.progress.lessons["02-gil"].predictions;
    let (cores, wall) = (&done["cores"], &done["wall"]);
    assert_eq!((&cores.drawn[..], cores.choice.as_deref()), (&[1.0, 0.05][..], None));
    assert_eq!(cores.bars.len(), 2);
    assert!(cores.bars[0] >= cores.bars[1] && (cores.bars.iter().sum::<f64>() - 1.0).abs() < 0.05, "{cores:?}");
    assert_eq!(wall.drawn, [0.5]);
    assert!((wall.bars[0] - 1.02).abs() < 0.02, "{wall:?}");
    bench.tell(Message::Resize(80, 24));
    bench.press("v v v");
    let screen = joined_text(&bench);
    assert!(screen.contains("You drew 105 % of one core, and"), "{screen}");
    assert!(screen.contains("You drew 50 % of sequential's time;"), "{screen}");
    assert!(screen.contains("you 50 % measured 103 %"), "{screen}");
    bench.press("space");
    assert_eq!(bench.started().len(), 3, "a gate that was met does not come back");
}

#[test]
fn the_mouse_sets_bars() {
    let mut bench = at_desk(WIDE);
    bench.press("tab space");
    let screen = bench.screen();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains("2nd core")).unwrap();
    let start = line.split("2nd core").next().unwrap().chars().count() + "2nd core".len();
    let first = start + line.chars().skip(start).take_while(|c| *c == ' ').count();
    let mut mouse = |kind, column: usize| {
        let (column, row) = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
        bench.tell(Message::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
        bench.desk().gate.as_ref().unwrap().bars[1]
    };
    assert_eq!(mouse(MouseEventKind::Down(MouseButton::Left), first + 19), 50);
    assert_eq!(mouse(MouseEventKind::Drag(MouseButton::Left), first + 39), 100);
    assert_eq!(mouse(MouseEventKind::Drag(MouseButton::Left), first - 1), 0);
}

#[test]
fn a_skipped_gate_comes_back_the_next_time() {
    let mut bench = at_desk(WIDE);
    bench.press("tab space s s");
    bench.end_run();
    bench.end_run();
    assert!(bench.screen().contains("you did not predict"), "{}", bench.screen());
    bench.press("space");
    assert!(bench.desk().gate.is_none(), "not again at once");
    bench.end_run();
    let progress = bench.model.progress.clone();
    let mut again = at_desk(WIDE);
    again.model.progress = progress;
    again.press("tab space");
    assert!(again.desk().gate.is_some());
}

#[test]
fn letters_are_typed_and_mean_nothing_else() {
    let mut bench = at_desk(WIDE);
    bench.press("right right a");
    bench.type_in("q? r 1L[]+ s");
    assert_eq!(bench.typing().unwrap().text(), "q? r 1L[]+ s");
    assert!(bench.started().is_empty() && bench.model.overlay.is_none() && bench.desk().page == 2);
    assert!(!bench.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
    bench.press("esc tab");
    assert_eq!(bench.desk().tab, 2, "keys are keys again");
    bench.press("a");
    assert_eq!(bench.typing().unwrap().text(), "q? r 1L[]+ s", "what was typed is kept");
    bench.tell(Message::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)));
    assert!(matches!(bench.effects.last(), Some(Effect::Quit(None))));
}

#[test]
fn a_typed_answer_is_answered_by_what_it_means() {
    let mut bench = at_desk(WIDE);
    bench.press("right right a enter");
    assert!(bench.screen().contains("Type an answer first"));
    bench.type_in("100");
    bench.press("enter");
    assert!(bench.screen().contains("How sure are you?") && !bench.screen().contains("You may think"));
    bench.press("9");
    assert!(bench.screen().contains("How sure are you?"), "there are three degrees");
    bench.press("3");
    assert!(bench.screen().contains("✗ You may think that it counts."), "{}", bench.screen());
    bench.press("a");
    bench.type_in("a week");
    bench.press("enter");
    assert!(bench.screen().contains("Neither that"), "the second answer is judged at once");
    bench.press("a");
    bench.type_in("5 MS");
    bench.press("enter");
    assert!(bench.screen().contains("Just so."));
    assert!(bench.screen().contains("What does this print?"), "then the next question");
    let answer = &bench.model.progress.lessons["02-gil"].checks["who-ran"];
    assert_eq!((answer.first.as_str(), answer.last.as_str(), answer.right), ("100", "5 MS", true));
    assert_eq!((answer.confidence, answer.misconception.as_deref()), (Some(3), Some("it-counts")));
    bench.press("a");
    bench.type_in("0");
    bench.press("down");
    bench.type_in("1");
    bench.press("enter 2");
    assert!(bench.model.progress.lessons["02-gil"].checks["why"].right);
}

#[test]
fn one_step_back_at_a_time() {
    let mut bench = at_desk(WIDE);
    bench.press("right right a");
    bench.type_in("100");
    bench.press("enter esc");
    assert_eq!(bench.typing().unwrap().text(), "100", "from saying how sure back to typing");
    bench.press("esc");
    assert!(bench.typing().is_none() && bench.screen().contains("go on typing"));
    bench.press("esc");
    assert!(bench.model.desk().is_none(), "then back to the lessons");
}

#[test]
fn a_field_that_is_out_of_sight_is_left() {
    let mut bench = at_desk((80, 24));
    bench.press("right right v a");
    assert_eq!(bench.desk().pane, Pane::Text, "the question is shown");
    bench.type_in("10");
    let screen = bench.screen();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains("Picture")).unwrap();
    let column = line.split("Picture").next().unwrap().chars().count();
    let (column, row) = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    let kind = MouseEventKind::Down(MouseButton::Left);
    bench.tell(Message::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    assert!(bench.typing().is_none());
    bench.press("q");
    assert!(matches!(bench.effects.last(), Some(Effect::Quit(None))));
}

#[test]
fn the_take_away_has_the_numbers_of_this_runtime() {
    let mut bench = at_desk((80, 24));
    bench.press("space");
    bench.end_run();
    bench.press("right right right");
    assert!(bench.desk().on_end());
    assert!(
        joined_text(&bench).contains("took (run threads), one after the other 0.24 s, shared by 2."),
        "{}",
        bench.screen()
    );
    assert!(bench.screen().contains("answer the question on page 3"), "{}", bench.screen());
    let four = crate::lesson::types::KnobValue::Int(4);
    bench.model.desk_mut().unwrap().knobs.insert("WORKERS".into(), four);
    assert!(joined_text(&bench).contains("0.24 s, shared by 2."), "the value that ran: {}", bench.screen());
    bench.press("r");
    assert!(joined_text(&bench).contains("one after the other (run sequential), shared by 4."), "{}", bench.screen());
    assert!(joined_text(&bench).contains("one after the other (run sequential)"), "{}", bench.screen());
    bench.press("left");
    assert_eq!(bench.desk().page, 2);
    bench.press("right right");
    assert!(bench.model.desk().is_none(), "past the last page: the lessons");
}

#[test]
fn cores_that_are_not_known_are_not_made_up() {
    let mut bench = at_desk((80, 24));
    bench.press("tab space right enter right enter");
    bench.end_run();
    let (id, live) = bench.live.take().unwrap();
    let outcome = live.finished().unwrap().unwrap();
    let mut outcome = Outcome::clone(&outcome);
    outcome.trace.sources.switches = crate::trace::SwitchSource::Schedstat;
    bench.tell(Message::RunEnded(id, Arc::new(outcome)));
    assert_eq!(bench.model.progress.lessons["02-gil"].predictions["cores"].bars, [0.0; 0]);
    bench.press("v");
    assert!(joined_text(&bench).contains("Which core was busy is not known here"), "{}", bench.screen());
}

/// The choices are written for the knobs as the lesson has them, so the run that they gate is made with those.
#[test]
fn what_is_predicted_runs_as_the_question_was_written() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab ] space");
    assert!(bench.screen().contains("Before you run it with WORKERS = 2"), "{}", bench.screen());
    bench.press("2");
    assert_eq!(bench.desk().knobs["WORKERS"].to_string(), "2");
    bench.end_run();
    bench.end_run();
    let guess = bench.model.progress.lessons["02-gil"].predictions["threads-speedup"].clone();
    assert_eq!((guess.right, guess.runtime.as_deref(), guess.gil), (Some(true), Some("3.13.0"), Some(true)));
    assert_eq!(guess.knobs, bench.desk().runs.last().unwrap().used);

    bench.press("] space");
    assert!(bench.desk().gate.is_none(), "it was asked of another run");
    bench.end_run();
    bench.end_run();
    let screen = joined_text(&bench);
    assert!(screen.contains("Nothing was predicted for WORKERS = 4."), "{screen}");
    assert!(!screen.contains("With a GIL, one thread at a time"), "why it is so was written for WORKERS = 2");
    assert_eq!(bench.model.progress.lessons["02-gil"].predictions["threads-speedup"], guess);
}

#[test]
fn who_does_not_predict_runs_what_stands_there() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab ] space s");
    assert_eq!(bench.desk().knobs["WORKERS"].to_string(), "4");
    bench.end_run();
    bench.end_run();
    let guess = &bench.model.progress.lessons["02-gil"].predictions["threads-speedup"];
    assert!(guess.skipped() && guess.measured.is_none(), "{guess:?}");
}

/// With the GIL and without are two questions, and the answer to one says nothing about the other.
#[test]
fn a_runtime_without_the_gil_is_asked_about_anew() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab space 2");
    bench.end_run();
    bench.end_run();
    let with = bench.model.progress.lessons["02-gil"].predictions["threads-speedup"].clone();
    while bench.model.runtimes.current().has_gil() {
        bench.press("r");
    }
    bench.press("space");
    assert!(bench.desk().gate.is_some());
    bench.press("1");
    bench.end_run();
    bench.end_run();
    let done = &bench.model.progress.lessons["02-gil"];
    let without = &done.predictions["threads-speedup@no-gil"];
    assert_eq!(done.predictions["threads-speedup"], with, "what was judged stays judged");
    assert_eq!((without.gil, without.choice_id.as_deref()), (Some(false), Some("half")));
    assert!(without.measured.is_some() && without.right.is_some(), "{without:?}");
}

/// A run without a prediction, as of a comparison, on the other kind of runtime.
#[test]
fn a_run_that_nobody_was_asked_about_is_held_against_nothing() {
    let mut bench = Bench::at_desk(WIDE);
    bench.press("tab space 2");
    bench.end_run();
    bench.end_run();
    while bench.model.runtimes.current().has_gil() {
        bench.press("r");
    }
    bench.change_lesson(0, |lesson| lesson.programs.truncate(2));
    bench.press("c");
    while bench.live.is_some() {
        bench.end_run();
    }
    bench.press("esc");
    let (screen, name) = (joined_text(&bench), bench.model.runtimes.current().full_name());
    assert!(screen.contains(&format!("Nothing was predicted for {name}.")), "{screen}");
}

/// The progress is written and read, the course has its choices in another order, and only then the program runs.
#[test]
fn a_guess_is_judged_by_what_was_chosen_wherever_that_stands_now() {
    for (number, id, right) in [("1", "half", false), ("2", "same", true)] {
        let mut before = Bench::at_desk(WIDE);
        before.press(&format!("tab space {number}"));
        let written = serde_json::to_string(&before.model.progress).unwrap();
        let mut bench = Bench::at_desk(WIDE);
        bench.model.progress = serde_json::from_str(&written).unwrap();
        bench.change_lesson(0, |lesson| {
            let ask = &mut lesson.predictions[0].ask;
            let PredictionAsk::Choice { choices, .. } = ask else { panic!("it has choices") };
            choices.reverse();
        });
        bench.press("tab space");
        bench.end_run();
        bench.end_run();
        let guess = &bench.model.progress.lessons["02-gil"].predictions["threads-speedup"];
        assert_eq!((guess.choice_id.as_deref(), guess.right), (Some(id), Some(right)), "{guess:?}");
    }
}

#[test]
fn a_run_that_hung_settles_the_prediction_that_it_would() {
    let mut bench = Bench::at_desk(WIDE);
    let range = |label: &str, from, to| PredictionChoice { id: label.into(), label: label.into(), from, to };
    let choices = vec![range("it ends", 0.0, 0.5), range("it hangs", 0.5, f64::INFINITY)];
    bench.change_lesson(0, |lesson| {
        lesson.predictions[0].ask = PredictionAsk::Choice { metric: Metric::Hung, choices };
    });
    bench.press("tab space 2");
    bench.end_run();
    let end = End::Ended(EndedBy::Deadlock, Status::Signal(9));
    bench.end_as(Outcome { end, ..Outcome::default() });
    let guess = &bench.model.progress.lessons["02-gil"].predictions["threads-speedup"];
    assert_eq!((guess.measured, guess.choice.as_deref()), (Some(1.0), Some("it hangs")));
    assert!(joined_text(&bench).contains("it had to be ended"), "{}", bench.screen());
}
