//! Child processes that run one at a time, because the parent waits for each before it starts the next.

use super::{Finding, Rule, Times, process_starts, whole, words};
use crate::insight::finding::times::{Doing, Role};
use crate::trace::LaneKind;

pub(super) const RULE: Rule = Rule {
    id: "children-in-turn",
    name: "One child after another",
    says: "child processes that run one at a time, each waited for",
    help: "start them all, then wait",
    find,
};

/// So many children at least, one of them alive for this share of the run.
const MANY: usize = 3;
const WORTH: f64 = 0.5;
/// Two were alive at once for no more than this share of that time, and the parent waited for one in this share of it at least.
const AT_ONCE: f64 = 0.1;
const WAITED: f64 = 0.7;

fn find(times: &Times) -> Option<Finding> {
    let mut children: Vec<&Role> = times.roles.iter().filter(|role| is_child(times, role)).collect();
    children.sort_by(|a, b| a.lived.0.total_cmp(&b.lived.0));
    let (mut alive, mut at_once, mut until) = (0.0, 0.0, 0.0_f64);
    for child in &children {
        let (from, to) = child.lived;
        at_once += (to.min(until) - from).max(0.0);
        alive += (to - from.max(until)).max(0.0);
        until = until.max(to);
    }
    let parent = times.roles.iter().find(|role| role.is_main())?;
    let share = times.share(alive);
    if children.len() < MANY
        || share < WORTH
        || at_once > AT_ONCE * alive
        || parent.time(Doing::Child) < WAITED * alive
        || times.conditions.cores < 2
        // What takes the time is to be told first.
        || process_starts::RULE.holds(times)
    {
        return None;
    }
    let sentence = format!(
        "{} ran one at a time, for {} of the run: the main thread waited for the end of each before it started the next. All started \
         first and waited for afterwards, those that do not need each other's results would run at once.",
        words::count(children.len(), "child process"),
        words::percent(share),
    );
    let found = Finding::new(share, &sentence)
        .with("processes", whole(children.len()))
        .with("alone_s", alive)
        .with("at_once_s", at_once);
    Some(found.because(children.iter().map(|role| role.id)))
}

/// Whether it is the main thread of a process that the launched one started, and that is no pool's worker.
fn is_child(times: &Times, role: &Role) -> bool {
    let of_pool = || times.pools.iter().any(|pool| pool.workers.contains(&role.id));
    role.kind == LaneKind::Process && role.tid == role.pid && role.parent == times.launched && !of_pool()
}
