//! One writer's end of one lane, over raw shared memory. Compiled into the crate and into the preloaded library.
//!
//! Nothing here allocates, locks or makes a system call except [`Base::open`], [`Base::claim`] and
//! [`Producer::release`], so that a mark costs little more than reading the clock.

use core::cell::Cell;
use core::ffi::c_char;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use core::sync::atomic::compiler_fence;

use super::layout::{
    BASE_BYTES, CAPACITY, HEADER_BYTES, Header, LaneHead, MAGIC, RECORD_BYTES, RING_BYTES, SHORTEST_WAIT, Slot,
    THREAD_LANES, Word, lane_state, lock_wait, tag, wait_kind,
};
use super::sys;

/// The header and the table of lane heads, mapped once a process and never unmapped.
#[derive(Clone, Copy)]
pub struct Base(*const u8);

// SAFETY: the mapping lives as long as the process, and everything in it is atomic.
unsafe impl Send for Base {}
// SAFETY: as above.
unsafe impl Sync for Base {}

impl Base {
    /// Maps the log at `path`; `None` where it is not there or is not a log of this layout.
    ///
    /// # Safety
    /// `path` must point to a NUL-terminated string.
    #[must_use]
    pub unsafe fn open(path: *const c_char) -> Option<Base> {
        // SAFETY: the caller vouches for `path`.
        let base = Base(unsafe { sys::map(path, 0, BASE_BYTES) }?);
        (base.header().magic.load(Acquire) == MAGIC).then_some(base)
    }

    /// Where the mapping starts.
    #[must_use]
    pub fn pointer(self) -> *mut u8 {
        self.0.cast_mut()
    }

    /// The opposite of [`Base::pointer`].
    ///
    /// # Safety
    /// `pointer` must come from [`Base::pointer`].
    #[must_use]
    pub unsafe fn from_pointer(pointer: *mut u8) -> Base {
        Base(pointer)
    }

    /// The header.
    #[must_use]
    pub fn header(self) -> &'static Header {
        // SAFETY: the mapping starts with a header, is page-aligned, lives as long as the process and is all atomics.
        unsafe { &*self.0.cast::<Header>() }
    }

    /// The head of a lane, by its number.
    pub fn head(self, lane: u64) -> &'static LaneHead {
        debug_assert!(lane < super::layout::LANES);
        // SAFETY: `lane` is below LANES, so this lies inside the mapping; alignment and lifetime as for the header.
        unsafe { &*self.0.add(HEADER_BYTES as usize).cast::<LaneHead>().add(lane as usize) }
    }

    /// Claims a lane for the calling thread; `None` where all are taken or the system refuses.
    ///
    /// # Safety
    /// `path` must be the path that this log was opened by, NUL-terminated.
    #[must_use]
    pub unsafe fn claim(self, path: *const c_char) -> Option<Producer> {
        let lane = self.free_lane()?;
        let head = self.head(lane);
        // SAFETY: the caller vouches for `path`.
        let Some(ring) = (unsafe { sys::map(path, BASE_BYTES + lane * RING_BYTES, RING_BYTES) }) else {
            head.state.store(lane_state::FREE, Release);
            return None;
        };
        let next = head.head.load(Relaxed);
        head.wait_begin.store(0, Relaxed);
        head.held.iter().for_each(|held| held.store(0, Relaxed));
        head.owner.store(sys::me(), Relaxed);
        head.state.store(lane_state::OWNED, Release);
        Some(Producer {
            lane,
            head,
            ring: ring.cast(),
            next: Cell::new(next),
            limit: Cell::new(next),
            ready: Cell::new(next.next_multiple_of(STRETCH)),
            busy: Cell::new(false),
            frame: Cell::new(0),
            work: [const { Cell::new(0) }; 2],
            short: Cell::new(false),
            purpose: Cell::new(Purpose::None),
            place: Cell::new(0),
            pickles: Cell::new(false),
        })
    }

    /// A lane that is now this thread's alone, in state `CLAIMING`.
    fn free_lane(self) -> Option<u64> {
        let take = |lane: u64| {
            let state = &self.head(lane).state;
            state.load(Relaxed) == lane_state::FREE
                && state.compare_exchange(lane_state::FREE, lane_state::CLAIMING, AcqRel, Relaxed).is_ok()
        };
        let next = &self.header().next_thread_lane;
        while next.load(Relaxed) < THREAD_LANES {
            let lane = next.fetch_add(1, Relaxed);
            if lane < THREAD_LANES && take(lane) {
                return Some(lane);
            }
        }
        (0..THREAD_LANES).find(|&lane| take(lane))
    }
}

/// For so many records memory is asked for at once, by a thread that has written as many: a power of two, and of pages.
const STRETCH: u64 = 2048;

/// One thread's end of its lane.
pub struct Producer {
    lane: u64,
    head: &'static LaneHead,
    ring: *const Slot,
    next: Cell<u64>,
    /// Up to here it can write without looking at what the reader is done with.
    limit: Cell<u64>,
    /// Up to here memory was asked for.
    ready: Cell<u64>,
    busy: Cell<bool>,
    frame: Cell<usize>,
    /// By what the thread gets its work, if it is a pool's.
    work: [Cell<u64>; 2],
    /// Whether a message that is as short as its length is to be read next.
    short: Cell<bool>,
    /// What its waits for locks are for now.
    purpose: Cell<Purpose>,
    /// Where in the program it is about to wait; see [`lock_wait`]. 0 where that is not known.
    place: Cell<u64>,
    /// Whether it turns objects into bytes or back.
    pickles: Cell<bool>,
}

/// What a thread waits for a lock for, where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It is not.
    None,
    /// Work.
    Work,
    /// What this call waits for, of those that the trace numbers.
    In(u8),
}

impl Producer {
    /// The lane's number.
    #[must_use]
    pub fn lane(&self) -> u64 {
        self.lane
    }

    /// Whether another lane's thread is of the same process.
    #[inline]
    #[must_use]
    pub fn is_of_process(&self, other: &LaneHead) -> bool {
        self.head.owner.load(Relaxed) >> 32 == other.owner.load(Acquire) >> 32
    }

    /// The thread that writes a lane.
    #[must_use]
    pub fn thread_of(head: &LaneHead) -> u32 {
        (head.owner.load(Acquire) & 0xffff_ffff) as u32
    }

    /// Whether `count` records fit.
    #[inline]
    fn fits(&self, count: u64) -> bool {
        self.limit.get().wrapping_sub(self.next.get()) >= count || self.is_there_room(count)
    }

    /// Looks how far the reader is, and has memory ready for the next stretch: all at once it takes a fraction of what it
    /// takes when each page is asked for by the record that comes to lie in it. The first stretch comes page by page, since
    /// most threads write little.
    #[cold]
    #[inline(never)]
    fn is_there_room(&self, count: u64) -> bool {
        let (next, mut ready) = (self.next.get(), self.ready.get());
        if ready.wrapping_sub(next) < count {
            let place = (ready & (CAPACITY - 1)) as usize;
            // SAFETY: a stretch lies in the ring whole, since both are powers of two; the ring is mapped until `release`.
            unsafe { sys::populate(self.ring.add(place).cast_mut().cast(), STRETCH * RECORD_BYTES) };
            ready = ready.wrapping_add(STRETCH);
            self.ready.set(ready);
        }
        let written = next.wrapping_sub(self.head.tail.load(Acquire));
        let room = CAPACITY.saturating_sub(written).min(ready.wrapping_sub(next));
        self.limit.set(next.wrapping_add(room));
        room >= count
    }

    #[inline]
    fn put(&self, index: u64, words: [u64; 4]) {
        // SAFETY: the index is reduced to the ring's size, and the ring is mapped until `release`.
        let slot = unsafe { &*self.ring.add((index & (CAPACITY - 1)) as usize) };
        for (to, from) in slot.iter().zip(words) {
            to.store(from, Relaxed);
        }
    }

    /// Runs `write` unless this thread is in the midst of a write already (a signal handler that interrupted one).
    #[inline]
    fn alone(&self, count: u64, write: impl FnOnce(u64)) {
        let interrupted = self.busy.replace(true);
        compiler_fence(AcqRel);
        if interrupted || !self.fits(count) {
            self.head.dropped.store(self.head.dropped.load(Relaxed).wrapping_add(count), Relaxed);
        } else {
            let next = self.next.get();
            write(next);
            self.next.set(next.wrapping_add(count));
            self.head.head.store(self.next.get(), Release);
        }
        compiler_fence(AcqRel);
        self.busy.set(interrupted);
    }

    /// Writes one record, or drops and counts it where the ring is full.
    #[inline]
    pub fn push(&self, at: u64, word: Word, first: u64, second: u64) {
        self.alone(1, |next| self.put(next, [at, word.bits(), first, second]));
    }

    /// Writes a name of at most 255 bytes (longer ones are cut), of thread `tid` or, where that is 0, the lane's own.
    pub fn push_text(&self, at: u64, tag: u8, tid: u32, text: &[u8]) {
        let text = &text[..text.len().min(255)];
        let count = text.len().div_ceil(16).max(1) as u64;
        self.alone(count, |next| {
            for part in 0..count {
                let mut bytes = [0u8; 16];
                let rest = &text[(part as usize * 16).min(text.len())..];
                let length = rest.len().min(16);
                bytes[..length].copy_from_slice(&rest[..length]);
                let tag = if part == 0 { tag } else { tag::MORE_TEXT };
                let word = Word { length: text.len() as u8, tid, ..Word::of(tag) };
                let both = u128::from_ne_bytes(bytes);
                let halves = if cfg!(target_endian = "little") {
                    [both as u64, (both >> 64) as u64]
                } else {
                    [(both >> 64) as u64, both as u64]
                };
                self.put(next.wrapping_add(part), [at, word.bits(), halves[0], halves[1]]);
            }
        });
    }

    /// The thread is a pool's, and gets its work by these: a queue, or a pipe and its lock.
    pub fn gets_work_by(&self, objects: [u64; 2]) {
        self.work.iter().zip(objects).for_each(|(work, object)| work.set(object));
    }

    /// Says what the thread's waits for locks are for from now on, and gives what they were for.
    #[inline]
    pub fn waits_for(&self, purpose: Purpose) -> Purpose {
        self.purpose.replace(purpose)
    }

    /// Says where in the program the thread is about to wait from now on, and gives what it was.
    #[inline]
    pub fn waits_at(&self, place: u64) -> u64 {
        self.place.replace(place)
    }

    /// The thread has taken a lock; the place among those that it holds, if there is one.
    #[inline]
    pub fn takes(&self, lock: u64) -> Option<usize> {
        let free = self.head.held.iter().position(|held| held.load(Relaxed) == 0)?;
        self.head.held[free].store(lock, Release);
        Some(free)
    }

    /// Says who holds the lock that the thread is about to wait for, and the lock's number, where they are known, and where in the
    /// program it is.
    #[inline]
    pub fn tell_lock(&self, at: u64, known: Option<(u32, u64)>, lock: u64) {
        let place = self.place.get();
        if known.is_some() || place != 0 {
            let call = if known.is_some() { lock_wait::KNOWN } else { lock_wait::UNKNOWN };
            let (holder, number) = known.unwrap_or((0, 0));
            let word = Word { call, tid: holder, ..Word::of(tag::LOCK_WAIT) };
            let (word, second) = lock_wait::with_number(word, lock, number);
            self.push(at, word, place, second);
        }
    }

    /// Says that the thread has taken a lock while it held others, all by their numbers, and where in the program.
    #[cold]
    pub fn tell_taken(&self, at: u64, place: u64, lock: u64, others: &[u64]) {
        self.alone(1 + others.len().div_ceil(2) as u64, |next| {
            let word = Word { length: others.len() as u8, ..Word::of(tag::LOCK_TAKEN) };
            self.put(next, [at, word.bits(), place, lock]);
            for (index, two) in (1..).zip(others.chunks(2)) {
                let [first, second] = [two[0], two.get(1).copied().unwrap_or(0)];
                self.put(next.wrapping_add(index), [at, Word::of(tag::LOCK_HELD).bits(), first, second]);
            }
        });
    }

    /// The locks that the thread holds.
    #[inline]
    pub fn held(&self) -> &'static [core::sync::atomic::AtomicU64; super::layout::HELD] {
        &self.head.held
    }

    /// Whether what was read begins a message, and is not the short one whose length was read before.
    #[inline]
    pub fn begins_message(&self, short: bool) -> bool {
        let begins = !self.short.get();
        self.short.set(begins && short);
        begins
    }

    /// Whether the thread gets its work by this.
    #[inline]
    pub fn brings_work(&self, object: u64) -> bool {
        object != 0 && self.work.iter().any(|work| work.get() == object)
    }

    /// The thread begins to turn objects into bytes or back; whether it did not do so already.
    #[inline]
    pub fn begins_pickling(&self) -> bool {
        !self.pickles.replace(true)
    }

    /// It has done so since `begin`; what is shorter than most waits is not told.
    #[inline]
    pub fn pickled(&self, begin: u64, at: u64) {
        self.pickles.set(false);
        if at.saturating_sub(begin) >= SHORTEST_WAIT {
            self.push(at, Word::of(tag::PICKLED), begin, 0);
        }
    }

    /// A wait with what is known of its purpose. That of a wait for the GIL, or for time, is known.
    #[inline]
    fn told(&self, word: Word, object: u64) -> Word {
        match (word.wait, self.purpose.get()) {
            (wait_kind::LOCK | wait_kind::IO, _) if self.brings_work(object) => Word { wait: wait_kind::IDLE, ..word },
            (wait_kind::LOCK, Purpose::Work) => Word { wait: wait_kind::IDLE, ..word },
            (wait_kind::LOCK, Purpose::In(call)) => Word { call, ..word },
            _ => word,
        }
    }

    /// Says that a wait begins, and whether it now counts: inside another wait (a signal handler's) it does not.
    #[inline]
    #[must_use]
    pub fn wait_begin(&self, at: u64, word: Word, object: u64) -> bool {
        let here = core::ptr::from_ref(&word) as usize;
        // A wait that was left by a jump or an exception lies deeper in the stack than this call: it is over.
        if self.head.wait_begin.load(Relaxed) != 0 && here < self.frame.get() {
            return false;
        }
        self.frame.set(here);
        let word = self.told(word, object);
        self.head.wait_begin.store(0, Release);
        self.head.wait_word.store(word.bits(), Release);
        self.head.wait_object.store(object, Release);
        self.head.wait_begin.store(at, Release);
        true
    }

    /// Says that the wait is over; records it where it was not too short to matter.
    #[inline]
    pub fn wait_end(&self, at: u64) {
        let begin = self.head.wait_begin.load(Relaxed);
        if begin != 0 && at.saturating_sub(begin) >= SHORTEST_WAIT {
            let word = Word::from_bits(self.head.wait_word.load(Relaxed));
            self.push(at, word, begin, self.head.wait_object.load(Relaxed));
        }
        self.head.wait_begin.store(0, Release);
    }

    /// Says what goes on from now until [`Producer::ended`], for whoever looks meanwhile. Not for a lane that tells of waits.
    #[inline]
    pub fn goes_on(&self, at: u64, word: Word, object: u64) {
        self.head.wait_begin.store(0, Release);
        self.head.wait_word.store(word.bits(), Release);
        self.head.wait_object.store(object, Release);
        self.head.wait_begin.store(at, Release);
    }

    /// What went on is over.
    #[inline]
    pub fn ended(&self) {
        self.head.wait_begin.store(0, Release);
    }

    /// Overwrites the count of what was written.
    #[cfg(test)]
    pub fn scribble_head(&self, head: u64) {
        self.head.head.store(head, Release);
    }

    /// The thread is about to end. The locks that it holds stay locked, which is told.
    pub fn leaves_locks(&self, at: u64) {
        for held in &self.head.held {
            let lock = held.load(Relaxed);
            if lock != 0 {
                self.push(at, Word::of(tag::LOCK_LEFT), lock, 0);
                held.store(0, Release);
            }
        }
    }

    /// Leaves the lane: the thread ends.
    pub fn release(self) {
        self.head.wait_begin.store(0, Release);
        self.head.state.store(lane_state::LEFT, Release);
        // SAFETY: the ring was mapped by `claim` with this length, and `self` was its only user.
        unsafe { sys::unmap(self.ring.cast_mut().cast(), RING_BYTES) };
    }
}
