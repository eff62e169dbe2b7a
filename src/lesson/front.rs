//! The front matter of `lesson.md`: TOML between two lines `+++`, read with the place of every part.

use super::fault::{Log, hint, listed};
use super::table::{At, Number, Reader, parse};
use super::types::{Choice, Metric};
use std::ops::Range;

/// The front matter, before anything was held against the files of the folder.
#[derive(Debug, Default)]
pub(super) struct Front {
    pub title: String,
    pub summary: String,
    pub server: Option<At<bool>>,
    pub programs: Vec<RawProgram>,
    pub knobs: Vec<RawKnob>,
    pub predictions: Vec<RawPrediction>,
    pub checks: Vec<RawCheck>,
}

#[derive(Debug)]
pub(super) struct RawProgram {
    pub name: At<String>,
    pub file: Option<At<String>>,
    pub requires: Option<(u8, u8)>,
    pub baseline: Option<At<bool>>,
    pub note: Option<String>,
}

#[derive(Debug)]
pub(super) struct RawKnob {
    pub name: At<String>,
    pub label: String,
    pub min: Option<At<Number>>,
    pub max: Option<At<Number>>,
    pub steps: Vec<At<Number>>,
}

#[derive(Debug)]
pub(super) struct RawPrediction {
    pub id: Option<At<String>>,
    pub program: Option<At<String>>,
    pub question: String,
    pub metric: Option<Metric>,
    pub choices: Vec<RawRange>,
    pub explain: String,
    pub span: Range<usize>,
}

#[derive(Debug)]
pub(super) struct RawRange {
    pub label: String,
    pub from: f64,
    pub to: f64,
    pub span: Range<usize>,
}

#[derive(Debug)]
pub(super) struct RawCheck {
    pub id: Option<At<String>>,
    pub question: String,
    pub choices: Vec<Choice>,
    pub span: Range<usize>,
}

/// Splits the file and reads the front matter. Also returns where the Markdown starts.
pub(super) fn read(text: &str, log: &mut Log<'_>) -> Option<(Front, usize)> {
    let (toml, body) = split(text, log)?;
    let table = parse(&text[toml.clone()], toml.start, log);
    let mut top = Reader::new(table.get_ref(), 0..0, "the front matter", toml.start);
    let front = Front {
        title: owned(top.needed_text(log, "title")),
        summary: owned(top.needed_text(log, "summary")),
        server: top.flag(log, "server"),
        programs: top.tables(log, "program", "a `[[program]]`").into_iter().filter_map(|t| program(t, log)).collect(),
        knobs: top.named(log, "knobs", "a `[knobs.NAME]`").into_iter().map(|(name, t)| knob(&name, t, log)).collect(),
        predictions: top
            .tables(log, "prediction", "a `[[prediction]]`")
            .into_iter()
            .map(|t| prediction(t, log))
            .collect(),
        checks: top.tables(log, "check", "a `[[check]]`").into_iter().map(|t| check(t, log)).collect(),
    };
    if front.programs.is_empty() && !table.get_ref().contains_key("program") {
        log.at(0, "the front matter has no `[[program]]`");
    }
    top.finish(log);
    Some((front, body))
}

/// The ranges of the TOML and the start of the Markdown.
fn split(text: &str, log: &mut Log<'_>) -> Option<(Range<usize>, usize)> {
    let mut offset = 0;
    let mut start = None;
    for line in text.split_inclusive('\n') {
        let fence = line.trim_end() == "+++";
        let end = offset + line.len();
        match start {
            None if fence => start = Some(end),
            None => {
                log.at(0, "the first line must be `+++`: the front matter stands between two such lines");
                return None;
            }
            Some(start) if fence => return Some((start..offset, end)),
            Some(_) => {}
        }
        offset = end;
    }
    let message = if start.is_some() {
        "the front matter is not closed: a second line `+++` is missing"
    } else {
        "the file is empty: it must begin with front matter between two lines `+++`"
    };
    log.at(0, message);
    None
}

fn program(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> Option<RawProgram> {
    let name = placed(t.needed_text(log, "name"));
    let file = placed(t.text(log, "file"));
    let requires = t.text(log, "requires").and_then(|r| {
        let version = version(r.value);
        if version.is_none() {
            log.span(&r.span, format!("`requires` must be a CPython version such as \"3.14\", not {:?}", r.value));
        }
        version
    });
    let baseline = t.flag(log, "baseline");
    let note = t.text(log, "note").map(|n| n.value.to_owned());
    t.finish(log);
    Some(RawProgram { name: name?, file, requires, baseline, note })
}

fn version(text: &str) -> Option<(u8, u8)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn knob(name: &At<&str>, mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawKnob {
    let knob = RawKnob {
        name: At { value: name.value.to_owned(), span: name.span.clone() },
        label: owned(t.needed_text(log, "label")),
        min: t.needed_number(log, "min"),
        max: t.needed_number(log, "max"),
        steps: t.numbers(log, "steps"),
    };
    t.finish(log);
    knob
}

fn prediction(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawPrediction {
    let raw = RawPrediction {
        id: placed(t.needed_text(log, "id")),
        program: placed(t.needed_text(log, "program")),
        question: owned(t.needed_text(log, "question")),
        metric: t.needed_text(log, "metric").and_then(|m| metric(&m, log)),
        explain: owned(t.needed_text(log, "explain")),
        span: t.span().clone(),
        choices: t.tables(log, "choice", "a `[[prediction.choice]]`").into_iter().map(|c| range(c, log)).collect(),
    };
    t.finish(log);
    raw
}

fn range(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawRange {
    let raw = RawRange {
        label: owned(t.needed_text(log, "label")),
        from: t.number(log, "from").map_or(0.0, |n| n.value.as_f64()),
        to: t.number(log, "to").map_or(f64::INFINITY, |n| n.value.as_f64()),
        span: t.span().clone(),
    };
    t.finish(log);
    raw
}

/// Metrics by the name that a lesson writes.
const METRICS: [(&str, Metric); 5] = [
    ("speedup", Metric::Speedup),
    ("parallelism", Metric::Parallelism),
    ("gil_wait", Metric::GilWait),
    ("wall", Metric::Wall),
    ("usable_cores", Metric::UsableCores),
];

fn metric(name: &At<&str>, log: &mut Log<'_>) -> Option<Metric> {
    let known = METRICS.iter().find(|(n, _)| *n == name.value).map(|(_, m)| *m);
    if known.is_none() {
        let hint = hint(name.value, METRICS.iter().map(|(n, _)| *n));
        log.span(&name.span, format!("there is no metric `{}`{hint}", name.value));
    }
    known
}

fn check(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawCheck {
    let raw = RawCheck {
        id: placed(t.needed_text(log, "id")),
        question: owned(t.needed_text(log, "question")),
        span: t.span().clone(),
        choices: t.tables(log, "choice", "a `[[check.choice]]`").into_iter().map(|c| choice(c, log)).collect(),
    };
    t.finish(log);
    raw
}

fn choice(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> Choice {
    let text = owned(t.needed_text(log, "text"));
    let explain = owned(t.needed_text(log, "explain"));
    let right = t.flag(log, "right").is_some_and(|r| r.value);
    let misconception = t.text(log, "misconception");
    match &misconception {
        Some(m) if right => log.span(&m.span, "a right answer reveals no misconception"),
        Some(m) if !is_id(m.value) => log.span(&m.span, id_rule(m.value)),
        None if !right => log.span(t.span(), "a wrong answer needs the id of the `misconception` that it reveals"),
        _ => {}
    }
    let misconception = misconception.map(|m| m.value.to_owned());
    t.finish(log);
    Choice { text, right, explain, misconception }
}

/// Whether a word can be an id: lower-case letters, digits and hyphens.
pub(super) fn is_id(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

pub(super) fn id_rule(word: &str) -> String {
    format!("{} is no id: use lower-case letters, digits and hyphens", listed(&[word]))
}

fn owned(text: Option<At<&str>>) -> String {
    text.map_or_else(String::new, |t| t.value.trim().to_owned())
}

fn placed(text: Option<At<&str>>) -> Option<At<String>> {
    text.map(|t| At { value: t.value.to_owned(), span: t.span })
}
