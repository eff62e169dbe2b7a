//! A review: a question, how sure, the explanation, the next one; at the end of a topic its card moves on.

use crate::app::effect::{Effect, Effects};
use crate::app::keymap::Action;
use crate::app::model::{Model, Screen};
use crate::app::screens::ask::{Asking, Field};
use crate::app::screens::interview::Interview;
use crate::app::screens::review::state::{ReviewStage, Reviewed, Sitting};
use crate::learner::review::{self, Asked, Grade, Question, choose};
use crate::lesson::{Check, CheckKind};

/// Opens the review of today. One that was left goes on.
pub fn open(model: &mut Model) {
    let today = model.today;
    let goes_on = model.sitting.as_ref().is_some_and(|sitting| sitting.day == today && !sitting.finished());
    if !goes_on {
        let topics = review::due(model.outlines(), &model.progress, today);
        model.sitting = Some(Sitting::new(topics, today));
    }
    if let Some(sitting) = &mut model.sitting {
        sitting.stage = ReviewStage::Overview;
    }
    model.screen = Screen::Review;
}

/// Does what a key asks for.
pub fn act(model: &mut Model, action: Action) -> Effects {
    match action {
        Action::GoOn | Action::HandIn => return go_on(model),
        Action::Answer(number) | Action::Sure(number) => return numbered(model, usize::from(number)),
        Action::NextLine => {
            if let Some(ReviewStage::Asking(asking)) = model.sitting.as_mut().map(|sitting| &mut sitting.stage) {
                asking.field_mut().into_iter().for_each(Field::down);
            }
        }
        _ => {}
    }
    Effects::none()
}

/// One step out: from a question to the overview, from there to the map.
pub fn back(model: &mut Model) {
    match &mut model.sitting {
        Some(sitting) if !matches!(sitting.stage, ReviewStage::Overview) => {
            sitting.grades.truncate(sitting.question);
            sitting.stage = ReviewStage::Overview;
        }
        _ => model.screen = Screen::List(crate::app::screens::map::update::place(model)),
    }
}

/// Hands an answer in, or goes on to what comes next.
fn go_on(model: &mut Model) -> Effects {
    let Some(sitting) = &mut model.sitting else { return Effects::none() };
    let finished = sitting.finished();
    match &mut sitting.stage {
        ReviewStage::Overview if finished => back(model),
        ReviewStage::Overview => ask(model),
        ReviewStage::Asking(asking) => {
            if asking.field().is_some() && !asking.hand_in() {
                model.say("Type an answer first.");
            }
        }
        ReviewStage::Told(_) => return next(model),
    }
    Effects::none()
}

/// The check that is asked now, with its lesson's place in the course and its own in the lesson.
#[must_use]
pub fn check(model: &Model) -> Option<(usize, usize, &Check)> {
    let (lesson, Question::Check(place)) = model.sitting.as_ref()?.asked()? else { return None };
    Some((lesson, place, model.desks.get(lesson)?.lesson.checks.get(place)?))
}

/// Asks the question at hand.
fn ask(model: &mut Model) {
    let Some((lesson, question)) = model.sitting.as_ref().and_then(Sitting::asked) else { return };
    if let Question::Interview(question) = question {
        // Whoever leaves the interview's question comes back to the overview, not to the answer told before it.
        if let Some(sitting) = &mut model.sitting {
            sitting.stage = ReviewStage::Overview;
        }
        model.interview = Some(Interview::in_review(lesson, question));
        model.screen = Screen::Interview;
        return;
    }
    let asking = match check(model).map(|(_, _, check)| &check.kind) {
        Some(CheckKind::Typed(typed)) => Asking::typing("", typed.code.is_some()),
        _ => Asking::Open,
    };
    if let Some(sitting) = &mut model.sitting {
        sitting.stage = ReviewStage::Asking(asking);
    }
}

/// A number: a choice, by the place where it is shown, or how sure the learner is.
pub fn numbered(model: &mut Model, number: usize) -> Effects {
    let Some((lesson, place, check)) = check(model) else { return Effects::none() };
    let order = choose::order(&model.desks[lesson].lesson, place, &model.progress.review, model.today);
    let choice = order.get(number).and_then(|choice| check.choices().get(*choice)).map(|choice| choice.text.clone());
    let Some(ReviewStage::Asking(asking)) = model.sitting.as_mut().map(|sitting| &mut sitting.stage) else {
        return Effects::none();
    };
    let Some(given) = asking.number(number, |_| choice) else { return Effects::none() };
    let right = model.desks[lesson].lesson.checks[place].reply(&given.answer).is_some_and(|reply| reply.right);
    if let Some(sitting) = &mut model.sitting {
        sitting.stage = ReviewStage::Told(given.answer);
    }
    graded(model, Grade::of(right, Some(given.confidence)))
}

/// Keeps how the question at hand went.
fn graded(model: &mut Model, grade: Grade) -> Effects {
    let Some(sitting) = &mut model.sitting else { return Effects::none() };
    let Some((lesson, question)) = sitting.asked() else { return Effects::none() };
    sitting.grades.truncate(sitting.question);
    sitting.grades.push(grade);
    let lesson = model.desks[lesson].lesson.outline();
    if let Some(id) = question.id(lesson) {
        let asked = model.progress.review.asked.entry(lesson.id.clone()).or_default();
        asked.insert(id.to_owned(), Asked { day: model.today, grade });
    }
    Effects::one(Effect::Save)
}

/// An interview question of the review was answered and judged.
pub fn interviewed(model: &mut Model, grade: Grade) -> Effects {
    let effects = graded(model, grade);
    model.screen = Screen::Review;
    effects.then(next(model))
}

/// The next question; after the last one of a topic, the topic's card moves on.
fn next(model: &mut Model) -> Effects {
    let Some(sitting) = &mut model.sitting else { return Effects::none() };
    sitting.question += 1;
    let Some(topic) = sitting.current() else { return Effects::none() };
    if sitting.question < topic.questions.len() {
        ask(model);
        return Effects::none();
    }
    let lesson = topic.lesson;
    let grades = std::mem::take(&mut sitting.grades);
    let id = &model.desks[lesson].lesson.id;
    if let Some(card) = model.progress.review.topics.get_mut(id) {
        *card = card.reviewed(&grades, model.today);
        let right = grades.iter().filter(|grade| !grade.is_wrong()).count();
        sitting.done.push(Reviewed { lesson, right, asked: grades.len(), back: card.due });
    }
    sitting.topic += 1;
    sitting.question = 0;
    if sitting.finished() {
        sitting.stage = ReviewStage::Overview;
    } else {
        ask(model);
    }
    Effects::one(Effect::Save)
}
