//! What is known of locks in few bytes: each lock and each place in the program is written once, in a table.

use super::bytes::{Garbled, Reader, Writer};
use super::packed::{FAR, place, placed};
use crate::clock::Nanos;
use crate::trace::locks::kept::Kept;
use crate::trace::locks::lock_order::{Taking, Told};
use crate::trace::locks::{Function, HeldBy, LockWait, Locks, Spot};
use crate::trace::{Pid, Tid};
use std::collections::HashMap;
use std::hash::Hash;

const TOLD: [Told; 3] = [Told::All, Told::Some, Told::Nothing];

/// Who held a lock, and before which number that is said without a thread.
const UNKNOWN: u64 = 0;
const NOBODY: u64 = 1;
const THREADS: u64 = 2;

/// What is known of locks as far as it takes no more than so many bytes, and what is missing, in words.
#[must_use]
pub(super) fn fitting(locks: &Locks, room: usize) -> (Locks, Option<&'static str>) {
    let mut kept = locks.to_kept();
    if size(&kept) <= room {
        return (Locks::of_kept(kept), None);
    }
    kept.forget_orders();
    let all = kept.waits();
    while size(&kept) > room && kept.waits() > 0 {
        kept.halve();
    }
    let missing = (kept.waits() < all).then_some("Its earlier waits for locks were too many to be kept.");
    if size(&kept) > room {
        return (Locks::default(), Some("What it told of locks was too much to be kept."));
    }
    (Locks::of_kept(kept), missing)
}

fn size(kept: &Kept) -> usize {
    let mut out = Writer::default();
    pack_kept(&mut out, kept, 0);
    out.into_bytes().len()
}

/// Writes what is known of locks.
pub(super) fn pack(out: &mut Writer, locks: &Locks, zero: Nanos) {
    pack_kept(out, &locks.to_kept(), zero);
}

/// Things that are named by their places in a list.
struct Table<T>(Vec<T>, HashMap<T, usize>);

impl<T: Copy + Eq + Hash> Table<T> {
    fn of(all: impl Iterator<Item = T>) -> Table<T> {
        let mut table = Table(Vec::new(), HashMap::new());
        for one in all {
            table.1.entry(one).or_insert_with(|| {
                table.0.push(one);
                table.0.len() - 1
            });
        }
        table
    }

    fn place(&self, one: &T) -> usize {
        self.1.get(one).copied().unwrap_or_default()
    }
}

fn pack_kept(out: &mut Writer, kept: &Kept, zero: Nanos) {
    let Kept { functions, waits, left, numbered, told, takings, passed, joins } = kept;
    out.count(functions.len());
    for ((pid, number), Function { name, file }) in functions {
        out.number(u64::from(*pid));
        out.number(u64::from(*number));
        out.text(name);
        out.text(file);
    }
    let each = || waits.iter().flat_map(|((pid, _), waits)| waits.iter().map(move |wait| (*pid, wait)));
    let locks = Table::of(numbered.iter().copied().chain(each().map(|(pid, wait)| (pid, wait.lock, wait.serial))));
    let spots = each().filter_map(|(_, wait)| wait.spot);
    let spots = Table::of(spots.chain(takings.iter().filter_map(|taking| taking.spot)));
    out.count(numbered.len());
    out.count(locks.0.len());
    for (pid, lock, serial) in &locks.0 {
        pair(out, (*pid, *lock));
        out.number(*serial);
    }
    out.count(spots.0.len());
    for Spot { own, called, line } in &spots.0 {
        for number in [u64::from(*own), u64::from(*called), u64::from(*line)] {
            out.number(number);
        }
    }
    let spot = |out: &mut Writer, spot: &Option<Spot>| out.count(spot.map_or(0, |spot| spots.place(&spot) + 1));
    out.count(waits.len());
    for ((pid, tid), waits) in waits {
        thread(out, (*pid, *tid));
        out.count(waits.len());
        let mut at = zero;
        for wait in waits {
            out.difference(at, wait.at);
            at = wait.at;
            out.count(locks.place(&(*pid, wait.lock, wait.serial)));
            out.number(match wait.holder {
                HeldBy::Unknown => UNKNOWN,
                HeldBy::Nobody => NOBODY,
                HeldBy::Thread(tid) => THREADS + u64::from(tid),
            });
            spot(out, &wait.spot);
        }
    }
    out.count(left.len());
    for (lock, tid) in left {
        pair(out, *lock);
        out.number(u64::from(*tid));
    }
    out.option(*told, |out, told| place(out, &TOLD, &told));
    out.count(takings.len());
    for taking in takings {
        thread(out, (taking.pid, taking.tid));
        out.difference(zero, taking.at);
        out.number(taking.lock);
        spot(out, &taking.spot);
        out.count(taking.held.len());
        taking.held.iter().for_each(|lock| out.number(*lock));
    }
    out.count(passed.len());
    for lock in passed {
        pair(out, *lock);
    }
    out.count(joins.len());
    for (who, joins) in joins {
        thread(out, *who);
        out.count(joins.len());
        for at in joins {
            out.difference(zero, *at);
        }
    }
}

fn thread(out: &mut Writer, (pid, tid): (Pid, Tid)) {
    out.number(u64::from(pid));
    out.number(u64::from(tid));
}

fn pair(out: &mut Writer, (pid, number): (Pid, u64)) {
    out.number(u64::from(pid));
    out.number(number);
}

/// Reads what is known of locks.
pub(super) fn unpack(read: &mut Reader<'_>, zero: Nanos) -> Result<Locks, Garbled> {
    let mut kept = Kept::default();
    for _ in 0..read.count()? {
        let number = (read.small()?, read.small()?);
        kept.functions.push((number, Function { name: read.text()?, file: read.text()? }));
    }
    let numbered = read.small::<usize>()?;
    let lock = |read: &mut Reader<'_>| Ok((read.small()?, read.number()?, read.number()?));
    let locks = (0..read.count()?).map(|_| lock(read)).collect::<Result<Vec<_>, _>>()?;
    kept.numbered = locks.get(..numbered).ok_or(NOT_THERE)?.to_vec();
    let spot = |read: &mut Reader<'_>| Ok(Spot { own: read.small()?, called: read.small()?, line: read.small()? });
    let spots = (0..read.count()?).map(|_| spot(read)).collect::<Result<Vec<_>, _>>()?;
    for _ in 0..read.count()? {
        let (pid, tid) = (read.small()?, read.small()?);
        let mut waits = Vec::new();
        let mut at = zero;
        for _ in 0..read.count()? {
            let last = at;
            at = time(read, at)?;
            if at < last && !waits.is_empty() {
                return Err(Garbled("a time makes no sense"));
            }
            let (of, lock, serial) = *locks.get(read.small::<usize>()?).ok_or(NOT_THERE)?;
            let holder = match read.number()? {
                UNKNOWN => HeldBy::Unknown,
                NOBODY => HeldBy::Nobody,
                thread => {
                    HeldBy::Thread(Tid::try_from(thread - THREADS).map_err(|_| Garbled("a number is too large"))?)
                }
            };
            if of != pid {
                return Err(NOT_THERE);
            }
            waits.push(LockWait { at, lock, serial, holder, spot: spot_of(read, &spots)? });
        }
        kept.waits.push(((pid, tid), waits));
    }
    for _ in 0..read.count()? {
        kept.left.push(((read.small()?, read.number()?), read.small()?));
    }
    kept.told = read.option(|read| placed(read, &TOLD))?;
    for _ in 0..read.count()? {
        let (pid, tid, at) = (read.small()?, read.small()?, time(read, zero)?);
        let (lock, spot) = (read.number()?, spot_of(read, &spots)?);
        let held = (0..read.count()?).map(|_| read.number()).collect::<Result<_, _>>()?;
        kept.takings.push(Taking { pid, tid, at, lock, spot, held });
    }
    for _ in 0..read.count()? {
        kept.passed.push((read.small()?, read.number()?));
    }
    for _ in 0..read.count()? {
        let who = (read.small()?, read.small()?);
        let joins = (0..read.count()?).map(|_| time(read, zero)).collect::<Result<_, _>>()?;
        kept.joins.push((who, joins));
    }
    Ok(Locks::of_kept(kept))
}

const NOT_THERE: Garbled = Garbled("a place is not there");

fn time(read: &mut Reader<'_>, from: Nanos) -> Result<Nanos, Garbled> {
    Some(read.difference(from)?).filter(|at| *at < FAR).ok_or(Garbled("a time makes no sense"))
}

fn spot_of(read: &mut Reader<'_>, spots: &[Spot]) -> Result<Option<Spot>, Garbled> {
    let Some(place) = read.small::<usize>()?.checked_sub(1) else { return Ok(None) };
    spots.get(place).copied().map(Some).ok_or(NOT_THERE)
}
