//! A thread that sleeps a little, looks, and sleeps again.

use super::{Finding, Rule, Times, took, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule { id: "sleeping-polls", find };

/// So many sleeps at least, each of no more than so many seconds.
const OFTEN: usize = 20;
const SHORT: f64 = 0.1;
/// Below this many seconds it hardly sleeps: another rule's.
const HARDLY: f64 = 0.0005;
/// It slept for this share of its life at least, and worked for no more than this one.
const SLEPT: f64 = 0.7;
const WORKED: f64 = 0.1;
/// It lived for this share of the run at least.
const LIVED: f64 = 0.3;

/// Whether a thread does.
pub(super) fn polls(times: &Times, role: &Role) -> bool {
    let naps = role.naps;
    naps.count >= OFTEN
        && (HARDLY..=SHORT).contains(&naps.median)
        && role.time(Doing::Sleep) >= SLEPT * role.life()
        && role.wanted() <= WORKED * role.life()
        && times.share(role.life()) >= LIVED
}

fn find(times: &Times) -> Option<Finding> {
    let mut found: Vec<&Role> = times.roles.iter().filter(|role| polls(times, role)).collect();
    found.sort_by_key(|role| std::cmp::Reverse(role.naps.count));
    let first = *found.first()?;
    let others = match found.len() - 1 {
        0 => String::new(),
        1 => ", and one more thread did so".to_owned(),
        more => format!(", and {} more threads did so", words::grouped_whole(more)),
    };
    let sentence = format!(
        "{} slept {} times for about {} and hardly worked in between{others}. If it only looks whether something has happened, \
         waiting for that itself (an Event, a Queue, a join) ends as soon as it does.",
        first.named(),
        words::grouped_whole(first.naps.count),
        took(first.naps.median),
    );
    let weight = times.share(first.time(Doing::Sleep));
    let found_it = Finding::new(weight, &sentence)
        .with("sleeps", whole(first.naps.count))
        .with("median_s", first.naps.median)
        .with("slept_s", first.time(Doing::Sleep))
        .with("threads", whole(found.len()));
    Some(found_it.because(found.iter().map(|role| role.id)))
}
