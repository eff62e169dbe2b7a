//! A server to which nobody came.

use super::{Finding, Rule, Times, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "nobody-came",
    name: "A server that nobody calls",
    says: "a server that nobody calls",
    help: "watch it while clients call",
    find,
};

/// It waited for whoever connects for this share of the run at least.
const WORTH: f64 = 0.5;
/// And nothing of the program did anything else for more than this share of it.
const ELSE: f64 = 0.1;

fn find(times: &Times) -> Option<Finding> {
    let waits = |role: &&Role| times.share(role.accepts) >= WORTH;
    let servers: Vec<&Role> = times.roles.iter().filter(waits).collect();
    let loops: Vec<usize> =
        times.in_turn.iter().filter(|own| times.share(own.serves) >= WORTH).filter_map(|own| own.lane).collect();
    let does = |role: &Role| role.time(Doing::Core) + role.waited() + role.time(Doing::Unknown);
    let others: f64 = times.roles.iter().filter(|role| !waits(role)).map(does).sum();
    let worked = times.share(times.roles.iter().map(|role| role.time(Doing::Core)).sum());
    if servers.is_empty() && loops.is_empty() || times.share(others) > ELSE || worked > ELSE {
        return None;
    }
    let share = times.share(times.all.listens);
    let sentence = format!(
        "a server waited for whoever connects, for {} of the run, and hardly anybody came: there was nothing to do. What it is like \
         under load is seen while clients call it.",
        words::percent(share),
    );
    let found = Finding::new(0.03 * share, &sentence)
        .with("threads", whole(servers.len() + loops.len()))
        .with("listened_share", share);
    Some(found.because(servers.iter().map(|role| role.id).chain(loops)))
}
