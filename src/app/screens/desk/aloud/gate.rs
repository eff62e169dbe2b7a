//! The prediction before a first run in words: choices by number, bars by digits.

use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::frame::Target;
use crate::app::keymap::{self, Id};
use crate::app::screens::desk::Desk;
use crate::app::screens::desk::paint::gate;

/// Says the prediction that waits.
pub fn say(aloud: &mut Aloud, hearing: Hearing<'_>, desk: &Desk) {
    let Hearing { model, columns, .. } = hearing;
    let Some((gate, prediction)) = gate::waiting(desk) else { return };
    let of = format!("gate/{}", prediction.id);
    let words = format!("{} {}", gate::title(model, desk), prediction.question);
    aloud.part(of.clone(), text::sentences(&words, model, columns));
    let choices = prediction.choices().iter().enumerate();
    aloud.choices(&of, hearing, choices.map(|(n, choice)| (text::flat(&choice.label, model), Target::Choice(n))));
    if gate.bars.is_empty() {
        return;
    }
    aloud.bars = gate.bars.len();
    let (digits, example) = match gate.bars.len() {
        1 => ("a digit".to_owned(), "9"),
        many => (format!("{many} digits, one a bar"), "9 1"),
    };
    let run = keymap::name(Id::Drawn);
    let how = format!("Give {digits}, in tens of percent: for example {example}. {run} (an empty line) runs it.");
    aloud.part(format!("{of}/how"), text::wrapped(&how, columns));
    let bars = gate::bars_in_words(desk, prediction, gate).join(", ");
    aloud.part(
        format!("{of}/bars"),
        text::wrapped(&format!("Drawn so far: {bars}; {}.", gate::sum(prediction, gate)), columns),
    );
}
