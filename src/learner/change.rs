//! What was done in one program, as a change that can be played onto progress in which another program has done
//! something else meanwhile.
//!
//! Two apps, and a command beside an open app, write one file. None of them writes what it believes to be the whole:
//! each notes what was done since it last looked ([`Change::between`]) and plays that onto what the file holds at that
//! moment ([`Change::apply`]). So nothing that another one did is written over, and what another one forgot does not
//! come back: what has not changed is in no change.
//!
//! | what                               | how it comes together                                                         |
//! |------------------------------------|-------------------------------------------------------------------------------|
//! | pages, tasks, programs run         | both; only a reset takes something out                                        |
//! | attempts at a task                 | are counted together                                                          |
//! | a prediction                       | the one saved last; but a gate that was skipped undoes no prediction           |
//! | an answer to a check               | what was said first, and how sure, stays; the latest answer is the one saved last |
//! | an interview answer, the lesson opened last, where one was left, the theme, the glyphs | the one saved last       |
//! | a review's card                    | the newer one; of one day the one that comes back sooner; both counts of questions |
//! | how a question was asked again     | the newer one; of one day the worse one                                        |
//!
//! A reset ([`Change::forgot`]) takes out everything of the lesson that is in the file when it is played. What is saved
//! after it stays. An answer changed across a reset is a first answer; a card changed across a reset is dropped, and
//! [`settle`](super::review::cards) deals a new one for the answers that are there.

use crate::learner::progress::{Answer, Guess, LessonProgress, Progress, Spoken, Spot};
use crate::learner::review::{Asked, Card};
use crate::learner::settings::Settings;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Something that was done, or forgotten, in one program.
#[derive(Debug, Clone, PartialEq)]
pub struct Change(Kind);

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// What was done.
    Did(Box<Done>),
    /// What was done in this lesson was forgotten, or in all of them.
    Forgot(Option<String>),
}

/// What was done between two looks at one program's progress.
#[derive(Debug, Clone, Default, PartialEq)]
struct Done {
    lessons: BTreeMap<String, InLesson>,
    last: Option<String>,
    topics: BTreeMap<String, Put<Card>>,
    asked: BTreeMap<String, BTreeMap<String, Put<Asked>>>,
    settings: Settings,
}

/// What was done in one lesson.
#[derive(Debug, Clone, Default, PartialEq)]
struct InLesson {
    pages: BTreeSet<String>,
    tasks: BTreeSet<String>,
    runs: BTreeSet<String>,
    attempts: BTreeMap<String, u32>,
    predictions: BTreeMap<String, Put<Guess>>,
    checks: BTreeMap<String, Put<Answer>>,
    interview: BTreeMap<String, Put<Spoken>>,
    spot: Option<Spot>,
}

/// Something that is kept by an id and was put there, or put in another's place.
#[derive(Debug, Clone, PartialEq)]
struct Put<T> {
    was: Option<T>,
    now: T,
}

impl Change {
    /// What was done in a program whose progress was `before` and is `now`. What is not there any more counts for
    /// nothing: only a reset takes something away.
    #[must_use]
    pub fn between(before: &Progress, now: &Progress) -> Change {
        let nothing = LessonProgress::default();
        let lessons = now.lessons.iter().map(|(id, lesson)| {
            let before = before.lessons.get(id).unwrap_or(&nothing);
            (id.clone(), InLesson::between(before, lesson))
        });
        let none = BTreeMap::new();
        let asked = now.review.asked.iter().map(|(id, asked)| {
            let before = before.review.asked.get(id).unwrap_or(&none);
            (id.clone(), put_between(before, asked))
        });
        Change(Kind::Did(Box::new(Done {
            lessons: lessons.filter(|(_, lesson)| *lesson != InLesson::default()).collect(),
            last: now.last.clone().filter(|_| now.last != before.last),
            topics: put_between(&before.review.topics, &now.review.topics),
            asked: asked.filter(|(_, asked)| !asked.is_empty()).collect(),
            settings: now.settings.since(before.settings),
        })))
    }

    /// That what was done in this lesson was forgotten, or in all of them.
    #[must_use]
    pub fn forgot(lesson: Option<&str>) -> Change {
        Change(Kind::Forgot(lesson.map(str::to_owned)))
    }

    /// Whether nothing was done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Kind::Did(done) if **done == Done::default())
    }

    /// Plays it onto progress in which something else may have been done, or forgotten, meanwhile.
    pub fn apply(&self, progress: &mut Progress) {
        match &self.0 {
            Kind::Did(done) => done.apply(progress),
            Kind::Forgot(lesson) => progress.forget(lesson.as_deref()),
        }
    }
}

impl Done {
    fn apply(&self, progress: &mut Progress) {
        for (id, done) in &self.lessons {
            done.apply(progress.lesson_mut(id));
        }
        if self.last.is_some() {
            progress.last.clone_from(&self.last);
        }
        progress.settings = self.settings.or(progress.settings);
        put(&self.topics, &mut progress.review.topics, newer_card);
        for (id, asked) in &self.asked {
            put(asked, progress.review.asked.entry(id.clone()).or_default(), |put, there| {
                Some(newer_asked(put, there))
            });
        }
    }
}

impl InLesson {
    fn between(before: &LessonProgress, now: &LessonProgress) -> InLesson {
        let new = |before: &BTreeSet<String>, now: &BTreeSet<String>| now.difference(before).cloned().collect();
        let more = now.attempts.iter().map(|(id, count)| {
            let before = before.attempts.get(id).copied().unwrap_or_default();
            (id.clone(), count.saturating_sub(before))
        });
        InLesson {
            pages: new(&before.pages, &now.pages),
            tasks: new(&before.tasks, &now.tasks),
            runs: new(&before.runs, &now.runs),
            attempts: more.filter(|(_, more)| *more > 0).collect(),
            predictions: put_between(&before.predictions, &now.predictions),
            checks: put_between(&before.checks, &now.checks),
            interview: put_between(&before.interview, &now.interview),
            spot: now.spot.clone().filter(|_| now.spot != before.spot),
        }
    }

    fn apply(&self, lesson: &mut LessonProgress) {
        lesson.pages.extend(self.pages.iter().cloned());
        lesson.tasks.extend(self.tasks.iter().cloned());
        lesson.runs.extend(self.runs.iter().cloned());
        for (id, more) in &self.attempts {
            let count = lesson.attempts.entry(id.clone()).or_default();
            *count = count.saturating_add(*more);
        }
        if self.spot.is_some() {
            lesson.spot.clone_from(&self.spot);
        }
        put(&self.predictions, &mut lesson.predictions, later_guess);
        put(&self.checks, &mut lesson.checks, |put, there| Some(later_answer(put, there)));
        put(&self.interview, &mut lesson.interview, |put, _| Some(put.now.clone()));
    }
}

fn put_between<T: Clone + PartialEq>(
    before: &BTreeMap<String, T>,
    now: &BTreeMap<String, T>,
) -> BTreeMap<String, Put<T>> {
    let changed = now.iter().filter(|(id, now)| before.get(*id) != Some(now));
    changed.map(|(id, now)| (id.clone(), Put { was: before.get(id).cloned(), now: now.clone() })).collect()
}

/// Puts what is new in its places. Where something else is there than was seen, `clash` decides what shall be there; it
/// is told what is, which is nothing where it was forgotten meanwhile.
fn put<T: Clone + PartialEq>(
    new: &BTreeMap<String, Put<T>>,
    places: &mut BTreeMap<String, T>,
    clash: impl Fn(&Put<T>, Option<&T>) -> Option<T>,
) {
    for (id, put) in new {
        let there = places.get(id);
        let now = if there == put.was.as_ref() { Some(put.now.clone()) } else { clash(put, there) };
        if let Some(now) = now {
            places.insert(id.clone(), now);
        }
    }
}

fn later_guess(put: &Put<Guess>, there: Option<&Guess>) -> Option<Guess> {
    let undoes = put.now.skipped() && there.is_some_and(|there| !there.skipped());
    (!undoes).then(|| put.now.clone())
}

fn later_answer(put: &Put<Answer>, there: Option<&Answer>) -> Answer {
    let now = put.now.clone();
    match there {
        Some(there) => Answer {
            first: there.first.clone(),
            confidence: there.confidence,
            misconception: now.misconception.or_else(|| there.misconception.clone()),
            ..now
        },
        // The first answer was forgotten with its confidence and with what it revealed: this one is the first.
        None => Answer {
            first: now.last.clone(),
            confidence: None,
            misconception: now.misconception.filter(|_| !now.right),
            ..now
        },
    }
}

fn newer_card(put: &Put<Card>, there: Option<&Card>) -> Option<Card> {
    let there = there?;
    let age = |card: &Card| (card.last, card.reviews, Reverse(card.due), card.lapses);
    let memory = |card: &Card| (card.stability, card.difficulty);
    let order = age(&put.now).cmp(&age(there));
    let newer = order.is_gt() || order.is_eq() && memory(&put.now) > memory(there);
    let counted = there.counted.union(&put.now.counted).cloned().collect();
    Some(Card { counted, ..if newer { put.now.clone() } else { there.clone() } })
}

fn newer_asked(put: &Put<Asked>, there: Option<&Asked>) -> Asked {
    let age = |asked: &Asked| (asked.day, Reverse(asked.grade));
    there.copied().filter(|there| age(there) > age(&put.now)).unwrap_or(put.now)
}
