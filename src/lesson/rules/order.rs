//! Nothing is asked before its words are taught: what a lesson `teaches` comes before its questions and predictions, and
//! what it `needs` was taught by a lesson before it.

use super::names::PYTHON;
use super::spans::{has_word, names};
use super::{Seen, sources};
use crate::lesson::fault::Fault;
use crate::lesson::question::{Check, CheckKind};
use crate::lesson::types::{Lesson, Page};

pub(super) fn check(seen: &Seen<'_>) -> Vec<Fault> {
    let mut faults = words(seen);
    for check in &seen.lesson.checks {
        let Some(page) = seen.asks(&check.id) else { continue };
        let mut told = too_early(seen, &asked(check), page);
        told.extend(unheard_of(seen, check, page));
        faults.extend(told.into_iter().map(|message| seen.of_id(&check.id, message)));
    }
    for prediction in &seen.lesson.predictions {
        let about = |page: &Page| page.program.as_ref() == Some(&prediction.program);
        let page = seen.lesson.pages.iter().position(about).unwrap_or(0);
        let labels = prediction.choices().iter().map(|choice| choice.label.as_str());
        let asked = [prediction.question.as_str()].into_iter().chain(labels).collect::<Vec<_>>().join("\n");
        faults.extend(too_early(seen, &asked, page).into_iter().map(|message| seen.of_id(&prediction.id, message)));
    }
    faults
}

/// Faults of the lists themselves.
fn words(seen: &Seen<'_>) -> Vec<Fault> {
    let lesson = seen.lesson;
    let nowhere = lesson.teaches.iter().filter(|word| teaches(lesson, word).is_none());
    let mut faults: Vec<Fault> = nowhere
        .map(|word| seen.fault("teaches = ", format!("no page of this lesson has the word `{word}`, which it teaches")))
        .collect();
    for word in &lesson.teaches {
        if let Some(other) = seen.earlier.iter().find(|other| other.teaches.contains(word)) {
            faults.push(seen.fault("teaches = ", format!("`{word}` is taught by {} already", other.id)));
        }
    }
    for word in &lesson.needs {
        // A pack builds on the course.
        let taught = seen.earlier.iter().any(|other| other.teaches.contains(word));
        if !taught && (!seen.earlier.is_empty() || !seen.later.is_empty()) {
            faults.push(seen.fault("needs = ", format!("no lesson before this one teaches `{word}`")));
        }
    }
    faults
}

/// The page that teaches a word, by place: the first that has it.
fn teaches(lesson: &Lesson, word: &str) -> Option<usize> {
    lesson.pages.iter().position(|page| has(&page.title, word) || has(&page.markdown, word))
}

/// Whether a text has a word, in the singular or in the plural. A word in lower case may begin a sentence.
fn has(text: &str, word: &str) -> bool {
    let lower = word.chars().all(|c| !c.is_uppercase());
    let text = if lower { text.to_lowercase() } else { text.to_owned() };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    has_word(&text, word) || has_word(&text, &format!("{word}s"))
}

/// What is asked on a page with words that a later page, or a later lesson, teaches.
fn too_early(seen: &Seen<'_>, asked: &str, page: usize) -> Vec<String> {
    let mut out = Vec::new();
    for word in seen.lesson.teaches.iter().filter(|word| has(asked, word)) {
        if let Some(taught) = teaches(seen.lesson, word).filter(|taught| *taught > page) {
            let title = &seen.lesson.pages[taught].title;
            out.push(format!(
                "this is asked on page {}, and `{word}` is taught on page {}, {title}",
                page + 1,
                taught + 1
            ));
        }
    }
    let read = seen.lesson.pages.iter().take(page + 1).map(|page| page.markdown.as_str());
    let read = read.collect::<Vec<_>>().join("\n");
    for later in seen.later {
        for word in later.teaches.iter().filter(|word| has(asked, word) && !has(&read, word)) {
            out.push(format!("this is asked with the word `{word}`, which {} teaches", later.id));
        }
    }
    out
}

/// What is asked with a name of the standard library that nothing has shown so far.
fn unheard_of(seen: &Seen<'_>, check: &Check, page: usize) -> Vec<String> {
    let [_, library] = &*PYTHON;
    let shown = |name: &str| {
        let here = seen.pages().take(page + 1).any(|(_, page, program)| {
            has_word(&page.markdown, name) || sources(program).any(|source| has_word(source, name))
        });
        let before = |lesson: &Lesson| {
            let sources = lesson.programs.iter().flat_map(sources);
            lesson.pages.iter().map(|page| page.markdown.as_str()).chain(sources).any(|text| has_word(text, name))
        };
        here || seen.earlier.iter().any(before)
    };
    let mut names: Vec<String> = names(&asked(check)).into_iter().filter_map(|mut parts| parts.pop()).collect();
    names.dedup();
    let unheard = names.iter().filter(|name| library.contains(name.as_str()) && !shown(name));
    unheard.map(|name| format!("this is asked with `{name}`, which no page or program has shown so far")).collect()
}

/// All that is read of a check before it is answered, and its right answer.
fn asked(check: &Check) -> String {
    let rest: Vec<String> = match &check.kind {
        CheckKind::Choice(choices) => choices.iter().map(|choice| choice.text.clone()).collect(),
        // What code prints is no name.
        CheckKind::Typed(typed) if typed.code.is_some() => Vec::new(),
        CheckKind::Typed(typed) => typed.right().map(|right| format!("`{right}`")).into_iter().collect(),
    };
    format!("{}\n{}", check.question, rest.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_stand_in_the_plural_and_begin_a_sentence() {
        assert!(has("Locks are taken", "lock") && has("a fork\nserver", "fork server") && has("The GIL", "GIL"));
        assert!(!has("it blocks", "lock") && !has("a gil", "GIL"));
    }
}
