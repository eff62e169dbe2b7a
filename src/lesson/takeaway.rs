//! What a lesson leaves behind: a paragraph with places for the learner's own numbers.
//!
//! `{threads.wall}` is a metric of the last run of `threads`, `{threads.printed "lost"}` a number that it printed, and
//! `{threads.WORKERS}` the value that a knob had in it.

use super::fault::{Log, hint};
use super::prediction::Metric;
use super::table::At;
use super::types::{Knob, Program};
use serde::{Deserialize, Serialize};

/// A paragraph with places for numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takeaway {
    /// Its parts, in order.
    pub parts: Vec<Piece>,
}

/// A part of a take-away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// Text as it stands, in Markdown.
    Text(String),
    /// A number of the learner's own.
    Number {
        /// The program whose last run has it.
        program: String,
        /// Which number.
        metric: Metric,
    },
    /// The value of a knob.
    Knob {
        /// The program whose last run had it.
        program: String,
        /// The knob's name.
        knob: String,
    },
}

pub(super) fn build(text: &At<String>, programs: &[Program], knobs: &[Knob], log: &mut Log<'_>) -> Option<Takeaway> {
    let mut parts = Vec::new();
    let mut rest = text.value.trim();
    while let Some((before, after)) = rest.split_once('{') {
        parts.push(Piece::Text(before.to_owned()));
        let Some((inside, after)) = after.split_once('}') else {
            log.span(&text.span, "a `{` in the take-away has no `}`");
            return None;
        };
        parts.push(piece(inside, text, (programs, knobs), log)?);
        rest = after;
    }
    parts.push(Piece::Text(rest.to_owned()));
    parts.retain(|part| *part != Piece::Text(String::new()));
    if parts.is_empty() {
        log.span(&text.span, "the take-away is empty");
    }
    Some(Takeaway { parts })
}

/// Reads `threads.wall`, `threads.printed "lost"` or `threads.WORKERS`.
fn piece(
    inside: &str,
    text: &At<String>,
    (programs, knobs): (&[Program], &[Knob]),
    log: &mut Log<'_>,
) -> Option<Piece> {
    let (program, metric) = inside.split_once('.').unwrap_or((inside, ""));
    let (program, metric) = (program.trim(), metric.trim());
    if !programs.iter().any(|p| p.name == program) {
        let hint = hint(program, programs.iter().map(|p| p.name.as_str()));
        log.span(&text.span, format!("`{{{inside}}}`: there is no program `{program}`{hint}"));
        return None;
    }
    if let Some(knob) = knobs.iter().find(|knob| knob.name == metric) {
        return Some(Piece::Knob { program: program.to_owned(), knob: knob.name.clone() });
    }
    let name = match metric.strip_prefix("printed") {
        Some(label) => format!("printed:{}", label.trim_start_matches(':').trim()),
        None => metric.to_owned(),
    };
    let Some(metric) = Metric::named(&name) else {
        log.span(&text.span, format!("`{{{inside}}}`: there is no metric and no knob `{metric}`"));
        return None;
    };
    Some(Piece::Number { program: program.to_owned(), metric })
}
