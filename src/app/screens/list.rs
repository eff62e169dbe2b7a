//! Going from row to row in a list: of lessons, of runtimes, of an interview's questions.

use crate::app::keymap::Action;
use crate::app::model::Model;

/// Rows that a key goes by where there are many.
const MANY: usize = 10;

/// The row that a key goes to in a list of `count` rows, where it goes anywhere.
pub fn row_after(model: &mut Model, row: usize, count: usize, action: Action) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let to = match action {
        Action::NextRow => row + 1,
        Action::PrevRow => row.saturating_sub(1),
        Action::PageDown => row + MANY,
        Action::PageUp => row.saturating_sub(MANY),
        Action::FirstRow => 0,
        Action::LastRow => last,
        Action::Digit(digit) => numbered(model, count, usize::from(digit))?,
        _ => return None,
    };
    Some(to.min(last))
}

/// The row of the number that is being typed, with one more digit. A digit that makes no row's number with those before
/// it begins a new one.
fn numbered(model: &mut Model, count: usize, digit: usize) -> Option<usize> {
    let longer = model.number.take().map(|number| number * 10 + digit).filter(|number| *number <= count);
    let number = longer.unwrap_or(digit);
    let row = number.checked_sub(1).filter(|row| *row < count);
    if row.is_none() {
        model.whisper(format!("There is no {number} here: the last is {count}."));
    } else if number * 10 <= count {
        model.number = Some(number);
        let (from, to) = (number * 10, (number * 10 + 9).min(count));
        model.whisper(if from == to {
            format!("{number}, or one more digit: {from}")
        } else {
            format!("{number}, or one more digit: {from}-{to}")
        });
    }
    row
}
