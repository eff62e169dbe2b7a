//! What a lesson is, once it has been read.

pub use super::claim::Claim;
pub use super::headline::{Better, Headline};
pub use super::interview::{InterviewQuestion, Proof};
pub use super::prediction::{Drawing, Metric, Prediction, PredictionAsk, PredictionChoice};
pub use super::question::{Check, CheckKind, Choice, Typed};
pub use super::solution::Solution;
pub use super::takeaway::{Piece, Takeaway};
pub use super::task::{Expect, Task};

use super::expression::Expression;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One lesson: pages to read, programs to run, questions to answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// The folder's name, such as `02-gil`.
    pub id: String,
    /// The title, such as "The GIL".
    pub title: String,
    /// One line that says what it is about.
    pub summary: String,
    /// What one can say afterwards, a line each.
    pub able: Vec<String>,
    /// The pages, in reading order. Never empty.
    pub pages: Vec<Page>,
    /// The programs: the same work under different executors, in the order of the tabs. Never empty.
    pub programs: Vec<Program>,
    /// The knobs, by name, in the order of the source.
    pub knobs: Vec<Knob>,
    /// Predictions, each asked before its first run.
    pub predictions: Vec<Prediction>,
    /// Questions after the runs.
    pub checks: Vec<Check>,
    /// Programs for the learner to change.
    pub tasks: Vec<Task>,
    /// What the text says about measurements.
    pub claims: Vec<Claim>,
    /// Which settings of the knobs together somebody can wait for; every one where it is `None`.
    pub settings: Option<Expression>,
    /// Words that its pages teach.
    pub teaches: Vec<String>,
    /// Words that it takes for known.
    pub needs: Vec<String>,
    /// Names on its pages that are neither its programs' nor Python's.
    pub mentions: Vec<String>,
    /// Questions to answer in one's own words.
    pub interview: Vec<InterviewQuestion>,
    /// What the lesson leaves behind, with the learner's numbers.
    pub takeaway: Option<Takeaway>,
    /// Whether runs need the loopback HTTP server. Its address is put into the constant `URL`.
    pub server: bool,
}

/// One page: at most a screen of Markdown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The level-1 heading.
    pub title: String,
    /// The Markdown below it.
    pub markdown: String,
    /// The program that this page is about: turning to the page selects its tab.
    pub program: Option<String>,
    /// Ids of the checks asked on this page.
    pub checks: Vec<String>,
}

/// One program of a lesson: a Python file, its Rust twin, or both.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// The executor's name on its tab, such as `threads`.
    pub name: String,
    /// The file's name without its extension: the program's name, unless that would shadow a module that it imports.
    pub stem: String,
    /// The Python source as it stands in the lesson's folder.
    pub python: Option<String>,
    /// The Rust twin's source as it stands in the lesson's folder.
    pub rust: Option<String>,
    /// The oldest CPython (major, minor) that has what it needs.
    pub requires: Option<(u8, u8)>,
    /// Whether other programs' speed-up is measured against this one.
    pub baseline: bool,
    /// Whether it does another work than the baseline, so that a speed-up against that would say nothing.
    pub apart: bool,
    /// One line beside the tab, such as what the native twin stands in for.
    pub note: Option<String>,
    /// Packages from PyPI that the Python source imports.
    pub packages: Vec<String>,
    /// Why the Rust twin is not compared with the Python source, where the lesson says so.
    pub twin_differs: Option<String>,
    /// The number that it is about.
    pub headline: Headline,
}

impl Program {
    /// Its source in this language, as it stands in the lesson's folder.
    #[must_use]
    pub fn source(&self, language: Language) -> Option<&str> {
        match language {
            Language::Python => self.python.as_deref(),
            Language::Rust => self.rust.as_deref(),
        }
    }
}

/// A source language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Python.
    Python,
    /// Rust.
    Rust,
}

/// A constant at the top of the programs that the learner may turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Knob {
    /// The constant's name, such as `WORKERS`.
    pub name: String,
    /// What it means, in a few words.
    pub label: String,
    /// The value in the source.
    pub default: KnobValue,
    /// The smallest value allowed.
    pub min: KnobValue,
    /// The largest value allowed.
    pub max: KnobValue,
    /// The values that the keys step through, ascending.
    pub steps: Vec<KnobValue>,
}

/// A knob's value: a whole number or a fraction.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(untagged)]
pub enum KnobValue {
    /// A whole number.
    Int(i64),
    /// A fraction.
    Float(f64),
}

/// Values of all knobs of a run, by name.
pub type Knobs = BTreeMap<String, KnobValue>;

impl KnobValue {
    /// The value as a fraction.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "knobs are far below 2^53")]
    pub const fn as_f64(self) -> f64 {
        match self {
            KnobValue::Int(i) => i as f64,
            KnobValue::Float(f) => f,
        }
    }
}

/// A whole number as a program has it, its digits in groups of three: `10_000_000`.
#[must_use]
pub fn grouped(int: i64) -> String {
    let digits = int.unsigned_abs().to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    format!("{}{}", if int < 0 { "-" } else { "" }, groups.join("_"))
}

impl std::fmt::Display for KnobValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            KnobValue::Int(i) if i.abs() < 10_000 => write!(f, "{i}"),
            KnobValue::Int(i) => f.write_str(&grouped(*i)),
            KnobValue::Float(x) => write!(f, "{x:?}"),
        }
    }
}

impl Lesson {
    /// The program with this name, or with this file stem.
    #[must_use]
    pub fn program(&self, name: &str) -> Option<&Program> {
        self.programs.iter().find(|p| p.name == name).or_else(|| self.programs.iter().find(|p| p.stem == name))
    }

    /// The program that speed-up is measured against.
    #[must_use]
    pub fn baseline(&self) -> Option<&Program> {
        self.programs.iter().find(|p| p.baseline)
    }

    /// Every knob at its default.
    #[must_use]
    pub fn default_knobs(&self) -> Knobs {
        self.knobs.iter().map(|k| (k.name.clone(), k.default)).collect()
    }
}
