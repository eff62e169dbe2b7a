//! From when on a task could take its next step: when it was made, and when the future that it awaits was told its outcome,
//! which puts the task in line. Methods of asyncio's C `Future` and the slot by which its C `Task` is made are replaced, as
//! those of coroutines are in [`super::tasks`]. A future or task in Python, or of a class that brings methods of its own, is
//! not seen here; then it isn't known. What a task is called is told when it is made, and whenever it's called otherwise.

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::capi::{Interface, Object};
use super::task_loop::Loop;
use super::tasks::{METHODS, replace};
use super::{lane, task_names};
use crate::layout::{Word, tag};

/// A method of a future. How many of the arguments it looks at depends on the method and on the version.
type Method = unsafe extern "C" fn(Object, Object, Object, Object, Object) -> Object;
/// What makes an object of a type.
type Init = unsafe extern "C" fn(Object, Object, Object) -> c_int;

/// The slot's number (`Py_tp_init`), and where it lies in a type.
const INIT: c_int = 60;
const INIT_AT: usize = 296;

static SET_RESULT: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static SET_EXCEPTION: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static CANCEL: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static SET_NAME: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static MAKE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Begins to tell it. asyncio has just been found.
///
/// # Safety
/// The calling thread runs Python; these are asyncio's C types.
pub unsafe fn start(interface: &Interface, future: Object, task: Object) {
    // SAFETY: the caller vouches for the types.
    let told = unsafe { replace_methods(interface, future, task) && replace_init(interface, task) };
    lane::mark(Word { call: if told { 1 } else { 2 }, ..Word::of(tag::TASKS_TOLD) }, 0);
}

unsafe fn replace_methods(interface: &Interface, future: Object, task: Object) -> bool {
    // SAFETY: the caller vouches for the types.
    unsafe {
        let table = |of: Object| {
            let at = of.byte_add(METHODS.1).cast::<Object>();
            if interface.minor < 10 { *at } else { (interface.slot)(of, METHODS.0) }
        };
        let new: [(&[u8], _, *mut c_void); 3] = [
            (b"set_result", &SET_RESULT, set_result as *mut c_void),
            (b"set_exception", &SET_EXCEPTION, set_exception as *mut c_void),
            (b"cancel", &CANCEL, cancel as *mut c_void),
        ];
        replace(table(future), &new) && replace(table(task), &[(b"set_name", &SET_NAME, set_name as *mut c_void)])
    }
}

unsafe fn replace_init(interface: &Interface, task: Object) -> bool {
    // SAFETY: that the slot lies there in this version too is checked against what Python says that it is; 3.9 says it only of
    // types made otherwise.
    unsafe {
        let place = task.byte_add(INIT_AT + interface.longer).cast::<AtomicPtr<c_void>>();
        let found = (*place).load(Ordering::Relaxed);
        if found.is_null() || (interface.minor >= 10 && (interface.slot)(task, INIT) != found) {
            return false;
        }
        MAKE.store(found, Ordering::Relaxed);
        (*place).store(make as *mut c_void, Ordering::Release);
    }
    true
}

/// Calls the method that was there before; where it did what it is for, the future has its outcome.
macro_rules! outcome {
    ($($name:ident = $before:ident;)*) => { $(
        unsafe extern "C" fn $name(future: Object, a: Object, b: Object, c: Object, d: Object) -> Object {
            // SAFETY: what was in the table has this type, but for arguments that it does not look at.
            let real = unsafe { core::mem::transmute::<*mut c_void, Method>($before.load(Ordering::Relaxed)) };
            // SAFETY: the caller's own arguments.
            let result = unsafe { real(future, a, b, c, d) };
            if !result.is_null() {
                Loop::has_come(future);
            }
            result
        }
    )* };
}

outcome! {
    set_result = SET_RESULT;
    set_exception = SET_EXCEPTION;
    cancel = CANCEL;
}

unsafe extern "C" fn make(task: Object, arguments: Object, named: Object) -> c_int {
    // SAFETY: what was in the slot has this type.
    let real = unsafe { core::mem::transmute::<*mut c_void, Init>(MAKE.load(Ordering::Relaxed)) };
    let before = Loop::first_steps();
    // SAFETY: the caller's own arguments.
    let result = unsafe { real(task, arguments, named) };
    if result == 0 && before.is_some() {
        Loop::with(|own| {
            // One that has run in the meantime is eager: its step has told of it.
            if before == Some(own.first_steps) {
                // SAFETY: the calling thread runs Python, and the task was made of these.
                unsafe { task_names::tell_made(own, task, arguments) };
            }
        });
    }
    result
}

/// Calls the method that was there before, and tells the name that the task has now.
unsafe extern "C" fn set_name(task: Object, a: Object, b: Object, c: Object, d: Object) -> Object {
    // SAFETY: what was in the table has this type, but for arguments that it does not look at.
    let real = unsafe { core::mem::transmute::<*mut c_void, Method>(SET_NAME.load(Ordering::Relaxed)) };
    // SAFETY: the caller's own arguments.
    let result = unsafe { real(task, a, b, c, d) };
    if !result.is_null() {
        // SAFETY: the calling thread runs Python; the method is a C task's.
        unsafe { task_names::tell_renamed(task) };
    }
    result
}
