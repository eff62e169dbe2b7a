//! The report as text for a terminal or a log: the numbers, the lanes, the cores, the sentence.

use super::{Exporter, Predicted, Report, TaskResult};
use crate::clock::{Nanos, seconds};
use crate::runner::how_it_ended;
use crate::trace::{Lane, State, Trace};
use std::fmt::{self, Display, Formatter};

/// Text for people.
pub const EXPORTER: Exporter =
    Exporter { name: "text", binary: false, write: |report| Text(report).to_string().into_bytes() };

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
        stream(f, "output", &report.outcome.stdout)?;
        stream(f, "error output", &report.outcome.stderr)?;
        for predicted in &report.predictions {
            prediction(f, predicted)?;
        }
        report.task.as_ref().map_or(Ok(()), |result| task(f, result))
    }
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
    writeln!(f, "{lesson}{}  on {}{why}  {}", called.join(" "), spec.runtime.label(), knobs.join(" "))?;
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

fn lanes(f: &mut Formatter<'_>, trace: &Trace) -> fmt::Result {
    let width = trace.lanes.iter().map(|l| l.name.chars().count()).max().unwrap_or(0).clamp(4, 28);
    writeln!(
        f,
        "{:width$}  {:>7}  {:>7}  {:<8}  time in seconds by state, start-up included",
        "lane", "pid", "tid", "kind"
    )?;
    for lane in &trace.lanes {
        let name = shortened(&lane.name, width);
        let kind = format!("{:?}", lane.kind).to_lowercase();
        writeln!(f, "{name:width$}  {:>7}  {:>7}  {kind:<8}  {}", lane.pid, lane.tid, states(lane))?;
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
const LEAST: Nanos = 100_000;

fn states(lane: &Lane) -> String {
    let totals = lane.totals();
    let parts: Vec<String> = State::ALL
        .iter()
        .filter(|s| totals.get(**s) >= LEAST)
        .map(|s| {
            let workers = match lane.for_workers_in(*s, 0, Nanos::MAX) {
                workers @ LEAST.. => format!(" ({:.3} of it for its workers)", seconds(workers)),
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
    Ok(())
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
