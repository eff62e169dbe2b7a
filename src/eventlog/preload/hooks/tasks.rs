//! asyncio's tasks: each step that a task takes on its loop, and what it awaits then.
//!
//! A task runs its coroutine by the slot `am_send` of the coroutine's type, and by its method `throw` where it is cancelled
//! or something failed, in every C implementation of a task from 3.10 on; uvloop uses asyncio's own tasks. Both are pointers in
//! tables that the interpreter keeps for that type, and here they are replaced by ones that note when the call began and
//! ended. Nothing is wrapped: the task, its coroutine, tracebacks, the task factory and the loop are the program's own, and
//! a program without coroutines never comes here. CPython 3.9 has no such slot; its tasks call [`_PyGen_Send`], which this
//! library can stand before where Python is a shared library.
//!
//! All of this runs in the thread of the loop, which may run Python then, and runs no Python code itself.

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU8, Ordering};

use super::capi::{Interface, Object};
use super::real::real;
use super::task_loop::Loop;
use super::{lane, task_names};
use crate::layout::{Word, tag};

/// `am_send`: what it gives says how the coroutine stands.
type Send = unsafe extern "C" fn(Object, Object, *mut Object) -> c_int;
/// A method of a coroutine. How many of the arguments it looks at depends on the method and on the version.
type Method = unsafe extern "C" fn(Object, Object, isize) -> Object;

/// The coroutine awaits something (`PYGEN_NEXT`).
const NEXT: c_int = 1;
/// The slot's number (`Py_am_send`); that of the methods (`Py_tp_methods`), and where they lie in a type.
const AM_SEND: c_int = 81;
pub const METHODS: (c_int, usize) = (64, 232);

/// What was there before.
static SEND: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static SEND_METHOD: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static THROW: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static CLOSE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// An entry of a type's table of methods (`PyMethodDef`).
#[repr(C)]
struct Entry {
    name: *const core::ffi::c_char,
    method: AtomicPtr<c_void>,
    flags: c_int,
    doc: *const core::ffi::c_char,
}

/// Begins to tell of tasks. Called by the main interpreter's thread when it has started, before the program's own code.
pub fn start() {
    static ASKED: AtomicU8 = AtomicU8::new(0);
    if ASKED.swap(1, Ordering::Relaxed) != 0 {
        return;
    }
    let Some(interface) = Interface::find() else { return };
    // SAFETY: this thread may run Python, and no other does yet.
    let replaced = unsafe { task_names::start(&interface) && replace_methods(&interface) && replace_slot(&interface) };
    if replaced {
        lane::mark(Word::of(tag::TASKS_TOLD), 0);
    }
}

/// Replaces `am_send`. CPython 3.9 has none, and there what stands before `_PyGen_Send` is enough, if it does.
unsafe fn replace_slot(interface: &Interface) -> bool {
    if interface.minor < 10 {
        return stands_before_gen_send();
    }
    // SAFETY: `tp_as_async` is the tenth word of a type, and `am_send` the fourth of what it points to. That this is so in this
    // version too is checked against what Python says the slot is.
    unsafe {
        let told = (interface.slot)(interface.coroutine_type, AM_SEND);
        let table = *interface.coroutine_type.byte_add(80 + interface.longer).cast::<*mut AtomicPtr<c_void>>();
        if told.is_null() || table.is_null() || (*table.add(3)).load(Ordering::Relaxed) != told {
            return false;
        }
        SEND.store(told, Ordering::Relaxed);
        (*table.add(3)).store(send as *mut c_void, Ordering::Release);
    }
    true
}

/// Replaces the methods by which a coroutine is run without the slot, and the one by which it ends.
unsafe fn replace_methods(interface: &Interface) -> bool {
    // SAFETY: 3.9 tells the methods only of types made otherwise.
    unsafe {
        let table = if interface.minor < 10 {
            *interface.coroutine_type.byte_add(METHODS.1).cast::<Object>()
        } else {
            (interface.slot)(interface.coroutine_type, METHODS.0)
        };
        let new: [(&[u8], _, *mut c_void); 3] = [
            (b"send", &SEND_METHOD, send_method as *mut c_void),
            (b"throw", &THROW, throw as *mut c_void),
            (b"close", &CLOSE, close as *mut c_void),
        ];
        replace(table, &new)
    }
}

unsafe fn find(table: Object, wanted: &[u8]) -> Option<&'static Entry> {
    let mut entry = table.cast::<Entry>();
    // SAFETY: the caller vouches for the table, which lives as long as its type, and that ends with the process.
    unsafe {
        while !entry.is_null() && !(*entry).name.is_null() {
            if core::ffi::CStr::from_ptr((*entry).name).to_bytes() == wanted {
                return Some(&*entry);
            }
            entry = entry.add(1);
        }
    }
    None
}

/// Whether all of these methods get a tuple of arguments, and a dictionary of those that have names.
///
/// # Safety
/// As for [`replace`].
pub unsafe fn get_tuples(table: Object, names: &[&[u8]]) -> bool {
    /// `METH_VARARGS` and `METH_KEYWORDS`.
    const TUPLES: c_int = 3;
    // SAFETY: the caller vouches for the table.
    names.iter().all(|name| unsafe { find(table, name) }.is_some_and(|entry| entry.flags == TUPLES))
}

/// Replaces methods in a type's table: each by its name, with the place to keep what was there. Either all of them or none.
///
/// # Safety
/// The table must be null or a type's, which ends with an entry without a name; what comes in is called as what was there.
pub unsafe fn replace(table: Object, new: &[(&[u8], &AtomicPtr<c_void>, *mut c_void)]) -> bool {
    // SAFETY: the caller vouches for the table.
    let find = |wanted: &[u8]| unsafe { find(table, wanted) };
    if new.iter().any(|(name, ..)| find(name).is_none()) {
        return false;
    }
    for (name, before, method) in new {
        if let Some(entry) = find(name) {
            before.store(entry.method.load(Ordering::Relaxed), Ordering::Relaxed);
            entry.method.store(*method, Ordering::Release);
        }
    }
    true
}

/// Runs `call` as a step, if it is one of a task. A task that has not failed makes its steps by the slot. `awaits` says from what it gave what the coroutine awaits; null where it
/// awaits nothing any more.
#[inline]
unsafe fn step<T: Copy>(
    (coroutine, by_slot): (Object, bool),
    call: impl FnOnce() -> T,
    awaits: impl FnOnce(T) -> Object,
) -> T {
    // SAFETY: the caller runs Python, and `coroutine` is an object.
    let Some(inside) = (unsafe { Loop::enter(coroutine, by_slot) }) else { return call() };
    let result = call();
    // SAFETY: as above; what it awaits is an object, held by the caller, or null.
    unsafe { inside.leave(coroutine, awaits(result)) };
    result
}

unsafe extern "C" fn send(coroutine: Object, value: Object, result: *mut Object) -> c_int {
    // SAFETY: what was in the slot has this type.
    let real = unsafe { core::mem::transmute::<*mut c_void, Send>(SEND.load(Ordering::Relaxed)) };
    // SAFETY: the caller's own arguments; where the coroutine awaits something, the result is that.
    unsafe {
        step(
            (coroutine, true),
            || real(coroutine, value, result),
            |status| if status == NEXT { *result } else { null_mut() },
        )
    }
}

unsafe extern "C" fn send_method(coroutine: Object, value: Object, count: isize) -> Object {
    // SAFETY: what was in the table has this type.
    let real = unsafe { core::mem::transmute::<*mut c_void, Method>(SEND_METHOD.load(Ordering::Relaxed)) };
    // SAFETY: the caller's own arguments.
    unsafe { step((coroutine, false), || real(coroutine, value, count), |result| result) }
}

unsafe extern "C" fn throw(coroutine: Object, arguments: Object, count: isize) -> Object {
    // SAFETY: what was in the table has this type.
    let real = unsafe { core::mem::transmute::<*mut c_void, Method>(THROW.load(Ordering::Relaxed)) };
    // SAFETY: the caller's own arguments.
    unsafe { step((coroutine, false), || real(coroutine, arguments, count), |result| result) }
}

unsafe extern "C" fn close(coroutine: Object, arguments: Object, count: isize) -> Object {
    // SAFETY: what was in the table has this type.
    let real = unsafe { core::mem::transmute::<*mut c_void, Method>(CLOSE.load(Ordering::Relaxed)) };
    Loop::forget(coroutine);
    // SAFETY: the caller's own arguments.
    unsafe { real(coroutine, arguments, count) }
}

/// What a task of CPython 3.9 calls to run its coroutine. No later version has a function of this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyGen_Send(generator: Object, value: Object) -> Object {
    let real = real!(_PyGen_Send as fn(Object, Object) -> Object);
    // SAFETY: the caller's own arguments.
    let call = || unsafe { real(generator, value) };
    if !task_names::is_coroutine(generator) {
        return call();
    }
    // SAFETY: as above.
    unsafe { step((generator, true), call, |result| result) }
}

/// Whether there is a `_PyGen_Send` behind the one here: where the interpreter is no shared library, its own comes first.
fn stands_before_gen_send() -> bool {
    super::real::has_next(c"_PyGen_Send")
}
