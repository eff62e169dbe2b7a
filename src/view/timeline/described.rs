//! What a timeline says in words: a lane's name and ids, its shares or its state now, the cursor's detail.

use super::Timeline;
use super::axis;
use crate::clock::Nanos;
use crate::insight::words::{self, grouped_whole};
use crate::trace::locks::HeldBy;
use crate::trace::{Call, Lane, LaneKind, Span, State, StateTotals, SwitchSource, Trace, Wait, WaitObject, WaitSource};
use crate::view::draw;
use crate::view::lanes::Pointed;
use crate::view::legend;
use crate::view::theme::Theme;
use ratatui::style::Style;
use ratatui::text::{self, Line};
use std::cmp::Reverse;

/// The ids of a lane: the process's, and the thread's where it is not the main one.
#[must_use]
pub fn ids(lane: &Lane) -> String {
    if lane.tid == lane.pid { format!("pid {}", lane.pid) } else { format!("tid {}", lane.tid) }
}

/// What a lane is doing now, in words; `None` for a lane without any span.
#[must_use]
pub fn now(lane: &Lane) -> Option<(&'static str, Option<State>)> {
    if lane.end.is_some() {
        return Some(("ended", None));
    }
    let span = lane.spans.as_slice().last()?;
    Some((span.state.label(), Some(span.state)))
}

/// The share on a core and the largest other share; below it the next one, if it counts.
#[must_use]
pub fn shares(totals: &StateTotals, theme: &Theme) -> Vec<Line<'static>> {
    let whole = totals.sum();
    if whole == 0 {
        return Vec::new();
    }
    let palette = &theme.palette;
    let mut waits: Vec<State> = State::ALL.into_iter().filter(|s| !s.on_cpu() && totals.get(*s) > 0).collect();
    waits.sort_by_key(|s| Reverse(totals.get(*s)));
    let wait = |state: &State| {
        let part = draw::percent(draw::share(totals.get(*state), whole));
        let name = if *state == State::Unknown { "?" } else { legend::short(*state) };
        [
            text::Span::styled(format!("  {part}"), palette.states[state.index()]),
            text::Span::styled(format!(" {name}"), palette.dim),
        ]
    };
    let on = draw::percent(draw::share(totals.on_cpu(), whole));
    let blank = text::Span::raw(" ".repeat(on.len() + 4));
    let mut first = vec![text::Span::styled(on, palette.text), text::Span::styled(" run", palette.dim)];
    first.extend(waits.first().into_iter().flat_map(wait));
    let mut out = vec![Line::from(first)];
    let second = waits.get(1).filter(|s| totals.get(**s).saturating_mul(50) >= whole);
    out.extend(second.map(|s| Line::from([vec![blank], wait(s).to_vec()].concat())));
    out
}

/// The shares one below the other: on a core, then waits by size; where there is room for one only, the largest.
#[must_use]
pub fn narrow_shares(totals: &StateTotals, one: bool, theme: &Theme) -> Vec<Line<'static>> {
    let whole = totals.sum();
    if whole == 0 {
        return Vec::new();
    }
    let palette = &theme.palette;
    let share = |part: Nanos, name: &str, style: Style| {
        let percent = draw::percent(draw::share(part, whole));
        Line::from(vec![text::Span::styled(percent, style), text::Span::styled(format!(" {name}"), palette.dim)])
    };
    let mut waits: Vec<State> = State::ALL.into_iter().filter(|s| !s.on_cpu()).collect();
    waits.retain(|s| totals.get(*s).saturating_mul(50) >= whole);
    waits.sort_by_key(|s| Reverse(totals.get(*s)));
    let name = |s: State| if s == State::Unknown { "?" } else { legend::short(s) };
    let wait = |s: &State| share(totals.get(*s), name(*s), palette.states[s.index()]);
    let run = share(totals.on_cpu(), "run", palette.text);
    match waits.first() {
        Some(largest) if one && totals.get(*largest) > totals.on_cpu() => vec![wait(largest)],
        _ => [run].into_iter().chain(waits.iter().map(wait)).collect(),
    }
}

/// Helper lanes that are asked for their names: more names than these have no room anyway.
const NAMED: usize = 64;

/// The names of the helper lanes that are folded into one row, each once.
#[must_use]
pub fn helpers(trace: &Trace) -> String {
    let mut names: Vec<&str> = Vec::new();
    for lane in trace.roll.helpers().iter().take(NAMED).filter_map(|lane| trace.lanes.get(*lane)) {
        if !names.contains(&lane.name.as_str()) {
            names.push(&lane.name);
        }
    }
    names.join(", ")
}

/// How many threads and processes there are.
#[must_use]
pub fn lanes(trace: &Trace) -> String {
    let (lanes, processes) = (trace.roll.colored(), trace.roll.processes());
    let what = if processes == lanes { "processes" } else { "threads" };
    format!("{} {what}", grouped_whole(lanes))
}

/// How many lanes have ended and are folded.
#[must_use]
pub fn ended(count: usize) -> String {
    format!("+{} ended", grouped_whole(count))
}

/// How long each of them lived at most.
#[must_use]
pub fn each(longest: Nanos, theme: &Theme) -> String {
    format!("each {} {}", theme.glyphs.at_most(), draw::duration(longest, theme))
}

/// A span in words: state, duration, core, what it waits in.
#[must_use]
pub fn span(span: &Span, theme: &Theme) -> Vec<String> {
    let mut out = vec![format!("{} {}", span.label(), draw::duration(span.duration(), theme))];
    if let Some(core) = span.core.filter(|_| span.state.on_cpu()) {
        out.push(format!("core {core}"));
    }
    if let Some(wait) = span.wait {
        out.push(format!("{}{}", wait.call.name(), object(wait)));
    }
    out
}

/// Which thing a wait is for, in words that follow the call's name; none where it is not known.
fn object(wait: Wait) -> String {
    match wait.object {
        WaitObject::Gil(_) => " on the GIL".to_owned(),
        WaitObject::Lock(thread) if matches!(wait.call, Call::Join | Call::ThreadJoin) => {
            format!(" on thread {thread:#x}")
        }
        WaitObject::Lock(lock) => format!(" on lock {lock:#x}"),
        WaitObject::Descriptor(fd) => format!(" on descriptor {fd}"),
        WaitObject::Nothing => String::new(),
    }
}

/// Threads that wait for each other for ever, or for what never comes.
#[must_use]
pub fn standstill(trace: &Trace) -> Option<String> {
    trace.standstill.as_ref().map(|standstill| words::sentence(&standstill.in_short()))
}

/// What was not measured or was lost, if anything.
#[must_use]
pub fn caveats(timeline: &Timeline<'_>) -> Option<String> {
    let (trace, mut out) = (timeline.trace, Vec::new());
    match trace.sources.switches {
        SwitchSource::None => out.push("when threads ran: not measured".to_owned()),
        SwitchSource::Schedstat => out.push("running: sampled, not traced".to_owned()),
        SwitchSource::Perf => {}
    }
    match trace.sources.waits {
        WaitSource::None => out.push("why threads waited: not measured".to_owned()),
        WaitSource::Procfs => out.push("waiting: sampled, not traced".to_owned()),
        WaitSource::Preload => {}
    }
    out.extend(super::tasks::caveats(trace, timeline.theme));
    let lost = trace.lost.switches.saturating_add(trace.lost.events);
    if lost > 0 {
        out.push(format!("lost: {lost} records"));
    }
    let dot = format!(" {} ", timeline.theme.glyphs.dot);
    (!out.is_empty()).then(|| out.join(&dot))
}

/// The line below the lanes: the cursor's detail where there is a cursor, to the digit that a cell lasts.
#[must_use]
pub fn detail(timeline: &Timeline<'_>, cell: Nanos) -> Option<Line<'static>> {
    let (trace, view, theme) = (timeline.trace, timeline.viewport, timeline.theme);
    let palette = &theme.palette;
    let at = view.cursor?;
    let greatest = trace.until().abs_diff(trace.zero());
    let when = axis::label(at, trace.zero(), cell.max(1), greatest.max(at.abs_diff(trace.zero())), theme);
    let mut spans = vec![text::Span::styled(when, palette.accent)];
    let mut named = |name: &str| spans.push(text::Span::styled(format!("  {name}"), palette.heading));
    let words = match view.selected {
        Some(Pointed::Lane(lane)) if lane < trace.lanes.len() => {
            let lane = &trace.lanes[lane];
            named(&lane.name);
            super::tasks::told_at(trace, lane, at, theme).into_iter().chain(lane_at(trace, lane, at, theme)).collect()
        }
        Some(Pointed::Gil(gil)) if gil < trace.gils.len() => {
            named(&gil_name(trace, gil));
            vec![gil_at(timeline, gil, at, cell)]
        }
        Some(Pointed::Task(task)) if let Some((name, words)) = super::tasks::task_at(trace, task, at, theme) => {
            named(&name);
            vec![words]
        }
        _ => vec![census(timeline, at)],
    };
    let dot = format!(" {} ", theme.glyphs.dot);
    spans.push(text::Span::styled(format!("  {}", words.join(&dot)), Style::new()));
    Some(Line::from(spans))
}

/// What a GIL is called: by its process, where there are several.
pub fn gil_name(trace: &Trace, gil: usize) -> String {
    let pid = trace.gils[gil].pid;
    let process = || trace.roll.main_of(pid).and_then(|lane| trace.lanes.get(lane));
    match process().filter(|_| trace.roll.processes() > 1) {
        Some(process) => format!("GIL of {}", process.name),
        None => "GIL".to_owned(),
    }
}

/// Who held a GIL at an instant, since when and for how long.
pub fn gil_at(timeline: &Timeline<'_>, gil: usize, at: Nanos, cell: Nanos) -> String {
    let (trace, theme) = (timeline.trace, timeline.theme);
    let Some(hold) = trace.gils[gil].at(at).filter(|_| at <= trace.known_until) else {
        return "held by nobody".to_owned();
    };
    let (length, goes_on) = (hold.end.min(trace.known_until) - hold.start, hold.end == Span::GOES_ON);
    if !goes_on && length <= trace.grain {
        return too_fine(trace, theme);
    }
    let name = trace.lanes.get(hold.lane).map_or("a thread", |lane| &lane.name);
    let greatest = trace.until().abs_diff(trace.zero()).max(at.abs_diff(trace.zero()));
    let since = axis::label(hold.start, trace.zero(), cell.min(length).max(1), greatest, theme);
    let so_far = if goes_on { " so far" } else { "" };
    format!("held by {name} since {since}, for {}{so_far}", draw::duration(length, theme))
}

/// What a lane did at an instant, in words.
pub fn lane_at(trace: &Trace, lane: &Lane, at: Nanos, theme: &Theme) -> Vec<String> {
    match lane.spans.at(at) {
        Some(found) if blurred(trace, found) => vec![too_fine(trace, theme)],
        Some(found) => {
            let mut words = span(&Span { end: found.end.min(trace.known_until.max(found.start)), ..*found }, theme);
            if let Some(holder) = found.wait.and_then(|wait| holder(trace, lane, wait, at)) {
                // Who holds it says more than the call that waits for it.
                words = vec![format!("{}, held by {holder}", words[0])];
            }
            lock_at(trace, lane, found, at, theme).unwrap_or(words)
        }
        None if at < lane.start => vec!["not yet started".to_owned()],
        None if lane.end.is_some_and(|e| at >= e) => vec![ended_by(lane)],
        None => vec!["not measured".to_owned()],
    }
}

/// How a lane that has ended did so.
fn ended_by(lane: &Lane) -> String {
    lane.told.killed.map_or_else(|| "ended".to_owned(), |signal| format!("killed by {}", words::signal(signal)))
}

/// Which lock a lane waits for at an instant, who held it when the wait began, and where in the program; `None` where it waits for
/// none, or nothing is known of it.
fn lock_at(trace: &Trace, lane: &Lane, span: &Span, at: Nanos, theme: &Theme) -> Option<Vec<String>> {
    let WaitObject::Lock(lock) = span.wait?.object else { return None };
    let wait = trace.locks.wait_at(lane.pid, lane.tid, at.max(span.start)).filter(|wait| wait.lock == lock)?;
    let function = |number| trace.locks.function(lane.pid, number);
    let called = wait.spot.and_then(|spot| function(spot.called));
    let what = match (called, trace.locks.number(lane.pid, wait)) {
        (Some(called), _) => called.awaited(),
        (None, Some(number)) => format!("lock #{number}"),
        (None, None) => "a lock".to_owned(),
    };
    let length = draw::duration(span.end.min(trace.known_until.max(span.start)) - span.start, theme);
    let mut out = vec![format!("waiting for {what} {length}")];
    out.extend(wait.spot.filter(|spot| spot.own != 0).map(|spot| format!("line {}", spot.line)));
    let name = |tid| trace.lanes.iter().rfind(|other| other.tid == tid).map(|other| other.name.as_str());
    match wait.holder {
        // Who is to be woken, as by a condition, has taken what it waits for itself.
        HeldBy::Thread(tid) if called.is_none() && tid != lane.tid => {
            // Another may have it since.
            out.extend(name(tid).map(|name| format!("held by {name} at first")));
        }
        HeldBy::Thread(tid) if called.is_none() && tid == lane.tid => out.push("held by itself".to_owned()),
        _ => {}
    }
    Some(out)
}

/// Whether a span may stand for several that came in another order: of a run that was kept with less detail.
fn blurred(trace: &Trace, span: &Span) -> bool {
    span.duration() <= trace.grain
}

/// What is said instead of what happened at an instant, where it is not known.
fn too_fine(trace: &Trace, theme: &Theme) -> String {
    format!("several states within {}: kept with less detail", draw::duration(trace.grain, theme))
}

/// Who held the GIL that a lane waits for.
fn holder<'t>(trace: &'t Trace, lane: &Lane, wait: Wait, at: Nanos) -> Option<&'t str> {
    let WaitObject::Gil(address) = wait.object else { return None };
    let own = || trace.roll.gils_of(lane.pid).iter().filter_map(|track| trace.gils.get(*track));
    let only = || own().next().filter(|_| own().count() == 1);
    let gil = own().find(|own| own.gil == address).or_else(only)?;
    Some(&trace.lanes.get(gil.holder(at)?)?.name)
}

/// How many threads were in which state.
pub fn census(timeline: &Timeline<'_>, at: Nanos) -> String {
    if crate::view::lanes::is_crowd(timeline.trace) {
        return in_words(&timeline.trace.census.at(at));
    }
    let mut counts = [0usize; State::COUNT];
    for lane in timeline.trace.lanes.iter().filter(|l| l.is_workload() && l.kind != LaneKind::Helper) {
        if let Some(found) = lane.spans.at(at) {
            if blurred(timeline.trace, found) {
                return too_fine(timeline.trace, timeline.theme);
            }
            counts[found.state.index()] += 1;
        }
    }
    in_words(&counts)
}

/// So many threads in each state.
#[must_use]
pub fn in_words(counts: &[usize; State::COUNT]) -> String {
    let words = State::ALL.iter().filter(|s| counts[s.index()] > 0);
    let words: Vec<String> = words.map(|s| format!("{} {}", grouped_whole(counts[s.index()]), s.label())).collect();
    if words.is_empty() { "no thread alive".to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::WaitKind;

    #[test]
    fn a_wait_is_for_a_lock_a_descriptor_the_gil_or_nothing() {
        let on = |kind, call, object| super::object(Wait { kind, call, object });
        assert_eq!(on(WaitKind::Gil, Call::CondTimedwait, WaitObject::Gil(0x55d0)), " on the GIL");
        assert_eq!(on(WaitKind::Lock, Call::SemWait, WaitObject::Lock(0x7f3a)), " on lock 0x7f3a");
        assert_eq!(on(WaitKind::Lock, Call::Join, WaitObject::Lock(0x7f3a)), " on thread 0x7f3a");
        assert_eq!(on(WaitKind::Io, Call::Recv, WaitObject::Descriptor(0)), " on descriptor 0");
        assert_eq!(on(WaitKind::Sleep, Call::Sleep, WaitObject::Nothing), "");
    }

    #[test]
    fn of_a_wait_for_a_lock_it_says_which_and_who_held_it_in_which_line() {
        use crate::trace::locks::{LockMark, Spot};
        use crate::trace::{Builder, Record, What};
        let record = |at, tid, what| Record { at, pid: 10, tid, what };
        let function = |number, name: &str, file: &str| {
            let (name, file) = (name.to_owned(), file.to_owned());
            record(1, 10, What::Lock(LockMark::Function { number, name, file }))
        };
        let told = |holder, called| {
            let mut builder = Builder::new(10, 0);
            let wait = Wait { kind: WaitKind::Lock, call: Call::SemWait, object: WaitObject::Lock(0x50) };
            let spot = Some(Spot { own: 1, called, line: 7 });
            builder.feed(
                [
                    record(0, 10, What::On { core: 0 }),
                    record(1, 11, What::Start { parent: 10 }),
                    record(1, 10, What::ThreadName("one".into())),
                    record(1, 11, What::ThreadName("two".into())),
                    function(1, "work", "x.py"),
                    function(2, "get", "/usr/lib/python3.11/queue.py"),
                    record(5_000_000, 10, What::Lock(LockMark::Waits { lock: 0x50, serial: 1, holder, spot })),
                    record(5_000_000, 10, What::WaitBegin(wait)),
                    record(5_000_000, 10, What::Off { preempted: false }),
                ],
                9_000_000,
            );
            let trace = builder.finish(9_000_000);
            lane_at(&trace, &trace.lanes[0], 6_000_000, &Theme::dark()).join(", ")
        };
        let expected = "waiting for lock #1 4.00 ms, line 7, held by two at first";
        assert_eq!(told(HeldBy::Thread(11), 0), expected);
        assert_eq!(told(HeldBy::Nobody, 0), "waiting for lock #1 4.00 ms, line 7");
        assert_eq!(told(HeldBy::Unknown, 0), "waiting for a lock 4.00 ms, line 7");
        assert_eq!(told(HeldBy::Thread(10), 2), "waiting for a queue to have something 4.00 ms, line 7");
    }

    #[test]
    fn of_what_is_finer_than_it_is_known_no_order_is_told() {
        let trace = crate::view::fixtures::two_threads_under_the_gil().ended();
        let theme = Theme::dark();
        let at = crate::view::fixtures::ZERO + 10_000_000;
        let words = |grain| lane_at(&Trace { grain, ..trace.clone() }, &trace.lanes[2], at, &theme).join(", ");
        assert_eq!(words(4_000_000), "running 5.00 ms, core 1");
        assert_eq!(words(5_000_000), "several states within 5.00 ms: kept with less detail");
    }

    #[test]
    fn of_a_gil_it_says_who_has_it_since_when_and_for_how_long() {
        let (live, ended) = (
            crate::view::fixtures::two_threads_under_the_gil().live(),
            crate::view::fixtures::two_threads_under_the_gil().ended(),
        );
        let (theme, viewport) = (Theme::dark(), crate::view::Viewport::default());
        let told = |trace: &Trace, ms: u64| {
            let timeline = Timeline { trace, viewport: &viewport, theme: &theme };
            gil_at(&timeline, 0, crate::view::fixtures::ZERO + ms * 1_000_000, 1_000_000)
        };
        assert_eq!(told(&ended, 10), "held by worker-1 since 8 ms, for 5.00 ms");
        assert_eq!(told(&ended, 245), "held by MainThread since 244 ms, for 2.00 ms");
        assert_eq!(told(&ended, 400), "held by nobody");
        let mut live = live;
        live.gils[0].push(2, live.known_until, Span::GOES_ON);
        live.known_until += 30_000_000;
        assert_eq!(told(&live, 260), "held by worker-1 since 246 ms, for 30.0 ms so far");
        assert_eq!((gil_name(&ended, 0), told(&live, 400)), ("GIL".to_owned(), "held by nobody".to_owned()));
    }

    #[test]
    fn of_a_wait_for_the_gil_it_says_who_holds_it() {
        let trace = crate::view::fixtures::two_threads_under_the_gil().ended();
        let theme = Theme::dark();
        let at = crate::view::fixtures::ZERO + 10_000_000;
        let words = |lane: usize| lane_at(&trace, &trace.lanes[lane], at, &theme).join(", ");
        assert_eq!(
            (words(1), words(2)),
            ("waiting for the GIL 5.00 ms, held by worker-1".into(), "running 5.00 ms, core 1".into())
        );
    }
}
