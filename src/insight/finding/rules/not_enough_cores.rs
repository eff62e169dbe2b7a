//! More threads that want a core than the machine has.

use super::{Finding, Rule, Times, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "not-enough-cores",
    name: "Not enough cores",
    says: "more threads want a core than there are",
    help: "no more workers than cores",
    find,
};

/// Of the time that they wanted a core, they had none for this share at least.
const LACKED: f64 = 0.3;
/// Someone had none for this share of the run at least.
const WORTH: f64 = 0.3;

fn find(times: &Times) -> Option<Finding> {
    let cores = times.conditions.cores;
    let share = times.share(times.all.lacking);
    let computing = times.computing(|_| true);
    if cores == 0 || computing.len() <= cores || share < WORTH {
        return None;
    }
    let sum = |of: fn(&Role) -> f64| computing.iter().map(|role| of(role)).sum::<f64>();
    let (worked, on_core) = (sum(Role::worked), sum(|role| role.time(Doing::Core)));
    let lacked = 1.0 - on_core / worked.max(f64::MIN_POSITIVE);
    // Where others used the cores, the number of threads is not the reason.
    if lacked < LACKED || on_core < 0.8 * whole(cores) * times.all.works {
        return None;
    }
    let processes = computing.iter().map(|role| role.pid).collect::<std::collections::BTreeSet<_>>().len();
    let who = if processes == computing.len() { "process" } else { "thread" };
    let has = if cores == 1 { "there is one".to_owned() } else { format!("there are {cores}") };
    let sentence = format!(
        "{} wanted a core and {has}: for {} of that time they had none. More of them than cores do not make it faster",
        words::count(computing.len(), who),
        words::percent(lacked),
    );
    let found = Finding::new(share * lacked, &sentence)
        .with("computing", whole(computing.len()))
        .with("cores", whole(cores))
        .with("lacked_share", lacked);
    Some(found.because(computing.iter().map(|role| role.id)))
}
