//! Who has a lock: noted in the lock itself.
//!
//! Up to 3.13 a lock of CPython is a semaphore of glibc that begins with one to give. Of its 32 bytes glibc uses the first half;
//! in the other stands who has taken it, so that a lock costs one store more, needs no table, and takes its note with it when
//! it goes. Who holds a lock alone writes there: whoever has just taken it, or is about to give it back. Elsewhere (a
//! semaphore that has several to give, or none at first) there is no note, and nobody is said to hold it.

use core::ffi::c_void;
use core::sync::atomic::{AtomicU64, Ordering};

use crate::layout::{HELD, THREAD_LANES};

/// `sem_t`.
#[repr(C)]
pub struct Lock {
    _glibc: [u64; 2],
    /// Who holds it: one more than the lane's number, and the place among the locks that the lane's thread holds; and the lock's
    /// number, with two flags.
    holder: AtomicU64,
    /// Says that this is such a lock, and not what lay here before.
    key: AtomicU64,
}

/// A lane's number, and a place among the locks that its thread holds.
pub type Place = (u64, usize);

/// Bits of a place.
const BITS: u32 = 8;
/// It has been told of in which order it was taken.
const ORDERED: u64 = 1 << 22;
/// A thread has it as long as it lives: who takes it joins that thread.
const LIFE: u64 = 1 << 23;
/// Below the lock's number.
const NUMBERED: u32 = 24;
/// Who holds it.
const HOLDER: u64 = ORDERED - 1;

const _: () = assert!(THREAD_LANES << BITS <= HOLDER);

/// How many there were: addresses come again, numbers do not.
static MADE: AtomicU64 = AtomicU64::new(0);

/// What was noted in a lock that is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Where.
    pub place: Option<Place>,
    /// Its number.
    pub number: u64,
    /// Whether it has been told of in which order it was taken.
    pub ordered: bool,
}

impl Lock {
    /// A semaphore was initialised and has so many to give: from now on it is a lock, or none.
    ///
    /// # Safety
    /// `semaphore` must point to a `sem_t` that nobody else uses yet.
    pub unsafe fn initialised(semaphore: *mut c_void, count: u32) {
        // SAFETY: the caller vouches for it.
        let lock = unsafe { &*semaphore.cast::<Lock>() };
        let number = MADE.fetch_add(u64::from(count == 1), Ordering::Relaxed) + 1;
        lock.holder.store(number << NUMBERED, Ordering::Relaxed);
        lock.key.store(if count == 1 { key(lock.address()) } else { 0 }, Ordering::Relaxed);
    }

    /// The lock that a semaphore is, if it is one.
    ///
    /// # Safety
    /// `semaphore` must point to a `sem_t` that lives as long as the lock is used.
    #[inline]
    pub unsafe fn at<'l>(semaphore: *mut c_void) -> Option<&'l Lock> {
        // SAFETY: the caller vouches for it; a `sem_t` has 32 bytes.
        let lock = unsafe { &*semaphore.cast::<Lock>() };
        (lock.key.load(Ordering::Relaxed) == key(lock.address())).then_some(lock)
    }

    /// Where it lies.
    #[inline]
    pub fn address(&self) -> u64 {
        core::ptr::from_ref(self) as u64
    }

    /// It was taken by the caller, who has noted it there.
    #[inline]
    pub fn taken(&self, place: Option<Place>) {
        let holder = place.map_or(0, |(lane, place)| (lane + 1) << BITS | place as u64);
        let before = self.holder.load(Ordering::Relaxed);
        self.holder.store(before & !HOLDER | holder, Ordering::Release);
    }

    /// Its number, from 1: no two locks of a process have the same.
    #[inline]
    pub fn number(&self) -> u64 {
        self.holder.load(Ordering::Relaxed) >> NUMBERED
    }

    /// Whether no lock was made after it.
    #[inline]
    pub fn is_newest(&self) -> bool {
        self.number() == MADE.load(Ordering::Relaxed)
    }

    /// It has been told of in which order it was taken. Its holder says so.
    pub fn is_told(&self) {
        self.holder.fetch_or(ORDERED, Ordering::Relaxed);
    }

    /// A thread has it as long as it lives. Its holder says so.
    pub fn is_of_a_life(&self) {
        self.holder.fetch_or(LIFE, Ordering::Relaxed);
    }

    /// Whether who takes it joins the thread that has had it.
    #[inline]
    pub fn joins(&self) -> bool {
        self.holder.load(Ordering::Relaxed) & LIFE != 0
    }

    /// Where it is noted who holds it, if it is.
    #[inline]
    pub fn holder(&self) -> Option<Place> {
        place(self.holder.load(Ordering::Acquire))
    }

    /// It is about to be given back; what was noted.
    #[inline]
    pub fn given(&self) -> Given {
        let holder = self.holder.load(Ordering::Relaxed);
        self.holder.store(holder & !HOLDER, Ordering::Relaxed);
        Given { place: place(holder), number: holder >> NUMBERED, ordered: holder & ORDERED != 0 }
    }

    /// It is about to be no more.
    pub fn forget(&self) {
        self.key.store(0, Ordering::Relaxed);
    }
}

#[inline]
fn place(holder: u64) -> Option<Place> {
    let at = (holder & ((1 << BITS) - 1)) as usize;
    Some((((holder & HOLDER) >> BITS).checked_sub(1)?, at)).filter(|&(lane, at)| at < HELD && lane < THREAD_LANES)
}

/// What stands in the lock at this address: no other memory has it by chance.
#[inline]
const fn key(address: u64) -> u64 {
    address.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x6c6f_636b_2061_7421
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a semaphore with so many to give of memory that was used before.
    fn make(semaphore: &mut libc::sem_t, count: u32) {
        // SAFETY: any bytes are a `sem_t` that was not initialised yet; it is not moved while it is used.
        unsafe {
            let at = &raw mut *semaphore;
            at.cast::<u8>().write_bytes(0x5a, size_of::<libc::sem_t>());
            assert_eq!(libc::sem_init(at, 0, count), 0);
            Lock::initialised(at.cast(), count);
        }
    }

    /// Memory for one.
    fn room() -> libc::sem_t {
        // SAFETY: any bytes are a `sem_t` that was not initialised yet.
        unsafe { core::mem::zeroed() }
    }

    fn lock(semaphore: &mut libc::sem_t) -> Option<&Lock> {
        // SAFETY: it is a semaphore, and lives as long as the reference.
        unsafe { Lock::at((&raw mut *semaphore).cast()) }
    }

    #[test]
    fn glibc_leaves_the_half_of_a_semaphore_alone() {
        assert_eq!(size_of::<Lock>(), size_of::<libc::sem_t>());
        let mut semaphore = room();
        make(&mut semaphore, 1);
        for (lane, place) in [(0, 0), (THREAD_LANES - 1, HELD - 1)] {
            let at = &raw mut semaphore;
            // SAFETY: it was initialised, and is this frame's own.
            unsafe {
                assert_eq!((libc::sem_trywait(at), libc::sem_trywait(at)), (0, -1));
                lock(&mut semaphore).expect("a lock").taken(Some((lane, place)));
                let soon = libc::timespec { tv_sec: 0, tv_nsec: 1 };
                assert_eq!(libc::sem_timedwait(&raw mut semaphore, &raw const soon), -1);
                assert_eq!(lock(&mut semaphore).expect("a lock").holder(), Some((lane, place)));
                assert_eq!(lock(&mut semaphore).expect("a lock").given().place, Some((lane, place)));
                assert_eq!(libc::sem_post(&raw mut semaphore), 0);
            }
            assert_eq!(lock(&mut semaphore).expect("a lock").holder(), None);
        }
    }

    #[test]
    fn only_what_begins_with_one_to_give_is_a_lock() {
        for (count, is) in [(0, false), (1, true), (2, false)] {
            let mut semaphore = room();
            make(&mut semaphore, count);
            assert_eq!(lock(&mut semaphore).is_some(), is, "{count}");
        }
    }

    #[test]
    fn memory_that_was_a_lock_elsewhere_is_none_here() {
        let mut first = room();
        make(&mut first, 1);
        let mut moved = first;
        assert!(lock(&mut moved).is_none());
        lock(&mut first).expect("a lock").forget();
        assert!(lock(&mut first).is_none(), "it is no more");
    }

    #[test]
    fn each_lock_has_a_number_of_its_own_that_stays() {
        let (mut one, mut two) = (room(), room());
        make(&mut one, 1);
        make(&mut two, 1);
        let (one, two) = (lock(&mut one).expect("a lock"), lock(&mut two).expect("a lock"));
        let number = two.number();
        assert!(one.number() < number && !one.is_newest());
        two.taken(Some((THREAD_LANES - 1, HELD - 1)));
        two.is_told();
        let noted = Given { place: Some((THREAD_LANES - 1, HELD - 1)), number, ordered: true };
        assert_eq!((two.given(), two.holder(), two.joins()), (noted, None, false));
        two.is_of_a_life();
        assert_eq!((two.given().place, two.number(), two.joins()), (None, number, true));
    }

    #[test]
    fn a_note_that_makes_no_sense_is_none() {
        let mut semaphore = room();
        make(&mut semaphore, 1);
        let lock = lock(&mut semaphore).expect("a lock");
        for holder in [0, 5, (1 << BITS) + HELD as u64, (THREAD_LANES + 1) << BITS, HOLDER] {
            lock.holder.store(holder, Ordering::Relaxed);
            assert_eq!(lock.holder(), None, "{holder}");
        }
    }
}
