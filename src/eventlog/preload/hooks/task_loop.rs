//! What a thread knows of the tasks on its loop, and the lane in which it tells of them.
//!
//! That lane is not the thread's own: 10,000 tasks write more than all its waits, and what they lose is theirs alone.

use core::ffi::{c_int, c_uint, c_void};
use core::mem::{ManuallyDrop, size_of};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::capi::Object;
use super::{counter, environment, lane, task_names};
use crate::known::Known;
use crate::layout::{Word, tag, task_step};
use crate::producer::Producer;
use crate::ticks::Ticks;

unsafe extern "C" {
    fn pthread_key_create(key: *mut c_uint, end: Option<extern "C" fn(*mut c_void)>) -> c_int;
    fn pthread_getspecific(key: c_uint) -> *mut c_void;
    fn pthread_setspecific(key: c_uint, value: *const c_void) -> c_int;
    fn mmap(at: *mut c_void, length: usize, protect: c_int, flags: c_int, fd: c_int, offset: i64) -> *mut c_void;
    fn munmap(at: *mut c_void, length: usize) -> c_int;
}

/// Tasks that a thread has room for at first.
const TASKS: usize = 1024;
/// Functions that a thread can tell of, in a table that is at most five eighths full.
pub const CODES: usize = 2048;
/// Asking a task what it awaits takes about as long as a short step, and in which line, several times that. So that a flood of
/// these is not slowed by it, each kind of asking takes no more than one in so many nanoseconds.
const REST: u64 = 160;
/// For so long nobody needs to have rested: some hundred tasks can be asked one right after the other.
const AHEAD: u64 = 40_000_000;
/// What asking took counts as no more than this: a thread that lost its core meanwhile has not asked that long.
const DEAREST: u64 = 20_000;
/// Who only lets others go first is known to do so without being asked: the asking counts so many times.
const KNOWN: u64 = 16;
/// A step as long as this is asked in any case.
const LONG: u64 = 100_000;

/// The key that holds each thread's [`Loop`].
static KEY: AtomicU32 = AtomicU32::new(0);
/// Whether there is a key.
static READY: AtomicBool = AtomicBool::new(false);
/// How often this process was forked from another: what goes on in the parent's loop does not in the child.
static FORKS: AtomicU32 = AtomicU32::new(0);
/// Whether one task's step can run inside another's: eager tasks, from 3.12 on. Before, what comes inside is an `await`.
static NESTS: AtomicBool = AtomicBool::new(false);

/// A thread's tasks.
pub struct Loop {
    producer: ManuallyDrop<Producer>,
    clock: Ticks,
    /// Those that were told of and have not finished; marked are those that have not run.
    known: ManuallyDrop<Known<'static>>,
    /// The code that was told, by address.
    pub codes: Known<'static>,
    /// Which of it is the library's.
    pub library: [u64; CODES / 64],
    /// Whose step it is, by its coroutine; 0 between steps.
    running: usize,
    /// Since when.
    begin: u64,
    /// Until when all that was asked is rested from: what is awaited, and that with its line.
    rested: [u64; 2],
    /// How many tasks were told when they ran first.
    pub first_steps: u64,
}

/// A step that goes on.
pub struct Inside {
    at: *mut Loop,
    /// Whose step it is inside, or 0.
    outer: usize,
    /// See [`FORKS`].
    forks: u32,
}

/// Makes the key. `nests`: see [`NESTS`].
pub fn start(nests: bool) -> bool {
    let mut key = 0;
    // SAFETY: `key` is a place for the answer.
    if unsafe { pthread_key_create(&raw mut key, Some(thread_ends)) } != 0 {
        return false;
    }
    KEY.store(key, Ordering::Relaxed);
    NESTS.store(nests, Ordering::Relaxed);
    READY.store(true, Ordering::Release);
    true
}

/// The calling thread's loop, or null.
#[inline]
fn here() -> *mut Loop {
    // SAFETY: this is called only once there is a key.
    unsafe { pthread_getspecific(KEY.load(Ordering::Relaxed)).cast() }
}

/// In the child of a fork: the lane is the parent's, so the thread begins anew.
pub fn forked() {
    if READY.load(Ordering::Acquire) {
        FORKS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: there is a key.
        unsafe { pthread_setspecific(KEY.load(Ordering::Relaxed), null_mut()) };
    }
}

/// Memory from the system, all zero; null where it gives none.
fn memory(bytes: usize) -> *mut c_void {
    const READ_WRITE: c_int = 3;
    const PRIVATE_ANONYMOUS: c_int = 0x22;
    // SAFETY: the kernel chooses the place.
    let at = unsafe { mmap(null_mut(), bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0) };
    if at as isize == -1 { null_mut() } else { at }
}

/// A table of so many zeros.
fn table(words: usize) -> Option<&'static mut [usize]> {
    let at = memory(words * size_of::<usize>()).cast::<usize>();
    // SAFETY: what the system gave is this long, aligned to a page, all zero and nobody else's.
    (!at.is_null()).then(|| unsafe { core::slice::from_raw_parts_mut(at, words) })
}

fn give_back(table: &'static mut [usize]) {
    // SAFETY: this is a whole table, and nothing refers to it any more.
    unsafe { munmap(table.as_mut_ptr().cast(), size_of_val(table)) };
}

/// A loop for the calling thread, with a lane of its own.
#[cold]
fn claim() -> *mut Loop {
    let Some(base) = lane::log() else { return null_mut() };
    let (tasks, codes) = (table(TASKS), table(CODES));
    let at = memory(size_of::<Loop>()).cast::<Loop>();
    let (Some(tasks), Some(codes)) = (tasks, codes) else { return null_mut() };
    if at.is_null() {
        return null_mut();
    }
    // SAFETY: errno's place is the thread's own; the path is the one that the log was opened by; `at` is room for a loop.
    unsafe {
        let errno = *lane::__errno_location();
        let producer = base.claim(environment::log_path());
        let Some(producer) = producer else {
            *lane::__errno_location() = errno;
            base.header().unlaned.fetch_add(1, Ordering::Relaxed);
            return null_mut();
        };
        at.write(Loop {
            producer: ManuallyDrop::new(producer),
            clock: Ticks::new(counter::is_the_clocks()),
            known: ManuallyDrop::new(Known::new(tasks)),
            codes: Known::new(codes),
            library: [0; CODES / 64],
            running: 0,
            begin: 0,
            rested: [0; 2],
            first_steps: 0,
        });
        *lane::__errno_location() = errno;
        pthread_setspecific(KEY.load(Ordering::Relaxed), at.cast_const().cast());
    }
    at
}

extern "C" fn thread_ends(value: *mut c_void) {
    // SAFETY: what the key held is this thread's loop, and out of it now.
    unsafe { ManuallyDrop::take(&mut (*value.cast::<Loop>()).producer).release() };
}

impl Loop {
    /// A coroutine is about to be run, by a call as tasks make it or by another: the step that begins, if it is a task's.
    ///
    /// # Safety
    /// The calling thread runs Python, and `coroutine` is one.
    #[inline]
    pub unsafe fn enter(coroutine: Object, as_tasks_do: bool) -> Option<Inside> {
        let mut at = here();
        // SAFETY: a thread's loop is its own and lives until it ends.
        unsafe {
            let (mut outer, mut begin, mut known) = (0, None, false);
            if let Some(own) = at.as_mut() {
                outer = own.running;
                // The clock waits for what was asked of memory before: it is asked first.
                begin = (outer == 0).then(|| own.now());
                known = own.known.contains(coroutine as usize);
                if outer != 0 && if known { outer == coroutine as usize } else { !NESTS.load(Ordering::Relaxed) } {
                    return None; // it is awaited; or it is running already, and will be told so
                }
            }
            if !known {
                let quick;
                (at, quick) = first_step(at, coroutine, as_tasks_do)?;
                outer = (*at).running;
                begin = begin.filter(|_| quick); // what it took to ask who it is is nobody's
            }
            let own = &mut *at;
            let begin = begin.unwrap_or_else(|| own.now());
            if outer != 0 {
                own.tell(outer, task_step::INTERRUPTED, 0, begin);
            }
            own.begin(coroutine as usize, begin);
            Some(Inside { at, outer, forks: FORKS.load(Ordering::Relaxed) })
        }
    }

    /// The time.
    #[inline]
    pub fn now(&mut self) -> u64 {
        self.clock.now(counter::ticks, lane::now)
    }

    /// Writes one record, stamped now.
    #[inline]
    pub fn push(&mut self, word: Word, first: u64, second: u64) {
        let at = self.now();
        self.producer.push(at, word, first, second);
    }

    /// Writes text, stamped now.
    pub fn push_text(&mut self, tag: u8, number: u32, text: &[u8]) {
        let at = self.now();
        self.producer.push_text(at, tag, number, text);
    }

    /// A coroutine was closed: should it have been a task's, it is one no more.
    pub fn forget(coroutine: Object) {
        let at = here();
        if !at.is_null() {
            // SAFETY: a thread's loop is its own.
            unsafe { (*at).known.remove(coroutine as usize) };
        }
    }

    fn begin(&mut self, coroutine: usize, at: u64) {
        self.running = coroutine;
        self.begin = at;
        self.producer.goes_on(at, Word::of(tag::TASK_STEP), coroutine as u64);
    }

    fn tell(&self, coroutine: usize, how: u8, thing: u64, end: u64) {
        let word = task_step::with_thing(Word { call: how, ..Word::of(tag::TASK_STEP) }, thing);
        self.producer.push(end, word, self.begin, coroutine as u64);
    }

    /// A future has its outcome: who awaits it stands in line.
    #[inline]
    pub fn has_come(future: Object) {
        let at = here();
        if !at.is_null() {
            // SAFETY: a thread's loop is its own.
            unsafe { (*at).push(Word::of(tag::TASK_READY), future as u64, 0) };
        }
    }

    /// How many tasks of the calling thread were told when they ran first; `None` where there is no loop.
    pub fn first_steps() -> Option<u64> {
        // SAFETY: it is null or this thread's loop.
        unsafe { here().as_ref() }.map(|own| own.first_steps)
    }

    /// Runs `tell` with the calling thread's loop, where there is one.
    pub fn with(tell: impl FnOnce(&mut Loop)) {
        // SAFETY: it is null or this thread's loop.
        if let Some(own) = unsafe { here().as_mut() } {
            tell(own);
        }
    }

    /// Whether it is the coroutine of a task that was told and has not finished.
    pub fn knows(&self, coroutine: Object) -> bool {
        self.known.contains(coroutine as usize) || self.known.is_marked(coroutine as usize)
    }

    /// Remembers a task that was told when it was made; false where there is no room.
    pub fn remember_made(&mut self, coroutine: Object) -> bool {
        make_room(&mut self.known) && {
            self.known.mark(coroutine as usize);
            true
        }
    }
}

/// Room for one more in a set.
fn make_room(set: &mut ManuallyDrop<Known<'static>>) -> bool {
    if !set.is_full() {
        return true;
    }
    let Some(larger) = table(set.size() * 2) else { return false };
    // SAFETY: the set is put back at once.
    let (known, old) = unsafe { ManuallyDrop::take(set) }.moved(larger);
    *set = ManuallyDrop::new(known);
    give_back(old);
    true
}

/// A coroutine that is not known: tells of the task whose it is, if it is one's. Gives the thread's loop then, and whether it
/// took no asking. One that was told when it was made, and that is run as tasks do it, is not asked about.
#[cold]
unsafe fn first_step(mut at: *mut Loop, coroutine: Object, as_tasks_do: bool) -> Option<(*mut Loop, bool)> {
    // SAFETY: it is null or this thread's loop; the caller runs Python, and `coroutine` is one.
    unsafe {
        let inside = at.as_ref().is_some_and(|own| own.running != 0);
        let made = at.as_ref().is_some_and(|own| own.known.is_marked(coroutine as usize));
        let quick = made && as_tasks_do && !inside;
        let task = if quick { None } else { Some(task_names::task_of(coroutine, inside)?) };
        if at.is_null() {
            at = claim();
        }
        let own = at.as_mut()?;
        if !made && !make_room(&mut own.known) {
            return None;
        }
        let _ = own.known.insert(coroutine as usize);
        own.first_steps += 1;
        if let Some(task) = task.filter(|_| !made) {
            task.tell(own, coroutine);
        }
        Some((at, quick))
    }
}

impl Inside {
    /// The step is over. `awaited` is what the coroutine awaits now, or null where it has finished.
    ///
    /// # Safety
    /// The calling thread runs Python; `coroutine` is the one that entered, and alive where it awaits something.
    #[inline]
    pub unsafe fn leave(self, coroutine: Object, awaited: Object) {
        if FORKS.load(Ordering::Relaxed) != self.forks {
            return; // this is the child of a fork, which has no loop yet
        }
        // SAFETY: it is this thread's loop.
        let own = unsafe { &mut *self.at };
        let (began, end) = (own.begin, own.now());
        if awaited.is_null() {
            own.tell(coroutine as usize, task_step::FINISHED, 0, end);
            own.known.remove(coroutine as usize);
        } else {
            let thing = task_names::thing(awaited);
            own.tell(coroutine as usize, task_step::SUSPENDED, thing, end);
            let may = |rested: u64| rested <= end + AHEAD;
            let line = may(own.rested[1]) || end - began >= LONG;
            if line || (may(own.rested[0]) && thing != task_step::NOTHING) {
                // SAFETY: the caller vouches for both.
                unsafe { task_names::tell_await(own, coroutine, awaited, line) };
                let dear = if thing == task_step::NOTHING { KNOWN * REST } else { REST };
                let asked = own.now();
                let rested = &mut own.rested[usize::from(line)];
                *rested = (*rested).max(end) + (asked - end).min(DEAREST) * dear;
            }
        }
        if self.outer == 0 {
            own.running = 0;
            own.producer.ended();
        } else {
            let goes_on = own.now();
            own.begin(self.outer, goes_on);
        }
    }
}
