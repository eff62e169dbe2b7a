//! The questions of a page: which are shown, and how each stands.

use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::app::screens::ask::Asking;
use crate::app::screens::desk::Desk;
use crate::app::typeset;
use crate::lesson::{Check, CheckKind};
use crate::view::{Ask, Choosable, Feedback, Highlighted, Mark, Typing};

/// A question with the code that it is about: `prints` shows some.
pub struct Question<'a> {
    /// The question.
    pub check: &'a Check,
    code: Option<Highlighted>,
}

/// The questions of the open page that are shown: those answered, and the one that is open now.
#[must_use]
pub fn shown<'a>(model: &'a Model, desk: &'a Desk) -> Vec<Question<'a>> {
    let open = model.open_check(desk).map(|check| check.id.as_str());
    let until = desk.page_checks().position(|check| Some(check.id.as_str()) == open).map_or(usize::MAX, |p| p + 1);
    let code = |check: &Check| typeset::code(desk.typeset.as_deref(), check);
    desk.page_checks().take(until).map(|check| Question { check, code: code(check) }).collect()
}

impl Question<'_> {
    /// The question as it stands: open, being answered, or with what there is to say about the last answer.
    /// `tight` where there is no row to spare.
    pub fn ask<'b>(&'b self, model: &'b Model, desk: &'b Desk, tight: bool) -> Ask<'b> {
        let check = self.check;
        let stage = desk.answering.as_ref().filter(|a| a.check == check.id && is_open(model, desk, check));
        let stage = stage.map(|answering| &answering.asking);
        let done = model.progress.lessons.get(&desk.lesson.id).and_then(|done| done.checks.get(&check.id));
        let last = done.map(|answer| answer.last.as_str());
        let reply = last.and_then(|last| check.reply(last));
        let given = if reply.is_some_and(|reply| reply.right) { Mark::Right } else { Mark::Wrong };
        let sure = stage.and_then(Asking::given);
        let answered = sure.map(|answer| (answer, Mark::Here)).or(last.filter(|_| reply.is_some()).map(|l| (l, given)));
        let told = reply.filter(|_| stage.is_none() || matches!(stage, Some(Asking::Left(_))));
        let mut ask = Ask {
            code: self.code.as_ref(),
            tight,
            sure: sure.is_some(),
            told: told.map(|reply| Feedback { right: reply.right, explain: reply.explain }),
            ..Ask::new(&check.question, &model.theme)
        };
        match &check.kind {
            CheckKind::Choice(choices) => {
                let mark =
                    |text: &str| answered.map_or(Mark::Open, |(a, mark)| if a == text { mark } else { Mark::Past });
                let choice = |c: &'b crate::lesson::Choice| Choosable { text: &c.text, mark: mark(&c.text) };
                ask.choices = choices.iter().map(choice).collect();
            }
            CheckKind::Typed(_) => ask.field = Some(field(stage, answered)),
        }
        ask
    }
}

fn is_open(model: &Model, desk: &Desk, check: &Check) -> bool {
    model.open_check(desk).is_some_and(|open| open.id == check.id)
}

/// The field of a typed answer.
fn field<'a>(stage: Option<&'a Asking>, answered: Option<(&'a str, Mark)>) -> Typing<'a> {
    let (lines, cursor, mark) = match (stage, answered) {
        (Some(Asking::Typing(field)), _) => (lines(field.lines()), Some(field.cursor()), Mark::Here),
        (Some(Asking::Left(field)), _) if !field.text().is_empty() => (lines(field.lines()), None, Mark::Open),
        (_, Some((text, mark))) => (text.lines().collect(), None, mark),
        _ => (Vec::new(), None, Mark::Open),
    };
    let key = match (stage, mark) {
        (Some(Asking::Typing(_) | Asking::Sure(_)), _) | (_, Mark::Right) => None,
        (Some(Asking::Left(_)), _) if !lines.is_empty() => Some((keymap::name(Id::Type), "go on typing")),
        (_, Mark::Wrong) => Some((keymap::name(Id::Type), "try again")),
        _ => Some((keymap::name(Id::Type), "type your answer")),
    };
    Typing { lines, cursor, mark, key }
}

fn lines(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}
