//! The interview: a question in one's own words, how sure, the rubric, and the proof.

use crate::app::effect::{Effect, Effects};
use crate::app::frame::Scrolled;
use crate::app::keymap::{self, Action, Id};
use crate::app::model::{Model, Screen};
use crate::app::screens::ask::{Asking, Field, Given};
use crate::app::screens::interview::{Interview, InterviewStage, Judging};
use crate::app::screens::list;
use crate::learner::review::Grade;
use crate::lesson::InterviewQuestion;

/// Rows that a key scrolls.
const PAGE: i32 = 6;

/// Opens the interview of the open lesson, on the first question that has no answer yet.
pub fn open(model: &mut Model) {
    let Some(lesson) = model.desk_index().filter(|place| !model.desks[*place].lesson.interview.is_empty()) else {
        return;
    };
    let question = unanswered(model, lesson, 0).unwrap_or(0);
    let open = model.interview.take().filter(|open| open.lesson == lesson && !open.in_review);
    let interview =
        Interview { stage: InterviewStage::Choosing, ..open.unwrap_or_else(|| Interview::new(lesson, question)) };
    model.interview = Some(interview);
    model.screen = Screen::Interview;
}

/// The first question from here on that has no answer yet.
fn unanswered(model: &Model, lesson: usize, from: usize) -> Option<usize> {
    let lesson = &model.desks.get(lesson)?.lesson;
    let done = model.progress.lessons.get(&lesson.id);
    let open = |question: &InterviewQuestion| done.is_none_or(|done| !done.interview.contains_key(&question.id));
    lesson.interview.iter().enumerate().skip(from).find(|(_, question)| open(question)).map(|(place, _)| place)
}

/// Does what a key asks for.
pub fn act(model: &mut Model, scroll: Scrolled, action: Action) -> Effects {
    let Some((interview, question)) = at(model) else { return Effects::none() };
    let (count, points) = (model.desks[interview.lesson].lesson.interview.len(), question.points.len());
    if matches!(interview.stage, InterviewStage::Choosing) && action != Action::Open {
        let to = list::row_after(model, interview.question, count, action);
        if let (Some(interview), Some(to)) = (&mut model.interview, to) {
            interview.question = to;
        }
        return Effects::none();
    }
    let Some(interview) = &mut model.interview else { return Effects::none() };
    match (&mut interview.stage, action) {
        (InterviewStage::Choosing, _) => begin(interview),
        (InterviewStage::Asking(asking), Action::NextLine) => asking.field_mut().into_iter().for_each(Field::down),
        (InterviewStage::Asking(asking), Action::HandIn) => {
            let empty = asking.field().is_some() && !asking.hand_in();
            if empty {
                let esc = keymap::name(Id::StopTyping);
                model.say(format!("Say it in your own words first; {esc} leaves the question."));
            }
        }
        (InterviewStage::Asking(asking), Action::Sure(number)) => {
            if let Some(Given { answer, confidence }) = asking.number(usize::from(number), |_| None) {
                interview.draft = None;
                interview.stage = InterviewStage::Judging(Judging { text: answer, confidence, ..Judging::default() });
            }
        }
        (InterviewStage::Judging(judging), action) => match action {
            Action::NextPoint => (judging.here, judging.scroll) = ((judging.here + 1).min(points.saturating_sub(1)), 0),
            Action::PrevPoint => (judging.here, judging.scroll) = (judging.here.saturating_sub(1), 0),
            Action::PageDown => judging.scroll = scroll.by(PAGE),
            Action::PageUp => judging.scroll = scroll.by(-PAGE),
            Action::Tick => judging.tick(),
            Action::Prove => {
                keep(model);
                return crate::app::screens::desk::update::proof::start(model).and(Effect::Save);
            }
            Action::NextQuestion => return leave(model),
            _ => {}
        },
        _ => {}
    }
    Effects::none()
}

/// A question of the list was clicked.
pub fn choose(model: &mut Model, question: usize) -> Effects {
    if let Some(interview) = &mut model.interview {
        interview.question = question;
        begin(interview);
    }
    Effects::none()
}

/// A point of the rubric was clicked.
pub fn tick(model: &mut Model, point: usize) -> Effects {
    if let Some(Interview { stage: InterviewStage::Judging(judging), .. }) = &mut model.interview {
        judging.here = point;
        judging.tick();
    }
    Effects::none()
}

/// The open interview, and the question that the learner is on.
fn at(model: &Model) -> Option<(&Interview, &InterviewQuestion)> {
    let interview = model.interview.as_ref()?;
    Some((interview, model.desks.get(interview.lesson)?.lesson.interview.get(interview.question)?))
}

/// Opens the field for the question, with what was typed before it was left.
fn begin(interview: &mut Interview) {
    let question = interview.question;
    let draft = interview.draft.take().filter(|(place, _)| *place == question);
    interview.stage =
        InterviewStage::Asking(draft.map_or_else(|| Asking::typing("", true), |(_, field)| Asking::Typing(field)));
}

/// One step out: what was typed is kept, and so is what was judged.
pub fn back(model: &mut Model) -> Effects {
    let Some(interview) = &mut model.interview else {
        model.screen = Screen::List(0);
        return Effects::none();
    };
    match std::mem::replace(&mut interview.stage, InterviewStage::Choosing) {
        InterviewStage::Asking(Asking::Typing(_)) if interview.in_review => model.screen = Screen::Review,
        InterviewStage::Asking(Asking::Typing(field)) => interview.draft = Some((interview.question, field)),
        InterviewStage::Asking(mut asking) => {
            asking.back(Some(true));
            interview.stage = InterviewStage::Asking(asking);
        }
        InterviewStage::Judging(judging) => {
            interview.stage = InterviewStage::Judging(judging);
            return leave(model);
        }
        InterviewStage::Choosing => model.screen = Screen::Desk(interview.lesson),
    }
    Effects::none()
}

/// Keeps the judged answer; returns how it went.
fn keep(model: &mut Model) -> Option<Grade> {
    let (interview, question) = at(model)?;
    let InterviewStage::Judging(judging) = &interview.stage else { return None };
    let (spoken, id) = (judging.spoken(question), question.id.clone());
    let lesson = model.desks[interview.lesson].lesson.id.clone();
    let grade = spoken.grade();
    model.progress.lesson_mut(&lesson).interview.insert(id, spoken);
    Some(grade)
}

/// Leaves a judged answer: on to the next question, or back to the review that asked.
fn leave(model: &mut Model) -> Effects {
    let grade = keep(model);
    let Some(interview) = &mut model.interview else { return Effects::none() };
    let (lesson, question) = (interview.lesson, interview.question);
    interview.stage = InterviewStage::Choosing;
    if let (true, Some(grade)) = (interview.in_review, grade) {
        return crate::app::screens::review::update::interviewed(model, grade);
    }
    let next = unanswered(model, lesson, question).or_else(|| unanswered(model, lesson, 0));
    if let (Some(interview), Some(next)) = (&mut model.interview, next) {
        interview.question = next;
    }
    Effects::one(Effect::Save)
}
