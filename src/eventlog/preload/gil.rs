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
//! a free-threaded interpreter creates the structure and hardly signals ([`Gils::turned_on`]).

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

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

/// How many of the objects that were initialised last are remembered, of all threads together.
const RECENT: usize = 64;

/// What is to be marked: the GIL at this address was taken or dropped by the calling thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    Taken(usize),
    Dropped(usize),
}

impl Moved {
    /// The mark, and its first word.
    #[inline]
    pub fn mark(self) -> (Word, u64) {
        match self {
            Moved::Taken(gil) => (Word::of(tag::GIL_TAKEN), gil as u64),
            Moved::Dropped(gil) => (Word::of(tag::GIL_DROPPED), gil as u64),
        }
    }
}

/// The GILs of a process, and what may yet turn out to be one.
pub struct Gils {
    /// Where they lie; 0 where there is none.
    addresses: [AtomicUsize; MOST],
    /// How many entries of `addresses` were ever in use.
    used: AtomicUsize,
    /// The objects that were initialised last, in a ring.
    last: [AtomicUsize; RECENT],
    next: AtomicUsize,
    /// Whether this process does not use its GILs. A free-threaded build takes its GIL only for instants, while it
    /// imports extension modules, unless it was told to use it; these instants are not told, for they say nothing of
    /// the program.
    off: AtomicBool,
}

impl Gils {
    /// None yet.
    pub const fn new() -> Gils {
        Gils {
            addresses: [const { AtomicUsize::new(0) }; MOST],
            used: AtomicUsize::new(0),
            last: [const { AtomicUsize::new(0) }; RECENT],
            next: AtomicUsize::new(0),
            off: AtomicBool::new(false),
        }
    }

    /// A mutex was initialised.
    pub fn mutex_initialised(&self, mutex: usize) {
        self.last[self.next.fetch_add(1, Ordering::Relaxed) % RECENT].store(mutex, Ordering::Relaxed);
    }

    /// A condition variable was initialised: if it completes the four parts of a GIL, this is one.
    pub fn cond_initialised(&self, cond: usize) {
        let gil = cond.wrapping_sub(SWITCH_COND);
        let recent = |object: usize| self.last.iter().any(|last| last.load(Ordering::Relaxed) == object);
        if recent(gil) && recent(gil.wrapping_add(COND)) && recent(gil.wrapping_add(SWITCH_MUTEX)) {
            self.add(gil);
        }
        self.mutex_initialised(cond);
    }

    /// A condition variable was destroyed.
    pub fn destroyed(&self, cond: usize) {
        for entry in self.known() {
            // A GIL is destroyed and created again in the child of a fork, so the entry may come back.
            let _ = entry.compare_exchange(cond, 0, Ordering::Relaxed, Ordering::Relaxed);
        }
    }

    /// This is a free-threaded build: its GIL is off until [`Gils::turned_on`].
    pub fn free_threaded_build(&self) {
        self.off.store(true, Ordering::Relaxed);
    }

    /// The interpreter says that its GIL is on; the calling thread holds it.
    pub fn turned_on(&self) -> Option<Moved> {
        if !self.off.swap(false, Ordering::Relaxed) {
            return None;
        }
        let first = self.known().first()?.load(Ordering::Relaxed);
        (first != 0).then_some(Moved::Taken(first))
    }

    /// The entries that were ever in use.
    #[inline]
    fn known(&self) -> &[AtomicUsize] {
        &self.addresses[..self.used.load(Ordering::Acquire).min(MOST)]
    }

    /// The entries to look a GIL up in: none while this process does not use it.
    #[inline]
    fn entries(&self) -> &[AtomicUsize] {
        if self.off.load(Ordering::Relaxed) { &[] } else { self.known() }
    }

    fn add(&self, cond: usize) {
        if self.known().iter().any(|entry| entry.load(Ordering::Relaxed) == cond) {
            return;
        }
        for (index, entry) in self.addresses.iter().enumerate() {
            if entry.compare_exchange(0, cond, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                self.used.fetch_max(index + 1, Ordering::Release);
                return;
            }
        }
    }

    /// The GIL of which `address` is the part at `offset`.
    #[inline]
    fn of_part(&self, address: usize, offset: usize) -> Option<usize> {
        let gil = address.wrapping_sub(offset);
        self.entries().iter().any(|entry| entry.load(Ordering::Relaxed) == gil).then_some(gil)
    }

    /// The GIL that a thread waits for when it waits on this condition variable.
    #[inline]
    pub fn of_cond(&self, cond: usize) -> Option<usize> {
        self.of_part(cond, 0).or_else(|| self.of_part(cond, SWITCH_COND))
    }

    /// The GIL that this mutex guards.
    #[inline]
    pub fn of_mutex(&self, mutex: usize) -> Option<usize> {
        self.of_part(mutex, COND).or_else(|| self.of_part(mutex, SWITCH_MUTEX))
    }

    /// A condition variable is about to be signalled: if it is a GIL's, the GIL was taken or dropped.
    #[inline]
    pub fn signalled(&self, cond: usize) -> Option<Moved> {
        for entry in self.entries() {
            let gil = entry.load(Ordering::Relaxed);
            if gil != 0 && cond == gil {
                return Some(Moved::Dropped(gil));
            }
            if gil != 0 && cond == gil + SWITCH_COND {
                return Some(Moved::Taken(gil));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// The parts of the GIL at `gil` that are initialised before `switch_cond`.
    fn first_parts(gil: usize) -> [usize; 3] {
        [gil, gil + COND, gil + SWITCH_MUTEX]
    }

    /// As the interpreter does it.
    fn create(gils: &Gils, gil: usize) {
        gils.mutex_initialised(gil + COND);
        gils.mutex_initialised(gil + SWITCH_MUTEX);
        gils.cond_initialised(gil);
        gils.cond_initialised(gil + SWITCH_COND);
    }

    /// Whether every part of `gil` is taken for what it is, and its neighbours for nothing.
    fn is_seen(gils: &Gils, gil: usize) -> bool {
        let waits = [gils.of_cond(gil), gils.of_cond(gil + SWITCH_COND)];
        let locks = [gils.of_mutex(gil + COND), gils.of_mutex(gil + SWITCH_MUTEX)];
        let moves = [gils.signalled(gil), gils.signalled(gil + SWITCH_COND)];
        let seen = waits == [Some(gil); 2]
            && locks == [Some(gil); 2]
            && moves == [Some(Moved::Dropped(gil)), Some(Moved::Taken(gil))];
        let unseen = waits == [None; 2] && locks == [None; 2] && moves == [None; 2];
        assert!(seen || unseen, "all or nothing: {waits:?} {locks:?} {moves:?}");
        assert_eq!([gils.of_mutex(gil), gils.of_cond(gil + COND), gils.of_cond(gil + SWITCH_MUTEX)], [None; 3]);
        assert_eq!([gils.signalled(gil + COND), gils.signalled(gil + SWITCH_MUTEX)], [None; 2]);
        seen
    }

    /// Where GILs are in these tests: apart, so that no part of one is a part of another.
    fn place(number: usize) -> usize {
        0x7f00_0000_0000 + number * 0x1000
    }

    #[test]
    fn the_parts_have_the_sizes_that_this_machines_libc_gives_them() {
        assert_eq!((COND, MUTEX), (size_of::<libc::pthread_cond_t>(), size_of::<libc::pthread_mutex_t>()));
    }

    #[test]
    fn marks_say_which_gil_was_taken_or_dropped() {
        assert_eq!(Moved::Taken(7).mark(), (Word::of(tag::GIL_TAKEN), 7));
        assert_eq!(Moved::Dropped(7).mark(), (Word::of(tag::GIL_DROPPED), 7));
    }

    #[test]
    fn ordinary_locks_and_conditions_are_no_gil() {
        let gils = Gils::new();
        for n in 0..1000 {
            gils.mutex_initialised(place(n));
            gils.cond_initialised(place(n) + MUTEX);
            gils.cond_initialised(place(n) + MUTEX + COND);
        }
        assert!((0..1000).all(|n| gils.signalled(place(n) + MUTEX).is_none() && gils.of_mutex(place(n)).is_none()));
    }

    #[test]
    fn a_gil_that_is_created_where_one_was_takes_no_more_room() {
        let gils = Gils::new();
        (0..=MOST).for_each(|_| create(&gils, place(0)));
        (1..MOST).for_each(|n| create(&gils, place(n)));
        assert!((0..MOST).all(|n| is_seen(&gils, place(n))));
    }

    #[test]
    fn those_beyond_the_most_are_not_seen_until_others_have_gone() {
        let gils = Gils::new();
        (0..=MOST).for_each(|n| create(&gils, place(n)));
        assert!((0..MOST).all(|n| is_seen(&gils, place(n))) && !is_seen(&gils, place(MOST)));
        gils.destroyed(place(3));
        create(&gils, place(MOST));
        assert!(is_seen(&gils, place(MOST)) && !is_seen(&gils, place(3)));
    }

    #[test]
    fn a_free_threaded_builds_gil_is_not_told_until_it_is_turned_on() {
        let gils = Gils::new();
        gils.free_threaded_build();
        create(&gils, place(0));
        assert!(!is_seen(&gils, place(0)));
        assert_eq!(gils.turned_on(), Some(Moved::Taken(place(0))), "the interpreter took it when nobody listened");
        assert!(is_seen(&gils, place(0)));
        assert_eq!(gils.turned_on(), None, "on once");
    }

    #[test]
    fn what_a_free_threaded_build_destroys_is_not_there_when_the_gil_is_turned_on() {
        let gils = Gils::new();
        gils.free_threaded_build();
        create(&gils, place(0));
        gils.destroyed(place(0));
        assert_eq!(gils.turned_on(), None);
        assert!(!is_seen(&gils, place(0)));
    }

    #[test]
    fn a_gil_that_is_always_on_needs_no_turning_on() {
        let gils = Gils::new();
        create(&gils, place(0));
        assert_eq!(gils.turned_on(), None, "its taking was told when it happened");
    }

    #[derive(Debug, Clone)]
    enum Step {
        Create(usize),
        Destroy(usize),
    }

    proptest! {
        #[test]
        fn a_gil_is_seen_from_its_creation_to_its_end(
            steps in proptest::collection::vec((0..8usize).prop_flat_map(|n| prop_oneof![
                Just(Step::Create(n)),
                Just(Step::Destroy(n)),
            ]), 0..40),
        ) {
            let (gils, mut alive) = (Gils::new(), BTreeSet::new());
            for step in steps {
                match step {
                    Step::Create(n) => { create(&gils, place(n)); alive.insert(n); }
                    Step::Destroy(n) => { gils.destroyed(place(n)); alive.remove(&n); }
                }
                for n in 0..8 {
                    prop_assert_eq!(is_seen(&gils, place(n)), alive.contains(&n));
                }
            }
        }

        #[test]
        fn the_last_part_makes_it_a_gil_if_the_others_are_remembered(
            order in Just([0, 1, 2usize]).prop_shuffle(),
            others in [0..30usize, 0..30, 0..30],
            missing in proptest::option::of(0..3usize),
        ) {
            let gils = Gils::new();
            let mut since = [usize::MAX; 3]; // how many were initialised after each part
            let mut initialise = |object| {
                gils.mutex_initialised(object);
                since = since.map(|n| n.saturating_add(1));
                if let Some(part) = first_parts(place(0)).iter().position(|p| *p == object) { since[part] = 1 }
            };
            for (part, count) in order.into_iter().zip(others) {
                if missing != Some(part) { initialise(first_parts(place(0))[part]) }
                (0..count).for_each(|n| initialise(place(1 + n)));
            }
            gils.cond_initialised(place(0) + SWITCH_COND);
            prop_assert_eq!(is_seen(&gils, place(0)), since.iter().all(|n| *n <= RECENT));
        }
    }
}
