//! Processes that have less to do than the parent that hands out their work and collects what they made of it.

use super::{Finding, Rule, Times, whole, words};
use crate::insight::finding::times::Role;

pub(super) const RULE: Rule = Rule { id: "handing-out", find };

/// The threads that carry work and results did so for this share of the run at least, and the parent as a whole worked for this one.
const CARRIED: f64 = 0.15;
const WORTH: f64 = 0.3;
/// The processes worked for no more than this share of their time.
const WORKED: f64 = 0.5;

fn find(times: &Times) -> Option<Finding> {
    let sum = |roles: &[&Role], of: fn(&Role) -> f64| roles.iter().map(|role| of(role)).sum::<f64>();
    let carriers: Vec<&Role> = times.helpers.iter().filter(|role| role.pid == times.launched).collect();
    let own: Vec<&Role> = times.of_process(times.launched).collect();
    let is_worker = |role: &&Role| role.pid != times.launched && role.tid == role.pid;
    let workers: Vec<&Role> = times.roles.iter().filter(is_worker).collect();
    let carried = sum(&carriers, Role::worked);
    let parent = times.parent.works;
    let worked = sum(&workers, Role::worked) / sum(&workers, Role::life).max(f64::MIN_POSITIVE);
    if workers.len() < 2 || times.share(carried) < CARRIED || times.share(parent) < WORTH || worked > WORKED {
        return None;
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
