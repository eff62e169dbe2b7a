//! Processes that have less to do than the parent that hands out their work and collects what they made of it.

use super::{Finding, Rule, Times, pickling, took, whole, words};
use crate::insight::finding::times::Role;

pub(super) const RULE: Rule = Rule {
    id: "handing-out",
    name: "Pieces too small",
    says: "the parent that hands out the work is what is slow",
    help: "hand out larger pieces (chunksize)",
    find,
};

/// The threads that carry work and results did so for this share of the run at least, and the parent as a whole worked for this one.
const CARRIED: f64 = 0.15;
const WORTH: f64 = 0.3;
/// The processes worked for no more than this share of their time.
const WORKED: f64 = 0.5;

/// Pieces of work are small where a process computes for less than so many seconds on each, and there are so many.
const SMALL: f64 = 0.0003;
const MANY: u64 = 200;

/// How many pieces of work processes took, and for how many seconds they worked on each, where these are small.
pub(super) fn small_pieces(times: &Times) -> Option<(u64, f64)> {
    let pool = times.pools.iter().filter(|pool| pool.processes).max_by_key(|pool| pool.pieces)?;
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    let each = pool.worked / pool.pieces.max(1) as f64;
    (pool.pieces >= MANY && each <= SMALL).then_some((pool.pieces, each))
}

fn find(times: &Times) -> Option<Finding> {
    let sum = |roles: &[&Role], of: fn(&Role) -> f64| roles.iter().map(|role| of(role)).sum::<f64>();
    let carriers: Vec<&Role> = times.helpers.iter().filter(|role| role.pid == times.launched).collect();
    let own: Vec<&Role> = times.of_process(times.launched).collect();
    let is_worker = |role: &&Role| role.pid != times.launched && role.tid == role.pid;
    let workers: Vec<&Role> = times.roles.iter().filter(is_worker).collect();
    let carried = sum(&carriers, Role::worked);
    let parent = times.parent.works;
    let worked = sum(&workers, Role::worked) / sum(&workers, Role::life).max(f64::MIN_POSITIVE);
    let small = small_pieces(times);
    let enough = times.share(carried) >= CARRIED && worked <= WORKED || small.is_some();
    if workers.len() < 2 || !enough || times.share(parent) < WORTH || pickling::RULE.holds(times) {
        return None;
    }
    if let Some((pieces, each)) = small {
        return Some(of_small_pieces(times, (pieces, each), parent, &workers));
    }
    let sentence = format!(
        "the parent prepared, handed out and collected work for {} of the run, also in the threads that carry it to its {} and \
         back; these worked for {} of theirs. Fewer and larger pieces, or data that they read themselves, would leave \
         less to carry.",
        words::percent(times.share(parent)),
        words::count(workers.len(), "process").to_lowercase(),
        words::percent(worked),
    );
    let found = Finding::new(times.share(parent), &sentence)
        .with("parent_s", parent)
        .with("carried_s", carried)
        .with("workers", whole(workers.len()))
        .with("workers_worked_share", worked);
    Some(found.because(own.iter().chain(&carriers).chain(&workers).map(|role| role.id)))
}

/// Of pieces that are small, that is what counts.
fn of_small_pieces(times: &Times, (pieces, each): (u64, f64), parent: f64, workers: &[&Role]) -> Finding {
    let pieces = usize::try_from(pieces).unwrap_or(usize::MAX);
    let sentence = format!(
        "{} took {} pieces of work, and were on a core for {} with each, while the parent prepared, handed out and collected for {} \
         of the run. Larger pieces (chunksize) would leave less to carry.",
        words::count(workers.len(), "process").to_lowercase(),
        words::grouped_whole(pieces),
        if each < 0.000_95 { format!("{:.0} µs", each * 1e6) } else { took(each) },
        words::percent(times.share(parent)),
    );
    let found = Finding::new(times.share(parent), &sentence)
        .with("parent_s", parent)
        .with("pieces", whole(pieces))
        .with("each_s", each)
        .with("workers", whole(workers.len()));
    let parent = times.of_process(times.launched).map(|role| role.id);
    found.because(parent.chain(workers.iter().map(|role| role.id)))
}
