//! What a lesson says about a measurement, in a form that can be checked: `[[claim]]`.

use super::expression::{self, Expression};
use super::fault::{Log, hint};
use super::table::{At, Number, Reader, Text};
use super::types::{Knob, KnobValue, Knobs, Program};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A checkable statement about runs of the lesson's programs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The statement, in words.
    pub says: String,
    /// The words of the lesson that it backs.
    pub backs: Option<String>,
    /// On which runtimes it is made; everywhere the programs run where it is `None`.
    pub on: Option<Expression>,
    /// At which other values of the knobs it is made as well; at none where it is `None`.
    pub everywhere: Option<Expression>,
    /// What must hold of the runs.
    pub that: Expression,
    /// The programs whose runs it speaks of, in the lesson's order. Never empty.
    pub programs: Vec<String>,
    /// Knobs that are turned for it; the others stand at their defaults.
    pub set: Knobs,
    /// Seconds after which a run is ended.
    pub timeout_s: f64,
    /// How many usable cores it needs to show.
    pub cores: Option<f64>,
    /// Whether it needs exact states: switches from perf, waits from the preloaded library.
    pub exact: bool,
}

/// Seconds that a run for a claim or a task may take, unless the lesson says otherwise.
pub const TIMEOUT_S: f64 = 20.0;

#[derive(Debug)]
pub(super) struct RawClaim {
    says: String,
    backs: Option<String>,
    on: Option<At<String>>,
    everywhere: Option<At<String>>,
    that: Option<At<String>>,
    set: RawSet,
    timeout: Option<At<Number>>,
    cores: Option<At<Number>>,
    exact: bool,
    span: Range<usize>,
}

/// Knobs as a claim, a task or a proof sets them.
pub(super) type RawSet = Vec<(At<String>, At<Number>)>;

pub(super) fn read(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawClaim {
    let raw = RawClaim {
        says: t.needed_text(log, "says").owned(),
        backs: t.text(log, "backs").map(|backs| backs.value.to_owned()),
        on: t.text(log, "on").placed(),
        everywhere: t.text(log, "where").placed(),
        that: t.needed_text(log, "that").placed(),
        set: t.number_table(log, "set"),
        timeout: t.number(log, "timeout"),
        cores: t.number(log, "cores"),
        exact: t.flag(log, "exact").is_some_and(|e| e.value),
        span: t.span().clone(),
    };
    t.finish(log);
    raw
}

/// Holds a claim against the programs and the knobs of its lesson.
pub(super) fn build(raw: &RawClaim, programs: &[Program], knobs: &[Knob], log: &mut Log<'_>) -> Option<Claim> {
    let on = match &raw.on {
        Some(on) => Some(expression::read(on, &expression::RUNTIME, log)?),
        None => None,
    };
    let names = programs.iter().map(|p| p.name.as_str());
    let known: Vec<&str> =
        names.clone().chain(knobs.iter().map(|k| k.name.as_str())).chain(expression::MACHINE).collect();
    let knob_names: Vec<&str> = knobs.iter().map(|knob| knob.name.as_str()).collect();
    let everywhere = match &raw.everywhere {
        Some(text) => Some(expression::read(text, &knob_names, log)?),
        None => None,
    };
    let that = expression::read(raw.that.as_ref()?, &known, log)?;
    let used: Vec<String> = names.filter(|n| that.names.iter().any(|u| u == n)).map(str::to_owned).collect();
    if used.is_empty() {
        log.span(&raw.span, "the claim speaks of no program: `that` must use the name of one");
        return None;
    }
    Some(Claim {
        says: raw.says.clone(),
        backs: raw.backs.clone(),
        on,
        everywhere,
        that,
        programs: used,
        set: settings(&raw.set, knobs, log),
        timeout_s: timeout(raw.timeout.as_ref(), log),
        cores: raw.cores.as_ref().map(|c| c.value.as_f64()),
        exact: raw.exact,
    })
}

/// The values of `set`, each inside its knob's range.
pub(super) fn settings(raw: &RawSet, knobs: &[Knob], log: &mut Log<'_>) -> Knobs {
    let mut out = Knobs::new();
    for (name, number) in raw {
        let Some(knob) = knobs.iter().find(|k| k.name == name.value) else {
            let hint = hint(&name.value, knobs.iter().map(|k| k.name.as_str()));
            log.span(&name.span, format!("there is no knob `{}`{hint}", name.value));
            continue;
        };
        let value = match (knob.default, number.value) {
            (KnobValue::Int(_), Number::Int(i)) => KnobValue::Int(i),
            (KnobValue::Float(_), n) => KnobValue::Float(n.as_f64()),
            (KnobValue::Int(_), Number::Float(f)) => {
                log.span(&number.span, format!("`{}` is a whole number in the program; {f:?} is none", knob.name));
                continue;
            }
        };
        if !(knob.min.as_f64()..=knob.max.as_f64()).contains(&value.as_f64()) {
            log.span(&number.span, format!("`{}` goes from {} to {}, not to {value}", knob.name, knob.min, knob.max));
            continue;
        }
        out.insert(knob.name.clone(), value);
    }
    out
}

/// The seconds of `timeout`, or the usual ones.
pub(super) fn timeout(raw: Option<&At<Number>>, log: &mut Log<'_>) -> f64 {
    let Some(raw) = raw else { return TIMEOUT_S };
    let seconds = raw.value.as_f64();
    if !(0.1..=600.0).contains(&seconds) {
        log.span(&raw.span, format!("`timeout` must be between 0.1 and 600 seconds, not {seconds}"));
        return TIMEOUT_S;
    }
    seconds
}
