//! A run in which none of the threads can go on by itself.

use super::{Finding, Rule, Times, listed, took, whole, words};
use crate::insight::finding::times::{Doing, Role, Stand};

pub(super) const RULE: Rule = Rule {
    id: "stuck",
    name: "Stuck threads",
    says: "threads wait for each other, or for nobody",
    help: "take all locks in one order; give every wait a time limit, and every waker a way to be seen",
    find,
};

/// It lasted for so many seconds at least, and up to so many before the end: being stopped wakes threads.
const LASTED: f64 = 0.3;
const UNTIL_END: f64 = 0.5;
/// So many threads are told of one by one.
const NAMED: usize = 6;

fn find(times: &Times) -> Option<Finding> {
    let (from, to) = still(times)?;
    if !times.conditions.stopped || to - from < LASTED || to < times.wall - UNTIL_END {
        return None;
    }
    let waiting: Vec<(&Stand, &Role)> = times.standing(|stand| !matches!(stand.doing, Doing::Idle | Doing::Parked));
    let idle = times.standing(|stand| stand.doing == Doing::Idle);
    if waiting.is_empty() {
        return None;
    }
    let mut parts = parts(&waiting);
    if !idle.is_empty() {
        let (who, verb) =
            (words::count(idle.len(), "worker").to_lowercase(), if idle.len() == 1 { "has" } else { "have" });
        parts.push(format!("{who} of a pool {verb} nothing to do"));
    }
    let sentence = format!("nothing can run any more, since {} after the start: {}", took(from), parts.join("; "));
    let found =
        Finding::new(1.0, &sentence).with("since_s", from).with("until_s", to).with("threads", whole(waiting.len()));
    Some(found.because(waiting.iter().map(|(stand, _)| stand.id)))
}

/// From when to when none of the threads could go on: where what they waited for was seen when the run was stopped, by that.
pub(super) fn still(times: &Times) -> Option<(f64, f64)> {
    match &times.at_stop {
        Some(halt) => halt.since.map(|since| (since, halt.at)),
        None => times.all.quiet,
    }
}

/// What is waited for, and in which line.
type What<'w> = (&'w str, Option<&'w str>);

/// Who waits for what and where: those of which all that is the same in one, the main thread last, for it most often waits for the
/// others.
pub(super) fn parts(waiting: &[(&Stand, &Role)]) -> Vec<String> {
    let mut groups: Vec<(What<'_>, Vec<&Role>)> = Vec::new();
    let (main, others): (Vec<_>, Vec<_>) = waiting.iter().partition(|(_, role)| role.is_main());
    for (stand, role) in others.into_iter().chain(main) {
        let what = (stand.for_what(), stand.place.as_deref());
        match groups.iter_mut().find(|(known, _)| *known == what) {
            Some((_, roles)) => roles.push(role),
            None => groups.push((what, vec![role])),
        }
    }
    let more = groups.len().saturating_sub(NAMED);
    let one = |((what, place), roles): &(What<'_>, Vec<&Role>)| {
        let place = place.map(|place| format!(", in {place}")).unwrap_or_default();
        let verb = if roles.len() == 1 { "waits" } else { "each wait" };
        format!("{} {verb} {what}{place}", listed(roles))
    };
    let mut out: Vec<String> = groups.iter().take(NAMED).map(one).collect();
    if more > 0 {
        out.push(format!("{more} more wait as well"));
    }
    out
}
