//! Answers to a page's questions: chosen or typed, then how sure, then judged.

use crate::app::effect::{Effect, Effects};
use crate::app::frame::layout;
use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::app::screens::ask::{Asking, Field};
use crate::app::screens::desk::{Answering, Pane, Plan, Scroll};
use crate::app::screens::typing;
use crate::learner::progress::Answer;
use crate::lesson::{Check, CheckKind};

/// A number: the choice of the open question, or how sure the learner is of the answer given.
/// What is out of sight cannot be chosen: it is shown instead.
pub fn number(model: &mut Model, plan: &Plan, number: usize) -> Effects {
    let Some(check) = open(model) else { return Effects::none() };
    if !plan.in_sight(number) {
        show(model);
        return Effects::none();
    }
    let chosen = check.choices().get(number).map(|choice| choice.text.clone());
    if let Some(asking) = asking_mut(model).filter(|asking| asking.given().is_some()) {
        let given = asking.number(number, |_| None);
        return given.map_or_else(Effects::none, |given| judge(model, &given.answer, Some(given.confidence)));
    }
    chosen.map_or_else(Effects::none, |answer| given(model, answer))
}

/// The question that is open on the page.
fn open(model: &Model) -> Option<&Check> {
    model.open_check(model.desk()?)
}

fn asking_mut(model: &mut Model) -> Option<&mut Asking> {
    model.desk_mut()?.answering.as_mut().map(|answering| &mut answering.asking)
}

fn enter(model: &mut Model, asking: Asking) {
    let Some(check) = open(model).map(|check| check.id.clone()) else { return };
    if let Some(desk) = model.desk_mut() {
        desk.answering = Some(Answering { check, asking });
    }
    show(model);
}

/// Whether the open question is answered by typing, and then whether the answer can have several lines.
fn typed(model: &Model) -> Option<bool> {
    if let CheckKind::Typed(typed) = &open(model)?.kind { Some(typed.code.is_some()) } else { None }
}

/// Opens the field of the open question, with what was typed before it was left.
pub fn begin(model: &mut Model) {
    let Some(several) = typed(model) else { return };
    let asking = match asking_mut(model) {
        Some(Asking::Left(field)) => Asking::Typing(field.clone()),
        Some(Asking::Sure(answer)) => Asking::typing(answer, several),
        _ => Asking::typing("", several),
    };
    enter(model, asking);
}

/// Hands in what was typed.
pub fn hand_in(model: &mut Model) -> Effects {
    let Some(text) = typing(model).map(Field::text) else { return Effects::none() };
    if text.is_empty() {
        model.say(format!("Type an answer first; {} stops typing.", keymap::name(Id::StopTyping)));
        return Effects::none();
    }
    given(model, text)
}

/// Takes one step back from an answer on its way: from typing, or from saying how sure. Tells whether there was one.
pub fn back(model: &mut Model) -> bool {
    let several = typed(model);
    let stepped = asking_mut(model).is_some_and(|asking| asking.back(several));
    if let Some(desk) = model.desk_mut() {
        desk.answering = desk.answering.take().filter(|answering| !matches!(answering.asking, Asking::Open));
    }
    stepped
}

/// The learner turns to something else: a field that is open is left as it is.
pub fn leave(model: &mut Model) {
    if typing(model).is_some() {
        back(model);
    }
}

/// An answer was given: how sure the learner is of a first one is asked before it is judged.
fn given(model: &mut Model, answer: String) -> Effects {
    let Some((lesson, check)) = model.desk().zip(open(model)).map(|(d, c)| (d.lesson.id.clone(), c.id.clone())) else {
        return Effects::none();
    };
    let again = model.progress.lessons.get(&lesson).is_some_and(|done| done.checks.contains_key(&check));
    if again {
        return judge(model, &answer, None);
    }
    enter(model, Asking::Sure(answer));
    Effects::none()
}

/// Keeps the answer and what it reveals; the page shows what there is to say about it.
fn judge(model: &mut Model, answer: &str, confidence: Option<u8>) -> Effects {
    let Some((desk, check)) = model.desk().zip(open(model)) else { return Effects::none() };
    let (lesson, id) = (desk.lesson.id.clone(), check.id.clone());
    let Some(reply) = check.reply(answer) else { return Effects::none() };
    let (right, misconception) = (reply.right, reply.misconception.map(str::to_owned));
    let first = || Answer { first: answer.to_owned(), confidence, ..Answer::default() };
    let kept = model.progress.lesson_mut(&lesson).checks.entry(id.clone()).or_insert_with(first);
    answer.clone_into(&mut kept.last);
    kept.right = right;
    kept.misconception = misconception.or_else(|| kept.misconception.take());
    if let Some(desk) = model.desk_mut() {
        desk.answering = None;
    }
    show_reply(model, &id);
    Effects::one(Effect::Save)
}

/// Shows the open question, as far as its end.
pub fn show(model: &mut Model) {
    let one = layout::one_by_one(model.size);
    if let Some(desk) = model.desk_mut() {
        desk.scroll[Pane::Text as usize] = Scroll::Asked;
        // Beside the text, what the program wrote does no harm; the source gives way to a question.
        if one || desk.pane == Pane::Source {
            desk.pane = Pane::Text;
        }
    }
}

/// Goes to the next line of the answer that is typed, and begins one after the last.
pub fn next_line(model: &mut Model) {
    if let Some(field) = asking_mut(model).and_then(Asking::field_mut) {
        field.down();
    }
    show(model);
}

/// Scrolls on to the next question, but not past the one that was just answered.
fn show_reply(model: &mut Model, check: &str) {
    let Some(desk) = model.desk_mut() else { return };
    let place = desk.page_checks().position(|other| other.id == check);
    desk.scroll[Pane::Text as usize] = place.map_or(Scroll::Asked, Scroll::Told);
}
