//! Who held a GIL, and when, by the lanes' names.

use crate::clock::{Nanos, seconds};
use crate::trace::{Lane, Trace};
use std::collections::HashMap;

/// Every stretch in which a thread held a GIL, by its start: from and to in seconds since the program's start, and the
/// lane's name. Where several lanes have one name, their thread ids tell them apart. Stretches that touch are one.
pub(super) fn owners(trace: &Trace) -> Vec<(f64, f64, String)> {
    let names = names(&trace.lanes);
    let mut holds: Vec<(Nanos, Nanos, usize)> = Vec::new();
    for track in &trace.gils {
        let first = holds.len();
        for hold in track.holds().iter().filter(|hold| hold.end > trace.zero()) {
            match holds[first..].last_mut() {
                Some((_, end, lane)) if *lane == hold.lane && *end == hold.start => *end = hold.end,
                _ => holds.push((hold.start.max(trace.zero()), hold.end, hold.lane)),
            }
        }
    }
    holds.sort_unstable();
    let since = |at: Nanos| (seconds(at.saturating_sub(trace.zero())) * 1e6).round() / 1e6;
    let by_name = |(from, to, lane)| (since(from), since(to), names.get(lane).cloned().unwrap_or_default());
    holds.into_iter().map(by_name).collect()
}

/// A name for each lane that no other has.
fn names(lanes: &[Lane]) -> Vec<String> {
    let mut count: HashMap<&str, usize> = HashMap::new();
    for lane in lanes {
        *count.entry(&lane.name).or_default() += 1;
    }
    let own = |lane: &Lane| match count.get(lane.name.as_str()) {
        Some(1) => lane.name.clone(),
        _ => format!("{} {}", lane.name, lane.tid),
    };
    lanes.iter().map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::fixtures;

    #[test]
    fn turns_are_told_by_name_and_never_overlap() {
        let trace = fixtures::two_threads_under_the_gil().ended();
        let owners = owners(&trace);
        assert!(owners.windows(2).all(|two| two[0].1 <= two[1].0), "{owners:?}");
        assert_eq!(owners.iter().filter(|(_, _, name)| name == "worker-0").count(), 24);
        let mut same = trace.clone();
        same.lanes.iter_mut().for_each(|lane| lane.name = "worker".into());
        assert!(super::owners(&same).iter().any(|(_, _, name)| name == "worker 4713"));
    }
}
