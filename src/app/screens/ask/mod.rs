//! Asking: how an answer is typed and clicked, shared by the screens that ask.

pub mod field;

pub use field::Field;

use crate::app::frame::Target;
use crate::app::keymap::Action;
use crate::view::Ask;
use crate::view::ask::Part;

/// What a click on each row of a question does, from the top.
#[must_use]
pub fn targets(ask: &Ask<'_>, columns: u16) -> Vec<Option<Target>> {
    let target = |part: Part| match part {
        Part::Number(number) => Target::Choice(number),
        Part::Field => Target::Key(Action::Type),
    };
    ask.parts(columns).into_iter().map(|part| part.map(target)).collect()
}
