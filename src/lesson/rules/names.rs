//! What a page names in backticks is there: in the program beside it, in Python, or in what the lesson says that it mentions.

use super::spans::{has_word, names};
use super::{Seen, sources};
use crate::lesson::fault::Fault;
use crate::lesson::types::Program;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Names of Python itself, and of its standard library.
pub(super) static PYTHON: LazyLock<[BTreeSet<&str>; 2]> = LazyLock::new(|| {
    let mut sections = include_str!("names.txt").split("\n\n").skip(1);
    let mut next = || {
        let lines = sections.next().unwrap_or_default().lines();
        lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
    };
    [next(), next()]
});

/// Keys that pages name.
const KEYS: [&str; 7] = ["tab", "enter", "esc", "space", "pgup", "pgdn", "end"];

pub(super) fn check(seen: &Seen<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (_, page, program) in seen.pages() {
        for name in names(&page.markdown) {
            for part in name.iter().filter(|part| !known(seen, program, part)) {
                let elsewhere = seen.lesson.programs.iter().filter(|other| has(other, part));
                let elsewhere: Vec<&str> = elsewhere.map(|other| other.name.as_str()).collect();
                // A page may compare its program with another one that it names.
                if elsewhere.iter().any(|other| page.markdown.contains(&format!("`{other}`"))) {
                    continue;
                }
                let hint = match elsewhere.first() {
                    Some(other) => format!("; `{other}` has it: name that program, too"),
                    None => "; if it is none of Python's, write it into `mentions`".to_owned(),
                };
                let message = format!(
                    "the page \"{}\" names `{}`, and its program `{}` has no `{part}`{hint}",
                    page.title,
                    name.join("."),
                    program.name
                );
                faults.push(seen.fault(&format!("# {}", page.title), message));
            }
        }
    }
    faults
}

fn known(seen: &Seen<'_>, program: &Program, part: &str) -> bool {
    let lesson = seen.lesson;
    KEYS.contains(&part)
        || PYTHON.iter().any(|names| names.contains(part))
        || lesson.mentions.iter().any(|name| name == part)
        || lesson.programs.iter().flat_map(|other| &other.packages).any(|package| package == part)
        || lesson.programs.iter().any(|other| other.name == part)
        || lesson.knobs.iter().any(|knob| knob.name == part)
        || has(program, part)
}

fn has(program: &Program, part: &str) -> bool {
    sources(program).any(|source| has_word(source, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_what_it_says() {
        let [itself, library] = &*PYTHON;
        assert!(itself.contains("lambda") && itself.contains("print") && !itself.contains("Lock"));
        assert!(library.contains("get_lock") && library.contains("concurrent") && !library.contains("#"));
    }
}
