//! The calling thread's lane: claimed with its first mark, given back when it ends, forgotten in a forked child.

use core::ffi::{c_int, c_uint, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering};

use super::environment;
use crate::abi::{CLOCK_MONOTONIC, Timespec};
use crate::call::Call;
use crate::gil::Moved;
use crate::layout::{THREAD_LANES, Word, lock_orders, tag};
use crate::locks::Lock;
use crate::orders::{Order, Orders};
use crate::pool::{Held, Pool};
use crate::producer::{Base, Producer, Purpose};

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

static POOL: Pool = Pool::new();
/// The log's mapping; null before the start and where there is no log.
static BASE: AtomicPtr<u8> = AtomicPtr::new(null_mut());
/// The key that holds each thread's producer, and whose destructor sees threads end.
static KEY: AtomicU32 = AtomicU32::new(0);
/// Whether who holds which lock is wanted.
static OBJECTS: AtomicBool = AtomicBool::new(false);

/// Whether the orders in which locks are taken are told.
static ORDERED: AtomicBool = AtomicBool::new(false);
/// Another number whenever a thread begins: what was told of earlier orders says nothing of what may happen with it.
static EPOCH: AtomicU64 = AtomicU64::new(0);

#[expect(clippy::cast_possible_truncation, reason = "some thousands")]
const LANES: usize = THREAD_LANES as usize;

/// In which orders threads take locks, by their lanes.
struct Threads([Orders; LANES]);

// SAFETY: each entry is used by the thread alone that has the lane.
unsafe impl Sync for Threads {}

static THREADS: Threads = Threads([const { Orders::new() }; LANES]);

/// The entry of the lane's thread, which alone may ask.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "what is claimed is below THREAD_LANES")]
fn orders(producer: &Producer) -> &'static Orders {
    &THREADS.0[producer.lane() as usize]
}

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
        OBJECTS.store(base.header().wants_objects.load(Ordering::Relaxed) == 1, Ordering::Relaxed);
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

/// The log, where there is one.
pub fn log() -> Option<Base> {
    let base = BASE.load(Ordering::Acquire);
    // SAFETY: BASE holds what `Base::pointer` gave, or null.
    (!base.is_null()).then(|| unsafe { Base::from_pointer(base) })
}

/// Runs `write` with the thread's lane; `None` where it has none.
#[inline]
fn with<T>(write: impl FnOnce(&Producer) -> T) -> Option<T> {
    let base = BASE.load(Ordering::Acquire);
    if base.is_null() {
        return None;
    }
    // SAFETY: the key exists once BASE is set.
    let held = Held::of(unsafe { pthread_getspecific(KEY.load(Ordering::Relaxed)) });
    let producer = match held.producer() {
        Some(producer) => producer,
        None => without_lane(base, held)?,
    };
    // SAFETY: this is the thread's own producer, which lives until the thread ends.
    Some(write(unsafe { &*producer }))
}

fn hold(held: Held) {
    // SAFETY: the key exists once BASE is set, and only then is this called.
    unsafe { pthread_setspecific(KEY.load(Ordering::Relaxed), held.value()) };
}

/// A mark of a thread that has no lane: it asks for one if it has not yet.
#[cold]
fn without_lane(base: *mut u8, mut held: Held) -> Option<*mut Producer> {
    // SAFETY: BASE holds what `Base::pointer` gave.
    let base = unsafe { Base::from_pointer(base) };
    if held == Held::UNASKED {
        hold(Held::MOVING);
        // SAFETY: errno's place is the thread's own; the path is NUL-terminated and the one that `base` was opened by.
        unsafe {
            let errno = *__errno_location();
            held = POOL.claim(base, environment::log_path());
            hold(held);
            if let Some(producer) = held.producer() {
                orders(&*producer).reset();
                EPOCH.fetch_add(1, Ordering::Relaxed);
            }
            *__errno_location() = errno;
        }
    }
    held.producer_or_lost(base)
}

/// The key's destructor: the thread ends. What later destructors still do is not told, so the key is never empty again;
/// libc, which empties it before each of some rounds, then calls this once more.
extern "C" fn thread_ends(value: *mut c_void) {
    hold(Held::MOVING);
    // SAFETY: what the key held is this thread's, and out of it now.
    unsafe {
        if let Some(producer) = Held::of(value).producer() {
            (*producer).leaves_locks(now());
        }
        Held::of(value).give_back();
    }
}

/// In the child of a fork: the lane is the parent's, so it is forgotten, not given back.
extern "C" fn forked() {
    hold(Held::UNASKED);
    super::task_loop::forked();
    super::stands::forked();
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

/// From now on the calling thread is idle where it waits for one of these: they bring its work.
pub fn gets_work_by(objects: [u64; 2]) {
    with(|producer| producer.gets_work_by(objects));
}

/// Runs `call`, in which the thread waits for work if that comes by `object`: from this queue, say.
#[inline]
pub fn getting_work<T>(object: u64, call: impl FnOnce() -> T) -> T {
    let gets = with(|producer| producer.brings_work(object)) == Some(true);
    waiting_for(if gets { Purpose::Work } else { Purpose::In(Call::PyQueueGet as u8) }, call)
}

/// Says that the calling thread has taken a piece of work, if that comes by `object`.
#[inline]
pub fn took_work(object: u64) {
    took_work_if(|producer| producer.brings_work(object));
}

/// Says that the calling thread has read the length of a message, or one that is as short as a length (`short` says so of what
/// follows): a piece of work, if that comes by `object`.
#[inline]
pub fn took_message(object: u64, short: bool) {
    took_work_if(|producer| producer.brings_work(object) && producer.begins_message(short));
}

#[inline]
fn took_work_if(is_work: impl FnOnce(&Producer) -> bool) {
    with(|producer| {
        if is_work(producer) {
            producer.push(now(), Word::of(tag::WORK), 0, 0);
        }
    });
}

/// Runs `call`, in which the thread turns objects into bytes or back. What is done inside of it is a part of it.
pub fn pickling<T>(call: impl FnOnce() -> T) -> T {
    let begin = now();
    let outermost = with(Producer::begins_pickling) == Some(true);
    let result = call();
    if outermost {
        with(|producer| producer.pickled(begin, now()));
    }
    result
}

/// Whether who holds which lock is wanted.
#[inline]
pub fn wants_objects() -> bool {
    OBJECTS.load(Ordering::Relaxed)
}

/// The calling thread has taken the lock.
#[inline]
pub fn takes(lock: &Lock) {
    with(|producer| {
        let place = producer.takes(lock.address());
        lock.taken(place.map(|place| (producer.lane(), place)));
        orders(producer).takes((lock.address(), lock.number()), place, lock.is_newest());
        if lock.joins() {
            producer.push(now(), Word::of(tag::JOINED), 0, 0);
        }
    });
}

/// Somebody is about to give the lock back: the calling thread, mostly the one that has taken it.
#[inline]
pub fn gives(lock: &Lock) {
    let given = lock.given();
    let Some(((lane, place), base)) = given.place.zip(log()) else { return };
    // A lock that a fork has copied was taken by a thread of another process, which has its own.
    let head = base.head(lane);
    with(|producer| {
        let own = producer.lane() == lane;
        if !own && !producer.is_of_process(head) {
            return;
        }
        let _ = head.held[place].compare_exchange(lock.address(), 0, Ordering::Release, Ordering::Relaxed);
        if own {
            orders(producer).gave(place);
        } else if given.ordered {
            producer.push(now(), Word::of(tag::LOCK_PASSED), given.number, 0);
        }
    });
}

/// Says whether the orders in which locks are taken are told from now on. What the calling thread holds now is Python's own.
pub fn tells_orders(tells: bool) {
    with(|producer| orders(producer).exempts_all());
    ORDERED.store(tells, Ordering::Relaxed);
    let call = if tells { lock_orders::ALL } else { lock_orders::UNKNOWN };
    mark(Word { call, ..Word::of(tag::LOCK_ORDERS) }, 0);
}

/// Whether the orders in which locks are taken are told.
#[inline]
pub fn tells_now() -> bool {
    ORDERED.load(Ordering::Relaxed)
}

/// Whether the calling thread has just taken the lock at this address, and it is to be looked how.
#[inline]
pub fn looks(address: usize) -> bool {
    with(|producer| orders(producer).takes_look(address as u64)) == Some(true)
}

/// The calling thread has made the lock for this moment alone, or (`life`) as long as it lives.
pub fn exempts(lock: &Lock, life: bool) {
    with(|producer| orders(producer).exempts(producer.held(), lock.address()));
    if life {
        lock.is_of_a_life();
    }
}

/// What the calling thread held when it took the lock, where that is new.
#[inline]
pub fn order(lock: &Lock) -> Order {
    let epoch = EPOCH.load(Ordering::Relaxed);
    with(|producer| orders(producer).order(producer.held(), lock.address(), epoch)).unwrap_or(Order::Nothing)
}

/// Says it, and where in the program that was.
///
/// # Safety
/// No other thread may end locks that this one holds.
#[cold]
pub unsafe fn tell_order(lock: &Lock, order: &Order, place: u64) {
    match order {
        Order::Nothing => {}
        Order::TooMany => mark(Word { call: lock_orders::SOME, ..Word::of(tag::LOCK_ORDERS) }, 0),
        Order::Holding(others) => {
            with(|producer| {
                producer.tell_taken(now(), place, lock.number(), others.get());
                for address in producer.held().iter().map(|held| held.load(Ordering::Relaxed)) {
                    // SAFETY: the thread holds what stands there, and the caller says that it does not end.
                    if let Some(held) = (address != 0).then(|| unsafe { Lock::at(address as *mut c_void) }).flatten() {
                        held.is_told();
                    }
                }
            });
        }
    }
}

/// The calling thread has seen another one end.
pub fn joined() {
    mark(Word::of(tag::JOINED), 0);
}

/// Who holds the lock: a thread of this process, or 0 where nobody that lives does.
fn holder(lock: &Lock) -> u32 {
    let thread = lock.holder().zip(log()).and_then(|((lane, place), base)| {
        let head = base.head(lane);
        let holds = head.held[place].load(Ordering::Acquire) == lock.address();
        with(|producer| (holds && producer.is_of_process(head)).then(|| Producer::thread_of(head)))?
    });
    thread.unwrap_or(0)
}

/// Runs `call` as a wait for a lock: who holds it is told, where that is known, and where in the program the thread is.
#[inline]
pub fn waiting_for_lock<T>(word: Word, object: u64, lock: Option<&Lock>, call: impl FnOnce() -> T) -> T {
    with(|producer| producer.tell_lock(now(), lock.map(|lock| (holder(lock), lock.number())), object));
    waiting(word, object, call)
}

/// Runs `call`, in which the thread waits at this place of the program.
#[inline]
pub fn waiting_at<T>(place: u64, call: impl FnOnce() -> T) -> T {
    if place == 0 {
        return call();
    }
    let before = with(|producer| producer.waits_at(place));
    let result = call();
    if let Some(before) = before {
        with(|producer| producer.waits_at(before));
    }
    result
}

/// Runs `call`, in which the thread's waits for locks are for this.
#[inline]
pub fn waiting_for<T>(purpose: Purpose, call: impl FnOnce() -> T) -> T {
    if purpose == Purpose::None {
        return call();
    }
    let before = with(|producer| producer.waits_for(purpose));
    let result = call();
    if let Some(before) = before {
        with(|producer| producer.waits_for(before));
    }
    result
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
