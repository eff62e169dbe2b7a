//! A run's picture in words: a line each lane, with its share on a core and what it waited for; and who held the GIL. The same
//! of a part of it, of an instant, and turn by turn.

use super::Timeline;
use super::described::{self, ids};
use super::tasks;
use crate::clock::{MILLISECOND, Nanos, seconds};
use crate::insight::typical;
use crate::insight::words::{self, grouped_whole};
use crate::trace::{CoreTrack, GilTrack, Hold, Lane, LaneKind, State, StateTotals, Trace};
use crate::view::draw;
use crate::view::theme::Theme;
use crate::view::viewport::Viewport;
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
    let mut all: Vec<&Lane> = workers(trace).collect();
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
    out.extend(all.iter().map(|lane| self::lane(lane, lane.totals(), theme)));
    if count > most {
        out.push(format!("and {} more, which ran no longer than these.", count - most));
    }
    out.extend(tasks::in_words(trace, theme));
    out.extend(gils(trace, theme));
    out.extend(cores(trace));
    out
}

/// The lanes of the workload, its helpers left out.
fn workers(trace: &Trace) -> impl Iterator<Item = &Lane> {
    trace.lanes.iter().filter(|lane| lane.is_workload() && lane.kind != LaneKind::Helper)
}

/// How long after the program's start an instant is, in the unit in which one asks for it.
fn since(trace: &Trace, at: Nanos) -> String {
    let sign = if at < trace.zero() { "-" } else { "" };
    format!("{sign}{:.4} s", seconds(at.abs_diff(trace.zero())))
}

/// What each lane did at an instant, at most so many of them, and who held each GIL.
#[must_use]
pub fn at(trace: &Trace, at: Nanos, most: usize, theme: &Theme) -> Vec<String> {
    let mut out = vec![format!("At {}:", since(trace, at))];
    let lives = |lane: &&Lane| lane.start <= at && lane.end.is_none_or(|end| at < end);
    let (alive, all) = (workers(trace).filter(lives).count(), workers(trace).count());
    out.extend(workers(trace).filter(lives).take(most).map(|lane| {
        let words =
            tasks::told_at(trace, lane, at, theme).into_iter().chain(described::lane_at(trace, lane, at, theme));
        format!("{} ({}): {}", lane.name, ids(lane), words.collect::<Vec<_>>().join(", "))
    }));
    let viewport = Viewport::default();
    let timeline = Timeline { trace, viewport: &viewport, theme };
    if alive > most {
        out.push(format!("Of all: {}.", described::census(&timeline, at)));
    }
    if all > alive {
        out.push(format!("{} had not begun or had ended.", grouped_whole(all - alive)));
    }
    let gils = trace.gils.iter().enumerate().filter(|(_, gil)| gil.turns() > 0).take(MOST_HOLDERS);
    out.extend(gils.map(|(place, _)| {
        let (name, words) =
            (described::gil_name(trace, place), described::gil_at(&timeline, place, at, MILLISECOND / 10));
        format!("{name}: {words}")
    }));
    out
}

/// What each lane did between two instants: at most so many, those that ran longest; and how GILs passed on.
#[must_use]
pub fn between(trace: &Trace, (from, to): (Nanos, Nanos), most: usize, theme: &Theme) -> Vec<String> {
    let (first, last) = (since(trace, from), since(trace, to));
    let mut out = vec![format!("From {first} to {last}, as shares of what each one lived of it:")];
    let mut all: Vec<(&Lane, StateTotals)> = workers(trace)
        .map(|lane| (lane, lane.spans.totals_in(from, to)))
        .filter(|(_, totals)| totals.sum() > 0)
        .collect();
    all.sort_by_key(|(_, totals)| Reverse(totals.on_cpu()));
    let count = all.len();
    out.extend(all.iter().take(most).map(|(lane, totals)| self::lane(lane, totals, theme)));
    if count > most {
        out.push(format!("and {} more, which ran no longer than these.", grouped_whole(count - most)));
    }
    for (place, gil) in trace.gils.iter().enumerate().filter(|(_, gil)| gil.turns() > 0).take(MOST_HOLDERS) {
        let held = gil.between(from, to);
        let name = described::gil_name(trace, place);
        let times = if held.turns == 1 { "once".to_owned() } else { format!("{} times", grouped_whole(held.turns)) };
        let share = draw::percent(draw::share(held.total, to - from));
        out.push(format!("The {name} passed from one thread to another {times}, and was held for {share} of it."));
    }
    out
}

/// The longest stretch that is told turn by turn.
const STRETCH: Nanos = 100 * MILLISECOND;

/// A stretch turn by turn, at most so many turns: who held the GIL where one passes on, else whose steps a loop ran, else what
/// each lane did. The stretch is like the whole run, or begins at `from`.
#[must_use]
pub fn turns(trace: &Trace, from: Option<Nanos>, most: usize, theme: &Theme) -> Vec<String> {
    let length = trace.until().saturating_sub(trace.zero()).min(STRETCH);
    let from = from.unwrap_or_else(|| typical::typical(trace, length)).min(trace.until().saturating_sub(length));
    let to = from + length;
    let mut all: Vec<(Nanos, String)> = Vec::new();
    let long = |start: Nanos, end: Nanos| draw::duration(end.min(to) - start.max(from), theme);
    let passing = trace.gils.iter().filter(|gil| gil.between(from, to).turns > 0);
    for gil in passing {
        let name = |hold: &Hold| trace.lanes.get(hold.lane).map_or("a thread", |lane| &lane.name);
        let holds = gil.between(from, to).holds.iter();
        all.extend(
            holds.map(|hold| (hold.start, format!("{} holds the GIL for {}", name(hold), long(hold.start, hold.end)))),
        );
    }
    if all.is_empty() {
        for own in trace.tasks.loops.iter().filter(|own| own.tasks.len() > 1) {
            let name = |hold: &Hold| trace.tasks.tracks.get(hold.lane).map(|track| trace.tasks.label(track));
            let holds = own.turns.between(from, to).holds.iter();
            all.extend(holds.map(|hold| {
                (hold.start, format!("step of {}, {}", name(hold).unwrap_or_default(), long(hold.start, hold.end)))
            }));
        }
    }
    if all.is_empty() {
        for lane in workers(trace) {
            let spans = lane.spans.window(from, to).iter();
            all.extend(spans.map(|span| {
                let end = span.end.min(trace.known_until.max(span.start));
                (span.start, format!("{} is {} for {}", lane.name, span.label(), long(span.start, end)))
            }));
        }
    }
    all.sort();
    let which = if length < STRETCH { "All of it" } else { "A tenth of a second" };
    let mut out = vec![format!("{which} from {} on, turn by turn:", since(trace, from))];
    let count = all.len();
    let line = |(start, what): (Nanos, String)| format!("{}: {what}", since(trace, start.max(from)));
    out.extend(all.into_iter().take(most).map(line));
    if count > most {
        out.push(format!("and {} more in it.", grouped_whole(count - most)));
    }
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

/// A lane in words: what it did in all of these.
fn lane(lane: &Lane, totals: &StateTotals, theme: &Theme) -> String {
    let whole = totals.sum();
    let mut states: Vec<State> = State::ALL.into_iter().filter(|state| totals.get(*state) > 0).collect();
    states.sort_by_key(|state| Reverse(totals.get(*state)));
    let share = |state: &State| {
        let share = draw::share(totals.get(*state), whole);
        (share >= LEAST).then(|| format!("{} {}", state.label(), draw::percent(share)))
    };
    let shares: Vec<String> = states.iter().filter_map(share).collect();
    let shares = if shares.is_empty() { "not measured".to_owned() } else { shares.join(", ") };
    let killed = lane.told.killed.map(|signal| format!("; killed by {}", words::signal(signal))).unwrap_or_default();
    format!("{} ({}), {}: {shares}{killed}", lane.name, ids(lane), draw::duration(whole, theme))
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
