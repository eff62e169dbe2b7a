//! "Modify and make": a program that the learner changes, judged by running it: `[[task]]`.

use super::claim::{self, RawSet};
use super::expression::{self, Expression};
use super::fault::{Log, hint};
use super::solution::{self, Solution};
use super::table::{At, Number, Reader, Text};
use super::types::{Knob, KnobValue, Knobs, Program};
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
    /// Knobs with the values that one is drawn from for each run: a learner cannot know which.
    pub vary: Vec<(String, Vec<KnobValue>)>,
    /// Knobs that are turned otherwise in the second run.
    pub again: Knobs,
    /// Seconds after which a run is ended.
    pub timeout_s: f64,
    /// What the run must show. Never empty.
    pub expects: Vec<Expect>,
    /// The oldest CPython (major, minor) that can run the solution; the program's own where it is `None`.
    pub requires: Option<(u8, u8)>,
    /// Changed programs that have to pass, and others that must not: for the checks, never shown.
    pub solutions: Vec<Solution>,
}

impl Task {
    /// The knobs of the runs that a solution has to pass, one after the other: those that vary have another value in each.
    /// What is drawn follows from `seed` alone.
    #[must_use]
    pub fn rounds(&self, seed: u64) -> [Knobs; 2] {
        let [mut first, mut second] = [self.set.clone(), self.set.clone()];
        let mut seed = seed;
        for (name, values) in &self.vary {
            let Some(others) = values.len().checked_sub(1) else { continue };
            let (one, step) = (draw(&mut seed, values.len()), draw(&mut seed, others));
            first.insert(name.clone(), values[one]);
            second.insert(name.clone(), values[(one + 1 + step) % values.len()]);
        }
        second.extend(self.again.clone());
        [first, second]
    }

    /// The source of the first right solution.
    #[must_use]
    pub fn solved(&self) -> Option<&str> {
        self.solutions.iter().find(|solution| solution.right).map(|solution| solution.source.as_str())
    }
}

/// A number below `bound`, or 0: one step of `SplitMix64`, which is enough to surprise a person.
fn draw(seed: &mut u64, bound: usize) -> usize {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let bound = u64::try_from(bound).unwrap_or(1).max(1);
    usize::try_from((mixed ^ (mixed >> 31)) % bound).unwrap_or(0)
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
    vary: Vec<(At<String>, Vec<At<Number>>)>,
    again: RawSet,
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
        vary: t.lists_table(log, "vary"),
        again: t.number_table(log, "again"),
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
    let named = raw.solution.as_ref().and_then(|s| {
        let found = sources.get(format!("{}.py", s.value).as_str());
        if found.is_none() {
            log.span(&s.span, format!("there is no file `{}.py`", s.value));
        }
        found.map(|source| Solution::named(&s.value, source))
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
        vary: varied(&raw.vary, knobs, log),
        again: claim::settings(&raw.again, knobs, log),
        timeout_s: claim::timeout(raw.timeout.as_ref(), log),
        expects,
        requires: raw.requires,
        solutions: named.into_iter().chain(solution::of_task(&raw.id.as_ref()?.value, sources)).collect(),
    })
}

/// The values of `vary`, each inside its knob's range. One alone would not vary.
fn varied(raw: &[(At<String>, Vec<At<Number>>)], knobs: &[Knob], log: &mut Log<'_>) -> Vec<(String, Vec<KnobValue>)> {
    let mut out = Vec::new();
    for (name, numbers) in raw {
        if numbers.len() < 2 {
            log.span(&name.span, format!("`{}` needs two values or more to vary between", name.value));
        }
        let one = |number: &At<Number>, log: &mut Log<'_>| {
            let raw = vec![(name.clone(), number.clone())];
            claim::settings(&raw, knobs, log).into_values().next()
        };
        // A name that is no knob's is one fault, and not one for each value.
        let known = knobs.iter().any(|knob| knob.name == name.value);
        let numbers = if known { numbers.as_slice() } else { numbers.get(..1).unwrap_or_default() };
        let values = numbers.iter().filter_map(|number| one(number, log)).collect();
        out.push((name.value.clone(), values));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::types::KnobValue::Int;

    #[test]
    fn what_varies_is_another_in_the_second_run_and_follows_from_the_seed() {
        let task = Task {
            id: "t".into(),
            program: "p".into(),
            goal: String::new(),
            hint: None,
            set: [("A".to_owned(), Int(1)), ("B".to_owned(), Int(1))].into(),
            vary: vec![("B".to_owned(), vec![Int(2), Int(3), Int(4)]), ("C".to_owned(), vec![Int(5), Int(6)])],
            again: [("A".to_owned(), Int(9))].into(),
            timeout_s: 1.0,
            expects: Vec::new(),
            requires: None,
            solutions: Vec::new(),
        };
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let [first, second] = task.rounds(seed);
            assert_eq!([first.clone(), second.clone()], task.rounds(seed));
            assert_eq!((first["A"], second["A"]), (Int(1), Int(9)));
            assert!(first["B"] != second["B"] && first["C"] != second["C"]);
            seen.insert(format!("{:?}", (first["B"], second["B"])));
        }
        assert_eq!(seen.len(), 6, "every pair comes up");
    }
}
