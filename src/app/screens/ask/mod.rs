//! Asking: an answer is chosen or typed, then it is asked how sure the learner is. Shared by the screens that ask; what
//! becomes of a complete answer is theirs.

pub mod aloud;
pub mod field;
mod keys;

pub use keys::KEYS;

pub use field::Field;

use crate::app::frame::Target;
use crate::app::keymap::{Action, Scope};
use crate::view::Ask;
use crate::view::ask::{Clickable, SURE};

/// What a click on each row of a question does, from the top.
#[must_use]
pub fn targets(ask: &Ask<'_>, columns: u16) -> Vec<Option<Target>> {
    let target = |part: Clickable| match part {
        Clickable::Number(number) => Target::Choice(number),
        Clickable::Field => Target::Key(Action::Type),
    };
    ask.parts(columns).into_iter().map(|part| part.map(target)).collect()
}

/// An answer on its way: chosen or typed, then how sure.
#[derive(Debug, Clone, Default)]
pub enum Asking {
    /// Nothing was chosen, or typed, yet.
    #[default]
    Open,
    /// It is being typed: keys are letters.
    Typing(Box<Field>),
    /// It was left half typed.
    Left(Box<Field>),
    /// It is given; how sure the learner is of it is asked.
    Sure(String),
}

/// An answer with how sure the learner is of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The choice's text, or what was typed.
    pub answer: String,
    /// 1 a guess, 2 thought so, 3 sure.
    pub confidence: u8,
}

impl Asking {
    /// The field is open, with this text in it; `several`: the answer can have more than one line.
    #[must_use]
    pub fn typing(text: &str, several: bool) -> Asking {
        Asking::Typing(Box::new(Field::new(text, several)))
    }

    /// The scopes of its keys; `None` where the question as a whole has them.
    #[must_use]
    pub fn scopes(&self) -> Option<Vec<Scope>> {
        match self {
            Asking::Typing(field) => Some(field.scopes()),
            Asking::Sure(_) => Some(vec![Scope::Sure]),
            Asking::Open | Asking::Left(_) => None,
        }
    }

    /// The field in which the learner types now.
    #[must_use]
    pub fn field(&self) -> Option<&Field> {
        if let Asking::Typing(field) = self { Some(field) } else { None }
    }

    /// The field in which the learner types now, to be changed.
    pub fn field_mut(&mut self) -> Option<&mut Field> {
        if let Asking::Typing(field) = self { Some(field) } else { None }
    }

    /// The answer whose certainty is asked.
    #[must_use]
    pub fn given(&self) -> Option<&str> {
        if let Asking::Sure(answer) = self { Some(answer) } else { None }
    }

    /// Hands in what was typed: how sure the learner is, is asked next. Tells whether there was anything to hand in.
    pub fn hand_in(&mut self) -> bool {
        let text = self.field().map(Field::text).filter(|text| !text.is_empty());
        let any = text.is_some();
        if let Some(text) = text {
            *self = Asking::Sure(text);
        }
        any
    }

    /// A number, counted from 0: a choice, or how sure the learner is; then the answer is complete.
    pub fn number(&mut self, number: usize, choice: impl FnOnce(usize) -> Option<String>) -> Option<Given> {
        match self {
            Asking::Open => {
                if let Some(text) = choice(number) {
                    *self = Asking::Sure(text);
                }
                None
            }
            Asking::Sure(answer) => {
                let confidence = u8::try_from(number + 1).ok().filter(|sure| usize::from(*sure) <= SURE.len())?;
                let answer = std::mem::take(answer);
                *self = Asking::Open;
                Some(Given { answer, confidence })
            }
            Asking::Typing(_) | Asking::Left(_) => None,
        }
    }

    /// One step back: from how sure to the answer, typed (with `several` lines or one) or chosen; from typing to a field
    /// that is left. Tells whether there was one.
    pub fn back(&mut self, several: Option<bool>) -> bool {
        *self = match std::mem::take(self) {
            Asking::Typing(field) => Asking::Left(field),
            Asking::Sure(answer) => several.map_or(Asking::Open, |several| Asking::typing(&answer, several)),
            // Nothing is under way: what was typed is kept, and the key means what it means elsewhere.
            still @ (Asking::Open | Asking::Left(_)) => {
                *self = still;
                return false;
            }
        };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_chosen_or_typed_and_then_how_sure_is_asked() {
        let mut chosen = Asking::Open;
        assert_eq!(chosen.number(7, |_| None), None);
        assert!(matches!(chosen, Asking::Open), "there is no such choice");
        assert_eq!(chosen.number(1, |n| Some(format!("choice {n}"))), None);
        assert_eq!(chosen.number(3, |_| None), None, "nobody is surer than sure");
        let given = Given { answer: "choice 1".to_owned(), confidence: 3 };
        assert_eq!(chosen.number(2, |_| None), Some(given));
        let mut typed = Asking::typing(" ", false);
        assert!(!typed.hand_in() && typed.field().is_some(), "blanks are no answer");
        typed = Asking::typing("five", false);
        assert!(typed.hand_in() && typed.given() == Some("five"));
    }

    #[test]
    fn every_step_can_be_taken_back_and_nothing_typed_is_lost() {
        let mut asking = Asking::Sure("five".to_owned());
        assert!(asking.back(Some(false)) && asking.field().is_some_and(|field| field.text() == "five"));
        assert!(asking.back(Some(false)) && matches!(&asking, Asking::Left(field) if field.text() == "five"));
        assert!(!asking.back(Some(false)) && matches!(&asking, Asking::Left(field) if field.text() == "five"));
        let mut chosen = Asking::Sure("a".to_owned());
        assert!(chosen.back(None) && matches!(chosen, Asking::Open));
    }
}
