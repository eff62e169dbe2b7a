//! A process that a signal has ended, and what that left behind.

use super::{Finding, Rule, Times, joined, stuck, took, whole, words};
use crate::insight::finding::times::{Doing, Role, Stand};

pub(super) const RULE: Rule = Rule {
    id: "killed",
    name: "Killed by a signal",
    says: "a signal ended a process, and what it had taken or was to send never comes",
    help: "look at its memory, or at native code: PYTHONFAULTHANDLER=1 shows where it was",
    find,
};

/// What waits for it stood still for so many seconds at least.
const LASTED: f64 = 0.3;
/// Signals that somebody sends to have a process end in peace are none of these.
const SIGNALS: [(u8, &str); 8] = [
    (9, "SIGKILL"),
    (11, "SIGSEGV"),
    (6, "SIGABRT"),
    (7, "SIGBUS"),
    (4, "SIGILL"),
    (8, "SIGFPE"),
    (31, "SIGSYS"),
    (24, "SIGXCPU"),
];

fn find(times: &Times) -> Option<Finding> {
    let signal = |role: &Role| SIGNALS.iter().find(|(number, _)| role.killed == Some(*number)).map(|(_, name)| *name);
    let killed: Vec<(&Role, &str)> = times.roles.iter().filter_map(|role| Some((role, signal(role)?))).collect();
    let (first, signal) = *killed.iter().min_by(|a, b| a.0.lived.1.total_cmp(&b.0.lived.1))?;
    let is_worker = first.pieces > 0 || first.time(Doing::Idle) > 0.0;
    // Stuck since then: what it had taken, held or was to send never comes.
    let still = stuck::still(times).filter(|(from, to)| times.conditions.stopped && to - from >= LASTED);
    let after = if still.is_some() {
        let waiting: Vec<(&Stand, &Role)> = times.standing(|stand| !matches!(stand.doing, Doing::Idle | Doing::Parked));
        let lost = if is_worker { "the work that it had taken" } else { "what it held or was to send" };
        format!(": {lost} is gone, and {}, for ever", joined(&stuck::parts(&waiting)))
    } else if signal == "SIGKILL" && !times.conditions.failed {
        // A program may kill its own on purpose.
        return None;
    } else if is_worker {
        ": the pool lost the work that it had taken".to_owned()
    } else {
        ": what it was to do is not done".to_owned()
    };
    let why = match signal {
        "SIGKILL" => " The kernel does that too, where memory runs out.",
        "SIGXCPU" => "",
        _ => " Something in native code did that: PYTHONFAULTHANDLER=1 shows where it was.",
    };
    let more = match killed.len() - 1 {
        0 => String::new(),
        many => format!(" (and {} more)", words::grouped_whole(many)),
    };
    let sentence =
        format!("{}{more} was killed by {signal}, {} after the start{after}.{why}", first.named(), took(first.lived.1));
    let found = Finding::new(1.0, &sentence).with("killed", whole(killed.len())).with("at_s", first.lived.1);
    Some(found.because(killed.iter().map(|(role, _)| role.id)))
}
