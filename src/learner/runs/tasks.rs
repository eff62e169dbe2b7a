//! asyncio's tasks in few bytes. Whose turn it was on a loop is not written: the steps of its tasks say it.

use super::bytes::{Garbled, Reader, Writer};
use crate::clock::Nanos;
use crate::trace::tasks::{Await, Awaited, Function, KeptStep, TaskTrack, Tasks};
use std::collections::BTreeSet;

/// The tasks of a run as far as they take no more than so many bytes, and what is missing, in words.
#[must_use]
pub(super) fn fitting(tasks: &Tasks, room: usize) -> (Tasks, Option<&'static str>) {
    let size = |tasks: &Tasks| {
        let mut out = Writer::default();
        pack(&mut out, tasks, 0);
        out.into_bytes().len()
    };
    if size(tasks) <= room {
        return (tasks.clone(), None);
    }
    let mut bare = tasks.clone();
    bare.tracks.iter_mut().for_each(TaskTrack::forget_awaits);
    if size(&bare) <= room {
        return (bare, Some("What its asyncio tasks awaited was too much to be kept."));
    }
    // That there were some is known; which, is not.
    let mut none = Tasks::default();
    none.told = tasks.told;
    (none, Some("Its asyncio tasks were too many to be kept."))
}

/// Writes the tasks.
pub(super) fn pack(out: &mut Writer, tasks: &Tasks, zero: Nanos) {
    out.byte(u8::from(tasks.told) | u8::from(tasks.ready_told) << 1);
    out.count(tasks.polled.len());
    tasks.polled.iter().for_each(|pid| out.number(u64::from(*pid)));
    out.count(tasks.functions.len());
    for Function { name, line, file } in &tasks.functions {
        out.text(name);
        out.number(u64::from(*line));
        out.text(file);
    }
    out.count(tasks.tracks.len());
    for track in &tasks.tracks {
        pack_track(out, track, zero);
    }
}

fn thread(out: &mut Writer, (pid, tid): (u32, u32)) {
    out.number(u64::from(pid));
    out.number(u64::from(tid));
}

fn pack_track(out: &mut Writer, track: &TaskTrack, zero: Nanos) {
    thread(out, track.thread);
    out.text(&track.name);
    out.option(track.function, Writer::count);
    out.difference(zero, track.born);
    out.option(track.end, |out, end| out.difference(track.born, end));
    out.count(track.turns);
    out.count(track.steps().len());
    let mut at = track.born;
    for step in track.steps() {
        out.option(step.ready(), |out, ready| out.difference(at, ready));
        out.difference(at, step.start);
        out.number(step.duration());
        at = step.end;
    }
    out.count(track.awaits().len());
    let mut at = track.born;
    for found in track.awaits() {
        out.difference(at, found.at);
        at = found.at;
        out.option(found.function, Writer::count);
        out.number(u64::from(found.line));
        out.option(found.called, |out, (first, last)| {
            out.count(first);
            out.count(last);
        });
        match found.on {
            Awaited::Nothing => out.byte(0),
            Awaited::Future => out.byte(1),
            Awaited::Gather => out.byte(2),
            Awaited::Other => out.byte(3),
            Awaited::Task(None) => out.byte(4),
            Awaited::Task(Some(task)) => {
                out.byte(5);
                out.count(task);
            }
        }
    }
}

/// Reads the tasks of a run that was over at `until`.
pub(super) fn unpack(read: &mut Reader<'_>, zero: Nanos, far: Nanos, until: Nanos) -> Result<Tasks, Garbled> {
    let told = read.byte()?;
    let mut polled = BTreeSet::new();
    for _ in 0..read.count()? {
        polled.insert(read.small()?);
    }
    let mut functions = Vec::new();
    for _ in 0..read.count()? {
        functions.push(Function { name: read.text()?, line: read.small()?, file: read.text()? });
    }
    let count = read.count()?;
    let mut tracks = Vec::new();
    for _ in 0..count {
        tracks.push(unpack_track(read, zero, far, (functions.len(), count))?);
    }
    let mut kept = Tasks::kept((told & 1 != 0, told & 2 != 0), functions, tracks, until);
    kept.polled = polled;
    Ok(kept)
}

fn unpack_track(
    read: &mut Reader<'_>,
    zero: Nanos,
    far: Nanos,
    (functions, tasks): (usize, usize),
) -> Result<TaskTrack, Garbled> {
    let place = |read: &mut Reader<'_>, of: usize| {
        let place = read.small::<usize>()?;
        if place < of { Ok(place) } else { Err(Garbled("a place is not there")) }
    };
    let thread = (read.small()?, read.small()?);
    let name = read.text()?;
    let function = read.option(|read| place(read, functions))?;
    let born = read.difference(zero)?;
    let end = read.option(|read| read.difference(born))?;
    let turns = read.small()?;
    let mut steps: Vec<KeptStep> = Vec::new();
    let mut at = born;
    for _ in 0..read.count()? {
        let ready = read.option(|read| read.difference(at))?;
        let start = read.difference(at)?;
        let end = start.checked_add(read.number()?).filter(|end| *end < far).ok_or(Garbled("a time makes no sense"))?;
        let last = steps.last().map_or(born, |last| last.2);
        if start < last || ready.is_some_and(|ready| ready < last || ready > start) {
            return Err(Garbled("a time makes no sense"));
        }
        steps.push((ready, start, end));
        at = end;
    }
    let mut awaits = Vec::new();
    let mut at = born;
    for _ in 0..read.count()? {
        at = read.difference(at)?;
        let function = read.option(|read| place(read, functions))?;
        let line = read.small()?;
        let called = read.option(|read| Ok((place(read, functions)?, place(read, functions)?)))?;
        let on = match read.byte()? {
            0 => Awaited::Nothing,
            1 => Awaited::Future,
            2 => Awaited::Gather,
            3 => Awaited::Other,
            4 => Awaited::Task(None),
            5 => Awaited::Task(Some(place(read, tasks)?)),
            _ => return Err(Garbled("a sign has no meaning")),
        };
        awaits.push(Await { at, function, line, called, on });
    }
    if born >= far || end.is_some_and(|end| end >= far) {
        return Err(Garbled("a time makes no sense"));
    }
    let mut track = TaskTrack::kept((thread, born), &steps, awaits);
    (track.name, track.function, track.end, track.turns) = (name, function, end, turns);
    Ok(track)
}
