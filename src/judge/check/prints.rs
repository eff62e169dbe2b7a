//! "What does this print?": the code is run on one CPython and must print what the right answer says.

use super::runs::Runs;
use super::{Outcome, Stopped};
use crate::lesson::types::Typed;
use crate::runner::plan::{self, Conditions};
use crate::runner::{ProbeChoice, SwitchChoice, WaitChoice};
use crate::runtime::Runtime;
use crate::runtime::program_file::program_file;
use std::time::Duration;

/// How long the code may take.
const TIMEOUT: Duration = Duration::from_secs(20);

pub(super) fn check(runs: &mut Runs<'_, '_>, typed: &Typed, code: &str, runtime: &Runtime) -> Result<Outcome, Stopped> {
    let Runtime::CPython(python) = runtime else { return Ok(Outcome::NotSaid) };
    let version = (python.version.0, python.version.1);
    if let Some((major, minor)) = typed.python_min.filter(|needed| version < *needed) {
        return Ok(Outcome::NotShown(format!("the code needs CPython {major}.{minor}")));
    }
    let file = match program_file("question.py", code) {
        Ok(file) => file,
        Err(error) => return Ok(Outcome::Fails(error.to_string())),
    };
    // Nothing but what it prints is looked at.
    let probes = ProbeChoice { switches: SwitchChoice::Schedstat, waits: WaitChoice::None, ..ProbeChoice::default() };
    let conditions = Conditions { probes, ..Conditions::default() };
    let outcome = match runs.outcome(plan::script(python, file.path(), &[], Some(TIMEOUT), conditions))? {
        Ok(outcome) => outcome,
        Err(why) => return Ok(why),
    };
    let printed = String::from_utf8_lossy(&outcome.stdout);
    Ok(match typed.find(&printed) {
        Some(answer) if answer.right => Outcome::Holds,
        _ => {
            let errors = String::from_utf8_lossy(&outcome.stderr);
            let last = errors.lines().last().map(|line| format!(" ({line})")).unwrap_or_default();
            let right = typed.right().unwrap_or_default();
            Outcome::Fails(format!("it prints {:?}{last}; the right answer is {right:?}", printed.trim_end()))
        }
    })
}
