//! The gallery of what `watch` can find: each pattern's name, the sentence and the picture of a real run, and what to do about it.

use super::picture;
use crate::insight::finding::recorded::Recorded;
use crate::insight::finding::{Finding, RULES, Rule};
use crate::insight::words::sentence;
use crate::runner::Machine;
use chrono::NaiveDate;
use serde::Serialize;
use std::fmt::Write as _;

/// What `findings --format json` prints.
#[derive(Debug, Serialize)]
pub struct Gallery {
    version: u32,
    findings: Vec<Entry>,
}

/// A pattern.
#[derive(Debug, Serialize)]
struct Entry {
    id: &'static str,
    name: &'static str,
    says: &'static str,
    help: &'static str,
    recorded: Option<RunJson>,
}

/// The real run that shows it.
#[derive(Debug, Serialize)]
struct RunJson {
    finding: &'static Finding,
    program: &'static str,
    python: &'static str,
    system: &'static str,
    machine: Machine,
    day: NaiveDate,
    wall_s: f64,
    /// The lanes as rows of text.
    picture: Vec<String>,
}

impl Gallery {
    /// Of these rules.
    #[must_use]
    pub fn of(rules: &[&'static Rule]) -> Gallery {
        let entry = |rule: &&'static Rule| Entry {
            id: rule.id,
            name: rule.name,
            says: rule.says,
            help: rule.help,
            recorded: Recorded::of(rule).map(RunJson::of),
        };
        Gallery { version: super::json::VERSION, findings: rules.iter().map(entry).collect() }
    }
}

impl RunJson {
    fn of(recorded: &'static Recorded) -> RunJson {
        let (origin, finding) = (&recorded.origin, &recorded.finding);
        RunJson {
            finding,
            program: &origin.program,
            python: &origin.python,
            system: &origin.system,
            machine: origin.machine,
            day: origin.day,
            wall_s: recorded.wall(),
            picture: picture::lines(&recorded.trace, &finding.because),
        }
    }
}

/// The rule with this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// Every rule in a line: its id, its name, and what it says.
#[must_use]
pub fn list() -> String {
    let (id, name) = RULES.iter().fold((0, 0), |(id, name), rule| (id.max(rule.id.len()), name.max(rule.name.len())));
    let line = |rule: &Rule| format!("{:id$}  {:name$}  {}\n", rule.id, rule.name, bare(rule.says));
    RULES.iter().map(line).collect()
}

/// One rule as text: its name, its real run with its sentence, what helps, and the program.
#[must_use]
pub fn text(rule: &Rule) -> String {
    let mut out = format!("{} ({})\n{}\n", rule.name, rule.id, sentence(&bare(rule.says)));
    if let Some(recorded) = Recorded::of(rule) {
        let _ = writeln!(out, "\n{}", picture::lines(&recorded.trace, &recorded.finding.because).join("\n"));
        let _ = writeln!(out, "\n{}\n  {}", recorded.finding.sentence, recorded.origin());
    }
    let _ = writeln!(out, "\nWhat to do: {}.", bare(rule.help));
    if let Some(recorded) = Recorded::of(rule) {
        let _ = writeln!(out, "\nThe program:\n");
        for line in recorded.origin.program.lines() {
            let _ = writeln!(out, "{}", format!("    {line}").trim_end());
        }
    }
    out
}

/// Markdown of one line without its signs.
fn bare(words: &str) -> String {
    words.replace('`', "")
}

/// The gallery as the parts of `docs/findings.md`.
///
/// # Panics
/// Where a rule has no record: tests see that each has one.
#[must_use]
pub fn markdown() -> String {
    let part = |rule: &Rule| {
        let recorded = Recorded::of(rule).expect("every rule has a record");
        let id = rule.id;
        format!(
            "### {}\n\n`{id}`: {}.\n\n![{}](findings/{id}.svg)\n\n> {}\n\n**What to do:** {}.\n\n<sub>[{id}.py](../tests/findings/{id}.py), \
             {}.</sub>\n\n",
            rule.name,
            rule.says,
            rule.name,
            recorded.finding.sentence,
            rule.help,
            recorded.origin(),
        )
    };
    RULES.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_words() {
        for (place, rule) in RULES.iter().enumerate() {
            let others = &RULES[..place];
            assert!(others.iter().all(|other| (other.id, other.name) != (rule.id, rule.name)), "{}", rule.id);
            for words in [rule.name, rule.says, rule.help] {
                assert!(!words.is_empty() && !words.ends_with('.') && !words.contains('\n'), "{}: {words}", rule.id);
            }
            assert!(rule.name.chars().count() <= 30, "{}", rule.name);
        }
    }

    #[test]
    fn the_text_has_the_picture_and_the_sentence_of_the_run() {
        let text = text(rule("gil-serialized").expect("a rule"));
        insta::assert_snapshot!(text);
    }
}
