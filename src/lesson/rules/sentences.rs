//! A sentence with a number in it is backed: by a claim, by a fact, by the program beside it, or by a reason that stands
//! in the lesson.

use super::numbers::{Number, numbers};
use super::spans::{Sentence, plain, sentences};
use super::{Seen, sources};
use crate::lesson::fault::Fault;
use crate::lesson::types::{Knob, Program};

pub(super) fn check(seen: &Seen<'_>) -> Vec<Fault> {
    let lesson = seen.lesson;
    let claims = lesson.claims.iter().filter_map(|claim| claim.backs.as_deref());
    let words: Vec<String> = claims.chain(seen.facts.of(&lesson.id)).map(plain).collect();
    let mut faults = Vec::new();
    for (_, page, program) in seen.pages() {
        for sentence in sentences(&page.markdown) {
            let open =
                numbers(&sentence.masked).into_iter().any(|number| !shown(&lesson.knobs, program, &sentence, number));
            let backed = || words.iter().any(|words| sentence.words.contains(words) || words.contains(&sentence.words));
            if open && !backed() {
                let title = format!("# {}", page.title);
                let message = format!("on the page \"{}\", nothing backs: {}", page.title, sentence.words);
                faults.push(seen.fault(&title, message));
            }
        }
    }
    faults
}

/// Whether a number is the program's own, or one that the sentence has a knob turned to. A version never is.
fn shown(knobs: &[Knob], program: &Program, sentence: &Sentence, number: Number) -> bool {
    let is = |other: f64| (other - number.value).abs() < 1e-9;
    let turned = |knob: &Knob| {
        let named = sentence.code.contains(&knob.name);
        named && (knob.min.as_f64()..=knob.max.as_f64()).contains(&number.value)
    };
    let in_program = || sources(program).any(|source| numbers(source).into_iter().any(|literal| is(literal.value)));
    !number.version && (knobs.iter().any(turned) || in_program())
}
