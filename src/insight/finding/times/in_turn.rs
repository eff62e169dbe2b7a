//! Tasks that await things from outside one after the other: what an event loop's thread does not show.

use super::calls;
use super::partition::whole;
use crate::clock::{MILLISECOND, Nanos, seconds};
use crate::trace::tasks::{Await, Awaited, TaskTrack, Tasks};
use crate::trace::{Pid, State, Tid, Trace};
use std::collections::BTreeMap;

/// What tasks of one loop awaited, by how many of them did so at once. Times are seconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InTurn {
    /// The loop's thread: its place among the lanes.
    pub lane: Option<usize>,
    /// Exactly one task awaited something from outside, and none could run.
    pub one: f64,
    /// At least two did.
    pub many: f64,
    /// Somebody awaited something of which it is not known what, or waits for whoever comes.
    pub unclear: f64,
    /// The task that did most of it alone, as people call it.
    pub task: String,
    /// How long it alone did.
    pub alone: f64,
    /// How often it awaited something from outside that long that it counts.
    pub waits: usize,
    /// The line from which it did most of that, in words; empty where it is not known.
    pub place: String,
    /// Most of it was sleep.
    pub slept: bool,
    /// Half of its sleeps took no longer.
    pub median: f64,
    /// How many tasks awaited something from outside on average, while at least one did.
    pub mean: f64,
    /// For how much of that they slept.
    pub slept_share: f64,
    /// Tasks that stood in line for a lock or a semaphore.
    pub line: InLine,
    /// A task that sleeps a little, looks, and sleeps again, beside others.
    pub looks: Option<Looks>,
    /// A task that only lets others run, again and again.
    pub spins: Option<Looks>,
    /// For how long a task served whoever connects.
    pub serves: f64,
}

/// Tasks in line for a lock or a semaphore. Times are seconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InLine {
    /// At least one stood in line.
    pub time: f64,
    /// The time of all that did.
    pub all: f64,
    /// The time of all that awaited something from outside meanwhile.
    pub outside: f64,
    /// For what, as the library calls it, and in which line of the program, where most of that was.
    pub what: String,
    /// See there.
    pub place: String,
}

/// A task that looks again and again. Times are seconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Looks {
    /// The task, as people call it.
    pub task: String,
    /// How often it slept.
    pub sleeps: usize,
    /// Half of its sleeps took no longer.
    pub median: f64,
    /// How long it slept in all.
    pub slept: f64,
    /// From which line, in words.
    pub place: String,
}

/// What a task waits for between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    Time,
    Outside,
    /// In line for a lock or a semaphore.
    Line,
    Others,
    Unclear,
    /// It could run.
    Turn,
}

struct Wait {
    from: Nanos,
    to: Nanos,
    what: For,
    line: Option<(usize, u32)>,
    /// The library's function that it awaits.
    called: Option<usize>,
}

/// Of every loop of a trace, in the window `[from, to)`.
pub(super) fn of(trace: &Trace, window: (Nanos, Nanos)) -> Vec<InTurn> {
    trace.tasks.loops.iter().map(|own| of_loop(trace, own.thread, &own.tasks, window)).collect()
}

fn of_loop(trace: &Trace, thread: (Pid, Tid), tasks: &[usize], window: (Nanos, Nanos)) -> InTurn {
    let all = &trace.tasks;
    let mut edges: Vec<(Nanos, bool, usize, For)> = Vec::new();
    let mut waits: BTreeMap<usize, Vec<Wait>> = BTreeMap::new();
    for place in tasks {
        let task = &all.tracks[*place];
        let own = waits_of(all, task, window);
        for wait in &own {
            edges.push((wait.from, true, *place, wait.what));
            edges.push((wait.to, false, *place, wait.what));
        }
        for turn in task.between(window.0, window.1).0 {
            edges.push((turn.start.max(window.0), true, *place, For::Turn));
            edges.push((turn.end.min(window.1), false, *place, For::Turn));
        }
        waits.insert(*place, own);
    }
    edges.sort_unstable_by_key(|(at, begins, ..)| (*at, *begins));
    let mut sums = Sums::default();
    for (at, begins, place, what) in edges {
        sums.step(at, begins, place, what);
    }
    let mut out = sums.out;
    out.mean = if out.one + out.many > 0.0 { sums.waiting / (out.one + out.many) } else { 0.0 };
    let timed = waits.values().flatten().filter(|wait| matches!(wait.what, For::Time | For::Outside));
    let (mut time, mut both) = (0, 0);
    for wait in timed {
        time += if wait.what == For::Time { wait.to - wait.from } else { 0 };
        both += wait.to - wait.from;
    }
    out.slept_share = if both > 0 { seconds(time) / seconds(both) } else { 0.0 };
    describe_line(all, waits.values().flatten(), &mut out.line);
    out.looks = looks(all, tasks, &waits);
    out.spins = spins(all, tasks, &waits, window);
    let is_server =
        |wait: &&Wait| wait.called.and_then(|at| all.functions.get(at)).is_some_and(|f| f.name.starts_with("Server."));
    out.serves = waits
        .values()
        .map(|own| own.iter().filter(is_server).map(|wait| seconds(wait.to - wait.from)).sum())
        .fold(0.0, f64::max);
    out.lane = trace.lanes.iter().position(|lane| (lane.pid, lane.tid) == thread);
    let Some((place, alone)) = sums.alone.iter().max_by_key(|(_, time)| **time) else { return out };
    out.task = all.label(&all.tracks[*place]);
    out.alone = seconds(*alone);
    describe(all, &waits[place], &mut out);
    out
}

/// The place in which most was waited, in words.
fn most_in<'w>(all: &Tasks, waits: impl Iterator<Item = &'w Wait>) -> String {
    let mut places: BTreeMap<(usize, u32), Nanos> = BTreeMap::new();
    for wait in waits {
        if let Some(line) = wait.line {
            *places.entry(line).or_default() += wait.to - wait.from;
        }
    }
    let most = places.into_iter().max_by_key(|(_, time)| *time);
    most.map_or_else(String::new, |((function, line), _)| {
        let name = all.functions.get(function).map_or("", |function| function.name.as_str());
        format!("line {line} ({name})")
    })
}

fn describe_line<'w>(all: &Tasks, waits: impl Iterator<Item = &'w Wait>, line: &mut InLine) {
    let own: Vec<&Wait> = waits.filter(|wait| wait.what == For::Line).collect();
    line.place = most_in(all, own.iter().copied());
    let mut calls: BTreeMap<usize, Nanos> = BTreeMap::new();
    for wait in own {
        *calls.entry(wait.called.unwrap_or(usize::MAX)).or_default() += wait.to - wait.from;
    }
    let most = calls.into_iter().max_by_key(|(_, time)| *time).and_then(|(called, _)| all.functions.get(called));
    line.what = most.map_or_else(|| "a lock".to_owned(), |called| called.name.clone());
}

/// The task that sleeps most often of those that only look: it sleeps nearly all the time, and others of the loop, which do not
/// wait as often, are what it looks at.
fn looks(all: &Tasks, tasks: &[usize], waits: &BTreeMap<usize, Vec<Wait>>) -> Option<Looks> {
    const OFTEN: usize = 20;
    const SHORT: Nanos = 100 * MILLISECOND;
    const HARDLY: Nanos = MILLISECOND / 2;
    /// So many of those that sleep most often are held against the others: thousands of tasks against each other take seconds.
    const MOST: usize = 32;
    let sum = |place: &usize| -> Nanos { waits[place].iter().map(|wait| wait.to - wait.from).sum() };
    let naps = |place: &usize| -> Vec<Nanos> {
        let naps = waits[place].iter().filter(|wait| wait.what == For::Time);
        naps.map(|wait| wait.to - wait.from).collect()
    };
    let one = |place: &usize| {
        let mut naps = naps(place);
        if naps.len() < OFTEN {
            return None;
        }
        naps.sort_unstable();
        let (slept, median) = (naps.iter().sum::<Nanos>(), naps[naps.len() / 2]);
        let looks = (HARDLY..=SHORT).contains(&median) && slept >= sum(place) / 10 * 8;
        looks.then_some((*place, naps.len(), median, slept))
    };
    let mut candidates: Vec<_> = tasks.iter().filter_map(one).collect();
    candidates.sort_by_key(|(_, sleeps, ..)| std::cmp::Reverse(*sleeps));
    candidates.truncate(MOST);
    let has_what_it_looks_at = |(place, _, _, slept): &(usize, usize, Nanos, Nanos)| {
        let turns = all.tracks[*place].turns;
        tasks.iter().filter(|other| *other != place && all.tracks[**other].turns <= turns / 4).any(|other| {
            sum(other) >= slept / 2
                && waits[other].iter().all(|wait| wait.what != For::Others || wait.to - wait.from < slept / 2)
        })
    };
    candidates.into_iter().find(has_what_it_looks_at).map(|(place, sleeps, median, slept)| Looks {
        task: all.label(&all.tracks[place]),
        sleeps,
        median: seconds(median),
        slept: seconds(slept),
        place: most_in(all, waits[&place].iter().filter(|wait| wait.what == For::Time)),
    })
}

/// The task that most often gives its turn away for nothing, and that so often that it does little else.
fn spins(
    all: &Tasks,
    tasks: &[usize],
    waits: &BTreeMap<usize, Vec<Wait>>,
    (from, to): (Nanos, Nanos),
) -> Option<Looks> {
    const A_SECOND: f64 = 2000.0;
    let one = |place: &usize| {
        let track = &all.tracks[*place];
        let steps = track.steps();
        let (first, last) = (steps.first()?.start.max(from), track.end.unwrap_or(to).min(to));
        let lived = seconds(last.saturating_sub(first));
        let turns = &waits[place];
        let gives = turns.iter().filter(|wait| wait.what == For::Turn).count();
        let often = whole(track.turns) >= A_SECOND * lived;
        // A step that leaves nothing to wait for is followed by no wait: of these there are as many as of the others, at most.
        let does = lived > 0.0 && often && (gives * 2 >= turns.len() || turns.len() * 2 <= steps.len());
        let named = || {
            steps
                .iter()
                .rev()
                .find_map(|step| track.awaited_at(step.end).filter(|awaits| awaits.on == Awaited::Nothing))
        };
        let awaits = if does { named()? } else { return None };
        let name = awaits.function.and_then(|at| all.functions.get(at)).map_or("", |function| function.name.as_str());
        Some(Looks {
            task: all.label(track),
            sleeps: track.turns,
            median: 0.0,
            slept: lived,
            place: if awaits.line > 0 { format!("line {} ({name})", awaits.line) } else { String::new() },
        })
    };
    tasks.iter().filter_map(one).max_by_key(|looks| looks.sleeps)
}

/// What is told of the waits of the task that waited most.
fn describe(all: &Tasks, waits: &[Wait], out: &mut InTurn) {
    let outside = waits.iter().filter(|wait| matches!(wait.what, For::Time | For::Outside));
    let mut lengths: Vec<(Nanos, &Wait)> = outside.map(|wait| (wait.to - wait.from, wait)).collect();
    lengths.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    let sum: Nanos = lengths.iter().map(|(length, _)| length).sum();
    let mut so_far = 0;
    out.waits = lengths
        .iter()
        .take_while(|(length, _)| {
            let goes_on = so_far < sum / 100 * 95;
            so_far += length;
            goes_on
        })
        .count();
    out.median = lengths.get(out.waits / 2).map_or(0.0, |(length, _)| seconds(*length));
    let slept: Nanos = lengths.iter().filter(|(_, wait)| wait.what == For::Time).map(|(length, _)| length).sum();
    out.slept = slept >= sum / 2;
    out.place = most_in(all, lengths.iter().map(|(_, wait)| *wait));
}

/// What a task waited for between its steps.
fn waits_of(all: &Tasks, track: &TaskTrack, (from, to): (Nanos, Nanos)) -> Vec<Wait> {
    let steps = track.steps();
    let next = steps.iter().skip(1).map(|next| (next.ready().unwrap_or(next.start), next.start));
    let end = track.end.unwrap_or(to);
    let nexts = next.chain([(end, end)]);
    let mut out = Vec::new();
    for (step, (ready, start)) in steps.iter().zip(nexts) {
        let awaits = track.awaited_at(step.end);
        let ready = ready.clamp(step.end, start.max(step.end));
        let what = awaits.map_or(For::Unclear, |awaits| what_for(all, awaits));
        let line = awaits.and_then(|awaits| Some((awaits.function?, awaits.line)).filter(|(_, line)| *line > 0));
        let called = awaits
            .and_then(|awaits| awaits.called)
            .map(|(first, last)| if is_context(all, first) { last } else { first });
        for (a, b, what) in [(step.end, ready, what), (ready, start, For::Turn)] {
            let (a, b) = (a.max(from), b.min(to));
            if b > a {
                out.push(Wait { from: a, to: b, what, line, called });
            }
        }
    }
    out
}

/// Whether a function enters a context: what is awaited there says more.
fn is_context(all: &Tasks, function: usize) -> bool {
    all.functions.get(function).is_some_and(|function| function.name.ends_with("__"))
}

/// What tasks stand in line for.
const LINES: [&str; 3] = ["Lock.acquire", "Semaphore.acquire", "BoundedSemaphore.acquire"];

fn what_for(all: &Tasks, awaits: &Await) -> For {
    let words = crate::insight::awaits::words(all, awaits);
    if LINES.contains(&words.as_str()) {
        return For::Line;
    }
    let called =
        awaits.called.and_then(|(first, _)| all.functions.get(first)).map_or("", |called| called.name.as_str());
    match all.state(awaits) {
        State::Ready => For::Turn,
        State::Sleep => For::Time,
        State::LockWait => For::Others,
        // Who serves waits for whoever comes; what runs in a thread is seen there.
        _ if called.starts_with("Server.") || calls::in_threads(called) => For::Unclear,
        State::IoWait => For::Outside,
        // A library of the program's own awaits its future: what it is for is not known, but that it is one.
        _ if !called.is_empty() && matches!(awaits.on, Awaited::Future) => For::Outside,
        _ => For::Unclear,
    }
}

/// Sums in the making.
#[derive(Default)]
struct Sums {
    out: InTurn,
    alone: BTreeMap<usize, Nanos>,
    since: Nanos,
    outside: usize,
    /// The sum of the places of those that wait so: where there is one, its place.
    who: usize,
    unclear: usize,
    turn: usize,
    line: usize,
    /// Seconds of all that waited while none could run.
    waiting: f64,
}

impl Sums {
    fn step(&mut self, at: Nanos, begins: bool, place: usize, what: For) {
        if at > self.since {
            let time = at - self.since;
            let add = |sum: &mut f64| *sum += seconds(time);
            match (self.turn, self.unclear, self.outside) {
                (1.., ..) | (0, 0, 0) => {}
                (0, 1.., _) => add(&mut self.out.unclear),
                (0, 0, 1) => {
                    add(&mut self.out.one);
                    *self.alone.entry(self.who).or_default() += time;
                }
                (0, 0, _) => add(&mut self.out.many),
            }
            if self.line > 0 {
                add(&mut self.out.line.time);
                self.out.line.all += seconds(time) * whole(self.line);
                self.out.line.outside += seconds(time) * whole(self.outside);
            }
            if self.turn + self.unclear == 0 {
                self.waiting += seconds(time) * whole(self.outside);
            }
            self.since = at;
        }
        let count = match what {
            For::Time | For::Outside => {
                self.who = if begins { self.who + place } else { self.who - place };
                &mut self.outside
            }
            For::Unclear => &mut self.unclear,
            For::Line => &mut self.line,
            For::Turn => &mut self.turn,
            For::Others => return,
        };
        *count = if begins { *count + 1 } else { *count - 1 };
    }
}
