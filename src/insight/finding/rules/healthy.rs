//! Threads or processes that compute at the same time, as many as the machine lets.

use super::{Finding, Rule, Times, whole, words};

pub(super) const RULE: Rule = Rule {
    id: "healthy",
    name: "At once on several cores",
    says: "threads or processes compute at once, as many as there is room for",
    help: "nothing: this machine has no more to give",
    find,
};

/// At least two of those that compute were on cores at once for this share of the run.
const AT_ONCE: f64 = 0.5;

fn find(times: &Times) -> Option<Finding> {
    let share = times.share(times.all.at_once);
    let computing = times.computing(|_| true);
    if share < AT_ONCE || computing.len() < 2 {
        return None;
    }
    let processes = computing.iter().map(|role| role.pid).collect::<std::collections::BTreeSet<_>>().len();
    let who = match processes {
        1 => words::count(computing.len(), "thread"),
        many if many == computing.len() => words::count(many, "process"),
        many => format!("{} in {many} processes", words::count(computing.len(), "thread")),
    };
    let both = if computing.len() == 2 { "both" } else { "at least two" };
    let sentence =
        format!("{who} computed, and for {} of the run {both} were on a core at the same time", words::percent(share));
    // It explains nothing that could be otherwise, so anything else stands before it.
    let found = Finding::new(0.02 * share, &sentence)
        .with("threads", whole(computing.len()))
        .with("processes", whole(processes))
        .with("at_once_share", share);
    Some(found.because(computing.iter().map(|role| role.id)))
}
