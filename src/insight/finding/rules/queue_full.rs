//! Threads that wait at a full queue most of the time, because what empties it takes longer than they do.

use super::{Finding, Rule, Times, listed, percent_of, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "queue-full",
    name: "A full queue",
    says: "threads wait for room in a queue, which one empties slowly",
    help: "let more threads or processes empty it",
    find,
};

/// One that fills it waited so for this share of the run at least, and so often.
const WAITED: f64 = 0.5;
const OFTEN: usize = 4;
/// Who empties it waits for something else, or works, for this share of the run.
const BUSY: f64 = 0.6;

fn find(times: &Times) -> Option<Finding> {
    let is_late = |role: &&Role| times.share(role.puts.0) >= WAITED && role.puts.1 >= OFTEN;
    let fills: Vec<&Role> = times.roles.iter().filter(is_late).collect();
    let first = fills.first()?;
    let others = times.of_process(first.pid).filter(|role| !is_late(role));
    let empties: Vec<&Role> = others.filter(|role| times.share(role.waited() + role.wanted()) >= BUSY).collect();
    let busiest = empties.iter().max_by(|a, b| a.wanted().total_cmp(&b.wanted()))?;
    let place = times.queues.put.as_ref().map(|place| format!(" in {place}")).unwrap_or_default();
    let (slept, all) = (busiest.time(Doing::Sleep), busiest.waited() + busiest.wanted());
    let (what, help) = if slept >= 0.5 * all {
        ("slept", " More threads that empty it would overlap these waits.")
    } else if busiest.waited() >= 0.5 * all {
        ("waited for I/O", " More threads that empty it would overlap these waits.")
    } else if times.conditions.has_gil {
        ("computed", " Processes that empty it would compute at once.")
    } else {
        ("computed", " More threads that empty it would compute at once.")
    };
    let verb = if empties.len() == 1 { "which" } else { "each of which" };
    let least = fills.iter().map(|role| times.share(role.puts.0)).fold(1.0, f64::min);
    let sentence = format!(
        "{} waited{place} for room in a queue for {} of the run: {}, {verb} {what} for {}, did not empty it as fast as it is filled.{help}",
        listed(&fills),
        words::percent(least),
        listed(&empties),
        percent_of(times, all),
    );
    let found = Finding::new(least.max(times.share(all).min(0.99)), &sentence)
        .with("filling", whole(fills.len()))
        .with("emptying", whole(empties.len()))
        .with("waited_share", least)
        .with("emptying_share", times.share(all));
    Some(found.because(fills.iter().chain(&empties).map(|role| role.id)))
}
