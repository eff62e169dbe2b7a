//! A program that has come to its end, and goes on because of a thread that is no daemon.

use super::{Finding, Rule, Times, listed, took, whole};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "kept-alive",
    name: "Kept alive by a thread",
    says: "the main thread has come to its end, and a thread that is no daemon goes on",
    help: "tell the thread to end, or make it a daemon",
    find,
};

/// It went on for so many seconds, and for this share of the run.
const LONG: f64 = 0.3;
const WORTH: f64 = 0.3;
/// What keeps it does hardly anything: no more than this share of that time.
const DOES: f64 = 0.2;

fn find(times: &Times) -> Option<Finding> {
    let halt = times.at_stop.as_ref().filter(|_| times.conditions.stopped)?;
    let since = halt.over_since?;
    let long = halt.at - since;
    let keeps = |role: &&Role| {
        role.pid == times.launched && !role.is_main() && role.python && role.pieces == 0 && role.lived.1 >= halt.at
    };
    let keepers: Vec<&Role> = times.roles.iter().filter(keeps).collect();
    let does: f64 = keepers.iter().map(|role| role.wanted()).fold(0.0, f64::max);
    if keepers.is_empty() || long < LONG || times.share(long) < WORTH || does > DOES * long {
        return None;
    }
    let stand = |role: &Role| halt.stands.iter().find(|stand| stand.id == role.id);
    let what = match keepers.as_slice() {
        [only] => stand(only).map_or_else(String::new, |stand| {
            let place = stand.place.as_ref().map(|place| format!(", in {place}")).unwrap_or_default();
            let what = if stand.doing == Doing::Sleep { "sleeps" } else { "waits" };
            let for_what = if stand.doing == Doing::Sleep { String::new() } else { format!(" {}", stand.for_what()) };
            format!(" (it {what}{for_what}{place})")
        }),
        _ => String::new(),
    };
    let (verb, whom) = if keepers.len() == 1 { ("keeps", "it") } else { ("keep", "them") };
    let sentence = format!(
        "the main thread had come to its end {} after the start; {}{what} {verb} the program running. Tell {whom} to end, or start \
         {whom} as a daemon.",
        took(since),
        listed(&keepers),
    );
    let found = Finding::new(0.9 * times.share(long).min(1.0), &sentence)
        .with("since_s", since)
        .with("threads", whole(keepers.len()));
    Some(found.because(keepers.iter().map(|role| role.id)))
}
