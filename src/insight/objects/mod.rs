//! What threads waited for: locks and their kin, one by one as far as they can be told apart.
//!
//! A lock is known by its address where the preloaded library notes who holds it (CPython up to 3.13 with a GIL), and so is each
//! primitive of the native model. Everything else is known by its kind and by the line of the program that waited: how many
//! there are behind that line is not known, and it is not said. Who held a lock is known for the instant at which somebody began
//! to wait for it, and for as long as the holder has not run since.

mod harm;
mod kind;
mod moment;
#[cfg(test)]
pub(crate) mod tests;
pub mod words;

pub use kind::Kind;
pub use moment::{Moment, Owner, Stand};

use crate::clock::Nanos;
use crate::trace::locks::{HeldBy, LockWait, Spot};
use crate::trace::standstill::nickname;
use crate::trace::{Call, Lane, Pid, Span, State, Tid, Trace, Wait, WaitObject, WaitSource};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// All that threads waited for in a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Objects {
    /// Locks first, those that did most harm before others.
    pub all: Vec<Object>,
    /// Where the waits are known from.
    pub source: WaitSource,
    /// From when on: earlier waits were folded together, or all were.
    pub since: Since,
}

/// From when on it is known for what each thread waited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Since {
    /// From the beginning.
    #[default]
    Start,
    /// From this instant on: before that, a long run is folded.
    At(Nanos),
    /// At no time: the run was kept with less detail than it was measured with.
    Never,
}

/// What one object is told from others by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// By its address, and which of those that lay there it is: it is one.
    Address(u64, u64),
    /// By the line that waits, in a function of the program: it may be several.
    Line(u16, u32),
    /// By nothing: all waits of the kind.
    Unknown,
}

/// A lock, or what else threads waited for.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its process.
    pub pid: Pid,
    /// What it is.
    pub kind: Kind,
    /// What it is told from others by.
    pub which: Which,
    /// Its number, from 1, in the order in which objects that are one were first waited for; `None` where it may be several.
    pub number: Option<usize>,
    /// What the program calls it in every line that waits for it; a nickname, as another may be called so too.
    pub name: Option<String>,
    /// The function and the file in which most waits for it began, and the line.
    pub place: Option<Place>,
    /// The waits for it, in the order in which they began.
    pub waits: Vec<Waited>,
    /// How long they were, all together.
    pub waited: Nanos,
    /// Who ever waited for it: places among the lanes.
    pub lanes: Vec<usize>,
    /// How often each thread held it when a wait for it began, most often first; empty where nobody knows.
    pub holders: Vec<(Tid, usize)>,
    /// Nanoseconds of cores that had nothing else of the program to run while threads waited for it; `None` where that was not counted.
    pub harm: Option<Nanos>,
}

/// A place in the program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the program calls it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The function around it.
    pub function: String,
}

/// A wait for an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waited {
    /// Who: a place among the lanes.
    pub lane: usize,
    /// From when.
    pub from: Nanos,
    /// Until when.
    pub to: Nanos,
    /// When it was told, and who held it then, where that is known.
    pub told: Option<LockWait>,
}

impl Waited {
    /// Who held the object when the wait began.
    #[must_use]
    pub fn holder(&self) -> HeldBy {
        self.told.map_or(HeldBy::Unknown, |told| told.holder)
    }
}

impl Object {
    /// What it is called: its kind, its number and its nickname, or the line that waits for it.
    #[must_use]
    pub fn title(&self) -> String {
        let kind = self.kind.label();
        let line = self.place.as_ref().map(|place| format!(", line {}", place.line));
        match (self.number, &self.name) {
            (Some(number), Some(name)) => format!("{kind} #{number} `{name}`"),
            (Some(number), None) => format!("{kind} #{number}"),
            (None, Some(name)) => format!("{kind} `{name}`{}", line.unwrap_or_default()),
            (None, None) => format!("{kind}{}", line.unwrap_or_default()),
        }
    }

    /// Whether it is one, and not perhaps several that the same line waits for.
    #[must_use]
    pub const fn is_one(&self) -> bool {
        matches!(self.which, Which::Address(..))
    }

    /// Whether it is known who held it when waits began.
    #[must_use]
    pub fn knows_holders(&self) -> bool {
        self.is_one() && self.waits.iter().any(|wait| wait.holder() != HeldBy::Unknown)
    }

    /// The times in which a lane waited for it.
    pub fn waits_of(&self, lane: usize) -> impl Iterator<Item = (Nanos, Nanos)> {
        self.waits.iter().filter(move |wait| wait.lane == lane).map(|wait| (wait.from, wait.to))
    }
}

/// The program's text, by whose lines objects get their nicknames.
#[derive(Debug, Clone, Copy)]
pub struct Text<'t> {
    /// The program's name: the file that bears it is this text.
    pub program: &'t str,
    /// The text.
    pub text: &'t str,
}

impl<'t> Text<'t> {
    fn line(self, place: &Place) -> Option<&'t str> {
        let same = Path::new(&place.file).file_stem() == Path::new(self.program).file_stem();
        let line = usize::try_from(place.line).ok()?.checked_sub(1)?;
        if same { self.text.lines().nth(line) } else { None }
    }
}

impl Objects {
    /// What threads of a run waited for that had so many cores, of which nothing is counted where they are not known (0). All
    /// waits are asked once.
    #[must_use]
    pub fn of(trace: &Trace, cores: u64, text: Option<Text<'_>>) -> Objects {
        let source = trace.sources.waits;
        // Where what is short is folded together, several waits are one span of the first one's.
        let since = match (trace.grain, trace.detail.grain) {
            (0, 0) => Since::Start,
            (0, _) => Since::At(trace.detail.from),
            _ => return Objects { since: Since::Never, source, ..Objects::default() },
        };
        let from = if let Since::At(from) = since { from } else { 0 };
        let mut found: HashMap<(Pid, Kind, Which), Vec<Waited>> = HashMap::new();
        for (index, lane) in trace.lanes.iter().enumerate().filter(|(_, lane)| lane.is_workload()) {
            let mut told = Told { locks: trace.locks.waits_of(lane.pid, lane.tid), next: 0 };
            let spans = lane.spans.as_slice().iter().filter(|span| span.start >= from);
            for span in spans.filter(|span| span.state == State::LockWait) {
                let Some(wait) = span.wait else { continue };
                let told = told.at(span, wait);
                let sampled = source != WaitSource::Preload;
                let kind = if sampled { Kind::Sampled } else { Kind::of(wait.call) };
                let key = (lane.pid, kind, which(wait, told, source));
                let to = span.end.min(trace.known_until.max(span.start));
                let waits = found.entry(key).or_default();
                match waits.last_mut() {
                    // The same wait, in which the thread was woken for nothing.
                    Some(last) if last.lane == index && told.is_some() && last.told == told => last.to = to,
                    _ => waits.push(Waited { lane: index, from: span.start, to, told }),
                }
            }
        }
        let mut all: Vec<Object> = found
            .into_iter()
            .map(|((pid, kind, which), waits)| object(trace, (pid, kind, which), waits, text))
            .collect();
        number(trace, &mut all);
        harm::weigh(trace, cores, &mut all);
        Objects { all, source, since }
    }
}

/// What a thread told of its waits, read once in the order of its spans.
struct Told<'t> {
    locks: &'t [LockWait],
    next: usize,
}

impl Told<'_> {
    /// What was told of the wait that this span is, or a part of.
    fn at(&mut self, span: &Span, wait: Wait) -> Option<LockWait> {
        let WaitObject::Lock(lock) = wait.object else { return None };
        // It is told just before the wait begins.
        while self.locks.get(self.next).is_some_and(|told| told.at <= span.start) {
            self.next += 1;
        }
        self.locks[..self.next].last().copied().filter(|told| told.lock == lock)
    }
}

fn which(wait: Wait, told: Option<LockWait>, source: WaitSource) -> Which {
    let line = told.and_then(|told| told.spot).filter(|spot| spot.own != 0 && spot.line > 0);
    let by_line = line.map_or(Which::Unknown, |Spot { own, line, .. }| Which::Line(own, line));
    let WaitObject::Lock(address) = wait.object else { return by_line };
    let noted = told.is_some_and(|told| told.holder != HeldBy::Unknown);
    let own = match wait.call {
        // What is sampled is an address in the kernel's words: several may be one lock's.
        _ if source != WaitSource::Preload => false,
        Call::PyLock => noted,
        // A library's own lock may be another one later at its address.
        call => Kind::is_native(call),
    };
    if own { Which::Address(address, told.map_or(0, |told| told.serial)) } else { by_line }
}

fn object(
    trace: &Trace,
    (pid, kind, which): (Pid, Kind, Which),
    mut waits: Vec<Waited>,
    text: Option<Text<'_>>,
) -> Object {
    waits.sort_by_key(|wait| (wait.from, wait.lane));
    let mut places: BTreeMap<Place, usize> = BTreeMap::new();
    for spot in waits.iter().filter_map(|wait| wait.told?.spot).filter(|spot| spot.own != 0 && spot.line > 0) {
        if let Some(function) = trace.locks.function(pid, spot.own) {
            let (file, function) = (function.file.clone(), function.name.clone());
            *places.entry(Place { file, line: spot.line, function }).or_default() += 1;
        }
    }
    let lock = matches!(kind, Kind::Lock);
    let names: BTreeSet<Option<&str>> =
        places.keys().map(|place| text.and_then(|text| nickname(text.line(place)?))).collect();
    let name = names.first().copied().flatten().filter(|_| lock && names.len() == 1).map(str::to_owned);
    let place = places.into_iter().max_by_key(|(_, count)| *count).map(|(place, _)| place);
    let waited = waits.iter().map(|wait| wait.to.saturating_sub(wait.from)).sum();
    let lanes = waits.iter().map(|wait| wait.lane).collect::<BTreeSet<_>>().into_iter().collect();
    let holders = if matches!(which, Which::Address(..)) { holders(&waits) } else { Vec::new() };
    Object { pid, kind, which, number: None, name, place, waits, waited, lanes, holders, harm: None }
}

/// How often each thread held what others waited for when they came, most often first.
fn holders(waits: &[Waited]) -> Vec<(Tid, usize)> {
    let mut counts: BTreeMap<Tid, usize> = BTreeMap::new();
    for wait in waits {
        if let HeldBy::Thread(tid) = wait.holder() {
            *counts.entry(tid).or_default() += 1;
        }
    }
    let mut out: Vec<(Tid, usize)> = counts.into_iter().collect();
    out.sort_by_key(|(tid, count)| (Reverse(*count), *tid));
    out
}

/// Numbers the objects that are one, in the order in which somebody first waited for them: as everywhere else, where they have
/// numbers there.
fn number(trace: &Trace, all: &mut [Object]) {
    all.sort_by_key(|object| {
        let first = object.waits.first().map(|wait| (wait.from, wait.lane));
        (first, object.pid, object.which)
    });
    let known = |object: &Object| object.waits.iter().find_map(|wait| trace.locks.number(object.pid, &wait.told?));
    let mut next = all.iter().filter_map(known).max().unwrap_or(0);
    for object in all.iter_mut().filter(|object| object.is_one()) {
        object.number = known(object).or_else(|| {
            next += 1;
            Some(next)
        });
    }
}

/// Who a lane is, for sentences.
#[must_use]
pub fn name(lanes: &[Lane], pid: Pid, tid: Tid, at: Nanos) -> Option<&Lane> {
    let same = |lane: &&Lane| lane.pid == pid && lane.tid == tid;
    lanes.iter().rfind(|lane| same(lane) && lane.start <= at).or_else(|| lanes.iter().find(same))
}
