//! The parts of a course: headings over its lessons, from the file `parts.toml` beside them.

use super::id::own_name;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The file beside the lessons' folders.
pub const PARTS_FILE: &str = "parts.toml";

/// A part of the course.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The number of its first lesson's folder.
    pub from: u32,
    /// The heading.
    pub title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    part: Vec<Part>,
}

/// Reads the file.
///
/// # Errors
/// Where in the text something is wrong, and what.
pub fn parse(text: &str) -> Result<Vec<Part>, (Range<usize>, String)> {
    let file: File = toml::from_str(text).map_err(|e| (e.span().unwrap_or(0..0), e.message().trim_end().to_owned()))?;
    if !file.part.is_sorted_by(|a, b| a.from < b.from) {
        return Err((0..0, "the parts must stand in order, each `from` above the one before".to_owned()));
    }
    Ok(file.part)
}

/// The number in front of a lesson's id: 2 for `02-gil`.
#[must_use]
pub fn number(id: &str) -> Option<u32> {
    own_name(id).split_once('-')?.0.parse().ok()
}

/// The part that a lesson belongs to, by place.
#[must_use]
pub fn part_of(parts: &[Part], id: &str) -> Option<usize> {
    let number = number(id)?;
    parts.iter().rposition(|part| part.from <= number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_belongs_to_the_last_part_that_begins_before_it() {
        let parts = parse("[[part]]\nfrom = 2\ntitle = \"A\"\n[[part]]\nfrom = 6\ntitle = \"B\"\n").unwrap();
        let of = |id| part_of(&parts, id).map(|p| parts[p].title.as_str());
        assert_eq!(
            [of("01-x"), of("02-x"), of("05-x"), of("06-x"), of("30-x"), of("x")],
            [None, Some("A"), Some("A"), Some("B"), Some("B"), None]
        );
    }

    #[test]
    fn a_broken_file_is_told_with_its_place() {
        let (span, message) = parse("[[part]]\nfrom = 1\ntitel = \"A\"\n").unwrap_err();
        assert_eq!(span.start, 18);
        assert!(message.contains("titel"), "{message}");
        assert!(parse("[[part]]\nfrom = 6\ntitle = \"A\"\n[[part]]\nfrom = 6\ntitle = \"B\"\n").is_err());
    }
}
