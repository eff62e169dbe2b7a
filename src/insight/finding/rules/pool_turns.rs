//! A pool of processes of which one at a time works: because its work comes one piece after the other, or because one piece is
//! longer than all the others.

use super::{Finding, Rule, Times, pickling, whole, words};
use crate::insight::finding::times::{Pool, Role};

pub(super) const IN_TURN: Rule = Rule {
    id: "one-worker-at-a-time",
    name: "A pool that takes turns",
    says: "a pool whose workers take turns",
    help: "submit all, then ask for results",
    find: in_turn,
};
pub(super) const UNEVEN: Rule = Rule {
    id: "uneven-pieces",
    name: "Uneven pieces",
    says: "one piece of the work is longer than all the others",
    help: "cut the long piece up, or begin with it",
    find: uneven,
};

/// One worker worked alone for this share of the run at least.
const WORTH: f64 = 0.3;
/// One at a time: two worked at once for no more than this share of the time in which one did.
const AT_ONCE: f64 = 0.1;
/// Of the time in which one worked alone, one did this share: then it is its piece that is long.
const ONE: f64 = 0.8;
/// So many pieces came one after the other.
const PIECES: u64 = 4;

/// The pool in which one worked alone longest: that time, the one that did most of it, and how long it did.
fn alone(times: &Times) -> Option<(&Pool, f64, usize, f64)> {
    let used = times.pools.iter().filter(|pool| pool.processes && pool.workers.len() >= 2);
    let alone = used.filter_map(|pool| {
        let sum: f64 = pool.together.alone.values().map(|alone| alone.works).sum();
        let (id, most) = pool.together.alone.iter().max_by(|a, b| a.1.works.total_cmp(&b.1.works))?;
        Some((pool, sum, *id, most.works))
    });
    alone.max_by(|a, b| a.1.total_cmp(&b.1))
}

fn in_turn(times: &Times) -> Option<Finding> {
    let (pool, sum, _, most) = alone(times)?;
    let together = &pool.together;
    // The threads that carry work to them count: what they carry slowly comes one piece after the other, too.
    let parent = times.parent.works;
    if times.share(sum) < WORTH
        || most >= ONE * sum
        || together.parallel > AT_ONCE * together.works
        || pool.pieces < PIECES
        || parent > 0.5 * sum
        || pickling::RULE.holds(times)
    {
        return None;
    }
    let sentence = format!(
        "of the pool's {} processes one at a time worked, for {} of the run: the next piece of work came when the one before had been \
         collected. Handed out together (map, or all submits before the first result), they would work at once.",
        words::grouped_whole(pool.workers.len()),
        words::percent(times.share(sum)),
    );
    let found = Finding::new(times.share(sum), &sentence)
        .with("workers", whole(pool.workers.len()))
        .with("alone_s", sum)
        .with("at_once_s", together.parallel);
    Some(found.because(pool.workers.iter().copied()))
}

fn uneven(times: &Times) -> Option<Finding> {
    let (pool, sum, id, most) = alone(times)?;
    let role = times.roles.iter().find(|role| role.id == id)?;
    let others: f64 =
        times.roles.iter().filter(|role| role.id != id && pool.workers.contains(&role.id)).map(Role::worked).sum();
    if times.share(most) < WORTH || most < ONE * sum || others <= 0.05 * most {
        return None;
    }
    let sentence = format!(
        "{} worked on alone for {} of the run, while the other workers of its pool had nothing to do: its work was longer than \
         theirs. Smaller pieces, or the longest one first, would end sooner.",
        role.named(),
        words::percent(times.share(most)),
    );
    let found =
        Finding::new(times.share(most), &sentence).with("workers", whole(pool.workers.len())).with("alone_s", most);
    Some(found.because([id]))
}
