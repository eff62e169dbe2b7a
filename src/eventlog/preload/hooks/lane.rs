//! The calling thread's lane: claimed with its first mark, given back when it ends, forgotten in a forked child.

use core::cell::UnsafeCell;
use core::ffi::{c_int, c_long, c_uint, c_void};
use core::mem::MaybeUninit;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use super::environment;
use crate::gil::Moved;
use crate::layout::{self, Word};
use crate::producer::{Base, Producer};

const CLOCK_MONOTONIC: c_int = 1;

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanos: c_long,
}

unsafe extern "C" {
    fn clock_gettime(clock: c_int, spec: *mut Timespec) -> c_int;
    fn pthread_atfork(
        before: Option<extern "C" fn()>,
        parent: Option<extern "C" fn()>,
        child: Option<extern "C" fn()>,
    ) -> c_int;
    fn pthread_key_create(key: *mut c_uint, end: Option<extern "C" fn(*mut c_void)>) -> c_int;
    fn pthread_getspecific(key: c_uint) -> *mut c_void;
    fn pthread_setspecific(key: c_uint, value: *const c_void) -> c_int;
    pub fn __errno_location() -> *mut c_int;
}

/// What the key holds for a thread, unless that is its producer's address: not asked for yet.
const UNASKED: usize = 0;
/// Being claimed, or given back: marks of a signal handler that comes in between are not taken.
const MOVING: usize = 1;
/// There is no lane to be had.
const REFUSED: usize = 2;

#[expect(clippy::cast_possible_truncation, reason = "some thousands")]
const THREAD_LANES: usize = layout::THREAD_LANES as usize;

/// Producers by lane, so that no memory is asked for; only those in use are ever touched.
struct Pool([UnsafeCell<MaybeUninit<Producer>>; THREAD_LANES]);

// SAFETY: each entry is used only by the thread whose key holds its address, which is the one that has claimed the lane.
unsafe impl Sync for Pool {}

impl Pool {
    fn of(&self, lane: u64) -> *mut MaybeUninit<Producer> {
        #[expect(clippy::cast_possible_truncation, reason = "what is claimed is below THREAD_LANES")]
        self.0[lane as usize].get()
    }
}

static POOL: Pool = Pool([const { UnsafeCell::new(MaybeUninit::uninit()) }; THREAD_LANES]);
/// The log's mapping; null before the start and where there is no log.
static BASE: AtomicPtr<u8> = AtomicPtr::new(null_mut());
/// The key that holds each thread's producer, and whose destructor sees threads end.
static KEY: AtomicU32 = AtomicU32::new(0);

/// Opens the log.
pub fn start() {
    let path = environment::log_path();
    if path.is_null() {
        return;
    }
    // SAFETY: the path is NUL-terminated; the handlers are functions of this library, which is never unloaded.
    unsafe {
        let Some(base) = Base::open(path) else { return };
        let mut key = 0;
        if pthread_key_create(&raw mut key, Some(thread_ends)) != 0 {
            return;
        }
        KEY.store(key, Ordering::Relaxed);
        pthread_atfork(None, None, Some(forked));
        BASE.store(base.pointer(), Ordering::Release);
    }
}

/// Nanoseconds of `CLOCK_MONOTONIC`.
#[inline]
pub fn now() -> u64 {
    let mut spec = Timespec { seconds: 0, nanos: 0 };
    // SAFETY: `spec` is a valid place for the answer, and this clock always exists.
    unsafe { clock_gettime(CLOCK_MONOTONIC, &raw mut spec) };
    spec.seconds.cast_unsigned() * 1_000_000_000 + spec.nanos.cast_unsigned()
}

/// Runs `write` with the thread's lane; `None` where it has none.
#[inline]
fn with<T>(write: impl FnOnce(&Producer) -> T) -> Option<T> {
    let base = BASE.load(Ordering::Acquire);
    if base.is_null() {
        return None;
    }
    // SAFETY: the key exists once BASE is set.
    let mut producer = unsafe { pthread_getspecific(KEY.load(Ordering::Relaxed)) };
    if producer as usize <= REFUSED {
        producer = claim(base, producer as usize)?;
    }
    // SAFETY: what is not one of the small numbers is this thread's producer, and initialised.
    Some(write(unsafe { &*producer.cast::<Producer>() }))
}

fn set(value: *const c_void) {
    // SAFETY: the key exists once BASE is set, and only then is this called.
    unsafe { pthread_setspecific(KEY.load(Ordering::Relaxed), value) };
}

#[cold]
fn claim(base: *mut u8, state: usize) -> Option<*mut c_void> {
    // SAFETY: BASE holds what `Base::pointer` gave.
    let base = unsafe { Base::from_pointer(base) };
    if state == REFUSED {
        base.header().unlaned.fetch_add(1, Ordering::Relaxed);
    }
    if state != UNASKED {
        return None;
    }
    set(MOVING as *const c_void);
    // SAFETY: errno's place is the thread's own; the path is NUL-terminated and the one that `base` was opened by; the
    // lane is now this thread's, so its entry in the pool is too.
    unsafe {
        let errno = *__errno_location();
        let claimed = base.claim(environment::log_path()).map(|producer| {
            let entry = POOL.of(producer.lane());
            (*entry).write(producer);
            entry.cast::<c_void>()
        });
        set(claimed.unwrap_or(REFUSED as *mut c_void));
        *__errno_location() = errno;
        claimed
    }
}

/// The key's destructor: the thread ends. What later destructors still do is not told.
extern "C" fn thread_ends(value: *mut c_void) {
    if value as usize > REFUSED {
        // SAFETY: the value is this thread's producer, which nobody uses again; libc has emptied the key.
        unsafe { value.cast::<Producer>().read() }.release();
        set(MOVING as *const c_void);
    }
}

/// In the child of a fork: the lane is the parent's, so it is forgotten, not given back.
extern "C" fn forked() {
    set(UNASKED as *const c_void);
}

/// Writes one mark, stamped now.
#[inline]
pub fn mark(word: Word, first: u64) {
    with(|producer| producer.push(now(), word, first, 0));
}

/// Writes that a GIL was taken or dropped, stamped now.
#[inline]
pub fn gil_moved(moved: Moved) {
    let (word, gil) = moved.mark();
    mark(word, gil);
}

/// Writes a name, of thread `tid` or, where that is 0, the calling one's.
pub fn name(tag: u8, tid: u32, text: &[u8]) {
    with(|producer| producer.push_text(now(), tag, tid, text));
}

/// Runs `call` as a wait.
#[inline]
pub fn waiting<T>(word: Word, object: u64, call: impl FnOnce() -> T) -> T {
    let counts = with(|producer| producer.wait_begin(now(), word, object)) == Some(true);
    let result = call();
    if counts {
        // Neither the clock nor the lane touches errno.
        with(|producer| producer.wait_end(now()));
    }
    result
}
