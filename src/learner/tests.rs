//! What several programs do to one file, in any order: nothing is lost, and a reset holds.

use crate::learner::change::Change;
use crate::learner::ledger::Ledger;
use crate::learner::progress::{Answer, Guess, LessonProgress, Progress, Spoken};
use crate::learner::review::{Asked, Card, Grade};
use crate::learner::settings::ThemeName;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const LESSONS: [&str; 2] = ["02-gil", "03-io"];
const PROGRAMS: usize = 3;

/// Something that a learner does in a lesson; small numbers, so that two programs do the same every now and then.
#[derive(Debug, Clone)]
enum Act {
    Open,
    Choose(u8),
    Read(u8),
    Run(u8),
    Judge(u8, bool),
    Predict(u8, Option<u8>),
    Answer(u8, u8, bool),
    Speak(u8, u8),
    Review(u8, u64, u32),
    Ask(u8, u64, usize),
}

fn act() -> impl Strategy<Value = (&'static str, Act)> {
    let few = 0u8..3;
    let what = prop_oneof![
        Just(Act::Open),
        few.clone().prop_map(Act::Choose),
        few.clone().prop_map(Act::Read),
        few.clone().prop_map(Act::Run),
        (few.clone(), any::<bool>()).prop_map(|(id, passed)| Act::Judge(id, passed)),
        (few.clone(), prop::option::of(few.clone())).prop_map(|(id, choice)| Act::Predict(id, choice)),
        (few.clone(), few.clone(), any::<bool>()).prop_map(|(id, text, right)| Act::Answer(id, text, right)),
        (few.clone(), few.clone()).prop_map(|(id, text)| Act::Speak(id, text)),
        (few.clone(), 0u64..4, 1u32..4).prop_map(|(id, day, reviews)| Act::Review(id, day, reviews)),
        (few, 0u64..4, 0..Grade::ALL.len()).prop_map(|(id, day, grade)| Act::Ask(id, day, grade)),
    ];
    (prop::sample::select(&LESSONS[..]), what)
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap() + Days::new(n)
}

fn perform(progress: &mut Progress, lesson: &str, act: &Act) {
    let review = &mut progress.review;
    match *act {
        Act::Open => progress.last = Some(lesson.to_owned()),
        Act::Choose(theme) => {
            let themes = [ThemeName::Dark, ThemeName::Light, ThemeName::NoColour];
            progress.settings.theme = Some(themes[usize::from(theme)]);
        }
        Act::Review(id, last, reviews) => {
            let card = Card::first(&[Grade::ALL[usize::from(id)]], day(last));
            let counted = BTreeSet::from([id.to_string()]);
            review.topics.insert(lesson.to_owned(), Card { reviews, counted, ..card });
        }
        Act::Ask(id, last, grade) => {
            let asked = Asked { day: day(last), grade: Grade::ALL[grade] };
            review.asked.entry(lesson.to_owned()).or_default().insert(id.to_string(), asked);
        }
        Act::Judge(id, passed) => progress.judged(lesson, &id.to_string(), passed),
        _ => {}
    }
    let mut done = |change: &dyn Fn(&mut LessonProgress)| change(progress.lesson_mut(lesson));
    match *act {
        Act::Read(id) => done(&|lesson| lesson.pages.extend([id.to_string()])),
        Act::Run(id) => done(&|lesson| lesson.runs.extend([id.to_string()])),
        Act::Predict(id, choice) => done(&|lesson| {
            let guess = Guess { choice: choice.map(|choice| choice.to_string()), ..Guess::default() };
            lesson.predictions.insert(id.to_string(), guess);
        }),
        Act::Answer(id, text, right) => done(&|lesson| {
            let first = || Answer { first: text.to_string(), confidence: Some(text), ..Answer::default() };
            let answer = lesson.checks.entry(id.to_string()).or_insert_with(first);
            (answer.last, answer.right) = (text.to_string(), right);
        }),
        Act::Speak(id, text) => done(&|lesson| {
            let spoken = Spoken { text: text.to_string(), ..Spoken::default() };
            lesson.interview.insert(id.to_string(), spoken);
        }),
        _ => {}
    }
}

fn after(progress: &Progress, acts: &[(&'static str, Act)]) -> Progress {
    let mut progress = progress.clone();
    for (lesson, act) in acts {
        perform(&mut progress, lesson, act);
    }
    progress
}

fn acts() -> impl Strategy<Value = Vec<(&'static str, Act)>> {
    prop::collection::vec(act(), 0..12)
}

/// What comes out the same in whatever order two programs save.
fn in_any_order(progress: &Progress) -> impl PartialEq + std::fmt::Debug + use<> {
    let lesson = |(id, lesson): (&String, &LessonProgress)| {
        let checks: Vec<_> = lesson.checks.keys().cloned().collect();
        let sets = [&lesson.pages, &lesson.tasks, &lesson.runs].map(Clone::clone);
        let predicted: Vec<_> = lesson.predictions.iter().map(|(id, guess)| (id.clone(), guess.skipped())).collect();
        (id.clone(), (sets, lesson.attempts.clone(), checks, predicted))
    };
    let lessons: BTreeMap<_, _> = progress.lessons.iter().map(lesson).collect();
    (lessons, progress.review.clone())
}

proptest! {
    #[test]
    fn a_change_played_where_it_was_made_is_what_was_done(before in acts(), then in acts()) {
        let before = after(&Progress::default(), &before);
        let now = after(&before, &then);
        prop_assert!(Change::between(&now, &now).is_empty());
        let mut played = before.clone();
        Change::between(&before, &now).apply(&mut played);
        prop_assert!(played.is_like(&now), "{played:?}\n{now:?}");
    }

    #[test]
    fn it_does_not_matter_who_saves_first(before in acts(), one in acts(), other in acts()) {
        let before = after(&Progress::default(), &before);
        let [one, other] = [one, other].map(|acts| Change::between(&before, &after(&before, &acts)));
        let play = |changes: [&Change; 2]| {
            let mut progress = before.clone();
            for change in changes {
                change.apply(&mut progress);
            }
            progress
        };
        prop_assert_eq!(in_any_order(&play([&one, &other])), in_any_order(&play([&other, &one])));
    }

    #[test]
    fn a_reset_takes_out_what_was_saved_before_it_and_nothing_else(steps in prop::collection::vec(step(), 0..60)) {
        let mut world = World::default();
        for step in &steps {
            world.take(step);
        }
        world.come_to_rest();
        prop_assert_eq!(world.found(), world.expected.clone(), "{:?}", world.file);
        for program in &world.programs {
            prop_assert!(program.progress.is_like(&world.file), "{:?}\n{:?}", program.progress, world.file);
        }
    }
}

/// One thing that happens in a world of several programs and one file.
#[derive(Debug, Clone)]
enum Step {
    /// The learner does something in a program.
    Do(usize, &'static str, Act),
    /// The program notes it.
    Note(usize),
    /// The program's thread writes what is noted.
    Write(usize),
    /// The program hears what others have written.
    CatchUp(usize),
    /// Somebody forgets a lesson, or all.
    Forget(Option<&'static str>),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PROGRAMS;
    prop_oneof![
        4 => (who.clone(), act()).prop_map(|(who, (lesson, act))| Step::Do(who, lesson, act)),
        2 => who.clone().prop_map(Step::Note),
        2 => who.clone().prop_map(Step::Write),
        1 => who.prop_map(Step::CatchUp),
        1 => prop::option::of(prop::sample::select(&LESSONS[..])).prop_map(Step::Forget),
    ]
}

/// What can be counted of a lesson: pages, each of which is read once only, and attempts.
type Facts = BTreeMap<&'static str, (BTreeSet<String>, u32)>;

#[derive(Default)]
struct World {
    file: Progress,
    programs: [Program; PROGRAMS],
    expected: Facts,
    acts: usize,
}

#[derive(Default)]
struct Program {
    progress: Progress,
    ledger: Ledger,
    /// What was done and not noted, and what was noted and not written.
    done: [Facts; 2],
}

impl World {
    fn take(&mut self, step: &Step) {
        match *step {
            Step::Do(who, lesson, ref act) => {
                self.acts += 1;
                let program = &mut self.programs[who];
                perform(&mut program.progress, lesson, act);
                // A page that nobody has read before tells whether this very act was kept.
                let page = format!("page {}", self.acts);
                program.progress.lesson_mut(lesson).pages.insert(page.clone());
                let done = program.done[0].entry(lesson).or_default();
                done.0.insert(page);
                done.1 += u32::from(matches!(act, Act::Judge(..)));
            }
            Step::Note(who) => {
                let Program { progress, ledger, done: [new, noted] } = &mut self.programs[who];
                ledger.note(progress);
                add(noted, std::mem::take(new));
            }
            Step::Write(who) => {
                let Program { ledger, done: [_, noted], .. } = &mut self.programs[who];
                let changes = ledger.unsaved().to_vec();
                for change in &changes {
                    change.apply(&mut self.file);
                }
                // Hearing of it is a step of its own.
                let _ = ledger.saved(changes.len(), self.file.clone());
                add(&mut self.expected, std::mem::take(noted));
            }
            Step::CatchUp(who) => {
                let Program { progress, ledger, .. } = &mut self.programs[who];
                *progress = ledger.catch_up(progress);
            }
            Step::Forget(lesson) => {
                Change::forgot(lesson).apply(&mut self.file);
                self.expected.retain(|id, _| lesson.is_some_and(|lesson| lesson != *id));
            }
        }
    }

    /// Everybody saves, then everybody hears of it.
    fn come_to_rest(&mut self) {
        for who in 0..PROGRAMS {
            self.take(&Step::Note(who));
            self.take(&Step::Write(who));
        }
        for who in 0..PROGRAMS {
            self.take(&Step::Write(who));
            self.take(&Step::CatchUp(who));
        }
    }

    fn found(&self) -> Facts {
        let of = |id: &'static str| {
            let lesson = self.file.lessons.get(id)?;
            let pages: BTreeSet<String> =
                lesson.pages.iter().filter(|page| page.starts_with("page")).cloned().collect();
            let attempts = lesson.attempts.values().sum();
            (!pages.is_empty()).then_some((id, (pages, attempts)))
        };
        LESSONS.into_iter().filter_map(of).collect()
    }
}

fn add(to: &mut Facts, more: Facts) {
    for (lesson, (pages, attempts)) in more {
        let there = to.entry(lesson).or_default();
        there.0.extend(pages);
        there.1 += attempts;
    }
}

/// What is there once each program's acts, which began with `before`, have come together.
fn merged(before: &Progress, file: &Progress, now: &Progress) -> Progress {
    let mut progress = file.clone();
    Change::between(before, now).apply(&mut progress);
    progress
}

#[test]
fn a_gate_that_was_skipped_undoes_no_prediction() {
    let before = Progress::default();
    let made = after(&before, &[("02-gil", Act::Predict(1, Some(2)))]);
    let skipped = after(&before, &[("02-gil", Act::Predict(1, None))]);
    assert_eq!(merged(&before, &made, &skipped), made);
    assert_eq!(merged(&before, &skipped, &made), made);
}

#[test]
fn what_was_answered_first_stays_and_the_latest_answer_is_the_one_saved_last() {
    let before = Progress::default();
    let file = after(&before, &[("02-gil", Act::Answer(1, 0, false))]);
    let other = after(&before, &[("02-gil", Act::Answer(1, 2, true))]);
    let answer = merged(&before, &file, &other).lessons["02-gil"].checks["1"].clone();
    assert_eq!((answer.first.as_str(), answer.last.as_str(), answer.right), ("0", "2", true));
    assert_eq!(answer.confidence, Some(0));
}

#[test]
fn what_was_changed_across_a_reset_begins_anew() {
    let before = after(&Progress::default(), &[("02-gil", Act::Answer(1, 0, false)), ("02-gil", Act::Review(0, 0, 1))]);
    let now = after(&before, &[("02-gil", Act::Answer(1, 2, true)), ("02-gil", Act::Review(2, 1, 2))]);
    let file = Progress::default();
    let merged = merged(&before, &file, &now);
    let answer = &merged.lessons["02-gil"].checks["1"];
    assert_eq!((answer.first.as_str(), answer.last.as_str(), answer.confidence), ("2", "2", None));
    assert!(merged.review.topics.is_empty(), "it was a card of answers that are forgotten");
}

#[test]
fn the_newer_card_wins_and_counts_what_both_have_counted() {
    let before = Progress::default();
    let older = after(&before, &[("02-gil", Act::Review(2, 0, 1))]);
    let newer = after(&before, &[("02-gil", Act::Review(1, 3, 2))]);
    for (file, now) in [(&older, &newer), (&newer, &older)] {
        let card = merged(&before, file, now).review.topics["02-gil"].clone();
        assert_eq!((card.last, card.reviews), (day(3), 2));
        assert_eq!(card.counted, BTreeSet::from(["1".to_owned(), "2".to_owned()]));
    }
}
