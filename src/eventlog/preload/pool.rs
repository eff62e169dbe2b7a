//! The producers of a process's threads, and the one word by which each thread finds its own.

use core::cell::UnsafeCell;
use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;
use core::ptr::{null_mut, without_provenance_mut};
use core::sync::atomic::Ordering;

use crate::layout;
use crate::producer::{Base, Producer};

#[expect(clippy::cast_possible_truncation, reason = "some thousands")]
const THREAD_LANES: usize = layout::THREAD_LANES as usize;

/// What a thread has: its producer, or a reason why it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held(*mut c_void);

impl Held {
    /// Not asked for yet. Also what a new thread's key holds.
    pub const UNASKED: Held = Held(null_mut());
    /// Being claimed, or given back: marks that come in between, of a signal handler or a late destructor, are not taken.
    pub const MOVING: Held = Held(without_provenance_mut(1));
    /// There was no lane to be had.
    pub const REFUSED: Held = Held(without_provenance_mut(2));

    /// What the thread's key holds.
    #[inline]
    pub fn of(value: *mut c_void) -> Held {
        Held(value)
    }

    /// For the key.
    pub fn value(self) -> *mut c_void {
        self.0
    }

    /// The producer, if there is one.
    #[inline]
    pub fn producer(self) -> Option<*mut Producer> {
        (self.0 > Held::REFUSED.0).then_some(self.0.cast())
    }

    /// The producer for one more mark, which is counted as lost where the thread was refused a lane.
    pub fn producer_or_lost(self, base: Base) -> Option<*mut Producer> {
        if self == Held::REFUSED {
            base.header().unlaned.fetch_add(1, Ordering::Relaxed);
        }
        self.producer()
    }

    /// Gives the lane back, if there is one.
    ///
    /// # Safety
    /// It must be the calling thread's, which uses it no more.
    pub unsafe fn give_back(self) {
        if let Some(producer) = self.producer() {
            // SAFETY: what is not a reason is a producer that `Pool::claim` wrote; the caller vouches for the rest.
            unsafe { producer.read() }.release();
        }
    }
}

/// Producers by lane, so that no memory is asked for; only those in use are ever touched.
pub struct Pool([UnsafeCell<MaybeUninit<Producer>>; THREAD_LANES]);

// SAFETY: each entry is used only by the thread that holds its address, which is the one that has claimed the lane.
unsafe impl Sync for Pool {}

impl Pool {
    /// All unused.
    #[expect(clippy::large_stack_arrays, reason = "a static's, never on a stack")]
    pub const fn new() -> Pool {
        Pool([const { UnsafeCell::new(MaybeUninit::uninit()) }; THREAD_LANES])
    }

    /// Claims a lane for the calling thread.
    ///
    /// # Safety
    /// `path` must be the path that the log was opened by, NUL-terminated.
    pub unsafe fn claim(&self, base: Base, path: *const c_char) -> Held {
        // SAFETY: the caller vouches for `path`.
        let Some(producer) = (unsafe { base.claim(path) }) else { return Held::REFUSED };
        #[expect(clippy::cast_possible_truncation, reason = "what is claimed is below THREAD_LANES")]
        let entry = self.0[producer.lane() as usize].get();
        // SAFETY: the lane is now this thread's, so its entry is too.
        unsafe { (*entry).write(producer) };
        Held(entry.cast())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{
        BASE_BYTES, FILE_BYTES, HEADER_BYTES, LaneHead, MAGIC, RECORD_BYTES, RING_BYTES, Word, lane_state, tag,
    };
    use crate::sys;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::ffi::CString;
    use std::fs::File;
    use std::os::fd::{AsRawFd, FromRawFd};
    use std::os::unix::fs::FileExt;

    /// A log, as the tutor makes one, and a process's end of it.
    struct Log {
        file: File,
        path: CString,
        base: Base,
        pool: Box<Pool>,
    }

    impl Log {
        fn new() -> Log {
            // SAFETY: the name is NUL-terminated, and the descriptor is nobody else's.
            let file = unsafe {
                File::from_raw_fd(libc::memfd_create(c"log".as_ptr(), libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING))
            };
            file.set_len(FILE_BYTES).expect("a sparse file");
            file.write_all_at(&MAGIC.to_ne_bytes(), 0).expect("room for a page");
            let path = CString::new(format!("/proc/self/fd/{}", file.as_raw_fd())).expect("a path without a NUL");
            // SAFETY: a CString is NUL-terminated.
            let base = unsafe { Base::open(path.as_ptr()) }.expect("the log that was just made");
            Log { file, path, base, pool: Box::new(Pool::new()) }
        }

        /// A log of which only these lanes are free.
        fn with_free(lanes: &BTreeSet<u64>) -> Log {
            let log = Log::new();
            for lane in (0..layout::THREAD_LANES).filter(|lane| !lanes.contains(lane)) {
                log.head(lane).state.store(lane_state::OWNED, Ordering::Relaxed);
            }
            log
        }

        fn claim(&self) -> Held {
            // SAFETY: a CString is NUL-terminated, and it is the one that the log was opened by.
            unsafe { self.pool.claim(self.base, self.path.as_ptr()) }
        }

        #[expect(clippy::cast_ptr_alignment, reason = "the mapping is page-aligned")]
        fn head(&self, lane: u64) -> &LaneHead {
            let at = usize::try_from(HEADER_BYTES).expect("small");
            let heads = self.base.pointer().wrapping_add(at).cast::<LaneHead>();
            // SAFETY: the heads follow the header, in a mapping that stays; all in them is atomic.
            unsafe { &*heads.add(usize::try_from(lane).expect("below THREAD_LANES")) }
        }

        /// A record of the lane's ring, from the file.
        fn record(&self, lane: u64, index: u64) -> [u64; 4] {
            let mut bytes = [0; 32];
            let at = BASE_BYTES + lane * RING_BYTES + index * RECORD_BYTES;
            self.file.read_exact_at(&mut bytes, at).expect("inside the file");
            [0, 8, 16, 24].map(|n| u64::from_ne_bytes(bytes[n..n + 8].try_into().expect("eight bytes")))
        }

        fn lost(&self) -> u64 {
            self.base.header().unlaned.load(Ordering::Relaxed)
        }
    }

    fn producer(held: Held) -> &'static Producer {
        // SAFETY: these tests give back what they claimed only when they are done with it; the pool outlives the use.
        unsafe { &*held.producer().expect("a lane") }
    }

    #[test]
    fn a_thread_writes_to_the_lane_that_it_claimed() {
        let log = Log::with_free(&BTreeSet::from([3, 7]));
        let (first, second) = (log.claim(), log.claim());
        let lanes = [first, second].map(|held| producer(held).lane());
        assert_eq!(lanes, [3, 7]);
        producer(first).push(10, Word::of(tag::GIL_TAKEN), 11, 12);
        producer(second).push(20, Word::of(tag::GIL_TAKEN), 21, 22);
        producer(first).push(30, Word::of(tag::GIL_DROPPED), 31, 32);
        let [taken, dropped] = [tag::GIL_TAKEN, tag::GIL_DROPPED].map(|tag| Word::of(tag).bits());
        assert_eq!([log.record(3, 0), log.record(3, 1)], [[10, taken, 11, 12], [30, dropped, 31, 32]]);
        assert_eq!([log.record(7, 0), log.record(7, 1)], [[20, taken, 21, 22], [0; 4]]);
        for (lane, written) in [(3, 2), (7, 1)] {
            assert_eq!(log.head(lane).head.load(Ordering::Relaxed), written);
            assert_eq!(log.head(lane).owner.load(Ordering::Relaxed), sys::me());
        }
    }

    #[test]
    fn marks_without_a_lane_are_lost_and_counted_from_the_first_on() {
        let log = Log::with_free(&BTreeSet::new());
        let held = log.claim();
        assert_eq!(held, Held::REFUSED);
        for count in 1..=3 {
            assert_eq!((held.producer_or_lost(log.base), log.lost()), (None, count));
        }
    }

    #[test]
    fn marks_while_a_lane_is_claimed_or_given_back_are_not_missed() {
        let log = Log::new();
        for held in [Held::UNASKED, Held::MOVING] {
            assert_eq!((held.producer_or_lost(log.base), log.lost()), (None, 0));
        }
        let held = log.claim();
        assert_eq!((held.producer_or_lost(log.base), log.lost()), (held.producer(), 0));
    }

    #[test]
    fn what_the_key_holds_is_what_was_put_in() {
        let log = Log::new();
        for held in [Held::UNASKED, Held::MOVING, Held::REFUSED, log.claim()] {
            assert_eq!(Held::of(held.value()), held);
        }
    }

    #[test]
    fn a_lane_whose_ring_cannot_be_mapped_stays_free() {
        let log = Log::with_free(&BTreeSet::from([5]));
        // SAFETY: no pointers; what is mapped already stays writable, nothing more can be mapped so.
        let sealed = unsafe { libc::fcntl(log.file.as_raw_fd(), libc::F_ADD_SEALS, libc::F_SEAL_FUTURE_WRITE) };
        assert_eq!(sealed, 0, "Linux 5.1 and later know this seal");
        assert_eq!(log.claim(), Held::REFUSED);
        assert_eq!(log.head(5).state.load(Ordering::Relaxed), lane_state::FREE);
    }

    #[test]
    fn threads_that_claim_at_once_have_lanes_of_their_own() {
        let log = Log::new();
        let claim = || (0..50).map(|_| producer(log.claim()).lane()).collect::<Vec<_>>();
        let lanes = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(claim)).collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("the thread")).collect::<Vec<_>>()
        });
        assert_eq!(lanes.len(), 400);
        assert_eq!(lanes.into_iter().collect::<BTreeSet<_>>(), (0..400).collect());
    }

    #[derive(Debug, Clone)]
    enum Step {
        Claim,
        GiveBack(prop::sample::Index),
        /// The reader is done with all that was given back.
        Free,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let give_back = any::<prop::sample::Index>().prop_map(Step::GiveBack);
        let step = prop_oneof![3 => Just(Step::Claim), 2 => give_back, 1 => Just(Step::Free)];
        proptest::collection::vec(step, 0..40)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_lane_is_one_threads_until_the_reader_has_freed_it(
            lanes in proptest::collection::btree_set(0..layout::THREAD_LANES, 0..5),
            steps in steps(),
        ) {
            let log = Log::with_free(&lanes);
            let (mut free, mut owned, mut left) = (lanes, Vec::new(), BTreeSet::new());
            for step in steps {
                match step {
                    Step::Claim => {
                        let held = log.claim();
                        if free.is_empty() {
                            prop_assert_eq!(held, Held::REFUSED);
                        } else {
                            let lane = producer(held).lane();
                            prop_assert!(free.remove(&lane), "lane {} was not free", lane);
                            prop_assert_eq!(log.head(lane).state.load(Ordering::Relaxed), lane_state::OWNED);
                            owned.push((held, lane));
                        }
                    }
                    Step::GiveBack(index) => if !owned.is_empty() {
                        let (held, lane) = owned.swap_remove(index.index(owned.len()));
                        // SAFETY: it is this thread's, and no longer in `owned`.
                        unsafe { held.give_back() };
                        prop_assert_eq!(log.head(lane).state.load(Ordering::Relaxed), lane_state::LEFT);
                        left.insert(lane);
                    }
                    Step::Free => for lane in std::mem::take(&mut left) {
                        log.head(lane).state.store(lane_state::FREE, Ordering::Relaxed);
                        free.insert(lane);
                    }
                }
                // What is still owned can be written to, each where it is.
                for (number, (held, lane)) in (0..).zip(&owned) {
                    let next = log.head(*lane).head.load(Ordering::Relaxed);
                    producer(*held).push(number, Word::of(tag::KIND), *lane, 0);
                    prop_assert_eq!(log.record(*lane, next), [number, Word::of(tag::KIND).bits(), *lane, 0]);
                }
            }
        }
    }
}
