//! A trace in few bytes: a span of a lane takes four to seven. A thread's spans touch, so each has only its length; what
//! it waits in is named once, in a table.

use super::bytes::{Garbled, Reader, Writer};
use super::{locks, stands, tasks};
use crate::clock::Nanos;
use crate::trace::Detail;
use crate::trace::lane::Told;
use crate::trace::locks::Locks;
use crate::trace::machine::NameSource;
use crate::trace::{
    Call, Census, CoreCensus, CoreSample, CoreTrack, GilTrack, Lane, LaneKind, Lost, Memory, Roll, Sources, Span,
    Spans, State, SwitchSource, Trace, Wait, WaitKind, WaitObject, WaitSource,
};
use std::collections::HashMap;

/// A machine with more cores than this has not been seen.
const MOST_CORES: u16 = 4096;

/// A span's state: its place in [`STATES`].
const STATE: u8 = 0b0000_0111;
/// Its core follows.
const ON_CORE: u8 = 0b0000_1000;
/// What it waits in follows, as a place in the table.
const WAITS: u8 = 0b0001_0000;
/// Its place is this much higher than the three bits tell.
const HIGHER: u8 = 0b0010_0000;

/// In the order in which they came to be: what was kept earlier stays readable.
const STATES: [State; State::COUNT] = [
    State::Running,
    State::Native,
    State::GilWait,
    State::LockWait,
    State::IoWait,
    State::Sleep,
    State::Ready,
    State::Unknown,
    State::Idle,
];

const KINDS: [LaneKind; 5] = [LaneKind::Main, LaneKind::Thread, LaneKind::Process, LaneKind::Server, LaneKind::Helper];
const WAIT_KINDS: [WaitKind; 5] = [WaitKind::Gil, WaitKind::Lock, WaitKind::Io, WaitKind::Sleep, WaitKind::Idle];
const SWITCHES: [SwitchSource; 3] = [SwitchSource::Perf, SwitchSource::Schedstat, SwitchSource::None];
const WAIT_SOURCES: [WaitSource; 3] = [WaitSource::Preload, WaitSource::Procfs, WaitSource::None];
const NAMES: [NameSource; 2] = [NameSource::Startup, NameSource::Kernel];

/// Writes a trace.
#[must_use]
pub(super) fn pack(trace: &Trace) -> Vec<u8> {
    let mut out = Writer::default();
    write(&mut out, trace, Extent::Whole);
    out.into_bytes()
}

/// Writes a trace as it was written before its locks were kept.
#[must_use]
pub fn pack_lanes(trace: &Trace) -> Vec<u8> {
    let mut out = Writer::default();
    write(&mut out, trace, Extent::Lanes);
    out.into_bytes()
}

fn write(out: &mut Writer, trace: &Trace, extent: Extent) {
    // All of it by name: what a trace is made of later has to be kept too.
    let Trace {
        lanes,
        // They are counted anew.
        census: _,
        on_cores: _,
        roll: _,
        gils,
        tasks,
        cores,
        launched_at,
        program_at,
        ended_at,
        known_until,
        sources,
        lost,
        observer_cpu,
        grain,
        detail,
        locks,
        // Read from the trace below.
        standstill: _,
        crossings: _,
        at_stop: _,
        memory: _,
    } = trace;
    let zero = *launched_at;
    out.number(zero);
    out.option(*program_at, |out, at| out.difference(zero, at));
    out.option(*ended_at, |out, at| out.difference(zero, at));
    out.difference(zero, *known_until);
    place(out, &SWITCHES, &sources.switches);
    place(out, &WAIT_SOURCES, &sources.waits);
    place(out, &NAMES, &sources.names);
    for number in [lost.switches, lost.events, lost.tasks, *observer_cpu, *grain] {
        out.number(number);
    }
    let waits = pack_waits(out, lanes);
    out.count(lanes.len());
    for lane in lanes {
        pack_lane(out, lane, zero, &waits);
    }
    out.count(gils.len());
    for gil in gils {
        pack_gil(out, gil, zero);
    }
    tasks::pack(out, tasks, zero);
    out.count(cores.len());
    for core in cores {
        pack_core(out, core, zero);
    }
    if extent == Extent::Lanes {
        return;
    }
    for lane in lanes {
        pack_told(out, &lane.told, zero);
    }
    locks::pack(out, locks, zero);
    stands::pack(out, trace, zero);
    out.difference(zero, detail.from.max(zero));
    out.number(detail.grain);
}

/// What is in the bytes of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What was kept up to layout 3: no locks, and nothing of what was found in them.
    Lanes,
    /// All of it.
    Whole,
}

/// Reads a trace.
///
/// # Errors
/// What is wrong with the bytes.
pub fn unpack(bytes: &[u8], extent: Extent) -> Result<Trace, Garbled> {
    let mut read = Reader::new(bytes);
    let zero = read.number()?;
    let program_at = read.option(|read| read.difference(zero))?;
    let ended_at = read.option(|read| read.difference(zero))?;
    let known_until = read.difference(zero)?;
    let sources = Sources {
        switches: placed(&mut read, &SWITCHES)?,
        waits: placed(&mut read, &WAIT_SOURCES)?,
        names: placed(&mut read, &NAMES)?,
    };
    let lost = Lost { switches: read.number()?, events: read.number()?, tasks: read.number()? };
    let (observer_cpu, grain) = (read.number()?, read.number()?);
    let waits = unpack_waits(&mut read)?;
    let mut lanes = (0..read.count()?).map(|_| unpack_lane(&mut read, zero, &waits)).collect::<Result<Vec<_>, _>>()?;
    let gils = (0..read.count()?).map(|_| unpack_gil(&mut read, zero, lanes.len())).collect::<Result<Vec<_>, _>>()?;
    let tasks = tasks::unpack(&mut read, zero, FAR, ended_at.unwrap_or(known_until))?;
    let cores = (0..read.count()?).map(|_| unpack_core(&mut read, zero)).collect::<Result<Vec<_>, _>>()?;
    let (mut locks, mut detail) = (Locks::default(), Detail::default());
    let (mut standstill, mut crossings, mut at_stop) = (None, Vec::new(), None);
    if extent == Extent::Whole {
        for lane in &mut lanes {
            lane.told = unpack_told(&mut read, zero)?;
        }
        locks = locks::unpack(&mut read, zero)?;
        (standstill, crossings, at_stop) = stands::unpack(&mut read, zero)?;
        let (from, grain) = (read.difference(zero)?, read.number()?);
        if from >= FAR || grain >= FAR {
            return Err(Garbled("a time makes no sense"));
        }
        detail = if grain == 0 { detail } else { Detail::kept(from, grain) };
    }
    if !read.is_at_end() {
        return Err(Garbled("something follows its end"));
    }
    let mut trace = Trace {
        lanes,
        census: Census::default(),
        on_cores: CoreCensus::default(),
        roll: Roll::default(),
        gils,
        tasks,
        cores,
        launched_at: zero,
        program_at,
        ended_at,
        known_until,
        sources,
        lost,
        observer_cpu,
        grain,
        detail,
        locks,
        standstill,
        crossings,
        at_stop,
        memory: Memory::default(),
    };
    trace.recount();
    // Views reckon with differences of these.
    let sane = [Some(zero), program_at, ended_at, Some(known_until)].into_iter().flatten().all(|at| at < FAR);
    if sane && trace.until() >= zero { Ok(trace) } else { Err(Garbled("a time makes no sense")) }
}

/// No machine is up for this long: 290 years.
pub(super) const FAR: Nanos = 1 << 63;

/// A value's place among all that there are.
#[expect(clippy::cast_possible_truncation, reason = "the lists are short")]
pub(super) fn place<T: PartialEq>(out: &mut Writer, all: &[T], value: &T) {
    out.byte(all.iter().position(|other| other == value).unwrap_or_default() as u8);
}

pub(super) fn placed<T: Copy>(read: &mut Reader<'_>, all: &[T]) -> Result<T, Garbled> {
    all.get(usize::from(read.byte()?)).copied().ok_or(Garbled("a sign has no meaning"))
}

/// The table of what threads wait in.
fn pack_waits(out: &mut Writer, lanes: &[Lane]) -> HashMap<Wait, usize> {
    let mut all: Vec<Wait> = Vec::new();
    let mut places = HashMap::new();
    for wait in lanes.iter().flat_map(|lane| lane.spans.as_slice()).filter_map(|span| span.wait) {
        places.entry(wait).or_insert_with(|| {
            all.push(wait);
            all.len() - 1
        });
    }
    out.count(all.len());
    for Wait { kind, call, object } in all {
        place(out, &WAIT_KINDS, &kind);
        out.byte(call as u8);
        match object {
            WaitObject::Nothing => out.byte(0),
            WaitObject::Gil(at) => {
                out.byte(1);
                out.number(at);
            }
            WaitObject::Lock(at) => {
                out.byte(2);
                out.number(at);
            }
            WaitObject::Descriptor(number) => {
                out.byte(3);
                out.number(u64::from(number.cast_unsigned()));
            }
        }
    }
    places
}

fn unpack_waits(read: &mut Reader<'_>) -> Result<Vec<Wait>, Garbled> {
    let one = |read: &mut Reader<'_>| {
        let (kind, call) = (placed(read, &WAIT_KINDS)?, Call::from_number(read.byte()?));
        let object = match read.byte()? {
            0 => WaitObject::Nothing,
            1 => WaitObject::Gil(read.number()?),
            2 => WaitObject::Lock(read.number()?),
            3 => WaitObject::Descriptor(read.small::<u32>()?.cast_signed()),
            _ => return Err(Garbled("a sign has no meaning")),
        };
        Ok(Wait { kind, call, object })
    };
    (0..read.count()?).map(|_| one(read)).collect()
}

fn pack_lane(out: &mut Writer, lane: &Lane, zero: Nanos, waits: &HashMap<Wait, usize>) {
    // What it told comes behind all lanes: what was kept earlier has none of it.
    let Lane { pid, tid, parent, name, kind, start, end, spans, by_core, gil_holds, switches, told: _ } = lane;
    for id in [pid, tid, parent] {
        out.number(u64::from(*id));
    }
    out.text(name);
    place(out, &KINDS, kind);
    out.difference(zero, *start);
    out.option(*end, |out, end| out.difference(*start, end));
    out.count(by_core.len());
    for nanos in by_core.iter().chain([gil_holds, switches]) {
        out.number(*nanos);
    }
    let spans = spans.as_slice();
    out.count(spans.len());
    if let Some(first) = spans.first() {
        out.difference(*start, first.start);
    }
    for span in spans {
        pack_span(out, span, waits);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "there are eight states")]
fn pack_span(out: &mut Writer, span: &Span, waits: &HashMap<Wait, usize>) {
    let wait = span.wait.and_then(|wait| waits.get(&wait));
    let core = if span.core.is_some() { ON_CORE } else { 0 };
    let place = STATES.iter().position(|state| *state == span.state).unwrap_or_default() as u8;
    let higher = if place > STATE { HIGHER } else { 0 };
    out.byte(place & STATE | higher | core | if wait.is_some() { WAITS } else { 0 });
    out.number(span.duration());
    if let Some(core) = span.core {
        out.number(u64::from(core));
    }
    if let Some(wait) = wait {
        out.count(*wait);
    }
}

fn unpack_lane(read: &mut Reader<'_>, zero: Nanos, waits: &[Wait]) -> Result<Lane, Garbled> {
    let (pid, tid, parent) = (read.small()?, read.small()?, read.small()?);
    let (name, kind) = (read.text()?, placed(read, &KINDS)?);
    let start = read.difference(zero)?;
    let end = read.option(|read| read.difference(start))?;
    let by_core = (0..read.count()?).map(|_| read.number()).collect::<Result<_, _>>()?;
    let (gil_holds, switches) = (read.number()?, read.number()?);
    let count = read.count()?;
    let mut at = if count > 0 { read.difference(start)? } else { start };
    let mut spans = Spans::default();
    for _ in 0..count {
        let span = unpack_span(read, at, waits)?;
        at = span.end;
        spans.push(span);
    }
    if start >= FAR || end.is_some_and(|end| end < start || end >= FAR) {
        return Err(Garbled("a time makes no sense"));
    }
    Ok(Lane { pid, tid, parent, name, kind, start, end, spans, by_core, gil_holds, switches, ..Lane::default() })
}

fn unpack_span(read: &mut Reader<'_>, start: Nanos, waits: &[Wait]) -> Result<Span, Garbled> {
    let tag = read.byte()?;
    let higher = if tag & HIGHER == 0 { 0 } else { STATE + 1 };
    let state = STATES.get(usize::from((tag & STATE) + higher)).copied();
    let known = tag & !(STATE | ON_CORE | WAITS | HIGHER) == 0;
    let state = state.filter(|_| known).ok_or(Garbled("a sign has no meaning"))?;
    let end = start.checked_add(read.number()?).filter(|end| *end < FAR).ok_or(Garbled("a time makes no sense"))?;
    let core = if tag & ON_CORE == 0 { None } else { Some(read.small::<u16>()?) };
    if core.is_some_and(|core| core >= MOST_CORES) {
        return Err(Garbled("there are no so many cores"));
    }
    let place = if tag & WAITS == 0 { None } else { Some(read.small::<usize>()?) };
    let wait = place.map(|place| waits.get(place).copied().ok_or(Garbled("a sign has no meaning"))).transpose()?;
    Ok(Span { start, end, state, core, wait })
}

fn pack_told(out: &mut Writer, told: &Told, zero: Nanos) {
    let Told { pieces, pickled, moved, began, killed } = told;
    for number in [pieces, pickled, moved] {
        out.number(*number);
    }
    out.option(*began, |out, at| out.difference(zero, at));
    out.option(*killed, Writer::byte);
}

fn unpack_told(read: &mut Reader<'_>, zero: Nanos) -> Result<Told, Garbled> {
    let (pieces, pickled, moved) = (read.number()?, read.number()?, read.number()?);
    let began = read.option(|read| read.difference(zero))?;
    let killed = read.option(Reader::byte)?;
    if [Some(pickled), Some(moved), began].into_iter().flatten().any(|at| at >= FAR) {
        return Err(Garbled("a time makes no sense"));
    }
    Ok(Told { pieces, pickled, moved, began, killed })
}

fn pack_gil(out: &mut Writer, track: &GilTrack, zero: Nanos) {
    out.number(u64::from(track.pid));
    out.number(track.gil);
    out.count(track.holds().len());
    let (mut at, mut turns) = (zero, 0);
    for hold in track.holds() {
        out.difference(at, hold.start);
        out.number(hold.end - hold.start);
        out.count(hold.lane);
        out.count(hold.turns() - turns);
        (at, turns) = (hold.end, hold.turns());
    }
}

fn unpack_gil(read: &mut Reader<'_>, zero: Nanos, lanes: usize) -> Result<GilTrack, Garbled> {
    let mut track = GilTrack::new(read.small()?, read.number()?);
    let mut at = zero;
    for _ in 0..read.count()? {
        let start = read.difference(at)?;
        let end = start.checked_add(read.number()?).filter(|end| *end < FAR).ok_or(Garbled("a time makes no sense"))?;
        let (lane, turns) = (read.small::<usize>()?, read.small::<u32>()?);
        if lane >= lanes {
            return Err(Garbled("a lane is not there"));
        }
        track.push_after(lane, start, end, turns as usize);
        at = end;
    }
    Ok(track)
}

fn pack_core(out: &mut Writer, core: &CoreTrack, zero: Nanos) {
    out.number(u64::from(core.id));
    out.count(core.samples.len());
    let mut at = zero;
    for sample in &core.samples {
        out.difference(at, sample.since);
        out.difference(sample.since, sample.at);
        out.number(sample.busy);
        out.number(sample.tutor);
        at = sample.at;
    }
}

fn unpack_core(read: &mut Reader<'_>, zero: Nanos) -> Result<CoreTrack, Garbled> {
    let id = read.small()?;
    let mut at = zero;
    let mut one = |read: &mut Reader<'_>| {
        let since = read.difference(at)?;
        let sample = CoreSample { since, at: read.difference(since)?, busy: read.number()?, tutor: read.number()? };
        at = sample.at;
        let sane = sample.at < FAR && sample.busy < FAR && sample.tutor < FAR;
        if sane { Ok(sample) } else { Err(Garbled("a time makes no sense")) }
    };
    Ok(CoreTrack { id, samples: (0..read.count()?).map(|_| one(read)).collect::<Result<_, _>>()? })
}
