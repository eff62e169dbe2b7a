//! For whom a Python thread waits: for its workers, where a function of the library that waits for them has asked for the lock.
//!
//! `Future.result`, `Pool.map`, `Thread.join` and their kin end in the method `acquire` of a lock. That entry in the table of the
//! lock's type is replaced, as is `join` of a thread's handle. A lock that is free costs one look; of one that is not, the
//! functions on the stack are asked for their names, from the innermost on, as long as they are the library's. No Python
//! code runs for it.

use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use super::capi::{Interface, Object};
use super::{lane, tasks};
use crate::call::Call;
use crate::producer::Purpose;

/// How many of the arguments a method looks at depends on the version: no more than these.
type Method = unsafe extern "C" fn(Object, *mut c_void, *mut c_void, *mut c_void) -> Object;

/// A function's name, and the call that its wait is told as.
type Waits = (&'static [u8], Call);

/// The library's files that pass a wait on, and their functions that wait for workers.
const WAITS: [(&[u8], &[Waits]); 4] = [
    (b"/threading.py", &[(b"join", Call::PyThreadJoin), (b"_shutdown", Call::PyThreadJoin)]),
    (
        b"/concurrent/futures/_base.py",
        &[
            (b"result", Call::PyFuture),
            (b"exception", Call::PyFuture),
            (b"wait", Call::PyFuture),
            (b"as_completed", Call::PyFuture),
        ],
    ),
    (b"/multiprocessing/pool.py", &[(b"wait", Call::PyPool), (b"next", Call::PyPool), (b"join", Call::PyPool)]),
    (b"/multiprocessing/process.py", &[(b"join", Call::PyProcessJoin)]),
];

/// The most functions that are asked: a wait for a future goes through four.
const DEPTH: usize = 6;

/// What is found once. The names of attributes belong to the main interpreter.
struct Found {
    interface: Interface,
    file: Object,
    name: Object,
}

struct Global(UnsafeCell<Option<Found>>);

// SAFETY: written once, before what looks at it is put into a table.
unsafe impl Sync for Global {}

static FOUND: Global = Global(UnsafeCell::new(None));

/// What was there before.
static ACQUIRE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static LOCKED: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
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
        *FOUND.0.get() = Some(Found { interface, file, name });
        let Some(table) = methods(&interface, kind as Object) else { return };
        if let Some(locked) = tasks::method(table, b"locked") {
            LOCKED.store(locked, Ordering::Relaxed);
            tasks::replace(table, &[(b"acquire", &ACQUIRE, acquire as *mut c_void)]);
        }
    }
}

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

unsafe extern "C" fn acquire(lock: Object, second: *mut c_void, third: *mut c_void, fourth: *mut c_void) -> Object {
    // SAFETY: what was in the table has this type, or looks at fewer arguments; the caller may run Python.
    unsafe {
        let real = core::mem::transmute::<*mut c_void, Method>(ACQUIRE.load(Ordering::Relaxed));
        let purpose = found().filter(|found| is_locked(found, lock)).map_or(Purpose::None, |found| purpose(found));
        lane::waiting_for(purpose, || real(lock, second, third, fourth))
    }
}

unsafe extern "C" fn join(handle: Object, second: *mut c_void, third: *mut c_void, fourth: *mut c_void) -> Object {
    // SAFETY: as above.
    let real = unsafe { core::mem::transmute::<*mut c_void, Method>(JOIN.load(Ordering::Relaxed)) };
    // SAFETY: the caller's own arguments, handed on as they came.
    lane::waiting_for(Purpose::In(Call::PyThreadJoin as u8), || unsafe { real(handle, second, third, fourth) })
}

/// Whether a lock is not free.
unsafe fn is_locked(found: &Found, lock: Object) -> bool {
    // SAFETY: the method without arguments of a lock gives a new reference to one of two objects.
    unsafe {
        let locked = core::mem::transmute::<*mut c_void, Method>(LOCKED.load(Ordering::Relaxed));
        let answer = locked(lock, null_mut(), null_mut(), null_mut());
        (found.interface.drop_ref)(answer);
        answer == found.interface.true_object
    }
}

/// What the calling thread waits for, by the functions that it is in.
unsafe fn purpose(found: &Found) -> Purpose {
    let interface = &found.interface;
    // SAFETY: the caller runs Python, so it has a frame; each frame before it is held here until the next one is.
    unsafe {
        if (interface.interpreter)() != (interface.main_interpreter)() {
            return Purpose::None;
        }
        let mut frame = (interface.frame)();
        let mut held = None;
        for _ in 0..DEPTH {
            if frame.is_null() {
                break;
            }
            let Some(code) = interface.own((interface.code)(frame)) else { break };
            let waits = interface.text_of(code.get(), found.file, |file| {
                WAITS.iter().find(|(end, _)| file.ends_with(end)).map(|(_, functions)| *functions)
            });
            let Some(Some(functions)) = waits else { break };
            let call = interface.text_of(code.get(), found.name, |name| {
                functions.iter().find(|(function, _)| name == *function).map(|(_, call)| *call)
            });
            if let Some(Some(call)) = call {
                return Purpose::In(call as u8);
            }
            let before = interface.own((interface.frame_before)(frame));
            frame = before.as_ref().map_or(null_mut(), super::capi::Owned::get);
            held = before;
        }
        drop(held);
    }
    Purpose::None
}
