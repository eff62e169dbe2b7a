//! For whom a Python thread waits: for its workers, where a function of the library that waits for them has asked for the lock;
//! and where it stands then.
//!
//! `Future.result`, `Pool.map`, `Thread.join` and their kin end in the method `acquire` of a lock. That entry in the tables of
//! the locks' types is replaced, as are `__enter__` and `join` of a thread's handle. A lock that is free costs one look; of one
//! that is not, the functions on the stack are asked for their names, from the innermost on, as long as they are the
//! library's. No Python code runs for it.

use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicUsize, Ordering};

use super::capi::{Interface, Object};
use super::place::basic_size;
use super::stands::{self, Words};
use super::{lane, tasks};
use crate::asked::{Asked, File, of_file};
use crate::call::Call;
use crate::locks::Lock;
use crate::orders::Order;
use crate::producer::Purpose;

unsafe extern "C" {
    fn pthread_self() -> usize;
}

/// How many of the arguments a method looks at depends on the version: no more than these.
type Method = unsafe extern "C" fn(Object, *mut c_void, *mut c_void, *mut c_void) -> Object;

/// The most functions that are asked: a wait for a future goes through four.
const DEPTH: usize = 6;

/// What is found once. The names of attributes belong to the main interpreter.
struct Found {
    interface: Interface,
    words: Words,
    made: Made,
    /// Whether the methods that take a lock get their arguments in a tuple.
    tuples: bool,
}

struct Global(UnsafeCell<Option<Found>>);

// SAFETY: written once, before what looks at it is put into a table.
unsafe impl Sync for Global {}

static FOUND: Global = Global(UnsafeCell::new(None));

/// What was there before.
static ACQUIRE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static ENTER: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static ACQUIRE_AGAIN: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static ENTER_AGAIN: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static JOIN: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

fn found() -> Option<&'static Found> {
    // SAFETY: what is found does not change any more.
    unsafe { (*FOUND.0.get()).as_ref() }
}

/// The type of locks. Called by a thread of the main interpreter that may run Python.
pub fn tell_locks(kind: u64) {
    static ASKED: AtomicBool = AtomicBool::new(false);
    if ASKED.swap(true, Ordering::Relaxed) {
        return;
    }
    let Some(interface) = Interface::find() else { return };
    // SAFETY: the start-up file has told a type's address, and nobody looks at what is found before it is in the table.
    unsafe {
        let (file, name) = ((interface.interned)(c"co_filename".as_ptr()), (interface.interned)(c"co_name".as_ptr()));
        let made = Made::of(&interface, kind as Object);
        let table = methods(&interface, kind as Object);
        let tuples = table.is_some_and(|table| tasks::get_tuples(table, &METHODS));
        *FOUND.0.get() = Some(Found { interface, words: Words { file, name }, made, tuples });
        let Some(table) = table else { return };
        let new: [(&[u8], _, *mut c_void); 2] =
            [(b"acquire", &ACQUIRE, acquire as *mut c_void), (b"__enter__", &ENTER, enter as *mut c_void)];
        tasks::replace(table, &new);
    }
}

/// The type of locks that their owner may take again. The same way.
pub fn tell_owned_locks(kind: u64) {
    static ASKED: AtomicBool = AtomicBool::new(false);
    if ASKED.swap(true, Ordering::Relaxed) {
        return;
    }
    let Some(found) = found() else { return };
    // SAFETY: as above.
    unsafe {
        let Some(table) = methods(&found.interface, kind as Object) else { return };
        let new: [(&[u8], _, *mut c_void); 2] = [
            (b"acquire", &ACQUIRE_AGAIN, acquire_again as *mut c_void),
            (b"__enter__", &ENTER_AGAIN, enter_again as *mut c_void),
        ];
        let tuples = tasks::get_tuples(table, &METHODS);
        let again = tasks::replace(table, &new) && tuples;
        if lane::wants_objects() {
            lane::tells_orders(again && found.tuples && found.made == Made::OfSemaphore && found.interface.longer == 0);
        }
    }
}

/// The methods that take a lock.
const METHODS: [&[u8]; 2] = [b"acquire", b"__enter__"];

/// The type of the handles that threads are joined by.
pub fn tell_joins(kind: u64) {
    static ASKED: AtomicBool = AtomicBool::new(false);
    if ASKED.swap(true, Ordering::Relaxed) {
        return;
    }
    let Some(interface) = Interface::find() else { return };
    // SAFETY: as above.
    unsafe {
        if let Some(table) = methods(&interface, kind as Object) {
            tasks::replace(table, &[(b"join", &JOIN, join as *mut c_void)]);
        }
    }
}

/// A type's table of methods.
///
/// # Safety
/// It must be a type, and the caller must be allowed to run Python.
pub unsafe fn methods(interface: &Interface, kind: Object) -> Option<Object> {
    // SAFETY: a type's methods lie there in every version; from 3.10 on they are asked for too, and must be the same.
    unsafe {
        let table = *kind.byte_add(tasks::METHODS.1 + interface.longer).cast::<Object>();
        (interface.minor < 10 || (interface.slot)(kind, tasks::METHODS.0) == table).then_some(table)
    }
}

/// Methods that take a lock: what was there before, and whether somebody else has the lock.
macro_rules! takes {
    ($($name:ident = $before:ident, $taken:ident;)*) => { $(
        unsafe extern "C" fn $name(lock: Object, second: *mut c_void, third: *mut c_void, fourth: *mut c_void) -> Object {
            // SAFETY: what was in the table has this type, or looks at fewer arguments; the caller may run Python.
            unsafe {
                let real = core::mem::transmute::<*mut c_void, Method>($before.load(Ordering::Relaxed));
                let Some(found) = found() else { return real(lock, second, third, fourth) };
                let result = if $taken(found, lock) {
                    waiting(found, || real(lock, second, third, fourth))
                } else {
                    real(lock, second, third, fourth)
                };
                if lane::tells_now() && lane::looks(semaphore(found, lock)) {
                    taken(found, lock, second, third);
                }
                result
            }
        }
    )* };
}

takes! {
    acquire = ACQUIRE, is_taken;
    enter = ENTER, is_taken;
    acquire_again = ACQUIRE_AGAIN, is_anothers;
    enter_again = ENTER_AGAIN, is_anothers;
}

/// The semaphore that a lock is made of.
#[inline]
unsafe fn semaphore(found: &Found, lock: Object) -> usize {
    // SAFETY: where locks are made of semaphores, that is what the caller has found.
    unsafe { *lock.byte_add(16 + found.interface.longer).cast::<usize>() }
}

/// The calling thread has just taken this lock, while it held others or because it was made only just now: what is new of that is
/// told. Who tries, or waits for a time, does not wait for ever, whatever others hold.
unsafe fn taken(found: &Found, lock: Object, arguments: Object, named: Object) {
    let interface = &found.interface;
    // SAFETY: the caller may run Python, and holds the lock.
    unsafe {
        let Some(lock) = Lock::at(semaphore(found, lock) as *mut c_void) else { return };
        let in_main = || (interface.interpreter)() == (interface.main_interpreter)();
        if lock.is_newest()
            && in_main()
            && let Some(made) = stands::makes(interface, found.words)
        {
            return lane::exempts(lock, made == stands::Made::ForLife);
        }
        if !named.is_null() || !(arguments.is_null() || (interface.count)(arguments) == 0) {
            return;
        }
        let order = lane::order(lock);
        if !matches!(order, Order::Nothing) && in_main() {
            lane::tell_order(lock, &order, stands::place(interface, found.words));
        }
    }
}

/// Runs `call`, which takes a lock that is not free: for what, and where the thread stands.
#[cold]
unsafe fn waiting(found: &Found, call: impl FnOnce() -> Object) -> Object {
    let interface = &found.interface;
    // SAFETY: the caller may run Python.
    unsafe {
        if (interface.interpreter)() != (interface.main_interpreter)() {
            return call();
        }
        let place = if lane::wants_objects() { stands::place(interface, found.words) } else { 0 };
        lane::waiting_at(place, || lane::waiting_for(purpose(found), call))
    }
}

unsafe extern "C" fn join(handle: Object, second: *mut c_void, third: *mut c_void, fourth: *mut c_void) -> Object {
    // SAFETY: as above.
    let real = unsafe { core::mem::transmute::<*mut c_void, Method>(JOIN.load(Ordering::Relaxed)) };
    let place = match found() {
        // SAFETY: the caller may run Python.
        Some(found) if lane::wants_objects() => unsafe {
            let interface = &found.interface;
            let main = (interface.interpreter)() == (interface.main_interpreter)();
            if main { stands::place(interface, found.words) } else { 0 }
        },
        _ => 0,
    };
    // SAFETY: the caller's own arguments, handed on as they came.
    let call = || unsafe { real(handle, second, third, fourth) };
    let result = lane::waiting_at(place, || lane::waiting_for(Purpose::In(Call::PyThreadJoin as u8), call));
    if lane::wants_objects() && !result.is_null() {
        lane::joined();
    }
    result
}

/// What a lock is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// A semaphore of libc's, to which it points.
    OfSemaphore,
    /// A byte in itself, whose first bit says that somebody has it: from 3.14 on, and earlier without a GIL.
    OfByte,
    /// Something else.
    Otherwise,
}

impl Made {
    /// What objects of the type of locks are made of, by how long they are: a pointer, one to weak references and a flag; or the
    /// byte.
    unsafe fn of(interface: &Interface, kind: Object) -> Made {
        // SAFETY: the caller vouches for the type.
        let size = unsafe { basic_size(interface, kind) };
        match size.checked_sub(16 + interface.longer) {
            Some(24) => Made::OfSemaphore,
            Some(8) => Made::OfByte,
            _ => Made::Otherwise,
        }
    }
}

/// Whether a lock is not free.
#[inline]
unsafe fn is_taken(found: &Found, lock: Object) -> bool {
    // SAFETY: what it is made of lies behind its head; a semaphore begins with what it has to give.
    unsafe {
        let inside = lock.byte_add(16 + found.interface.longer);
        match found.made {
            Made::OfSemaphore => {
                let semaphore = *inside.cast::<*const AtomicU32>();
                !semaphore.is_null() && (*semaphore).load(Ordering::Relaxed) == 0
            }
            Made::OfByte => (*inside.cast::<AtomicU8>()).load(Ordering::Relaxed) & 1 != 0,
            Made::Otherwise => false,
        }
    }
}

/// Whether a lock that its owner may take again is another thread's.
#[inline]
unsafe fn is_anothers(found: &Found, lock: Object) -> bool {
    // SAFETY: behind its head such a lock has a word for what it is made of, and its owner, which is 0 while nobody has it.
    unsafe {
        let owner = (*lock.byte_add(24 + found.interface.longer).cast::<AtomicUsize>()).load(Ordering::Relaxed);
        owner != 0 && owner != pthread_self()
    }
}

/// What the calling thread waits for, by the functions that it is in: where none of them says it, for the lock itself.
unsafe fn purpose(found: &Found) -> Purpose {
    let interface = &found.interface;
    let mut asked = Asked::default();
    // SAFETY: the caller runs Python, so it has a frame; each frame before it is held here until the next one is.
    unsafe {
        let mut frame = (interface.frame)();
        let mut held = None;
        for _ in 0..DEPTH {
            if frame.is_null() {
                break;
            }
            let Some(code) = interface.own((interface.code)(frame)) else { break };
            let file = interface.text_of(code.get(), found.words.file, of_file).unwrap_or(File::Other);
            let _ = interface.text_of(code.get(), found.words.name, |name| asked.by(file, name));
            if asked.is_over() {
                break;
            }
            let before = interface.own((interface.frame_before)(frame));
            frame = before.as_ref().map_or(null_mut(), super::capi::Owned::get);
            held = before;
        }
        drop(held);
    }
    Purpose::In(asked.call().unwrap_or(Call::PyLock) as u8)
}
