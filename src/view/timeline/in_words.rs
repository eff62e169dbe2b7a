//! A run's picture in words: a line each lane, with its share on a core and what it waited for; and who held the GIL.

use super::described::ids;
use crate::trace::{CoreTrack, GilTrack, Lane, LaneKind, State, Trace};
use crate::view::draw;
use crate::view::theme::Theme;
use std::cmp::Reverse;

/// A state that took less than this part of a lane's life is not told.
const LEAST: f64 = 0.01;

/// Threads that are named as holders of the GIL.
const MOST_HOLDERS: usize = 6;

/// Cores that are told each.
const MOST_CORES: usize = 16;

/// A line each lane of the workload, at most so many: those that ran longest.
#[must_use]
pub fn lanes(trace: &Trace, most: usize, theme: &Theme) -> Vec<String> {
    let mut all: Vec<&Lane> =
        trace.lanes.iter().filter(|lane| lane.is_workload() && lane.kind != LaneKind::Helper).collect();
    let count = all.len();
    if count == 0 {
        return Vec::new();
    }
    all.sort_by_key(|lane| Reverse(lane.totals().on_cpu()));
    all.truncate(most);
    let mut out = vec![match count {
        1 => "What its thread did, as shares of its life:".to_owned(),
        _ => format!("What its {count} threads did, as shares of each one's life:"),
    }];
    out.extend(all.iter().map(|lane| self::lane(lane, theme)));
    if count > most {
        out.push(format!("and {} more, which ran no longer than these.", count - most));
    }
    out.extend(super::tasks::in_words(trace, theme));
    out.extend(gils(trace, theme));
    out.extend(cores(trace));
    out
}

/// Who held the GIL, and how often it passed from one thread to another: the turns that the lens shows.
fn gils(trace: &Trace, theme: &Theme) -> Option<String> {
    let held: Vec<&GilTrack> = trace.gils.iter().filter(|gil| !gil.holds().is_empty()).collect();
    let [gil] = held[..] else {
        return (held.len() > 1)
            .then(|| format!("There were {} GILs, one for each process or interpreter.", held.len()));
    };
    let (first, last) = (gil.holds().first()?, gil.holds().last()?);
    let whole = last.end.min(trace.known_until).saturating_sub(first.start);
    let all = gil.between(first.start, trace.known_until).total;
    let mut shares: Vec<(usize, f64)> =
        (0..trace.lanes.len()).map(|lane| (lane, draw::share(gil.held_by(lane), all))).collect();
    shares.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let named = shares.iter().filter(|(_, share)| *share >= LEAST).take(MOST_HOLDERS);
    let named: Vec<String> =
        named.map(|(lane, share)| format!("{} {}", trace.lanes[*lane].name, draw::percent(*share))).collect();
    let turns = match gil.turns() {
        0 => "stayed with one thread".to_owned(),
        1 => "passed from one thread to another once".to_owned(),
        turns => {
            let each = draw::duration(whole / u64::try_from(turns).unwrap_or(1), theme);
            format!("passed from one thread to another {turns} times, every {each} on average")
        }
    };
    Some(format!("The GIL {turns}; of the time that it was held: {}.", named.join(", ")))
}

/// The share of the run that each core worked for it.
fn cores(trace: &Trace) -> Option<String> {
    let (from, to) = (trace.zero(), trace.known_until);
    let share = |core: &CoreTrack| {
        let sum: u64 = trace.core_use(core.id, from, to).iter().map(|(_, nanos)| nanos).sum();
        let share = draw::share(sum, to.saturating_sub(from));
        (share >= LEAST).then(|| format!("core {} {}", core.id, draw::percent(share)))
    };
    let all: Vec<String> = trace.cores.iter().filter_map(share).collect();
    let more = all.len().saturating_sub(MOST_CORES);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let told = all.iter().take(MOST_CORES).cloned().collect::<Vec<_>>().join(", ");
    (!all.is_empty()).then(|| format!("How much of the run each core worked for it: {told}{more}."))
}

/// A lane in words.
fn lane(lane: &Lane, theme: &Theme) -> String {
    let totals = lane.totals();
    let whole = totals.sum();
    let mut states: Vec<State> = State::ALL.into_iter().filter(|state| totals.get(*state) > 0).collect();
    states.sort_by_key(|state| Reverse(totals.get(*state)));
    let share = |state: &State| {
        let share = draw::share(totals.get(*state), whole);
        (share >= LEAST).then(|| format!("{} {}", state.label(), draw::percent(share)))
    };
    let shares: Vec<String> = states.iter().filter_map(share).collect();
    let shares = if shares.is_empty() { "not measured".to_owned() } else { shares.join(", ") };
    format!("{} ({}), {}: {shares}", lane.name, ids(lane), draw::duration(whole, theme))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::fixtures::{a_crowd, two_processes_in_parallel, two_threads_taking_turns};

    fn words(trace: &Trace) -> String {
        lanes(trace, 16, &Theme::plain()).join("\n")
    }

    #[test]
    fn taking_turns_and_running_at_once_are_not_told_alike() {
        let turns = words(&two_threads_taking_turns().ended());
        assert!(turns.contains("The GIL passed from one thread to another"), "{turns}");
        let parallel = words(&two_processes_in_parallel().ended());
        assert!(!parallel.contains("passed from one"), "{parallel}");
        assert!(parallel.contains("core 0 ") && parallel.contains("core 1 "), "{parallel}");
    }

    #[test]
    fn of_many_lanes_the_busiest_are_told_and_the_rest_counted() {
        let crowd = words(&a_crowd(100).ended());
        assert!(crowd.lines().count() < 24, "{crowd}");
        assert!(crowd.contains(" more, which ran no longer than these."), "{crowd}");
    }
}
