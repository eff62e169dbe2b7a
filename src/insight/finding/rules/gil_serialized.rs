//! Threads of one process that compute Python one at a time, because they share its GIL.

use super::{Finding, Rule, Times, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "gil-serialized",
    name: "Serialized by the GIL",
    says: "threads compute Python, one at a time",
    help: "processes, subinterpreters, or a Python without a GIL",
    find,
};

/// Threads stood in line for the GIL for this share of the run at least.
const IN_LINE: f64 = 0.25;
/// A thread that waited for the GIL for less than this share of its life hardly missed it.
const MISSED: f64 = 0.15;
/// Two were on cores at once for no more than this share of the time in which one worked.
const AT_ONCE: f64 = 0.1;

fn find(times: &Times) -> Option<Finding> {
    if !times.conditions.has_gil {
        return None;
    }
    let share = |role: &Role| role.time(Doing::Gil) / role.life().max(f64::MIN_POSITIVE);
    let found = times.processes().filter_map(|(pid, own)| {
        let together = times.computing(|role| role.pid == pid && role.wanted() > 0.0);
        let missed = together.len() > 1 && together.iter().all(|role| share(role) >= MISSED);
        let in_line = times.share(own.in_line);
        (missed && in_line >= IN_LINE && own.at_once <= AT_ONCE * own.works).then_some((in_line, together))
    });
    let processes: Vec<(f64, Vec<&Role>)> = found.collect();
    let weight = processes.iter().map(|(in_line, _)| *in_line).reduce(f64::max)?;
    let roles: Vec<&Role> = processes.iter().flat_map(|(_, roles)| roles.iter().copied()).collect();
    let least = roles.iter().map(|role| share(role)).fold(f64::INFINITY, f64::min);
    let most = roles.iter().map(|role| share(role)).fold(0.0, f64::max);
    let turns = words::turns(roles.len(), processes.len(), (least, most));
    let help = match (times.conditions.cores, processes.len()) {
        (0 | 1, _) => "",
        (cores, many) if many >= cores => "",
        _ => " Processes, or a free-threaded build, would let them run at once.",
    };
    let found = Finding::new(weight, &format!("{turns}{help}"))
        .with("threads", whole(roles.len()))
        .with("processes", whole(processes.len()))
        .with("gil_wait_least", least)
        .with("gil_wait_most", most)
        .with("in_line_share", weight);
    Some(found.because(roles.iter().map(|role| role.id)))
}
