//! What differs between the runs of a lesson, in the words of a teacher.

use super::{Caveat, Compared, Pace, SHORT, Shape, Standing};
use crate::trace::{Lane, LaneKind, SwitchSource, Trace};
use std::collections::HashSet;

/// Running Python at once in one process for less than this share of the run is nothing but the edges of turns.
const TURNS: f64 = 0.01;
/// From this share of the wanted time on, threads waited for the GIL.
const WAITED: f64 = 0.15;
/// From this share of the on-CPU time on, native code counts.
const NATIVE: f64 = 0.15;
/// From these shares of the run on, something was so always, mostly, sometimes.
const ALWAYS: f64 = 0.8;
const MOSTLY: f64 = 0.5;
const SOMETIMES: f64 = 0.05;
/// From this mean number of threads that wait at one time on, their waits overlap.
const OVERLAPPED: f64 = 1.5;
/// From this share of the run on, one call waits for everything.
const MULTIPLEXED: f64 = 0.2;
/// From this factor on it says more than the seconds.
const FAR: f64 = 2.0;
/// A smaller difference in seconds is not worth a number.
const NOTHING: f64 = 0.0005;

/// What a run did at once, and why, in a few words; empty where nothing settles it.
pub(super) fn because(run: &Compared<'_>, shape: &Shape) -> String {
    let Some(outcome) = run.outcome else { return String::new() };
    if outcome.trace.sources.switches == SwitchSource::None || run.summary.wall_s < SHORT {
        return String::new();
    }
    let exact = outcome.trace.sources.switches == SwitchSource::Perf;
    computing(run, shape, &outcome.trace, exact)
        .or_else(|| waiting(shape))
        .or_else(|| kept_waiting(run, shape))
        .unwrap_or_default()
}

/// Threads or processes that computed.
fn computing(run: &Compared<'_>, shape: &Shape, trace: &Trace, exact: bool) -> Option<String> {
    let (gil, several) = (run.runtime.has_gil(), shape.computing_processes > 1);
    // Where it mostly waits, who computes is not what makes it fast or slow.
    let mostly_waits = shape.wanted < MOSTLY && waits(shape) > run.summary.parallelism;
    if shape.computing_threads < 2 || shape.busy < SOMETIMES || mostly_waits {
        return None;
    }
    let homes = homes(trace);
    let shared = homes.iter().collect::<HashSet<_>>().len() < homes.len();
    let one_gil = gil && !several && shape.running_overlap < TURNS && shared;
    let own_gils = gil && !shared && homes.len() > 1;
    let who = match () {
        () if one_gil && shape.native < NATIVE => return Some("one GIL, never two at one instant".to_owned()),
        () if one_gil => "one GIL",
        () if several && gil && shape.own_gils => "a GIL each",
        () if !gil => "no GIL",
        () if !several && own_gils => "a GIL each",
        () if !several && shape.native >= NATIVE => "native code without the GIL",
        () => "",
    };
    let parts = [who.to_owned(), if exact { at_once(shape) } else { String::new() }];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The GILs of the threads that computed.
fn homes(trace: &Trace) -> Vec<usize> {
    let on_cpu = |lane: &Lane| lane.totals().on_cpu();
    let busiest = trace.lanes.iter().filter(|lane| lane.is_workload()).map(on_cpu).max().unwrap_or(0);
    let computed = |lane: &Lane| lane.is_workload() && lane.kind != LaneKind::Helper && 10 * on_cpu(lane) > busiest;
    let lanes = trace.lanes.iter().enumerate().filter(|(_, lane)| computed(lane));
    lanes.filter_map(|(place, _)| trace.home_gil(place)).collect()
}

/// How much of the run at least two were on cores at the same time.
fn at_once(shape: &Shape) -> String {
    let two = if shape.computing_threads > 2 { "two or more" } else { "two" };
    match shape.overlap {
        part if part >= ALWAYS => format!("nearly always {two} at once"),
        part if part >= MOSTLY => format!("mostly {two} at once"),
        part if part >= SOMETIMES => format!("{two} at once for {:.0} % of the time", part * 100.0),
        _ => format!("hardly ever {two} at once"),
    }
}

/// Threads that waited for I/O or slept.
fn waiting(shape: &Shape) -> Option<String> {
    let waits = waits(shape);
    if shape.multiplexed >= MULTIPLEXED && shape.multiplexed > 0.5 * waits {
        return Some("one thread waits for everything at once".to_owned());
    }
    let threads = if shape.waiting_processes > 1 { "processes" } else { "threads" };
    let what = if shape.io_waiting >= shape.sleeping { "wait for I/O" } else { "sleep" };
    let digits = usize::from(waits < 10.0);
    (waits >= OVERLAPPED).then(|| format!("{waits:.digits$} {threads} {what} at once"))
}

/// Threads that waited for each other: for the GIL, or for a lock.
fn kept_waiting(run: &Compared<'_>, shape: &Shape) -> Option<String> {
    let gil = run.summary.gil_wait.filter(|share| *share >= WAITED && shape.wanted >= MOSTLY);
    let lock = (shape.lock_waiting >= 1.0).then(|| format!("{:.1} threads wait for a lock", shape.lock_waiting));
    gil.map(|share| format!("waited for the GIL for {:.0} % of the time", share * 100.0)).or(lock)
}

/// How many threads waited for I/O or slept at one time, on average.
fn waits(shape: &Shape) -> f64 {
    shape.io_waiting.max(shape.sleeping)
}

/// What a run did beside the baseline.
pub(super) fn sentence(run: &Compared<'_>, baseline: Option<&str>) -> String {
    let name = begun(run.program);
    if let Some(trouble) = &run.trouble {
        return closed(&format!("{name} {trouble}"));
    }
    let why = if run.because.is_empty() { String::new() } else { format!(": {}", run.because) };
    let wall = seconds(run.summary.wall_s);
    let did = match (run.saved_s, run.pace(), baseline) {
        (Some(saved), Some(pace), Some(baseline)) => beside(run, saved, pace, baseline),
        _ => format!("took {wall}"),
    };
    let name = run.heading.as_ref().map_or(name.clone(), |heading| format!("{name}: {}. It", heading.words));
    let (tried, good) = (run.repeats.tried, run.repeats.walls.len());
    let failed =
        if good < tried { format!(" {} of {tried} runs did not succeed.", tried - good) } else { String::new() };
    closed(&format!("{name} {did}{why}")) + &failed
}

/// The difference: the end of a sentence that begins with the program's name.
fn beside(run: &Compared<'_>, saved: f64, pace: Pace, baseline: &str) -> String {
    // What repeats settle is settled, however small it is; what they leave open is no difference.
    let settled = matches!(run.standing, Some(Standing::Faster | Standing::Slower));
    match pace {
        _ if run.too_short() => format!("took {}, too short to compare", seconds(run.summary.wall_s)),
        Pace::Same(_) if !settled || saved.abs() < NOTHING => format!("took about as long as {baseline}"),
        _ if run.unclear() && run.standing.is_none() => {
            let wall = seconds(run.summary.wall_s);
            format!("took {wall} beside {}, unclear on busy cores", seconds(run.summary.wall_s + saved))
        }
        _ if run.unclear() => {
            let (shortest, longest) = run.repeats.range();
            format!("took {} to {}, no clear difference from {baseline}", seconds(shortest), seconds(longest))
        }
        Pace::Faster(factor) if factor >= FAR => format!("saved {}, {}", seconds(saved), pace.beside(baseline)),
        Pace::Slower(factor) if factor >= FAR => format!("lost {}, {}", seconds(-saved), pace.beside(baseline)),
        _ if saved > 0.0 => format!("saved {}", seconds(saved)),
        _ => format!("lost {}", seconds(-saved)),
    }
}

/// What the repeats of a run show, in a sentence with both ranges; `None` where there are too few of them.
pub(super) fn verdict(run: &Compared<'_>, baseline: Option<&str>) -> Option<String> {
    let (standing, baseline, runs) = (run.standing?, baseline?, run.repeats.walls.len());
    let (shortest, longest) = run.repeats.range();
    let range = format!("{} to {}", seconds(shortest), seconds(longest));
    Some(match standing {
        Standing::Faster => format!("Not noise: in {runs} runs it took {range}, less than {baseline} each time."),
        Standing::Slower => format!("Not noise: in {runs} runs it took {range}, more than {baseline} each time."),
        Standing::Undecided => {
            format!("In {runs} runs it took {range}: no difference from {baseline} beyond the noise.")
        }
    })
}

/// What differs among the runs of one runtime: all but the baseline, which is what they are held against, and what was not
/// run, which its row says.
pub(super) fn together(group: &[Compared<'_>], label: Option<String>) -> String {
    let any = group.iter().any(|run| run.saved_s.is_some());
    let told = |run: &&Compared<'_>| !any || run.saved_s.is_some() || run.trouble.is_some() || run.heading.is_some();
    let ran = group.iter().filter(|run| run.outcome.is_some());
    let text = ran.filter(told).map(|run| run.sentence.as_str()).collect::<Vec<_>>().join(" ");
    label.map_or(text.clone(), |label| format!("{label}: {text}"))
}

/// What the repeats of one runtime show.
pub(super) fn shown(group: &[Compared<'_>], baseline: Option<&str>, label: Option<String>) -> Option<String> {
    let of = |standing: Standing| -> Vec<&str> {
        group.iter().filter(|run| run.standing == Some(standing)).map(|run| run.program).collect()
    };
    let (faster, slower, open) = (of(Standing::Faster), of(Standing::Slower), of(Standing::Undecided));
    let runs = group.iter().filter(|run| run.standing.is_some()).map(|run| run.repeats.walls.len()).min()?;
    let baseline = baseline?;
    let part = |words: &str, names: &[&str]| (!names.is_empty()).then(|| format!("{words} for {}", listed(names)));
    let shown =
        [part(&format!("less time than {baseline}"), &faster), part(&format!("more time than {baseline}"), &slower)];
    let text = if shown.iter().all(Option::is_none) {
        format!("{runs} runs of each show no difference from {baseline} beyond the noise")
    } else {
        let parts: Vec<String> = shown.into_iter().chain([part("no difference", &open)]).flatten().collect();
        format!("{runs} runs of each show, beyond the noise: {}", parts.join("; "))
    };
    Some(closed(&label.map_or(text.clone(), |label| format!("{label}: {text}"))))
}

/// What weakens the whole, and what that means for it; repeats that have a verdict have stood it. `narrow`: the machine had
/// no second core to give.
pub(super) fn caveat(caveat: &Caveat, narrow: bool, shown: bool) -> String {
    let means = match caveat {
        _ if narrow => "What would run at once cannot be seen here.",
        Caveat::BusyMachine { .. } if !shown => "What differs may come from that alone.",
        _ => return caveat.to_string(),
    };
    format!("{} {means}", closed(&caveat.to_string()))
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Seconds with as many digits as say something.
pub(super) fn seconds(s: f64) -> String {
    match s.abs() {
        a if a >= 99.5 => format!("{s:.0} s"),
        a if a >= 9.95 => format!("{s:.1} s"),
        a if a >= 0.0995 => format!("{s:.2} s"),
        a if a >= 0.000_995 => format!("{:.0} ms", s * 1e3),
        _ => "less than 1 ms".to_owned(),
    }
}

/// A program's name at the beginning of a sentence; one that is plainly a name of code stays as it is.
fn begun(program: &str) -> String {
    let mut letters = program.chars();
    match letters.next() {
        Some(first) if program.chars().all(char::is_alphabetic) => first.to_uppercase().chain(letters).collect(),
        _ => program.to_owned(),
    }
}

/// How a run ended, without who waited where: that is in its report.
pub(super) fn in_short(ended: &str) -> String {
    ended.split_once(". ").map_or(ended, |(first, _)| first).to_owned()
}

fn closed(text: &str) -> String {
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}
