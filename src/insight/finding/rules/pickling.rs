//! Processes that spend their time on what goes from one to the other: pickling it, and writing and reading it.

use super::{Finding, Rule, Times, handed_out, took, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "pickling",
    name: "Pickling",
    says: "processes spend their time on what goes between them",
    help: "send less: an index, a file's name, shared memory",
    find,
};

/// It took this share of all that was computed at least, and that much was computed: this share of the run.
const WORTH: f64 = 0.3;
const COMPUTED: f64 = 0.3;

fn find(times: &Times) -> Option<Finding> {
    if times.processes().count() < 2 || handed_out::small_pieces(times).is_some() {
        return None;
    }
    let all: Vec<&Role> = times.roles.iter().chain(&times.helpers).collect();
    let sum = |of: fn(&Role) -> f64| all.iter().map(|role| of(role)).sum::<f64>();
    let (worked, carried, pickled) =
        (sum(|role| role.time(Doing::Core)), sum(|role| role.carried), sum(|role| role.pickled));
    let share = carried / worked.max(f64::MIN_POSITIVE);
    if share < WORTH || times.share(sum(Role::worked)) < COMPUTED {
        return None;
    }
    let of_parent: f64 = all.iter().filter(|role| role.pid == times.launched).map(|role| role.carried).sum();
    let sentence = format!(
        "moving arguments and results between processes took {} of all computing: {} of pickling and {} of writing and reading, {} of \
         it in the parent. Less that is sent (a file name or an index for data that they read themselves, shared memory, a sum \
         instead of all its parts) would leave more for the work.",
        words::percent(share),
        took(pickled),
        took((carried - pickled).max(0.0)),
        words::percent(of_parent / carried.max(f64::MIN_POSITIVE)),
    );
    let busiest = all.iter().map(|role| role.carried).fold(0.0, f64::max);
    let found = Finding::new(share, &sentence)
        .with("carried_s", carried)
        .with("pickled_s", pickled)
        .with("computed_s", worked)
        .with("processes", whole(times.processes().count()));
    Some(found.because(all.iter().filter(|role| role.carried >= 0.2 * busiest).map(|role| role.id)))
}
