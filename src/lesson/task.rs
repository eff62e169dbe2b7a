//! "Modify and make": a program that the learner changes, judged by running it: `[[task]]`.

use super::claim::{self, RawSet};
use super::expression::{self, Expression};
use super::fault::{Log, hint};
use super::table::{At, Number, Reader, Text};
use super::types::{Knob, Knobs, Program};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// A change that the learner makes to a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// A stable id, unique in the lesson.
    pub id: String,
    /// The program whose source is copied for the learner to edit.
    pub program: String,
    /// What the changed program must do, in Markdown.
    pub goal: String,
    /// One sentence that helps, shown on request.
    pub hint: Option<String>,
    /// Knobs that are turned for judging; the others stand as in the source.
    pub set: Knobs,
    /// Seconds after which a run is ended.
    pub timeout_s: f64,
    /// What the run must show. Never empty.
    pub expects: Vec<Expect>,
    /// The oldest CPython (major, minor) that can run the solution; the program's own where it is `None`.
    pub requires: Option<(u8, u8)>,
    /// A changed program that passes: for the truth tests, never shown.
    pub solution: Option<String>,
}

/// One thing that a run must show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expect {
    /// In words, shown with a tick or a cross.
    pub says: String,
    /// Over `run`, the report of the learner's program.
    pub that: Expression,
}

#[derive(Debug)]
pub(super) struct RawTask {
    pub id: Option<At<String>>,
    program: Option<At<String>>,
    goal: String,
    hint: Option<String>,
    set: RawSet,
    timeout: Option<At<Number>>,
    expects: Vec<(String, Option<At<String>>)>,
    requires: Option<(u8, u8)>,
    pub solution: Option<At<String>>,
    span: Range<usize>,
}

pub(super) fn read(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawTask {
    let raw = RawTask {
        id: t.needed_text(log, "id").placed(),
        program: t.needed_text(log, "program").placed(),
        goal: t.needed_text(log, "goal").owned(),
        hint: t.text(log, "hint").map(|h| h.value.trim().to_owned()),
        set: t.number_table(log, "set"),
        timeout: t.number(log, "timeout"),
        requires: t.version(log, "requires"),
        solution: t.text(log, "solution").placed(),
        span: t.span().clone(),
        expects: t.tables(log, "expect", "a `[[task.expect]]`").into_iter().map(|e| expect(e, log)).collect(),
    };
    t.finish(log);
    raw
}

fn expect(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> (String, Option<At<String>>) {
    let raw = (t.needed_text(log, "says").owned(), t.needed_text(log, "that").placed());
    t.finish(log);
    raw
}

/// Holds a task against the programs, the knobs and the files of its lesson.
pub(super) fn build(
    raw: &RawTask,
    programs: &[Program],
    knobs: &[Knob],
    sources: &BTreeMap<&str, &str>,
    log: &mut Log<'_>,
) -> Option<Task> {
    if let Some(name) = &raw.program {
        match programs.iter().find(|p| p.name == name.value) {
            None => {
                let hint = hint(&name.value, programs.iter().map(|p| p.name.as_str()));
                log.span(&name.span, format!("there is no program `{}`{hint}", name.value));
            }
            Some(p) if p.python.is_none() => {
                log.span(&name.span, format!("`{}` has no Python source to change", p.name));
            }
            Some(_) => {}
        }
    }
    if raw.expects.is_empty() {
        log.span(&raw.span, "a task needs at least one `[[task.expect]]`: what its run must show");
    }
    let solution = raw.solution.as_ref().and_then(|s| {
        let found = sources.get(format!("{}.py", s.value).as_str());
        if found.is_none() {
            log.span(&s.span, format!("there is no file `{}.py`", s.value));
        }
        found.map(|source| (*source).to_owned())
    });
    let known: Vec<&str> =
        ["run"].into_iter().chain(knobs.iter().map(|k| k.name.as_str())).chain(expression::MACHINE).collect();
    let expects = raw
        .expects
        .iter()
        .filter_map(|(says, that)| {
            Some(Expect { says: says.clone(), that: expression::read(that.as_ref()?, &known, log)? })
        })
        .collect();
    Some(Task {
        id: raw.id.as_ref()?.value.clone(),
        program: raw.program.as_ref()?.value.clone(),
        goal: raw.goal.clone(),
        hint: raw.hint.clone(),
        set: claim::settings(&raw.set, knobs, log),
        timeout_s: claim::timeout(raw.timeout.as_ref(), log),
        expects,
        requires: raw.requires,
        solution,
    })
}
