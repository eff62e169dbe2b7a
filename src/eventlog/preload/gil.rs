//! Recognises CPython's GIL.
//!
//! Since 3.2 the GIL is a flag with two pairs of a condition variable and a mutex, which lie in this order in one structure:
//! `cond, mutex, switch_cond, switch_mutex`. It is created by initialising all four in one go, `switch_cond` last (`create_gil` in
//! `Python/ceval_gil.c`); no other code is known to do the same. From then on
//! - whoever has just taken the GIL signals `switch_cond` (`take_gil`),
//! - whoever has just dropped it signals `cond` while it holds `mutex`, without which nobody can take it (`drop_gil`),
//! - whoever waits for it waits on `cond`, or, after a forced drop, on `switch_cond` for another to take it.
//!
//! So marks at these calls say exactly when each thread held the GIL. A subinterpreter with a GIL of its own has its own pairs;
//! a free-threaded interpreter creates the structure and hardly signals ([`IN_USE`]).

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::lane;
use crate::layout::{Word, tag};

/// `sizeof(pthread_cond_t)` in glibc on 64-bit machines.
const COND: usize = 48;
/// `sizeof(pthread_mutex_t)` in glibc.
const MUTEX: usize = if cfg!(target_arch = "aarch64") { 48 } else { 40 };
/// Where in the structure the parts lie.
const SWITCH_COND: usize = COND + MUTEX;
const SWITCH_MUTEX: usize = SWITCH_COND + COND;

/// GILs that one process can have at a time and be seen (there is one an interpreter).
const MOST: usize = 256;

static GILS: [AtomicUsize; MOST] = [const { AtomicUsize::new(0) }; MOST];
/// How many entries of `GILS` were ever in use.
static USED: AtomicUsize = AtomicUsize::new(0);

/// How many of the objects that were initialised last are remembered, of all threads together.
const RECENT: usize = 64;

static LAST: [AtomicUsize; RECENT] = [const { AtomicUsize::new(0) }; RECENT];
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A mutex was initialised.
pub fn mutex_initialised(mutex: usize) {
    LAST[NEXT.fetch_add(1, Ordering::Relaxed) % RECENT].store(mutex, Ordering::Relaxed);
}

/// A condition variable was initialised: if it completes the four parts of a GIL, this is one.
pub fn cond_initialised(cond: usize) {
    let gil = cond.wrapping_sub(SWITCH_COND);
    let recent = |object: usize| LAST.iter().any(|last| last.load(Ordering::Relaxed) == object);
    if recent(gil) && recent(gil.wrapping_add(COND)) && recent(gil.wrapping_add(SWITCH_MUTEX)) {
        add(gil);
    }
    mutex_initialised(cond);
}

/// A condition variable was destroyed.
pub fn destroyed(cond: usize) {
    for entry in entries() {
        // A GIL is destroyed and created again in the child of a fork, so the entry may come back.
        let _ = entry.compare_exchange(cond, 0, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// Whether this process uses its GILs. A free-threaded build takes its GIL only for instants, while it imports
/// extension modules, unless it was told to use it; these instants are not told, for they say nothing of the program.
static IN_USE: AtomicBool = AtomicBool::new(true);

/// This is a free-threaded build: its GIL is off until [`turned_on`].
pub fn free_threaded_build() {
    IN_USE.store(false, Ordering::Relaxed);
}

/// The interpreter says that its GIL is on; the calling thread holds it.
pub fn turned_on() {
    if !IN_USE.swap(true, Ordering::Relaxed)
        && let Some(gil) = entries().first()
    {
        lane::mark(Word::of(tag::GIL_TAKEN), gil.load(Ordering::Relaxed) as u64);
    }
}

fn entries() -> &'static [AtomicUsize] {
    if !IN_USE.load(Ordering::Relaxed) {
        return &[];
    }
    &GILS[..USED.load(Ordering::Acquire).min(MOST)]
}

fn add(cond: usize) {
    if of_part(cond, 0).is_some() {
        return;
    }
    for (index, entry) in GILS.iter().enumerate() {
        if entry.compare_exchange(0, cond, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            USED.fetch_max(index + 1, Ordering::Release);
            return;
        }
    }
}

/// The GIL of which `address` is the part at `offset`.
#[inline]
fn of_part(address: usize, offset: usize) -> Option<usize> {
    let gil = address.wrapping_sub(offset);
    entries().iter().any(|entry| entry.load(Ordering::Relaxed) == gil).then_some(gil)
}

/// The GIL that a thread waits for when it waits on this condition variable.
#[inline]
pub fn of_cond(cond: usize) -> Option<usize> {
    of_part(cond, 0).or_else(|| of_part(cond, SWITCH_COND))
}

/// The GIL that this mutex guards.
#[inline]
pub fn of_mutex(mutex: usize) -> Option<usize> {
    of_part(mutex, COND).or_else(|| of_part(mutex, SWITCH_MUTEX))
}

/// A condition variable is about to be signalled: if it is a GIL's, the GIL was taken or dropped.
#[inline]
pub fn signalled(cond: usize) {
    for entry in entries() {
        let gil = entry.load(Ordering::Relaxed);
        if gil != 0 && cond == gil {
            return lane::mark(Word::of(tag::GIL_DROPPED), gil as u64);
        }
        if gil != 0 && cond == gil + SWITCH_COND {
            return lane::mark(Word::of(tag::GIL_TAKEN), gil as u64);
        }
    }
}
