//! What a Python program died of, read from what it wrote to standard error.

use super::Outcome;
use crate::runtime::Runtime;
use crate::runtime::cpython::started::Subject;
use crate::runtime::program_file::is_program_file;

/// More of the end of standard error is not looked at, in bytes.
const LOOKED_AT: usize = 64 << 10;

/// The longest exception that is shown, in characters.
const LONGEST: usize = 120;

/// An exception that nobody caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The last line of its traceback, such as `ValueError: no`.
    pub exception: String,
    /// Where in the program it was raised, or passed through last; `None` where no frame is the program's own.
    pub at: Option<RaisedAt>,
}

/// A place in the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaisedAt {
    /// The line, from 1.
    pub line: usize,
    /// Its text; empty where the traceback has none.
    pub code: String,
}

impl Raised {
    /// The last exception that a run's program told of, whether the program died of it or a thread of it did; `None` where
    /// there was none, or it is no Python program.
    #[must_use]
    pub fn in_run(outcome: &Outcome) -> Option<Raised> {
        if !matches!(outcome.spec.runtime, Runtime::CPython(_)) {
            return None;
        }
        let from = outcome.stderr.len().saturating_sub(LOOKED_AT);
        let text = String::from_utf8_lossy(&outcome.stderr[from..]);
        let own = outcome.spec.own.as_ref().map(|own| &own.subject);
        let mut raised =
            Raised::in_text(&text, |file| own.is_some_and(|own| own.is_in(file)) || is_program_file(file))?;
        // A traceback has no lines of what is in no file.
        if let (Some(at), Some(Subject::Code(code))) = (raised.at.as_mut().filter(|at| at.code.is_empty()), own) {
            code.to_string_lossy()
                .lines()
                .nth(at.line.saturating_sub(1))
                .unwrap_or_default()
                .trim()
                .clone_into(&mut at.code);
        }
        Some(raised)
    }

    /// Whether the program could not even be read: nothing of it has run.
    #[must_use]
    pub fn unread(&self) -> bool {
        ["SyntaxError", "IndentationError", "TabError"].iter().any(|name| self.exception.starts_with(name))
    }

    /// The last exception in a text; `own` tells whether a file is the program.
    fn in_text(text: &str, own: impl Fn(&str) -> bool) -> Option<Raised> {
        let (mut found, mut open, mut at) = (None, false, None);
        let mut lines = text.lines().map(ungrouped).peekable();
        while let Some(line) = lines.next() {
            if line.starts_with("Traceback (most recent call last)")
                || line.ends_with("Traceback (most recent call last):")
            {
                (open, at) = (true, None);
            } else if let Some((file, number)) = frame(line) {
                open = true;
                let code = lines.next_if(|next| next.starts_with("    ")).map(|code| code.trim().to_owned());
                if own(file) {
                    at = Some(RaisedAt { line: number, code: code.unwrap_or_default() });
                }
            } else if open && !line.starts_with(' ') && !line.is_empty() {
                open = false;
                let exception = line.chars().take(LONGEST).collect();
                found = Some(Raised { exception, at: at.take() });
            }
        }
        found
    }
}

/// A line of an exception group's traceback without the lines that draw the group.
fn ungrouped(line: &str) -> &str {
    let inner = line.trim_start().trim_start_matches(['|', '+', '-']);
    if inner.len() == line.trim_start().len() {
        line.trim_end()
    } else {
        inner.strip_prefix(' ').unwrap_or(inner).trim_end()
    }
}

/// `  File "PATH", line N, in NAME`: the path and the line.
fn frame(line: &str) -> Option<(&str, usize)> {
    let rest = line.strip_prefix("  File \"")?;
    let (file, rest) = rest.split_once("\", line ")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    Some((file, rest[..digits].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raised(text: &str) -> Option<(String, Option<(usize, String)>)> {
        let found = Raised::in_text(text, |file| file.ends_with("/threads.py"))?;
        Some((found.exception, found.at.map(|at| (at.line, at.code))))
    }

    fn at(exception: &str, line: usize, code: &str) -> (String, Option<(usize, String)>) {
        (exception.into(), Some((line, code.into())))
    }

    #[test]
    fn the_innermost_line_of_the_program_is_told() {
        let text = "before\nTraceback (most recent call last):\n  File \"/x/threads.py\", line 30, in <module>\n    main()\n    ~~~~^^\n  \
                    File \"/x/threads.py\", line 12, in main\n    int(\"a\")\n  File \"/usr/lib/python3/lib.py\", line 9, in lib\n    raise no\n\
                    ValueError: no\nsays more\n";
        assert_eq!(raised(text).unwrap(), at("ValueError: no", 12, "int(\"a\")"));
    }

    #[test]
    fn what_cannot_be_read_has_its_line_too() {
        let text = "  File \"/x/threads.py\", line 3\n    x = = 2\n        ^\nSyntaxError: invalid syntax\n";
        assert_eq!(raised(text).unwrap(), at("SyntaxError: invalid syntax", 3, "x = = 2"));
        assert!(Raised::in_text(text, |_| true).unwrap().unread());
    }

    #[test]
    fn of_a_chain_and_of_a_group_the_last_counts() {
        let one = |name: &str, line| {
            format!(
                "Traceback (most recent call last):\n  File \"/x/threads.py\", line {line}, in f\n    g()\n{name}: a\n"
            )
        };
        let chain = format!(
            "{}\nDuring handling of the above exception, another exception occurred:\n\n{}",
            one("KeyError", 1),
            one("OSError", 2)
        );
        assert_eq!(raised(&chain).unwrap(), at("OSError: a", 2, "g()"));
        let group = "  + Exception Group Traceback (most recent call last):\n  |   File \"/x/threads.py\", line 40, in <module>\n  \
                     |     run()\n  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)\n  +-+---------------- 1 ----------------\n    \
                     | Traceback (most recent call last):\n    |   File \"/x/threads.py\", line 7, in job\n    |     raise ValueError(1)\n    \
                     | ValueError: 1\n    +------------------------------------\n";
        assert_eq!(raised(group).unwrap(), at("ValueError: 1", 7, "raise ValueError(1)"));
    }

    #[test]
    fn without_a_line_of_the_program_there_is_the_exception_alone() {
        let text = "Traceback (most recent call last):\n  File \"/usr/lib/a.py\", line 9, in lib\n    raise no\nValueError: no\n";
        assert_eq!(raised(text), Some(("ValueError: no".into(), None)));
        assert_eq!(raised("just words\n"), None);
    }

    proptest! {
        #[test]
        fn nothing_that_a_program_writes_is_too_strange(text in "(  File \"/x/threads.py\", line [0-9]{0,30}.*\n|[ |+-]*.*\n){0,8}") {
            let _ = raised(&text);
        }
    }
}
