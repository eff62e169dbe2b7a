//! Connections that wait for a database that another one has locked.

use super::{Finding, Role, Rule, Times, listed, whole, words};

pub(super) const RULE: Rule = Rule {
    id: "sqlite-locked",
    name: "A locked SQLite database",
    says: "connections sleep until another one lets go of their SQLite database",
    help: "shorter transactions, one thread that writes, or WAL mode (`PRAGMA journal_mode=WAL`), in which readers do not wait",
    find,
};

/// One of them slept so for this share of the run at least, and so often: fewer sleeps may be anybody's.
const WORTH: f64 = 0.2;
const OFTEN: usize = 5;

fn find(times: &Times) -> Option<Finding> {
    let waits = |role: &&Role| role.locked_file.sleeps >= OFTEN && times.share(role.locked_file.slept) >= WORTH;
    let waiting: Vec<&Role> = times.roles.iter().filter(waits).collect();
    let slept = |role: &&Role| times.share(role.locked_file.slept);
    let most = waiting.iter().map(slept).fold(0.0, f64::max);
    let least = waiting.iter().map(slept).reduce(f64::min)?;
    let looks: usize = waiting.iter().map(|role| role.locked_file.sleeps).sum();
    let found: usize = waiting.iter().map(|role| role.locked_file.times).sum();
    let each = if waiting.len() == 1 { "" } else { "each " };
    let sentence = format!(
        "{} {each}slept for {} of the run as SQLite does while another connection has the database locked: after 1, 2, 5, \
         10, and up to 100 ms it looked again, {} times. Shorter transactions, or one thread that writes, would wait less.",
        listed(&waiting),
        words::percent(least),
        words::grouped_whole(looks),
    );
    let found_it = Finding::new(most, &sentence)
        .with("waiting", whole(waiting.len()))
        .with("found_locked", whole(found))
        .with("sleeps", whole(looks))
        .with("slept_share_least", least)
        .with("slept_share_most", most);
    Some(found_it.because(waiting.iter().map(|role| role.id)))
}
