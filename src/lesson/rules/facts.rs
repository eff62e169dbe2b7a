//! What backs sentences that are no measurement and no program's: facts, each with its source, in `facts.toml` beside the
//! lessons; and what needs none, with the reason.

use crate::lesson::fault::{Fault, hint, line_and_column};
use crate::lesson::types::Lesson;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The file's name.
const FILE: &str = "facts.toml";

/// Words of lessons, by the lesson's id.
type Words = BTreeMap<String, Vec<String>>;

/// The facts of a course.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    #[serde(default)]
    fact: Vec<Fact>,
    #[serde(default)]
    allowed: Vec<Allowed>,
    #[serde(skip)]
    text: String,
}

/// One fact.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    /// The fact.
    says: String,
    /// Where it can be looked up, or how it was tried.
    source: String,
    /// The words that it backs.
    backs: Words,
}

/// Words that nothing needs to back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    /// Why.
    reason: String,
    /// The words.
    words: Words,
}

impl Facts {
    /// The facts of the lessons in this folder: beside them, or beside the only one.
    pub(super) fn near(path: &Path) -> (Facts, Vec<Fault>) {
        let here = [Some(path), path.parent()];
        let found = here.into_iter().flatten().find_map(|folder| fs::read_to_string(folder.join(FILE)).ok());
        let Some(text) = found else { return (Facts::default(), Vec::new()) };
        match toml::from_str::<Facts>(&text) {
            Ok(facts) => (Facts { text, ..facts }, Vec::new()),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                (Facts::default(), vec![fault(&text, at, error.message().to_owned())])
            }
        }
    }

    /// All that is backed or allowed.
    fn all(&self) -> impl Iterator<Item = &Words> {
        self.fact.iter().map(|fact| &fact.backs).chain(self.allowed.iter().map(|allowed| &allowed.words))
    }

    /// The words of a lesson that a fact backs, or that are allowed.
    pub(super) fn of<'f>(&'f self, lesson: &'f str) -> impl Iterator<Item = &'f str> {
        self.all().filter_map(move |words| words.get(lesson)).flatten().map(String::as_str)
    }

    /// A fault at these words.
    pub(super) fn fault(&self, words: &str, message: String) -> Fault {
        fault(&self.text, self.text.find(words).unwrap_or(0), message)
    }

    /// What is wrong with the list itself.
    pub(super) fn faults(&self, lessons: &[Lesson]) -> Vec<Fault> {
        let told = self.fact.iter().flat_map(|fact| [&fact.says, &fact.source]);
        let empty =
            told.chain(self.allowed.iter().map(|allowed| &allowed.reason)).filter(|text| text.trim().is_empty());
        let mut out: Vec<Fault> = empty
            .map(|_| self.fault("\"\"", "a fact says something, and has a source; a reason is one".to_owned()))
            .collect();
        let ids = || lessons.iter().map(|lesson| lesson.id.as_str());
        // Of a lesson that is checked alone, the others are not there.
        for id in self.all().flat_map(Words::keys).filter(|id| lessons.len() > 1 && !ids().any(|known| known == *id)) {
            out.push(self.fault(id, format!("there is no lesson `{id}`{}", hint(id, ids()))));
        }
        out
    }
}

fn fault(text: &str, offset: usize, message: String) -> Fault {
    let (line, column) = line_and_column(text, offset);
    Fault { file: FILE.to_owned(), line, column, message }
}
