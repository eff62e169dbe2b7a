//! A sentence with a number in it is backed: by a claim, by a fact, by the program beside it, or by a reason that stands
//! in the lesson. That goes for pages, and for all that is said after a run or an answer.

use super::numbers::{Number, numbers};
use super::spans::{Sentence, plain, sentences};
use super::{Seen, sources};
use crate::lesson::fault::Fault;
use crate::lesson::question::CheckKind;
use crate::lesson::takeaway::Piece;
use crate::lesson::types::{Knob, Program};

/// A text of a lesson.
struct Told<'a> {
    /// Where it stands, in words.
    place: String,
    /// What stands near it in the file.
    at: String,
    /// The text, in Markdown.
    markdown: &'a str,
    /// Programs that are seen beside it.
    beside: Vec<&'a Program>,
    /// The question that it belongs to, with what can be answered: its numbers are given.
    given: String,
}

pub(super) fn check(seen: &Seen<'_>) -> Vec<Fault> {
    let lesson = seen.lesson;
    let claims = lesson.claims.iter().filter_map(|claim| claim.backs.as_deref());
    let words: Vec<String> = claims.chain(seen.facts.of(&lesson.id)).map(plain).collect();
    let mut faults = Vec::new();
    for told in pages(seen).into_iter().chain(answers(seen)) {
        let given = numbers(&told.given);
        for sentence in sentences(told.markdown) {
            let known = |number: Number| {
                given.contains(&number) || told.beside.iter().any(|one| shown(&lesson.knobs, one, &sentence, number))
            };
            let open = numbers(&sentence.masked).into_iter().any(|number| !known(number));
            let backed = || words.iter().any(|words| sentence.words.contains(words) || words.contains(&sentence.words));
            if open && !backed() {
                faults.push(seen.fault(&told.at, format!("{}, nothing backs: {}", told.place, sentence.words)));
            }
        }
    }
    faults
}

/// The pages.
fn pages<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let told = |(_, page, program): (usize, &'a crate::lesson::types::Page, &'a Program)| Told {
        place: format!("on the page \"{}\"", page.title),
        at: format!("# {}", page.title),
        markdown: &page.markdown,
        beside: vec![program],
        given: String::new(),
    };
    seen.pages().map(told).collect()
}

/// What is said after a run or an answer, and what a lesson leaves behind. What a wrong answer takes for true is no such thing.
fn answers<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let lesson = seen.lesson;
    let beside: Vec<&Program> = lesson.programs.iter().collect();
    let mut out: Vec<Told<'a>> = Vec::new();
    let mut tell = |place: String, at: &str, markdown: &'a str, given: &str| {
        out.push(Told { place, at: at.to_owned(), markdown, beside: beside.clone(), given: given.to_owned() });
    };
    for one in &lesson.predictions {
        let at = format!("id = \"{}\"", one.id);
        tell(format!("why of the prediction `{}`", one.id), &at, &one.explain, &one.question);
    }
    for one in &lesson.checks {
        let (place, at) = (format!("answer to `{}`", one.id), format!("id = \"{}\"", one.id));
        let given = [one.question.as_str()].into_iter().chain(answered(&one.kind)).collect::<Vec<_>>().join("\n");
        match &one.kind {
            CheckKind::Choice(choices) => choices.iter().for_each(|c| tell(place.clone(), &at, &c.explain, &given)),
            CheckKind::Typed(typed) => {
                let all = typed.answers.iter().map(|answer| &answer.explain).chain([&typed.otherwise]);
                all.for_each(|words| tell(place.clone(), &at, words, &given));
            }
        }
    }
    for one in &lesson.interview {
        tell("answer of the interview".to_owned(), &one.question, &one.answer, &one.question);
    }
    for program in &lesson.programs {
        for reason in [&program.headline.some, &program.headline.none].into_iter().flatten() {
            tell(format!("why of `{}`", program.name), &format!("name = \"{}\"", program.name), reason, "");
        }
    }
    for piece in lesson.takeaway.iter().flat_map(|takeaway| &takeaway.parts) {
        if let Piece::Text(text) = piece {
            tell("takeaway".to_owned(), "takeaway = ", text, "");
        }
    }
    out
}

/// What can be answered to a question, and the code that it is about.
fn answered(kind: &CheckKind) -> Vec<&str> {
    match kind {
        CheckKind::Choice(choices) => choices.iter().map(|choice| choice.text.as_str()).collect(),
        CheckKind::Typed(typed) => {
            let accepted = typed.answers.iter().flat_map(|answer| &answer.accept).map(String::as_str);
            typed.code.as_deref().into_iter().chain(accepted).collect()
        }
    }
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
