//! The corners of the knobs: a program ends at each of them as it ends with its defaults, in time and without a complaint,
//! and a claim that says where it is made holds there.

use super::runs::{Ended, Measured, Runs, obstacle};
use super::{Outcome, Stopped, claims};
use crate::judge::Scope;
use crate::lesson::types::{Claim, Knob, Knobs};
use crate::lesson::{Lesson, Program, knobs};
use crate::runner::Machine;
use crate::runtime::Runtime;
use cel::Value;

/// Seconds that a run at a corner may take: who turns a knob to its end waits for it.
const BOUND_S: f64 = 20.0;
/// Failures that are told of one item at most.
const MOST_TOLD: usize = 4;

/// Which corners are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Every one.
    All,
    /// Two of each program, others in each turn.
    Turn(usize),
}

/// Every knob at its least and at its most, and then each alone with the others at their defaults; but none that the
/// lesson says nobody can wait for.
fn corners(lesson: &Lesson, programs: &[&Program], runtime: &Runtime) -> Vec<Knobs> {
    let defaults = lesson.default_knobs();
    let mut used = Knobs::new();
    for source in programs.iter().filter_map(|program| program.source(runtime.language())) {
        used.extend(knobs::used(source, runtime.language(), &defaults));
    }
    let knobs: Vec<&Knob> = lesson.knobs.iter().filter(|knob| used.contains_key(&knob.name)).collect();
    let all = |value: fn(&Knob) -> _| knobs.iter().map(|knob| (knob.name.clone(), value(knob))).collect::<Knobs>();
    let mut out = vec![all(|knob| knob.min), all(|knob| knob.max)];
    for knob in knobs {
        out.extend([knob.min, knob.max].map(|value| Knobs::from([(knob.name.clone(), value)])));
    }
    let mut found: Vec<Knobs> = Vec::new();
    let fits = |corner: &Knobs| {
        let Some(settings) = &lesson.settings else { return true };
        let mut values = defaults.clone();
        values.extend(corner.iter().map(|(name, value)| (name.clone(), *value)));
        let scope = Scope::of_machine(Machine::default(), &values);
        scope.value_of(&settings.text) != Ok(Value::Bool(false))
    };
    for corner in out.into_iter().filter(|corner| !corner.is_empty() && fits(corner)) {
        if !found.contains(&corner) {
            found.push(corner);
        }
    }
    found
}

impl Choice {
    fn of(self, all: Vec<Knobs>) -> Vec<Knobs> {
        let Choice::Turn(turn) = self else { return all };
        let count = all.len();
        let chosen = [turn, turn + count / 2].map(|place| place % count.max(1));
        all.into_iter().enumerate().filter(|(place, _)| chosen.contains(place)).map(|(_, corner)| corner).collect()
    }
}

/// Runs a program at its corners.
pub(super) fn of_program(
    runs: &mut Runs<'_, '_>,
    program: &Program,
    runtime: &Runtime,
    choice: Choice,
) -> Result<Outcome, Stopped> {
    let lesson = runs.lesson;
    if let Some(outcome) = obstacle(lesson, &program.name, runtime) {
        return Ok(outcome);
    }
    let usual = match runs.of(&program.name, runtime, &Knobs::new(), BOUND_S, 1)? {
        Ok(usual) => usual,
        Err(why) => return Ok(why),
    };
    let mut failures = Vec::new();
    for corner in choice.of(corners(lesson, &[program], runtime)) {
        let run = match runs.of(&program.name, runtime, &corner, BOUND_S, 1)? {
            Ok(run) => run,
            Err(why) => return Ok(why),
        };
        if worse((run.ended, run.complained), (usual.ended, usual.complained)) {
            failures.push(format!("with {} it {}", knobs::said(&corner), how(&run)));
        }
    }
    Ok(told(failures))
}

/// Whether a run at a corner ended otherwise than well, and than the one with the defaults: a program that is about a
/// deadlock, or about an exception, shows that here too. What takes too long is never meant.
fn worse((ended, complained): (Ended, bool), (usual, usual_complained): (Ended, bool)) -> bool {
    let as_usual = ended == Ended::Well || ended == usual && ended != Ended::Late;
    !as_usual || complained && !usual_complained
}

/// How a run went wrong, as the end of a sentence.
fn how(run: &Measured) -> String {
    match (run.ended, &run.trouble) {
        (Ended::Late, _) => format!("has not ended after {BOUND_S} s"),
        (Ended::Stuck, _) => "stands still for ever".to_owned(),
        (_, Some(trouble)) => trouble.clone(),
        (_, None) => "wrote a traceback".to_owned(),
    }
}

/// Holds a claim at the corners that it is made for; it says nothing of others.
pub(super) fn of_claim(
    runs: &mut Runs<'_, '_>,
    claim: &Claim,
    runtime: &Runtime,
    choice: Choice,
) -> Result<Outcome, Stopped> {
    let Some(everywhere) = &claim.everywhere else { return Ok(Outcome::NotSaid) };
    let lesson = runs.lesson;
    let programs: Vec<&Program> = claim.programs.iter().filter_map(|name| lesson.program(name)).collect();
    let (mut failures, mut last) = (Vec::new(), Outcome::NotSaid);
    for corner in choice.of(corners(lesson, &programs, runtime)) {
        let mut values = lesson.default_knobs();
        values.extend(corner.clone());
        let here = Scope::of_machine(runs.machine(), &values).value_of(&everywhere.text);
        match here {
            Ok(Value::Bool(true)) => {}
            Ok(Value::Bool(false)) => continue,
            _ => return Ok(Outcome::Mistaken(format!("`where`: `{}` is neither true nor false", everywhere.text))),
        }
        let at_corner = Claim { set: corner.clone(), ..claim.clone() };
        match claims::check(runs, &at_corner, runtime)? {
            Outcome::Fails(why) => failures.push(format!("with {}: {why}", knobs::said(&corner))),
            Outcome::Mistaken(why) => return Ok(Outcome::Mistaken(why)),
            other => last = other,
        }
    }
    Ok(if failures.is_empty() { last } else { told(failures) })
}

fn told(mut failures: Vec<String>) -> Outcome {
    if failures.is_empty() {
        return Outcome::Holds;
    }
    let more = failures.len().saturating_sub(MOST_TOLD);
    failures.truncate(MOST_TOLD);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Outcome::Fails(failures.join("; ") + &more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::types::KnobValue::Int;

    fn lesson() -> Lesson {
        let knob = |name: &str, max| Knob {
            name: name.into(),
            label: String::new(),
            default: Int(2),
            min: Int(1),
            max: Int(max),
            steps: Vec::new(),
        };
        let python = Some("A = 2\nB = 2\n".to_owned());
        let program =
            Program { name: "both".into(), python, rust: Some("A: usize = 2;\n".into()), ..Program::default() };
        Lesson { knobs: vec![knob("A", 9), knob("B", 8), knob("C", 7)], programs: vec![program], ..Lesson::default() }
    }

    fn said(corners: &[Knobs]) -> Vec<String> {
        corners.iter().map(knobs::said).collect()
    }

    #[test]
    fn a_corner_has_all_knobs_at_one_end_or_one_alone() {
        let (lesson, python) = (lesson(), Runtime::CPython(crate::runtime::Python::default()));
        let all = corners(&lesson, &[&lesson.programs[0]], &python);
        assert_eq!(said(&all), ["A = 1, B = 1", "A = 9, B = 8", "A = 1", "A = 9", "B = 1", "B = 8"]);
        let native = corners(&lesson, &[&lesson.programs[0]], &Runtime::default());
        assert_eq!(said(&native), ["A = 1", "A = 9"], "the twin has but one of them");
    }

    #[test]
    fn what_nobody_can_wait_for_is_no_corner() {
        let text = "A * B < 20.0".to_owned();
        let settings = Some(crate::lesson::expression::Expression { text, names: Vec::new(), line: 1 });
        let (lesson, python) = (Lesson { settings, ..lesson() }, Runtime::CPython(crate::runtime::Python::default()));
        let all = corners(&lesson, &[&lesson.programs[0]], &python);
        assert_eq!(said(&all), ["A = 1, B = 1", "A = 1", "A = 9", "B = 1", "B = 8"]);
    }

    #[test]
    fn in_turns_every_corner_is_tried() {
        let lesson = lesson();
        let all = || corners(&lesson, &[&lesson.programs[0]], &Runtime::CPython(crate::runtime::Python::default()));
        let tried = |turn| said(&Choice::Turn(turn).of(all()));
        assert_eq!(tried(0), ["A = 1, B = 1", "A = 9"]);
        let mut every: Vec<String> = (0..3).flat_map(tried).collect();
        every.sort();
        let mut wanted = said(&Choice::All.of(all()));
        wanted.sort();
        assert_eq!(every, wanted);
        assert!(Choice::Turn(3).of(Vec::new()).is_empty());
    }

    #[test]
    fn a_run_may_end_as_the_usual_one_does_or_better() {
        for (corner, usual, is_worse) in [
            ((Ended::Well, false), (Ended::Well, false), false),
            ((Ended::Well, true), (Ended::Well, false), true),
            ((Ended::Well, true), (Ended::Well, true), false),
            ((Ended::Stuck, false), (Ended::Well, false), true),
            ((Ended::Stuck, false), (Ended::Stuck, false), false),
            ((Ended::Well, false), (Ended::Stuck, false), false),
            ((Ended::Late, false), (Ended::Late, false), true),
            ((Ended::Badly, true), (Ended::Well, false), true),
        ] {
            assert_eq!(worse(corner, usual), is_worse, "{corner:?} {usual:?}");
        }
    }
}
