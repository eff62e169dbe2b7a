//! Threads that wait at an empty queue most of the time, because what fills it takes longer than they do.

use super::{Finding, Rule, Times, listed, percent_of, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "queue-empty",
    name: "An empty queue",
    says: "threads wait for a queue to have something, which one fills slowly",
    help: "let more threads fill it",
    find,
};

/// A consumer waited so for this share of the run at least, and so often.
const WAITED: f64 = 0.6;
const OFTEN: usize = 4;
/// Who fills it waits for something else, or works, for this share of the run.
const BUSY: f64 = 0.6;

fn find(times: &Times) -> Option<Finding> {
    let starves = |role: &&Role| times.share(role.gets.0) >= WAITED && role.gets.1 >= OFTEN;
    let consumers: Vec<&Role> = times.roles.iter().filter(starves).collect();
    let first = consumers.first()?;
    let others = times.of_process(first.pid).filter(|role| !starves(role));
    let fills: Vec<&Role> = others.filter(|role| times.share(role.waited() + role.wanted()) >= BUSY).collect();
    let [fills] = fills.as_slice() else { return None };
    let place = times.queues.get.as_ref().map(|place| format!(" in {place}")).unwrap_or_default();
    let least = consumers.iter().map(|role| times.share(role.gets.0)).fold(1.0, f64::min);
    let (what, help) = if fills.time(Doing::Sleep) >= 0.5 * (fills.waited() + fills.wanted()) {
        ("slept", "More threads that fill the queue would keep them busy; fewer that empty it would do as well.")
    } else if fills.waited() >= 0.5 * (fills.waited() + fills.wanted()) {
        (
            "waited for I/O",
            "More threads that fill the queue would keep them busy; fewer that empty it would do as well.",
        )
    } else {
        ("computed", "What it does for each is what the run takes; fewer that empty the queue would do as well.")
    };
    let verb = if consumers.len() == 1 { "waited" } else { "each waited" };
    let sentence = format!(
        "{} {verb}{place} for a queue to have something for {} of the run: {}, which {what} for {}, did not fill it as fast as they \
         empty it. {help}",
        listed(&consumers),
        words::percent(least),
        fills.named(),
        percent_of(times, fills.waited() + fills.wanted()),
    );
    let found = Finding::new(least, &sentence)
        .with("consumers", whole(consumers.len()))
        .with("waited_share", least)
        .with("filling_share", times.share(fills.waited() + fills.wanted()));
    Some(found.because([fills.id].into_iter().chain(consumers.iter().map(|role| role.id))))
}
