//! The answer to a question does not stand above it, to be read off.

use super::Seen;
use super::spans::{has_word, names, plain};
use crate::lesson::fault::Fault;
use crate::lesson::pages::markdown_options;
use crate::lesson::question::{Check, CheckKind, Typed};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// A choice of fewer words says too little to be read off.
const FEW: usize = 4;

pub(super) fn check(seen: &Seen<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (_, page, _) in seen.pages() {
        for check in page.checks.iter().filter_map(|id| seen.lesson.checks.iter().find(|check| check.id == *id)) {
            if let Some(answer) = given(check, &page.markdown) {
                let message = format!("the answer, `{answer}`, stands on the page above it: \"{}\"", page.title);
                faults.push(seen.of_id(&check.id, message));
            }
        }
    }
    faults
}

fn given<'c>(check: &'c Check, page: &str) -> Option<&'c str> {
    match &check.kind {
        CheckKind::Choice(choices) => {
            let right = choices.iter().find(|choice| choice.right)?;
            let words = |text: &str| plain(text).to_lowercase().trim_end_matches('.').to_owned();
            let told = words(&right.text).split(' ').count() >= FEW && words(page).contains(&words(&right.text));
            told.then_some(&right.text)
        }
        CheckKind::Typed(typed) => typed_answer(typed, page),
    }
}

/// In a table, or as the only one of the known answers that the page names.
fn typed_answer<'c>(typed: &'c Typed, page: &str) -> Option<&'c str> {
    let (right, wrong): (Vec<_>, Vec<_>) = typed.answers.iter().partition(|answer| answer.right);
    let right = &right.first()?.accept;
    let cells = cells(page);
    let number = |answer: &str| answer.chars().all(|c| c.is_ascii_digit() || " .".contains(c));
    let in_table = right.iter().find(|answer| !number(answer) && cells.iter().any(|cell| has_word(cell, answer)));
    let named: Vec<String> = names(page).iter().map(|parts| parts.join(".")).collect();
    let is_named = |answer: &String| named.iter().any(|name| name == answer.trim_end_matches("()"));
    let other = wrong.iter().flat_map(|answer| &answer.accept).any(is_named);
    // What code prints has to be worked out, whatever names are there.
    let alone = right.iter().find(|answer| typed.code.is_none() && is_named(answer) && !other);
    in_table.or(alone).map(String::as_str)
}

/// The cells of a page's tables.
fn cells(page: &str) -> Vec<String> {
    let (mut out, mut inside) = (Vec::new(), false);
    for event in Parser::new_ext(page, markdown_options()) {
        match event {
            Event::Start(Tag::TableCell) => {
                out.push(String::new());
                inside = true;
            }
            Event::End(TagEnd::TableCell) => inside = false,
            Event::Text(text) | Event::Code(text) if inside => {
                if let Some(cell) = out.last_mut() {
                    cell.push_str(&text);
                }
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::question::KnownAnswer;

    fn typed(right: &str, wrong: &str) -> Typed {
        let answer = |accept: &str, right: bool| KnownAnswer {
            accept: vec![accept.to_owned()],
            right,
            explain: String::new(),
            misconception: None,
            compute: None,
        };
        let answers = vec![answer(right, true), answer(wrong, false)];
        Typed { code: None, python_min: None, answers, otherwise: String::new() }
    }

    #[test]
    fn an_answer_is_read_off_a_table_or_where_it_is_the_only_one_named() {
        let table = "| how | default |\n|---|---|\n| forkserver | Linux 3.14 |\n";
        for (page, read_off) in [
            (table, true),
            ("It is `forkserver`.", true),
            ("It is `forkserver` or `spawn`.", false),
            ("A fork server.", false),
        ] {
            assert_eq!(typed_answer(&typed("forkserver", "spawn"), page).is_some(), read_off, "{page}");
        }
    }
}
