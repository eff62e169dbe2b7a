//! The front matter of `lesson.md`: TOML between two lines `+++`, read with the place of every part.

use super::claim::{self, RawClaim};
use super::fault::{Log, listed};
use super::headline::{self, RawHeadline};
use super::interview::{self, RawInterview};
use super::prediction::{self, RawPrediction};
use super::question::{self, RawCheck};
use super::table::{At, Number, Reader, Text, parse};
use super::task::{self, RawTask};
use std::ops::Range;

/// The front matter, before anything was held against the files of the folder.
#[derive(Debug, Default)]
pub(super) struct Front {
    pub title: String,
    pub summary: String,
    pub able: Vec<String>,
    pub server: Option<At<bool>>,
    pub headline: Option<RawHeadline>,
    pub programs: Vec<RawProgram>,
    pub knobs: Vec<RawKnob>,
    pub predictions: Vec<RawPrediction>,
    pub checks: Vec<RawCheck>,
    pub tasks: Vec<RawTask>,
    pub claims: Vec<RawClaim>,
    pub interview: Vec<RawInterview>,
    pub settings: Option<At<String>>,
    pub teaches: Vec<String>,
    pub needs: Vec<String>,
    pub mentions: Vec<String>,
    pub takeaway: Option<At<String>>,
}

#[derive(Debug)]
pub(super) struct RawProgram {
    pub name: At<String>,
    pub file: Option<At<String>>,
    pub requires: Option<(u8, u8)>,
    pub baseline: Option<At<bool>>,
    pub compare: Option<At<bool>>,
    pub note: Option<String>,
    pub packages: Vec<At<String>>,
    pub twin: Option<At<String>>,
    pub headline: Option<RawHeadline>,
}

#[derive(Debug)]
pub(super) struct RawKnob {
    pub name: At<String>,
    pub label: String,
    pub min: Option<At<Number>>,
    pub max: Option<At<Number>>,
    pub steps: Vec<At<Number>>,
}

/// Splits the file and reads the front matter. Also returns where the Markdown starts.
pub(super) fn read(text: &str, log: &mut Log<'_>) -> Option<(Front, usize)> {
    let (toml, body) = split(text, log)?;
    let table = parse(&text[toml.clone()], toml.start, log);
    let mut top = Reader::new(table.get_ref(), 0..0, "the front matter", toml.start);
    let front = Front {
        title: top.needed_text(log, "title").owned(),
        summary: top.needed_text(log, "summary").owned(),
        able: words(&mut top, log, "able"),
        server: top.flag(log, "server"),
        headline: headline::read(&mut top, log),
        programs: top.tables(log, "program", "a `[[program]]`").into_iter().filter_map(|t| program(t, log)).collect(),
        knobs: top.named(log, "knobs", "a `[knobs.NAME]`").into_iter().map(|(name, t)| knob(&name, t, log)).collect(),
        predictions: top
            .tables(log, "prediction", "a `[[prediction]]`")
            .into_iter()
            .map(|t| prediction::read(t, log))
            .collect(),
        checks: top.tables(log, "check", "a `[[check]]`").into_iter().map(|t| question::read(t, log)).collect(),
        tasks: top.tables(log, "task", "a `[[task]]`").into_iter().map(|t| task::read(t, log)).collect(),
        claims: top.tables(log, "claim", "a `[[claim]]`").into_iter().map(|t| claim::read(t, log)).collect(),
        interview: top
            .tables(log, "interview", "an `[[interview]]`")
            .into_iter()
            .map(|t| interview::read(t, log))
            .collect(),
        settings: top.text(log, "settings").placed(),
        teaches: words(&mut top, log, "teaches"),
        needs: words(&mut top, log, "needs"),
        mentions: words(&mut top, log, "mentions"),
        takeaway: top.text(log, "takeaway").placed(),
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
    let name = t.needed_text(log, "name").placed();
    let file = t.text(log, "file").placed();
    let requires = t.version(log, "requires");
    let baseline = t.flag(log, "baseline");
    let compare = t.flag(log, "compare");
    let note = t.text(log, "note").map(|n| n.value.to_owned());
    let packages = t.texts(log, "packages");
    let twin = t.text(log, "twin").placed();
    let headline = headline::read(&mut t, log);
    t.finish(log);
    Some(RawProgram { name: name?, file, requires, baseline, compare, note, packages, twin, headline })
}

fn words(top: &mut Reader<'_, '_>, log: &mut Log<'_>, key: &'static str) -> Vec<String> {
    top.texts(log, key).into_iter().map(|word| word.value).collect()
}

fn knob(name: &At<&str>, mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawKnob {
    let knob = RawKnob {
        name: At { value: name.value.to_owned(), span: name.span.clone() },
        label: t.needed_text(log, "label").owned(),
        min: t.needed_number(log, "min"),
        max: t.needed_number(log, "max"),
        steps: t.numbers(log, "steps"),
    };
    t.finish(log);
    knob
}

pub(super) fn id_rule(word: &str) -> String {
    format!("{} is no id: use lower-case letters, digits and hyphens", listed(&[word]))
}
