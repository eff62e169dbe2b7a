//! An expression in the Common Expression Language (CEL) that stands in a lesson: what a claim says about runs.
//!
//! Here it is only read and held against the names that it may use; `judge` evaluates it over real runs.

use super::fault::{Log, hint};
use super::table::At;
#[cfg(course_built)]
use super::types::Knobs;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An expression that parses, with the names that it uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expression {
    /// The text, as the lesson has it.
    pub text: String,
    /// The variables in it, sorted.
    pub names: Vec<String>,
    /// The line of `lesson.md` where it stands, from 1.
    pub line: usize,
}

/// Variables that every expression over runs may use, beside programs and knobs.
pub const MACHINE: [&str; 1] = ["usable_cores"];
/// Variables of an expression over a runtime.
pub const RUNTIME: [&str; 5] = ["cpython", "native", "gil", "free_threaded", "minor"];

/// Reads an expression; a syntax fault or an unknown name is noted at its place.
pub(super) fn read(text: &At<String>, known: &[&str], log: &mut Log<'_>) -> Option<Expression> {
    if let Err(why) = is_bounded(&text.value) {
        log.span(&text.span, why);
        return None;
    }
    // The parser is not ours: a fault of its own must not end the tutor on somebody's lesson.
    let parsed = catch_unwind(AssertUnwindSafe(|| cel::Program::compile(&text.value)));
    let program = match parsed {
        Ok(Ok(program)) => program,
        Ok(Err(errors)) => {
            let first = errors.errors.first().map_or("it does not parse", |e| e.msg.as_str());
            let column = errors.errors.first().map_or(1, |e| e.pos.1.max(1));
            // The parser lists every token that it knows.
            let first = first.lines().next().unwrap_or_default().split(" expecting").next().unwrap_or_default();
            log.span(&text.span, format!("this is no expression, from its column {column} on: {first}"));
            return None;
        }
        Err(_) => {
            log.span(&text.span, "this is no expression that can be read");
            return None;
        }
    };
    let mut names: Vec<String> = program.references().variables().into_iter().map(str::to_owned).collect();
    // What a macro introduces, as `l` in `lanes.all(l, ...)`, and what the parser makes of macros, is no name of ours.
    names.retain(|name| !name.starts_with('@') && !is_macro_variable(&text.value, name));
    names.sort();
    let mut fine = true;
    for name in &names {
        if !known.contains(&name.as_str()) {
            fine = false;
            log.span(&text.span, format!("the expression knows no `{name}`{}", hint(name, known.iter().copied())));
        }
    }
    fine.then(|| Expression { text: text.value.clone(), names, line: log.line(&text.span) })
}

/// The number that an expression over knobs comes to.
#[cfg(course_built)]
pub(super) fn value(text: &str, knobs: &Knobs) -> Result<f64, String> {
    let program = catch_unwind(AssertUnwindSafe(|| cel::Program::compile(text)));
    let program = program.map_err(|_| "it cannot be read".to_owned())?.map_err(|error| error.to_string())?;
    let mut context = cel::Context::default();
    for (name, value) in knobs {
        context.add_variable_from_value(name.clone(), cel::Value::Float(value.as_f64()));
    }
    match program.execute(&context).map_err(|error| error.to_string())? {
        cel::Value::Float(value) => Ok(value),
        other => Err(format!("it comes to {other:?}; numbers are written with a point, 2.0")),
    }
}

/// The longest expression, in bytes; the parser calls itself for every part of it.
const LONGEST: usize = 1000;
/// How deep brackets, and calls that go through lists, may stand in each other: a list in a list in a list takes the cube of
/// its length.
const DEEPEST: (usize, usize) = (16, 2);
/// The calls that go through a list.
const MACROS: [&str; 5] = ["all", "exists", "exists_one", "map", "filter"];

/// Whether an expression can be read, and evaluated, in a time that nobody notices.
fn is_bounded(text: &str) -> Result<(), String> {
    if text.len() > LONGEST {
        return Err(format!("this expression is longer than {LONGEST} bytes"));
    }
    // For each open bracket, whether it belongs to a call that goes through a list.
    let mut open = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' | '{' => open.push(
                letter == '('
                    && MACROS.iter().any(|call| {
                        text[..at].trim_end().strip_suffix(call).is_some_and(|before| before.trim_end().ends_with('.'))
                    }),
            ),
            ')' | ']' | '}' => _ = open.pop(),
            _ => {}
        }
        let loops = open.iter().filter(|loops| **loops).count();
        if open.len() > DEEPEST.0 || loops > DEEPEST.1 {
            let what = if loops > DEEPEST.1 { "calls that go through lists" } else { "brackets" };
            return Err(format!("too many {what} stand in each other in this expression"));
        }
    }
    Ok(())
}

/// Whether a macro call such as `.all(name, ...)` introduces this name.
fn is_macro_variable(text: &str, name: &str) -> bool {
    MACROS.iter().any(|call| {
        let call = format!(".{call}(");
        text.match_indices(&call).any(|(at, _)| {
            let rest = text[at + call.len()..].trim_start();
            rest.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(','))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_read_within_bounds() {
        let bounded = |text: &str| is_bounded(text).is_ok();
        assert!(bounded("lanes.filter(l, l.kind == 'thread').all(l, l.end_s > max(workers.map(w, w.end_s)))"));
        assert!(!bounded(&format!("1{}", " + 1".repeat(50_000))), "it overflowed the parser's stack");
        assert!(!bounded(&"(".repeat(17)) && bounded(&"()".repeat(17)));
        let nested = |n: usize| format!("{}1{}", "l.all (x, ".repeat(n), ")".repeat(n));
        assert!(bounded(&nested(2)) && !bounded(&nested(3)));
        assert!(!bounded("a.map(x, b.filter(y, c.exists_one(z, z)))"));
    }

    fn read_one(text: &str) -> (Option<Expression>, usize) {
        let mut log = Log::new("lesson.md", text);
        let read = read(&At { value: text.to_owned(), span: 0..text.len() }, &["threads", "N"], &mut log);
        (read, log.into_faults().len())
    }

    #[test]
    fn names_are_programs_and_knobs_and_a_macro_has_its_own() {
        let (read, faults) = read_one("threads.lanes.filter(l, l.kind == 'thread').size() >= 2 && N > 1.0");
        assert_eq!(faults, 0);
        assert_eq!(read.map(|e| e.names), Some(vec!["N".to_owned(), "threads".to_owned()]));
    }

    #[test]
    fn what_does_not_parse_or_is_unknown_is_a_fault() {
        for bad in ["threads.", "treads.wall_s < 1.0", "", "1 +", "((((", "l.kind == 'x'"] {
            let (read, faults) = read_one(bad);
            assert!(read.is_none() && faults > 0, "{bad}");
        }
    }
}
