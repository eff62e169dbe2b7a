//! A question in words: what is asked, its numbered choices or how to type, how sure, and what there is to say about the
//! answer.

use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::frame::Target;
use crate::app::keymap::{self, Id};
use crate::app::screens::{self, ask::Field};
use crate::view::ask::SURE;
use crate::view::{Ask, Mark};

/// Says a question. `of` is its name; where it is not `open`, it is told with its answer and takes no number.
pub fn say(aloud: &mut Aloud, hearing: Hearing<'_>, of: &str, ask: &Ask<'_>, open: bool) {
    let Hearing { model, columns, .. } = hearing;
    aloud.part(format!("{of}/asked"), text::sentences(&format!("Question: {}", ask.question), model, columns));
    if let Some(code) = ask.code {
        let lines = code.lines.iter().map(|words| words.iter().map(|(_, word)| word.as_str()).collect::<String>());
        aloud.part(format!("{of}/code"), lines.collect());
    }
    if ask.sure {
        return sure(aloud, hearing, of, ask);
    }
    let done = !open || ask.told.is_some_and(|told| told.right);
    if done {
        let marked = ask.choices.iter().filter(|choice| matches!(choice.mark, Mark::Right | Mark::Wrong));
        let lines = marked.flat_map(|choice| {
            let mark = if choice.mark == Mark::Right { model.theme.glyphs.yes } else { model.theme.glyphs.no };
            text::led(&format!("{mark} "), &text::flat(choice.text, model), columns)
        });
        aloud.part(format!("{of}/given"), lines.collect());
    }
    if let Some(told) = ask.told {
        let words = format!("{} {}", if told.right { "Right." } else { "Not right." }, told.explain);
        aloud.part(format!("{of}/told"), text::sentences(&words, model, columns));
    }
    if !done {
        let choices = ask.choices.iter().enumerate();
        aloud.choices(of, hearing, choices.map(|(n, c)| (text::flat(c.text, model), Target::Choice(n))));
        aloud.part(format!("{of}/field"), field(ask, hearing));
    }
}

/// The answer that was given, and how sure one can be of it.
fn sure(aloud: &mut Aloud, hearing: Hearing<'_>, of: &str, ask: &Ask<'_>) {
    let chosen = ask.choices.iter().find(|choice| choice.mark == Mark::Here).map(|c| text::flat(c.text, hearing.model));
    let typed = ask.field.as_ref().map(|field| field.lines.join(" / "));
    let answer = chosen.or(typed).unwrap_or_default();
    aloud.part(
        format!("{of}/answer"),
        text::wrapped(&format!("Your answer: {}. How sure are you?", answer.trim_end_matches('.')), hearing.columns),
    );
    let all = SURE.into_iter().enumerate();
    aloud.choices(&format!("{of}/sure"), hearing, all.map(|(n, words)| (words.to_owned(), Target::Choice(n))));
}

/// How an answer is typed, or what was typed before it was left.
fn field(ask: &Ask<'_>, hearing: Hearing<'_>) -> Vec<String> {
    let Some(field) = &ask.field else { return Vec::new() };
    let (enter, esc) = (keymap::name(Id::HandIn), keymap::name(Id::StopTyping));
    let words = match (field.cursor, field.key) {
        (Some(_), _) if screens::typing(hearing.model).is_some_and(Field::several) => {
            format!("Type your answer, in as many lines as it needs. An empty line hands it in, {esc} leaves it.")
        }
        (Some(_), _) => format!("Type your answer, then {enter}; {esc} leaves it."),
        (None, Some((key, does))) => format!("{key}: {does}."),
        (None, None) => return Vec::new(),
    };
    let mut lines = text::wrapped(&words, hearing.columns);
    let left = field.cursor.is_none() && field.mark == Mark::Open;
    lines.extend(field.lines.iter().filter(|_| left).map(|line| format!("So far: {line}")));
    lines
}
