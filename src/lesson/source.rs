//! Finds a constant at the top of a program, in Python or in Rust.
//!
//! Python: `NAME = value` or `NAME: type = value` at the start of a line. Rust: `NAME: type = value`, with or without
//! `const`, on a line of its own.

use super::types::{KnobValue, Language};
use std::ops::Range;

/// A constant in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// The line, from 0.
    pub line: usize,
    /// Where its value stands: byte offsets into the source.
    pub value: Range<usize>,
}

/// The first constant of that name.
#[must_use]
pub fn constant(source: &str, language: Language, name: &str) -> Option<Constant> {
    let mut offset = 0;
    for (line, text) in source.split_inclusive('\n').enumerate() {
        if let Some(range) = value_in(text, language, name) {
            return Some(Constant { line, value: offset + range.start..offset + range.end });
        }
        offset += text.len();
    }
    None
}

fn value_in(line: &str, language: Language, name: &str) -> Option<Range<usize>> {
    let rest = match language {
        Language::Python => line,
        Language::Rust => {
            let rest = line.trim_start();
            let rest = rest.strip_prefix("pub ").unwrap_or(rest);
            rest.strip_prefix("const ").or_else(|| rest.strip_prefix("static ")).unwrap_or(rest)
        }
    };
    let rest = rest.strip_prefix(name)?.trim_start();
    let rest = match rest.strip_prefix(':') {
        Some(typed) => typed.trim_start().trim_start_matches(|c: char| c.is_alphanumeric() || "_&'.<>[]".contains(c)),
        None if language == Language::Python => rest,
        None => return None,
    };
    // `&'static str` has a space inside.
    let rest = rest.trim_start().strip_prefix("str").unwrap_or(rest).trim_start();
    let value = rest.strip_prefix('=').filter(|v| !v.starts_with('='))?.trim_start();
    let start = line.len() - value.len();
    let length = literal_length(value);
    (length > 0).then_some(start..start + length)
}

/// The length of the number or the text in double quotes at the start.
fn literal_length(value: &str) -> usize {
    if let Some(text) = value.strip_prefix('"') {
        return text.find(['"', '\n']).filter(|i| text[*i..].starts_with('"')).map_or(0, |i| i + 2);
    }
    value.find(|c: char| !(c.is_alphanumeric() || "_.+-".contains(c))).unwrap_or(value.len())
}

/// Reads a number as Python and Rust write it.
#[must_use]
pub fn number(text: &str) -> Option<KnobValue> {
    let plain = text.replace('_', "");
    if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return None; // `inf` and `nan` parse as f64
    }
    if let Ok(int) = plain.parse() {
        return Some(KnobValue::Int(int));
    }
    plain.parse().ok().filter(|f: &f64| f.is_finite()).map(KnobValue::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'s>(source: &'s str, language: Language, name: &str) -> Option<(usize, &'s str)> {
        constant(source, language, name).map(|c| (c.line, &source[c.value]))
    }

    #[test]
    fn python_constants_stand_at_the_start_of_a_line() {
        let source =
            "import sys\n\nN = 5_000_000  # how many\nPAUSE: float = 0.05\nURL = \"http://a:1\"\n    M = 3\nK == 4\n";
        assert_eq!(value(source, Language::Python, "N"), Some((2, "5_000_000")));
        assert_eq!(value(source, Language::Python, "PAUSE"), Some((3, "0.05")));
        assert_eq!(value(source, Language::Python, "URL"), Some((4, "\"http://a:1\"")));
        assert_eq!(value(source, Language::Python, "M"), None);
        assert_eq!(value(source, Language::Python, "K"), None);
        assert_eq!(value("NN = 1", Language::Python, "N"), None);
    }

    #[test]
    fn rust_constants_have_a_type() {
        let source = "knobs! {\n    WORKERS: usize = 2;\n    URL: &'static str = \"x\";\n}\nconst N: u64 = 5_000;\n";
        assert_eq!(value(source, Language::Rust, "WORKERS"), Some((1, "2")));
        assert_eq!(value(source, Language::Rust, "URL"), Some((2, "\"x\"")));
        assert_eq!(value(source, Language::Rust, "N"), Some((4, "5_000")));
    }

    #[test]
    fn numbers_are_finite() {
        assert_eq!(number("5_000"), Some(KnobValue::Int(5000)));
        assert_eq!(number("-0.5"), Some(KnobValue::Float(-0.5)));
        for not_a_number in ["inf", "nan", "", "x", "1x", "_1", "1e999"] {
            assert_eq!(number(not_a_number), None, "{not_a_number}");
        }
    }
}
