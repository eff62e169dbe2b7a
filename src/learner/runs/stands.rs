//! What was found in a run while it could still be looked at, in few bytes: threads that stood still, locks that were taken in
//! crossed orders, who waited when it was stopped.

use super::bytes::{Garbled, Reader, Writer};
use super::packed::{FAR, place, placed};
use crate::clock::Nanos;
use crate::trace::crossing::Took;
use crate::trace::standstill::{HeldUp, Holder, Kind, Place};
use crate::trace::stop::{AtStop, Seen};
use crate::trace::{Crossing, Standstill, Trace};

/// In the order in which they came to be: what was kept earlier stays readable.
const KINDS: [Kind; 5] = [Kind::LockCycle, Kind::LockTwice, Kind::JoinCycle, Kind::HolderEnded, Kind::NobodyLeft];

/// What was found in a run.
type Found = (Option<Standstill>, Vec<Crossing>, Option<AtStop>);

/// Writes what was found.
pub(super) fn pack(out: &mut Writer, trace: &Trace, zero: Nanos) {
    out.option(trace.standstill.as_ref(), |out, Standstill { since, kind, open, threads }| {
        out.difference(zero, *since);
        place(out, &KINDS, kind);
        out.byte(u8::from(*open));
        out.count(threads.len());
        for thread in threads {
            pack_held_up(out, thread);
        }
    });
    out.count(trace.crossings.len());
    for Crossing { takes } in &trace.crossings {
        out.count(takes.len());
        for Took { pid, tid, name, place } in takes {
            thread(out, *pid, *tid, name);
            pack_place(out, place);
        }
    }
    out.option(trace.at_stop.as_ref(), |out, AtStop { at, seen }| {
        out.difference(zero, *at);
        out.count(seen.len());
        for Seen { pid, tid, since, forever, within } in seen {
            out.number(u64::from(*pid));
            out.number(u64::from(*tid));
            out.difference(zero, *since);
            out.byte(u8::from(*forever) | u8::from(*within) << 1);
        }
    });
}

fn thread(out: &mut Writer, pid: u32, tid: u32, name: &str) {
    out.number(u64::from(pid));
    out.number(u64::from(tid));
    out.text(name);
}

fn pack_place(out: &mut Writer, Place { file, line, code, function }: &Place) {
    out.text(file);
    out.number(u64::from(*line));
    out.text(code);
    out.text(function);
}

fn pack_held_up(out: &mut Writer, held: &HeldUp) {
    let HeldUp { pid, tid, name, of_child, place, called, lock, holder } = held;
    thread(out, *pid, *tid, name);
    out.byte(u8::from(*of_child));
    out.option(place.as_ref(), pack_place);
    out.option(called.as_deref(), Writer::text);
    out.option(*lock, Writer::count);
    let (sign, tid) = match holder {
        Holder::Unknown => (0, 0),
        Holder::Thread(tid) => (1, *tid),
        Holder::Ended(tid) => (2, *tid),
    };
    out.byte(sign);
    out.number(u64::from(tid));
}

/// Reads what was found.
pub(super) fn unpack(read: &mut Reader<'_>, zero: Nanos) -> Result<Found, Garbled> {
    let standstill = read.option(|read| {
        let (since, kind, open) = (time(read, zero)?, placed(read, &KINDS)?, sign(read)?);
        let threads = (0..read.count()?).map(|_| unpack_held_up(read)).collect::<Result<_, _>>()?;
        Ok(Standstill { since, kind, open, threads })
    })?;
    let took = |read: &mut Reader<'_>| {
        let (pid, tid, name) = (read.small()?, read.small()?, read.text()?);
        Ok(Took { pid, tid, name, place: unpack_place(read)? })
    };
    let mut crossings = Vec::new();
    for _ in 0..read.count()? {
        crossings.push(Crossing { takes: (0..read.count()?).map(|_| took(read)).collect::<Result<_, _>>()? });
    }
    let seen = |read: &mut Reader<'_>| {
        let (pid, tid, since, signs) = (read.small()?, read.small()?, time(read, zero)?, read.byte()?);
        Ok(Seen { pid, tid, since, forever: signs & 1 != 0, within: signs & 2 != 0 })
    };
    let at_stop = read.option(|read| {
        let at = time(read, zero)?;
        Ok(AtStop { at, seen: (0..read.count()?).map(|_| seen(read)).collect::<Result<_, _>>()? })
    })?;
    Ok((standstill, crossings, at_stop))
}

fn time(read: &mut Reader<'_>, from: Nanos) -> Result<Nanos, Garbled> {
    Some(read.difference(from)?).filter(|at| *at < FAR).ok_or(Garbled("a time makes no sense"))
}

fn sign(read: &mut Reader<'_>) -> Result<bool, Garbled> {
    match read.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Garbled("a sign has no meaning")),
    }
}

fn unpack_place(read: &mut Reader<'_>) -> Result<Place, Garbled> {
    Ok(Place { file: read.text()?, line: read.small()?, code: read.text()?, function: read.text()? })
}

fn unpack_held_up(read: &mut Reader<'_>) -> Result<HeldUp, Garbled> {
    let (pid, tid, name) = (read.small()?, read.small()?, read.text()?);
    let of_child = sign(read)?;
    let (place, called) = (read.option(unpack_place)?, read.option(Reader::text)?);
    let lock = read.option(Reader::small)?;
    let holder = match (read.byte()?, read.small()?) {
        (0, _) => Holder::Unknown,
        (1, tid) => Holder::Thread(tid),
        (2, tid) => Holder::Ended(tid),
        _ => return Err(Garbled("a sign has no meaning")),
    };
    Ok(HeldUp { pid, tid, name, of_child, place, called, lock, holder })
}
