//! A question after the run: chosen or typed, with an explanation for the very answer given: `[[check]]`.

use super::expression::{self, Expression};
use super::fault::Log;
use super::front::id_rule;
use super::id::is_id;
use super::table::{At, Reader, Text};
use super::types::Knob;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A question after the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// A stable id, unique in the lesson.
    pub id: String,
    /// The question, in Markdown.
    pub question: String,
    /// How it is answered.
    pub kind: CheckKind,
}

/// How a check is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CheckKind {
    /// One of several choices.
    Choice(Vec<Choice>),
    /// In the learner's own words.
    Typed(Typed),
}

/// One choice of a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// What the learner reads.
    pub text: String,
    /// Whether it is right.
    pub right: bool,
    /// Why it is right or wrong: the answer to this very answer.
    pub explain: String,
    /// The misconception that choosing it reveals.
    pub misconception: Option<String>,
}

/// A question whose answer is typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Typed {
    /// "What does this print?": the code, which the truth tests run.
    pub code: Option<String>,
    /// The oldest CPython (major, minor) that runs `code`.
    pub python_min: Option<(u8, u8)>,
    /// The answers that are known, right and wrong. The first right one is shown as the answer.
    pub answers: Vec<KnownAnswer>,
    /// What is said to any other answer.
    pub otherwise: String,
}

/// A typed answer that the lesson knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownAnswer {
    /// Its spellings. They are compared as [`same_answer`] does.
    pub accept: Vec<String>,
    /// Whether it is right.
    pub right: bool,
    /// Why it is right or wrong: the answer to this very answer.
    pub explain: String,
    /// The misconception that it reveals.
    pub misconception: Option<String>,
    /// How its number comes about, from the knobs as they stand in the lesson.
    pub compute: Option<Expression>,
}

/// What there is to say about an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply<'a> {
    /// Whether it is right.
    pub right: bool,
    /// Why: the answer to this very answer.
    pub explain: &'a str,
    /// The misconception that it reveals.
    pub misconception: Option<&'a str>,
}

impl Check {
    /// What there is to say about an answer: the text of a choice, or what was typed. `None` for a choice that there is
    /// not, such as one of an earlier edition of the lesson.
    #[must_use]
    pub fn reply(&self, answer: &str) -> Option<Reply<'_>> {
        match &self.kind {
            CheckKind::Choice(choices) => choices.iter().find(|c| c.text == answer).map(|c| Reply {
                right: c.right,
                explain: &c.explain,
                misconception: c.misconception.as_deref(),
            }),
            CheckKind::Typed(typed) => Some(typed.find(answer).map_or(
                Reply { right: false, explain: &typed.otherwise, misconception: None },
                |known| Reply {
                    right: known.right,
                    explain: &known.explain,
                    misconception: known.misconception.as_deref(),
                },
            )),
        }
    }

    /// The choices; none where the answer is typed.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        match &self.kind {
            CheckKind::Choice(choices) => choices,
            CheckKind::Typed(_) => &[],
        }
    }
}

impl Typed {
    /// The known answer that what was typed means, if it is one.
    #[must_use]
    pub fn find(&self, typed: &str) -> Option<&KnownAnswer> {
        self.answers.iter().find(|a| a.accept.iter().any(|known| same_answer(known, typed)))
    }

    /// The right answer, as it is shown.
    #[must_use]
    pub fn right(&self) -> Option<&str> {
        self.answers.iter().find(|a| a.right).and_then(|a| a.accept.first()).map(String::as_str)
    }
}

/// Whether two answers say the same: case, spaces, punctuation around words, quotes, articles and the way that a number
/// is written do not matter.
#[must_use]
pub fn same_answer(known: &str, typed: &str) -> bool {
    let (known, typed) = (normalised(known), normalised(typed));
    !known.is_empty() && known == typed
}

/// The words of an answer: lower case, numbers in one spelling, units apart from their numbers, without articles.
fn normalised(text: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut last = ' ';
    let mut characters = text.to_lowercase().replace('µ', "u").chars().collect::<Vec<_>>().into_iter().peekable();
    while let Some(c) = characters.next() {
        let digit_next = characters.peek().is_some_and(char::is_ascii_digit);
        match c {
            // 20_000 and 20,000 are numbers; so are 0.5 and -1.
            '_' | ',' if last.is_ascii_digit() && digit_next => {}
            '.' if digit_next => spaced.push('.'),
            '-' if digit_next && !last.is_alphanumeric() => spaced.push('-'),
            c if c.is_alphabetic() && last.is_ascii_digit() => spaced.extend([' ', c]),
            c if c.is_alphanumeric() || c == '_' => spaced.push(c),
            '+' | '*' | '%' | '<' | '>' | '=' | '/' => spaced.extend([' ', c, ' ']),
            _ => spaced.push(' '),
        }
        last = c;
    }
    let number = |word: &str| word.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| n.to_string());
    spaced
        .split_whitespace()
        .filter(|word| !["a", "an", "the"].contains(word))
        .map(|word| number(word).unwrap_or_else(|| word.to_owned()))
        .collect()
}

/// How a check is answered, as the lesson says it.
#[derive(Debug)]
pub(super) struct RawCheck {
    pub id: Option<At<String>>,
    question: String,
    kind: Option<At<String>>,
    choices: Vec<Choice>,
    code: Option<String>,
    python_min: Option<(u8, u8)>,
    answers: Vec<(KnownAnswer, Option<At<String>>)>,
    otherwise: Option<String>,
    span: Range<usize>,
}

pub(super) fn read(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawCheck {
    let raw = RawCheck {
        id: t.needed_text(log, "id").placed(),
        question: t.needed_text(log, "question").owned(),
        kind: t.text(log, "kind").placed(),
        code: t.text(log, "code").map(|c| c.value.trim_matches('\n').to_owned() + "\n"),
        python_min: t.version(log, "python_min"),
        otherwise: t.text(log, "otherwise").map(|o| o.value.trim().to_owned()),
        span: t.span().clone(),
        choices: t.tables(log, "choice", "a `[[check.choice]]`").into_iter().map(|c| choice(c, log)).collect(),
        answers: t.tables(log, "answer", "a `[[check.answer]]`").into_iter().map(|a| answer(a, log)).collect(),
    };
    t.finish(log);
    raw
}

fn choice(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> Choice {
    let text = t.needed_text(log, "text").owned();
    let explain = t.needed_text(log, "explain").owned();
    let (right, misconception) = verdict(&mut t, log);
    t.finish(log);
    Choice { text, right, explain, misconception }
}

fn answer(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> (KnownAnswer, Option<At<String>>) {
    let accept: Vec<String> = t.texts(log, "accept").into_iter().map(|a| a.value).collect();
    if accept.iter().all(|a| normalised(a).is_empty()) {
        log.span(t.span(), "an answer needs `accept`: a list of its spellings");
    }
    let explain = t.needed_text(log, "explain").owned();
    let (right, misconception) = verdict(&mut t, log);
    let compute = t.text(log, "compute").placed();
    t.finish(log);
    (KnownAnswer { accept, right, explain, misconception, compute: None }, compute)
}

/// Whether an answer is right, and which misconception it reveals where it is wrong.
fn verdict(t: &mut Reader<'_, '_>, log: &mut Log<'_>) -> (bool, Option<String>) {
    let right = t.flag(log, "right").is_some_and(|r| r.value);
    let misconception = t.text(log, "misconception");
    match &misconception {
        Some(m) if right => log.span(&m.span, "a right answer reveals no misconception"),
        Some(m) if !is_id(m.value) => log.span(&m.span, id_rule(m.value)),
        None if !right => log.span(t.span(), "a wrong answer needs the id of the `misconception` that it reveals"),
        _ => {}
    }
    (right, misconception.map(|m| m.value.to_owned()))
}

pub(super) fn build(raw: RawCheck, knobs: &[Knob], log: &mut Log<'_>) -> Option<Check> {
    let kind = match raw.kind.as_ref().map_or("choice", |k| k.value.as_str()) {
        "choice" => chosen(&raw, log),
        kind @ ("short" | "prints") => typed(&raw, kind == "prints", knobs, log),
        other => {
            let place = raw.kind.as_ref().map_or(&raw.span, |k| &k.span);
            log.span(place, format!("a check's kind is `choice`, `short` or `prints`, not `{other}`"));
            return None;
        }
    };
    Some(Check { id: raw.id?.value, question: raw.question, kind })
}

fn chosen(raw: &RawCheck, log: &mut Log<'_>) -> CheckKind {
    if raw.choices.len() < 2 {
        log.span(&raw.span, "a check needs at least two choices");
    }
    match raw.choices.iter().filter(|c| c.right).count() {
        0 => log.span(&raw.span, "the check has no right answer: give one choice `right = true`"),
        1 => {}
        _ => log.span(&raw.span, "the check has more than one right answer"),
    }
    if !raw.answers.is_empty() || raw.code.is_some() || raw.otherwise.is_some() {
        let message = "`[[check.answer]]`, `code` and `otherwise` belong to the kinds `short` and `prints`";
        log.span(&raw.span, message);
    }
    CheckKind::Choice(raw.choices.clone())
}

fn typed(raw: &RawCheck, prints: bool, knobs: &[Knob], log: &mut Log<'_>) -> CheckKind {
    if !raw.choices.is_empty() {
        log.span(&raw.span, "a typed answer has no `[[check.choice]]` but `[[check.answer]]`");
    }
    if raw.answers.iter().filter(|(answer, _)| answer.right).count() != 1 {
        log.span(&raw.span, "a typed answer needs exactly one `[[check.answer]]` with `right = true`");
    }
    if raw.otherwise.is_none() {
        log.span(&raw.span, "a typed answer needs `otherwise`: what is said to an answer that is not listed");
    }
    match (&raw.code, prints) {
        (None, true) => log.span(&raw.span, "`kind = \"prints\"` needs `code`: what is run"),
        (Some(_), false) => log.span(&raw.span, "`code` belongs to the kind `prints`"),
        _ => {}
    }
    let known: Vec<&str> = knobs.iter().map(|knob| knob.name.as_str()).collect();
    let answers = raw.answers.iter().map(|(answer, compute)| {
        let compute = compute.as_ref().and_then(|text| expression::read(text, &known, log));
        KnownAnswer { compute, ..answer.clone() }
    });
    CheckKind::Typed(Typed {
        answers: answers.collect(),
        code: raw.code.clone(),
        python_min: raw.python_min,
        otherwise: raw.otherwise.clone().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn answers_are_compared_by_what_they_say() {
        for (known, typed) in [
            ("5 ms", "5ms"),
            ("5 ms", " 5.0  MS. "),
            ("20000", "20,000"),
            ("20_000", "20000"),
            ("the GIL", "gil"),
            ("Queue.put", "queue.put()"),
            ("0 1\n2", "0\n1\n2\n"),
            ("-1", "-1"),
            ("0.5 s", ".5 s"),
            ("'ab'", "ab"),
        ] {
            assert!(same_answer(known, typed), "{known} {typed}: {:?} {:?}", normalised(known), normalised(typed));
        }
        for (known, typed) in [("5 ms", "5 s"), ("1", "-1"), ("5", ""), ("", ""), ("1.5", "15"), ("get", "get_nowait")]
        {
            assert!(!same_answer(known, typed), "{known} {typed}");
        }
    }

    proptest! {
        #[test]
        fn an_answer_is_the_same_as_itself_in_any_case(text in "[ -~]{0,30}") {
            let (upper, spaced) = (text.to_uppercase(), format!("  {text} "));
            prop_assert_eq!(same_answer(&text, &upper), !normalised(&text).is_empty());
            prop_assert_eq!(same_answer(&text, &spaced), !normalised(&text).is_empty());
        }
    }
}
