//! A claim on one runtime.

use super::runs::{Runs, obstacle};
use super::{Outcome, Stopped};
use crate::judge::{Finding, Scope, find};
use crate::lesson::types::{Claim, Knobs};
use crate::runtime::Runtime;
use cel::Value;

/// Checks a claim. What the machine cannot show is not tried.
pub(super) fn check(runs: &mut Runs<'_, '_>, claim: &Claim, runtime: &Runtime) -> Result<Outcome, Stopped> {
    if let Some(outcome) = unsaid(claim, runtime) {
        return Ok(outcome);
    }
    let lesson = runs.lesson;
    if let Some(outcome) = claim.programs.iter().find_map(|name| obstacle(lesson, name, runtime)) {
        return Ok(outcome);
    }
    if let Some(outcome) = lacking(runs, claim.cores) {
        return Ok(outcome);
    }
    let mut attempt = 1;
    let last = loop {
        let last = once(runs, claim, runtime, attempt)?;
        if !matches!(last, Outcome::Fails(_)) {
            return Ok(last);
        }
        if !runs.try_again(attempt) {
            break last;
        }
        attempt += 1;
    };
    // The machine may have got busy since it was asked.
    let now = if claim.cores.is_some() { runs.machine_now().usable_cores } else { 0.0 };
    Ok(too_few(claim.cores, now).unwrap_or(last))
}

/// Whether the lesson makes the claim on this runtime.
fn unsaid(claim: &Claim, runtime: &Runtime) -> Option<Outcome> {
    let on = &claim.on.as_ref()?.text;
    match Scope::of_runtime(runtime).value_of(on) {
        Ok(Value::Bool(true)) => None,
        Ok(Value::Bool(false)) => Some(Outcome::NotSaid),
        Ok(_) => Some(Outcome::Mistaken(format!("`on`: `{on}` is neither true nor false"))),
        Err(error) => Some(Outcome::Mistaken(format!("`on`: `{on}` cannot be evaluated: {error}"))),
    }
}

/// What there is to say where the machine has too few usable cores: it may have been busy when it was asked first.
fn lacking(runs: &mut Runs<'_, '_>, needed: Option<f64>) -> Option<Outcome> {
    let machine = runs.machine();
    let first = too_few(needed, machine.usable_cores)?;
    if needed > Some(f64::from(machine.cores)) {
        return Some(first);
    }
    too_few(needed, runs.machine_now().usable_cores)
}

fn too_few(needed: Option<f64>, usable: f64) -> Option<Outcome> {
    let needed = needed.filter(|needed| usable < *needed)?;
    Some(Outcome::NotShown(format!("needs {needed} usable cores; {usable:.2} were usable")))
}

fn once(runs: &mut Runs<'_, '_>, claim: &Claim, runtime: &Runtime, attempt: u32) -> Result<Outcome, Stopped> {
    let mut knobs = runs.lesson.default_knobs();
    knobs.extend(claim.set.iter().map(|(name, value)| (name.clone(), *value)));
    let mut scope = Scope::of_machine(runs.machine(), &knobs);
    let mut troubles = Vec::new();
    for name in &claim.programs {
        let run = match runs.of(name, runtime, &claim.set, claim.timeout_s, attempt)? {
            Ok(run) => run,
            Err(why) => return Ok(why),
        };
        if claim.exact && !run.exact {
            let why = "needs exact probes: perf for the cores and the preloaded library for the waits";
            return Ok(Outcome::NotShown(why.to_owned()));
        }
        troubles.extend(run.trouble.as_ref().map(|trouble| format!("; {name} {trouble}")));
        let value = match speedup(runs, claim, name, runtime, attempt)? {
            Some(baseline) => run.against(&baseline),
            None => run.value.clone(),
        };
        scope = scope.with(name, value);
    }
    Ok(match find(&claim.that.text, &scope) {
        Finding::Holds => Outcome::Holds,
        Finding::Mistaken(why) => Outcome::Mistaken(why.to_string()),
        Finding::Fails(why) => Outcome::Fails(why.to_string() + &troubles.concat()),
        Finding::NotMeasured(why) => Outcome::NotShown(why),
    })
}

/// The baseline's run, where the claim speaks of a speed-up and there is one.
fn speedup(
    runs: &mut Runs<'_, '_>,
    claim: &Claim,
    name: &str,
    runtime: &Runtime,
    attempt: u32,
) -> Result<Option<std::rc::Rc<super::runs::Measured>>, Stopped> {
    let apart = runs.lesson.program(name).is_some_and(|program| program.apart);
    if apart || !claim.that.text.contains(&format!("{name}.speedup")) {
        return Ok(None);
    }
    let Some(baseline) = runs.lesson.baseline().map(|baseline| baseline.name.clone()) else { return Ok(None) };
    let set: Knobs = claim.set.clone();
    Ok(runs.of(&baseline, runtime, &set, claim.timeout_s, attempt)?.ok())
}
