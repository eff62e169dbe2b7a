//! A fault in a lesson folder, with the place where it stands.

use crate::trace::plain;
use std::fmt;
use std::ops::Range;

/// One fault, shown as `FILE:LINE:COLUMN: MESSAGE`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Fault {
    /// The file, relative to the folder that was checked.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters, from 1.
    pub column: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A file's name may hold what would pass for another line.
        write!(f, "{}:{}:{}: {}", plain(&self.file), self.line, self.column, plain(&self.message))
    }
}

/// Why a course cannot be used: every fault that was found, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.0.iter();
        if let Some(first) = lines.next() {
            write!(f, "{first}")?;
        }
        lines.try_for_each(|fault| write!(f, "\n{fault}"))
    }
}

impl std::error::Error for Faults {}

/// Collects the faults of one file and turns byte offsets into lines and columns.
#[derive(Debug)]
pub(super) struct Log<'t> {
    file: &'t str,
    text: &'t str,
    faults: Vec<Fault>,
    /// How many faults there were besides those that are told.
    more: usize,
}

/// The most faults that are told of one file: finding the place of each takes time.
const MOST: usize = 100;

impl<'t> Log<'t> {
    pub(super) const fn new(file: &'t str, text: &'t str) -> Self {
        Log { file, text, faults: Vec::new(), more: 0 }
    }

    /// Notes a fault at a byte offset.
    pub(super) fn at(&mut self, offset: usize, message: impl Into<String>) {
        if self.faults.len() == MOST {
            self.more += 1;
            return;
        }
        let (line, column) = line_and_column(self.text, offset);
        self.faults.push(Fault { file: self.file.to_owned(), line, column, message: message.into() });
    }

    /// Notes a fault at the start of a byte range.
    pub(super) fn span(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.at(span.start, message);
    }

    /// The line of a byte range's start, from 1.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        line_and_column(self.text, span.start).0
    }

    pub(super) fn into_faults(mut self) -> Vec<Fault> {
        if self.more > 0 {
            let (line, column) = line_and_column(self.text, self.text.len());
            let message = format!("{} more faults are not told", self.more);
            self.faults.push(Fault { file: self.file.to_owned(), line, column, message });
        }
        self.faults
    }
}

/// The line and the column, both from 1, of a byte offset.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// `; did you mean "..."?` where one of the known words is close to the unknown one, else the list of known words.
pub(super) fn hint<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match closest(unknown, known.iter().copied()) {
        Some(word) => format!("; did you mean `{word}`?"),
        None if known.is_empty() => String::new(),
        None => format!("; there is {}", listed(&known)),
    }
}

/// The known word that is most like the unknown one, if any is like it.
#[must_use]
pub fn closest<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let unknown = unknown.to_lowercase();
    known
        .into_iter()
        .map(|word| (likeness(&unknown, &word.to_lowercase()), word))
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

/// How like two words are, from 0 to 1. In short words one slip of the fingers, such as two letters that changed places,
/// is a great part of the word: it counts as near whatever its share.
fn likeness(a: &str, b: &str) -> f64 {
    let one_slip = a.chars().count() > 1 && strsim::damerau_levenshtein(a, b) == 1;
    strsim::jaro_winkler(a, b).max(if one_slip { 0.8 } else { 0.0 })
}

/// Words in backticks, separated by commas.
pub(super) fn listed(words: &[&str]) -> String {
    words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_one_line_whatever_its_file_is_called() {
        let fault = Fault { file: "a\n9:9:9: forged".into(), line: 1, column: 1, message: "no\x1b[2J".into() };
        assert_eq!(fault.to_string(), "a\u{fffd}9:9:9: forged:1:1: no\u{fffd}[2J");
    }

    #[test]
    fn of_many_faults_some_are_told_and_the_others_counted() {
        let mut log = Log::new("lesson.md", "text");
        (0..MOST + 7).for_each(|_| log.at(0, "wrong"));
        let faults = log.into_faults();
        assert_eq!(faults.len(), MOST + 1);
        assert_eq!(faults[MOST].message, "7 more faults are not told");
    }

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = "äb\ncd";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, 2), (1, 2));
        assert_eq!(line_and_column(text, 4), (2, 1));
        assert_eq!(line_and_column(text, 99), (2, 3));
    }

    #[test]
    fn a_near_miss_is_recognised_and_a_far_one_lists_what_there_is() {
        assert_eq!(hint("tread", ["threads", "processes"]), "; did you mean `threads`?");
        assert_eq!(hint("zzz", ["threads", "processes"]), "; there is `threads`, `processes`");
        assert_eq!(closest("WORKRES", ["WORKERS", "N"]), Some("WORKERS"));
        assert_eq!(closest("gli", ["02-gil", "03-io", "gil", "io"]), Some("gil"));
        assert_eq!(closest("x", ["io", "N"]), None);
    }
}
