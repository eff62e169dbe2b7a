//! A run's picture in words: a line each lane, with its share on a core and what it waited for; and who held the GIL.

use super::described::ids;
use crate::trace::{Lane, LaneKind, State, Trace};
use crate::view::draw;
use crate::view::theme::Theme;
use std::cmp::Reverse;

/// A state that took less than this part of a lane's life is not told.
const LEAST: f64 = 0.01;

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
    let tasks = trace.tasks.tracks.len();
    if tasks > 0 {
        out.push(format!("{tasks} asyncio task{} on the loop.", if tasks == 1 { "" } else { "s" }));
    }
    out
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
