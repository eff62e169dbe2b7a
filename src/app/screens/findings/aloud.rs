//! The gallery of findings in words: the patterns by number, and of the one that is shown what its real run was like.

use super::rule;
use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::frame::Target;
use crate::insight::finding::RULES;
use crate::insight::finding::recorded::Recorded;
use crate::insight::words::sentence;
use crate::view::timeline::in_words;

/// Lanes that are told.
const LANES: usize = 12;

/// What the gallery says.
#[must_use]
pub fn say(hearing: Hearing<'_>) -> Aloud {
    let Hearing { model, columns, .. } = hearing;
    let mut aloud = Aloud::default();
    aloud.line("findings", format!("What watch can find, 1 to {}. A number shows one on a real run.", RULES.len()));
    for (place, rule) in RULES.iter().enumerate() {
        aloud.choices(&format!("findings/{}", rule.id), hearing, [(rule.name.to_owned(), Target::Item(place))]);
    }
    let rule = rule(model);
    let mut lines = text::wrapped(&format!("{} ({}).", rule.name, rule.id), columns);
    lines.extend(text::sentences(&sentence(rule.says), model, columns));
    if let Some(recorded) = Recorded::of(rule) {
        lines.extend(in_words::lanes(&recorded.trace, LANES, &model.theme));
        lines.extend(text::wrapped(&recorded.finding.sentence, columns));
        lines.extend(text::wrapped(&sentence(&recorded.origin()), columns));
    }
    lines.extend(text::sentences(&format!("What to do: {}.", rule.help), model, columns));
    aloud.part("findings/shown", lines);
    aloud
}
