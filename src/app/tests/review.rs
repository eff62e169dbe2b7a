//! The review, the interview and its proof, from keys to screens.

use super::flow::click_on;
use super::{Bench, lesson};
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::app::model::{Model, Overlay, Screen};
use crate::app::screens::interview;
use crate::app::screens::review::state::ReviewStage;
use crate::learner::progress::{Answer, Progress};
use crate::learner::review::Grade;
use crate::learner::store::Loaded;
use crate::lesson::interview::Proof;
use crate::lesson::{InterviewQuestion, Lesson};
use chrono::Days;

const SIZES: [(u16, u16); 4] = [(60, 15), (80, 24), (120, 15), (120, 40)];

fn interview() -> Lesson {
    let question = |id: &str, question: &str, proof| {
        InterviewQuestion {
        id: id.into(),
        question: question.into(),
        points: ["one thread at a time runs bytecode", "processes: a GIL each", "C code that lets go of the GIL"]
            .map(str::to_owned)
            .to_vec(),
        answer: "A usual CPython has a `GIL`, and a thread must hold it to run Python bytecode. So threads that compute take turns, however many cores there are. Processes have a GIL each; so they do not.".into(),
        proof,
    }
    };
    let proof = Proof {
        lesson: "02-gil".into(),
        programs: vec!["sequential".into(), "threads".into()],
        set: [("WORKERS".to_owned(), crate::lesson::KnobValue::Int(4))].into(),
        look: "In `threads`, one lane runs while the other waits for the GIL: hold the two rows of the table against each other.".replace('`', ""),
        line: 1,
    };
    let interview = vec![
        question(
            "cpu-bound",
            "Two threads compute in pure Python and are no faster than one. Why, and what are the ways out?",
            Some(proof),
        ),
        // An answer that no screen shows whole.
        InterviewQuestion {
            answer: "Ask it to stop: a flag, an event, a queue's last item. ".repeat(100),
            ..question("stop", "How do you stop work that is under way?", None)
        },
    ];
    Lesson { interview, checks: Vec::new(), ..lesson("24-interview", "The interview") }
}

/// A course of three lessons, the last one an interview; the first lesson's answers are given.
pub(super) fn bench(size: (u16, u16), answers: &[(&str, bool, u8)]) -> Bench {
    let mut bench = Bench::at_list(size);
    let lessons = vec![lesson("02-gil", "The GIL"), lesson("03-io", "Waiting"), interview()];
    let fresh = Model::new(lessons, size, bench.model.appearance);
    let (today, runtimes, machine) = (bench.model.today, bench.model.runtimes.clone(), bench.model.machine);
    bench.model = Model { today, runtimes, machine, ..fresh };
    let mut progress = Progress::default();
    for (id, right, confidence) in answers {
        let last = if *right { "one at a time" } else { "both at once" }.to_owned();
        let answer =
            Answer { first: last.clone(), last, right: *right, confidence: Some(*confidence), ..Answer::default() };
        progress.lesson_mut("02-gil").checks.insert((*id).to_owned(), answer);
    }
    bench.tell(Message::Progress(Loaded { progress, message: None }));
    bench
}

fn type_in(bench: &mut Bench, text: &str) {
    for c in text.chars() {
        let name = if c == ' ' { "space".to_owned() } else { c.to_string() };
        bench.press(&name);
    }
}

#[test]
fn nothing_due_says_when_the_next_one_is() {
    let mut bench = bench((80, 24), &[("who-ran", true, 2)]);
    bench.press("r");
    let screen = bench.screen();
    assert!(screen.contains("Nothing is due today."), "{screen}");
    assert!(screen.contains("Next: in 3 days, 1 The GIL."), "{screen}");
    insta::assert_snapshot!("review_nothing_due_80x24", screen);
    bench.press("enter");
    assert!(matches!(bench.model.screen, Screen::List(_)));
}

#[test]
fn a_review_asks_what_was_wrong_first_and_moves_the_card_on() {
    for size in SIZES {
        let shot = |name: &str, bench: &Bench| {
            insta::assert_snapshot!(format!("review_{name}_{}x{}", size.0, size.1), bench.screen());
        };
        let mut bench = bench(size, &[("who-ran", true, 2), ("why", false, 3)]);
        bench.model.today = bench.model.today + Days::new(1);
        let before = bench.model.progress.review.topics["02-gil"].clone();
        bench.press("r");
        shot("overview", &bench);
        bench.press("enter");
        assert!(bench.screen().contains("Who ran (why)?"), "the confident error comes first");
        shot("question", &bench);
        bench.press("1");
        assert!(bench.screen().contains("How sure are you?"));
        bench.press("3");
        shot("told", &bench);
        let asked = bench.model.progress.review.asked["02-gil"]["why"].grade;
        assert!(matches!(asked, Grade::Sure | Grade::ConfidentError));
        bench.press("enter 2 2");
        shot("told_next", &bench);
        bench.press("enter");
        let card = &bench.model.progress.review.topics["02-gil"];
        assert_eq!((card.reviews, card.last), (before.reviews + 1, bench.model.today));
        assert!(card.due > bench.model.today);
        assert!(bench.screen().contains("Done for today."), "{}", bench.screen());
        assert!(matches!(bench.effects.last(), Some(Effect::Save)));
        shot("done", &bench);
        let lesson = &bench.model.progress.lessons["02-gil"];
        assert!(!lesson.checks["why"].right, "what was answered in the lesson stays as it was");
    }
}

#[test]
fn a_review_that_is_left_goes_on_at_the_same_question() {
    let mut bench = bench((80, 24), &[("who-ran", true, 2), ("why", false, 3)]);
    bench.model.today = bench.model.today + Days::new(1);
    bench.press("r enter 1 2 enter 1 esc esc");
    assert!(matches!(bench.model.screen, Screen::List(_)));
    bench.press("r enter");
    assert!(bench.screen().contains("Who ran (who-ran)?"));
    assert!(bench.screen().contains("question 2 of 2"));
    bench.press("1 2 enter");
    assert!(matches!(bench.model.sitting.as_ref().map(|s| &s.stage), Some(ReviewStage::Overview)));
    assert_eq!(bench.model.sitting.as_ref().map(|s| s.done[0].asked), Some(2));
}

#[test]
fn an_interview_answer_is_typed_judged_and_proved() {
    for size in SIZES {
        let shot = |name: &str, bench: &Bench| {
            insta::assert_snapshot!(format!("interview_{name}_{}x{}", size.0, size.1), bench.screen());
        };
        let mut bench = bench(size, &[]);
        bench.press("down down enter i");
        shot("questions", &bench);
        bench.press("enter");
        type_in(&mut bench, "The GIL lets one thread run at a time, q and r and ? are letters here");
        shot("typing", &bench);
        bench.press("enter");
        assert!(bench.screen().contains("How sure are you?"));
        shot("sure", &bench);
        bench.press("3 space down");
        shot("rubric", &bench);
        bench.press("enter");
        assert_eq!(bench.model.screen, Screen::Desk(0));
        assert_eq!(bench.started(), ["sequential"], "no gate, and no baseline beside what the proof names");
        bench.advance();
        shot("proof", &bench);
        bench.end_run();
        bench.end_run();
        assert_eq!(bench.started(), ["sequential", "threads"]);
        shot("proved", &bench);
        bench.press("esc");
        assert_eq!(bench.model.screen, Screen::Interview);
        assert_eq!(bench.model.desks[0].knobs, bench.model.desks[0].lesson.default_knobs());
        bench.press("n");
        let spoken = &bench.model.progress.lessons["24-interview"].interview["cpu-bound"];
        assert_eq!((spoken.named.len(), spoken.confidence), (1, 3));
        assert_eq!(spoken.grade(), Grade::ConfidentError);
        let due = bench.model.progress.review.topics["24-interview"].due;
        assert_eq!(due, bench.model.today + Days::new(1), "a weak answer comes back");
        assert_eq!(bench.model.interview.as_ref().map(|i| i.question), Some(1), "the next one without an answer");
    }
}

#[test]
fn the_mouse_answers_and_ticks() {
    for size in SIZES {
        let mut bench = bench(size, &[("who-ran", true, 2), ("why", false, 3)]);
        bench.model.today = bench.model.today + Days::new(1);
        bench.press("r enter");
        click_on(&mut bench, "both at once", "both at once");
        assert!(bench.screen().contains("How sure are you?"), "{}", bench.screen());
        click_on(&mut bench, "a guess", "a guess");
        assert!(matches!(bench.model.sitting.as_ref().map(|s| &s.stage), Some(ReviewStage::Told(_))));

        bench.press("esc esc down down enter i");
        click_on(&mut bench, "How do you stop", "How do you stop");
        type_in(&mut bench, "I ask");
        bench.press("enter");
        click_on(&mut bench, "I think so", "I think so");
        click_on(&mut bench, "processes: a GIL each", "processes");
        let stage = bench.model.interview.as_ref().map(|i| &i.stage);
        let Some(interview::InterviewStage::Judging(judging)) = stage else { panic!("{}", bench.screen()) };
        assert_eq!((judging.confidence, judging.here, judging.named.contains(&1)), (2, 1, true));
    }
}

#[test]
fn a_weak_interview_answer_comes_back_in_a_review() {
    let mut bench = bench((80, 24), &[]);
    bench.press("down down enter i enter a enter 3 n esc esc");
    bench.model.today = bench.model.today + Days::new(1);
    bench.press("r enter");
    assert_eq!(bench.model.screen, Screen::Interview);
    bench.press("b enter 2 space down space down space n");
    assert_eq!(bench.model.screen, Screen::Review);
    assert_eq!(bench.model.progress.review.asked["24-interview"]["cpu-bound"].grade, Grade::Right);
    assert!(bench.model.progress.review.topics["24-interview"].due > bench.model.today);
}

#[test]
fn what_was_typed_is_kept_when_a_question_is_left() {
    let mut bench = bench((80, 24), &[]);
    bench.press("down down enter i enter x y esc enter z");
    let typed = bench.typing().map(crate::app::screens::ask::Field::text);
    assert_eq!(typed.as_deref(), Some("xyz"));
}

#[test]
fn a_proof_that_cannot_run_here_says_why() {
    let mut bench = bench((80, 24), &[]);
    bench.change_lesson(2, |lesson| {
        lesson.interview[0].proof.as_mut().unwrap().programs = vec!["interpreters".into()];
    });
    bench.press("down down enter i enter a enter 2 enter");
    assert_eq!(bench.model.screen, Screen::Interview);
    assert!(bench.screen().contains("needs CPython 3.14"), "{}", bench.screen());
    bench.press("n down enter b enter 2 enter");
    assert!(bench.started().is_empty());
    assert!(bench.screen().contains("it is about judgement"), "{}", bench.screen());
}

#[test]
fn nothing_is_forgotten_before_a_copy_is_kept() {
    let mut bench = bench((80, 24), &[("who-ran", true, 2)]);
    bench.press("X");
    assert!(matches!(bench.model.overlay, Some(Overlay::Forget(_))));
    bench.press("esc");
    assert_eq!(bench.model.progress.lessons.len(), 1);
    bench.press("X y");
    assert!(matches!(bench.effects.last(), Some(Effect::Forget(Some(id))) if id == "02-gil"), "{:?}", bench.effects);
    assert_eq!(bench.model.progress.lessons.len(), 1, "not before there is a copy");
    bench.tell(Message::Forgotten(Some("02-gil".into()), Err("the disk is full".into())));
    assert!(bench.screen().contains("nothing was forgotten"));
    assert_eq!(bench.model.progress.lessons.len(), 1);
    bench.tell(Message::Forgotten(Some("02-gil".into()), Ok(Some("/x/progress.json.before-reset-1".into()))));
    assert!(bench.model.progress.lessons.is_empty() && bench.model.progress.review.is_empty());
    assert!(bench.screen().contains("before-reset-1"));
    assert!(matches!(bench.effects.last(), Some(Effect::Save)));
}

#[test]
fn no_size_panics_and_ascii_is_ascii() {
    use crate::app::appearance::Appearance;
    use crate::view::theme::{Background, ColorDepth};
    let sizes = [(0, 0), (1, 1), (20, 5), (79, 24), (80, 24), (104, 24), (400, 150)];
    let states = ["r", "r enter", "r enter 1", "r enter 1 1", "down down enter i", "down down enter i enter a", "X"];
    let more = ["down down enter i enter a enter 2", "down down enter i enter a enter 2 enter"];
    for keys in states.into_iter().chain(more) {
        let mut bench = bench((120, 40), &[("who-ran", true, 2), ("why", false, 3)]);
        bench.model.today = bench.model.today + Days::new(1);
        bench.model.appearance =
            Appearance { background: Background::Dark, depth: ColorDepth::None, contrast: false, unicode: false };
        bench.model.theme = bench.model.appearance.theme();
        bench.press(keys);
        if bench.live.is_some() {
            bench.advance();
        }
        for size in sizes {
            bench.tell(Message::Resize(size.0, size.1));
            assert!(bench.screen().is_ascii(), "{keys} at {size:?}");
        }
    }
    let stage =
        |bench: &Bench| bench.model.interview.as_ref().map(|i| matches!(i.stage, interview::InterviewStage::Choosing));
    assert_eq!(stage(&bench((80, 24), &[])), None);
}

#[test]
fn leaving_an_interviews_question_of_a_review_is_not_an_answer() {
    let mut bench = bench((80, 24), &[("why", false, 3)]);
    bench.press("down down enter i enter a enter 3 n esc esc");
    bench.model.today = bench.model.today + Days::new(1);
    bench.press("r enter");
    assert_eq!(bench.model.screen, Screen::Review, "{}", bench.screen());
    bench.press("1 2 enter");
    assert_eq!(bench.model.screen, Screen::Interview, "{}", bench.screen());
    bench.press("esc");
    assert_eq!(bench.model.screen, Screen::Review);
    assert!(bench.screen().contains("Due today: 1 question"), "{}", bench.screen());
    bench.press("enter");
    assert_eq!(bench.model.screen, Screen::Interview, "it is asked again");
}
