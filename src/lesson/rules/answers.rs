//! An answer that is a number says how it comes about, and that is computed.

use super::Seen;
use super::numbers::numbers;
use crate::lesson::expression;
use crate::lesson::fault::Fault;
use crate::lesson::question::{CheckKind, KnownAnswer};

/// How far a written number may be from the computed one.
const NEAR: f64 = 1e-6;

pub(super) fn check(seen: &Seen<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for check in &seen.lesson.checks {
        let CheckKind::Typed(typed) = &check.kind else { continue };
        // What code prints is held against a run of it.
        for answer in typed.answers.iter().filter(|_| typed.code.is_none()) {
            faults.extend(answer_fault(seen, answer).map(|message| seen.of_id(&check.id, message)));
        }
    }
    faults
}

fn answer_fault(seen: &Seen<'_>, answer: &KnownAnswer) -> Option<String> {
    let first = answer.accept.first()?;
    let Some(compute) = &answer.compute else {
        let number = first.starts_with(|c: char| c.is_ascii_digit());
        return number.then(|| format!("the answer `{first}` is a number: say how it comes about, in its `compute`"));
    };
    let value = match expression::value(&compute.text, &seen.lesson.default_knobs()) {
        Ok(value) => value,
        Err(why) => return Some(format!("`compute` of the answer `{first}`: {why}")),
    };
    let wrong = answer.accept.iter().find(|accept| !fits(accept, value))?;
    Some(format!("`{wrong}` is accepted, and `{}` is {value}", compute.text))
}

/// Whether a spelling says this value, which is in seconds or in milliseconds, in its own unit. One without digits is in words.
fn fits(accept: &str, value: f64) -> bool {
    let near = |number: f64, value: f64| (number - value).abs() <= NEAR * value.abs().max(1.0);
    let (short, long) = (accept.contains("ms"), accept.ends_with(" s"));
    let scaled = |number: f64| short && near(number, value * 1e3) || long && near(number, value / 1e3);
    numbers(accept).first().is_none_or(|n| near(n.value, value) || scaled(n.value) || fraction(accept, value))
}

/// Whether a spelling such as `1/8 s` is this value.
fn fraction(accept: &str, value: f64) -> bool {
    let Some((over, under)) = accept.split_once('/') else { return false };
    let of = |text: &str| numbers(text).first().map(|number| number.value);
    of(over).zip(of(under)).is_some_and(|(over, under)| under > 0.0 && (over / under - value).abs() < NEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_says_a_value_in_seconds_milliseconds_or_words() {
        for (accept, value, fine) in [
            ("20 ms", 20.0, true),
            ("about 20", 20.0, true),
            ("13 ms", 10.0, false),
            ("2500 ms", 2.5, true),
            ("0.02 s", 20.0, true),
            ("20 s", 2.0, false),
            ("1/8 s", 0.125, true),
            ("half a second", 0.5, true),
            ("1,000", 1000.0, true),
        ] {
            assert_eq!(fits(accept, value), fine, "{accept} {value}");
        }
    }
}
