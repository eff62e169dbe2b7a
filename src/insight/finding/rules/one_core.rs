//! One thread that computes, and nothing else that does: one core is all that it can use.

use super::{Finding, Rule, Times, whole, words};
use crate::insight::finding::times::Role;

pub(super) const RULE: Rule = Rule {
    id: "one-core",
    name: "One thread on one core",
    says: "one thread computes, and one core is all it can use",
    help: "share the work among processes, or make it less",
    find,
};

/// It wanted a core for this share of the run at least, and all others for no more than this share of its time.
const WORTH: f64 = 0.8;
const OTHERS: f64 = 0.1;
/// A run that took fewer seconds is soon over in any case.
const LONG: f64 = 0.3;

fn find(times: &Times) -> Option<Finding> {
    let busiest = times.roles.iter().max_by(|a, b| a.worked().total_cmp(&b.worked()))?;
    let share = times.share(busiest.worked());
    let others: f64 =
        times.roles.iter().chain(&times.helpers).filter(|role| role.id != busiest.id).map(Role::wanted).sum();
    let cores = times.conditions.cores;
    if times.wall < LONG || share < WORTH || cores < 2 || others > OTHERS * busiest.worked() {
        return None;
    }
    let sentence = format!(
        "{} computed for {} of the run and nothing else did: of {cores} cores it can use one. Parts that do not need each other \
         would use more in processes{}.",
        busiest.named(),
        words::percent(share),
        if times.conditions.has_gil { "; in threads, Python code takes turns" } else { " or threads" },
    );
    // Whatever else is found says more.
    let found = Finding::new(0.03 * share, &sentence).with("worked_share", share).with("cores", whole(cores));
    Some(found.because([busiest.id]))
}
