//! The report as text for a terminal or a log: the numbers, the lanes, the cores, the sentence.

use super::{Exporter, Predicted, Report, TaskResult};
use crate::clock::{Nanos, seconds};
use crate::insight::words::{self, grouped_whole, percent};
use crate::insight::{Ledger, Part};
use crate::runner::how_it_ended;
use crate::trace::locks::lock_order::Told;
use crate::trace::{Call, Lane, LaneKind, Memory, State, StateTotals, Trace, plain, plain_lines};
use std::cmp::Reverse;
use std::fmt::{self, Display, Formatter};

/// Text for people.
pub const EXPORTER: Exporter = Exporter {
    name: "text",
    binary: false,
    write: |report| plain_lines(&Text(report).to_string()).into_owned().into_bytes(),
};

/// The report as text.
struct Text<'a>(&'a Report<'a>);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let report = self.0;
        head(f, report)?;
        let trace = &report.outcome.trace;
        writeln!(f)?;
        lanes(f, trace)?;
        tasks(f, trace)?;
        cores(f, report)?;
        writeln!(f, "\n{}", report.verdict.whole())?;
        for caveat in &report.verdict.caveats {
            writeln!(f, "  note: {caveat}")?;
        }
        for note in &report.outcome.notes {
            writeln!(f, "  note: {note}")?;
        }
        if orders_matter(report) {
            writeln!(f, "  note: whether its threads take locks in crossed orders is not known on this Python")?;
        }
        stream(f, "output", &report.outcome.stdout)?;
        stream(f, "error output", &report.outcome.stderr)?;
        for predicted in &report.predictions {
            prediction(f, predicted)?;
        }
        report.task.as_ref().map_or(Ok(()), |result| task(f, result))
    }
}

/// Whether it would be worth knowing of a program of the learner's own in which orders its locks are taken, and is not known.
fn orders_matter(report: &Report<'_>) -> bool {
    let trace = &report.outcome.trace;
    let waits =
        |lane: &&Lane| lane.spans.as_slice().iter().any(|span| span.wait.is_some_and(|w| w.call == Call::PyLock));
    let own = report.outcome.spec.own.is_some();
    own && trace.locks.orders.told() == Some(Told::Nothing) && trace.lanes.iter().filter(waits).count() > 1
}

fn prediction(f: &mut Formatter<'_>, predicted: &Predicted) -> fmt::Result {
    writeln!(f, "\nprediction {}: {}", predicted.id, predicted.question)?;
    for choice in &predicted.choices {
        let mark = if predicted.right.as_ref() == Some(&choice.id) { "✓" } else { " " };
        writeln!(f, "  {mark} {}", choice.text)?;
    }
    if let Some(value) = predicted.measured {
        let unit = predicted.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
        writeln!(f, "  measured: {} {}{unit}", predicted.metric, (value * 1e3).round() / 1e3)?;
    }
    predicted.reason.as_ref().map_or(Ok(()), |why| writeln!(f, "  this run cannot tell: {why}"))
}

fn task(f: &mut Formatter<'_>, result: &TaskResult) -> fmt::Result {
    let how = if result.passed { "done" } else { "not yet" };
    writeln!(f, "\ntask {}: {how}, in run {} of {}", result.id, result.round, result.rounds)?;
    for expected in &result.expects {
        let reason = expected.reason.as_ref().map(|why| format!("\n      {why}")).unwrap_or_default();
        writeln!(f, "  {} {}{reason}", if expected.held { "✓" } else { "✗" }, expected.says)?;
    }
    Ok(())
}

fn head(f: &mut Formatter<'_>, report: &Report<'_>) -> fmt::Result {
    let Report { outcome, summary, .. } = report;
    let spec = &outcome.spec;
    let lesson = spec.lesson.as_deref().map(|l| format!("{l} ")).unwrap_or_default();
    let knobs: Vec<String> = spec.knobs.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let args = spec.args.iter().map(|arg| arg.to_string_lossy());
    let called: Vec<_> = std::iter::once(spec.program.as_str().into()).chain(args).collect();
    let why = spec.own.as_ref().and_then(|own| own.chosen.as_ref()).map(|why| format!(" ({why})")).unwrap_or_default();
    writeln!(f, "{lesson}{}  on {}{why}  {}", plain(&called.join(" ")), spec.runtime.label(), knobs.join(" "))?;
    let ended = how_it_ended(outcome).unwrap_or_else(|| outcome.end.short());
    let gil = summary.gil_wait.map_or("not measured".to_owned(), |share| format!("{:.0} %", share * 100.0));
    writeln!(
        f,
        "{ended}\nwall {:.3} s  cpu {:.3} s  parallelism {:.2}×  GIL wait {gil}",
        summary.wall_s, summary.cpu_s, summary.parallelism
    )?;
    let (trace, lost) = (&outcome.trace, outcome.trace.lost);
    let sources = trace.sources;
    writeln!(
        f,
        "switches {:?}, waits {:?}, names {:?}; lost {} switches, {} marks; observing cost {:.3} s",
        sources.switches,
        sources.waits,
        sources.names,
        lost.switches,
        lost.events,
        seconds(trace.observer_cpu)
    )
}

/// So many lanes have a line each.
const LANES: usize = 16;

/// The lanes: all where they are few, else those that ran longest, and what the others did in all.
fn lanes(f: &mut Formatter<'_>, trace: &Trace) -> fmt::Result {
    let mut places: Vec<usize> = (0..trace.lanes.len()).collect();
    let mut rest = Vec::new();
    if places.len() > LANES + 1 {
        let lane = |place: &usize| &trace.lanes[*place];
        places.sort_by_key(|at| Reverse((lane(at).kind == LaneKind::Main, lane(at).totals().on_cpu())));
        rest = places.split_off(LANES).iter().map(lane).collect();
        places.sort_unstable();
    }
    let told: Vec<&Lane> = places.into_iter().map(|place| &trace.lanes[place]).collect();
    let width = told.iter().map(|l| l.name.chars().count()).max().unwrap_or(0).clamp(4, 28);
    writeln!(
        f,
        "{:width$}  {:>7}  {:>7}  {:<8}  time in seconds by state, start-up included",
        "lane", "pid", "tid", "kind"
    )?;
    for lane in &told {
        let name = shortened(&lane.name, width);
        let kind = format!("{:?}", lane.kind).to_lowercase();
        let killed = lane.told.killed.map(|signal| format!(" · killed by {}", words::signal(signal)));
        let did = states(&[lane]) + &killed.unwrap_or_default();
        writeln!(f, "{name:width$}  {:>7}  {:>7}  {kind:<8}  {did}", lane.pid, lane.tid)?;
    }
    if !rest.is_empty() {
        let count = grouped_whole(rest.len());
        writeln!(f, "and {count} more, none of which ran longer than these; together  {}", states(&rest))?;
    }
    Ok(())
}

/// So many asyncio tasks have a line each.
const TASKS: usize = 20;

/// asyncio's tasks: those that ran longest, and what held their loop up.
fn tasks(f: &mut Formatter<'_>, trace: &Trace) -> fmt::Result {
    let tracks = &trace.tasks.tracks;
    if tracks.is_empty() {
        return Ok(());
    }
    let told = super::asyncio::tasks(trace, TASKS);
    let lost =
        if trace.lost.tasks > 0 { format!("; lost {} records of them", trace.lost.tasks) } else { String::new() };
    writeln!(f, "\n{} asyncio task{}{lost}", tracks.len(), if tracks.len() == 1 { "" } else { "s" })?;
    for task in &told {
        writeln!(f, "  {task}")?;
    }
    if tracks.len() > told.len() {
        writeln!(f, "  and {} that ran no longer than these", tracks.len() - told.len())?;
    }
    for block in super::asyncio::blocks(trace) {
        writeln!(f, "  {block}")?;
    }
    Ok(())
}

/// A name of so many characters at most: what tells it from its neighbours stands at its end as often as at its start.
fn shortened(name: &str, most: usize) -> String {
    let count = name.chars().count();
    if count <= most {
        return name.to_owned();
    }
    let head = (most - 1) / 2;
    let tail = name.chars().skip(count - (most - 1 - head));
    name.chars().take(head).chain(['…']).chain(tail).collect()
}

/// A shorter time is not worth a word.
pub(super) const LEAST: Nanos = 100_000;

/// What lanes did in all.
fn states(lanes: &[&Lane]) -> String {
    let mut totals = StateTotals::default();
    for lane in lanes {
        totals.merge(lane.totals());
    }
    let whose = if lanes.len() == 1 { "its" } else { "their" };
    let parts: Vec<String> = State::ALL
        .iter()
        .filter(|s| totals.get(**s) >= LEAST)
        .map(|s| {
            let workers = match lanes.iter().map(|lane| lane.for_workers_in(*s, 0, Nanos::MAX)).sum() {
                workers @ LEAST.. => format!(" ({:.3} of it for {whose} workers)", seconds(workers)),
                _ => String::new(),
            };
            format!("{} {:.3}{workers}", s.label(), seconds(totals.get(*s)))
        })
        .collect();
    parts.join(" · ")
}

fn cores(f: &mut Formatter<'_>, report: &Report<'_>) -> fmt::Result {
    let machine = report.machine;
    let usable =
        if machine.usable_cores > 0.0 { format!(", {:.2} usable now", machine.usable_cores) } else { String::new() };
    writeln!(f, "\n{} cores{usable}", machine.cores)?;
    for core in super::json::cores(&report.outcome.trace) {
        writeln!(f, "  {core}")?;
    }
    report.ledger().map_or(Ok(()), |ledger| spent(f, &ledger))?;
    let mut locks = super::objects::in_words(report).into_iter();
    locks.try_for_each(|told| writeln!(f, "  {told}"))?;
    memory(f, &report.outcome.trace.memory)
}

/// How much memory the processes held.
fn memory(f: &mut Formatter<'_>, memory: &Memory) -> fmt::Result {
    if memory.peak == 0 {
        return Ok(());
    }
    let of = memory.total.map(|total| format!(", of {}", words::bytes(total))).unwrap_or_default();
    writeln!(f, "  memory: at most {} at one time{of}", words::bytes(memory.peak))
}

/// What became of the cores' time.
fn spent(f: &mut Formatter<'_>, ledger: &Ledger) -> fmt::Result {
    let cores = if ledger.cores == 1 { "1 core".to_owned() } else { format!("{} cores", ledger.cores) };
    writeln!(f, "  of {cores} for {:.3} s: {}", seconds(ledger.wall), shares(ledger))
}

/// The parts of the cores' time that are worth a word, the largest first, each with its share.
pub(super) fn shares(ledger: &Ledger) -> String {
    let whole = seconds(ledger.whole());
    let mut parts: Vec<Part> = Part::ALL.into_iter().filter(|part| ledger.get(*part) >= LEAST).collect();
    parts.sort_by_key(|part| Reverse(ledger.get(*part)));
    let told = |part: &Part| format!("{} {}", part.label(), percent(seconds(ledger.get(*part)) / whole));
    parts.iter().map(told).collect::<Vec<_>>().join(" · ")
}

fn stream(f: &mut Formatter<'_>, name: &str, bytes: &[u8]) -> fmt::Result {
    if bytes.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{name}:")?;
    for line in String::from_utf8_lossy(bytes).lines() {
        writeln!(f, "  {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MILLISECOND;
    use crate::trace::{Builder, Record, What};

    /// A thread that starts others, each of which runs a millisecond longer than the one before.
    fn told(threads: u32) -> String {
        let mut builder = Builder::new(10, 0);
        let record = |at, tid, what| Record { at, pid: 10, tid, what };
        builder.feed([record(0, 10, What::On { core: 0 }), record(1, 10, What::Off { preempted: false })], 1);
        for n in 1..=threads {
            let (from, to) = (u64::from(n) * MILLISECOND, u64::from(2 * n) * MILLISECOND);
            let tid = 10 + n;
            builder.feed(
                [
                    record(from, tid, What::Start { parent: 10 }),
                    record(from, tid, What::On { core: 0 }),
                    record(to, tid, What::Off { preempted: false }),
                    record(to, tid, What::End),
                ],
                from,
            );
        }
        let trace = builder.finish(u64::from(threads) * 2 * MILLISECOND);
        fmt::from_fn(|f| lanes(f, &trace)).to_string()
    }

    #[test]
    fn a_few_lanes_have_a_line_each() {
        assert_eq!(told(16).lines().count(), 1 + 17);
    }

    #[test]
    fn of_many_lanes_the_busiest_are_told_and_the_others_summed() {
        let told = told(30);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 1 + LANES + 1);
        assert!(lines[1].contains(" main "), "{told}");
        let tids: Vec<&str> = lines[2..=LANES].iter().filter_map(|line| line.split_whitespace().nth(1)).collect();
        let busiest: Vec<String> = (26..=40).map(|tid| tid.to_string()).collect();
        assert_eq!(tids, busiest, "{told}");
        // 1 to 15 ms each.
        let rest = "and 15 more, none of which ran longer than these; together  running 0.120";
        assert_eq!(lines[1 + LANES], rest, "{told}");
    }
}
