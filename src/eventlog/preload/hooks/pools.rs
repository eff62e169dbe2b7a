//! The threads of Python's pools, which are idle where they wait for work.
//!
//! The start-up file tells from which queue a pool's thread gets its work. A thread that waits in that queue's method `get` is
//! idle, and in no other place: the method, an entry in the table of `_queue.SimpleQueue`, is replaced by one that notes for
//! which queue it was called. Nothing is wrapped that a program could see: no frame, no attribute, no type.

use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use super::capi::{Interface, Object};
use super::{callers, lane, tasks};
use crate::layout::wait_object::NOTHING;

/// How many of the arguments it looks at depends on the version: four, or five where the type comes second.
type Get = unsafe extern "C" fn(Object, *mut c_void, *mut c_void, *mut c_void, *mut c_void) -> Object;

/// What was there before.
static GET: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static GET_NOW: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// The calling thread, which may run Python, gets its work from this `SimpleQueue`, as long as it lives.
pub fn gets_work_from(queue: u64) {
    static ASKED: AtomicBool = AtomicBool::new(false);
    if !ASKED.swap(true, Ordering::Relaxed) {
        // SAFETY: the start-up file has told the address of a queue that it holds.
        unsafe { replace_get(queue as Object) };
    }
    lane::gets_work_by([queue, NOTHING]);
}

unsafe fn replace_get(queue: Object) {
    let Some(interface) = Interface::find() else { return };
    // SAFETY: it is an object, and the caller may run Python.
    unsafe {
        if let Some(table) = callers::methods(&interface, interface.type_of(queue)) {
            let new: [(&[u8], _, *mut c_void); 2] =
                [(b"get", &GET, get as *mut c_void), (b"get_nowait", &GET_NOW, get_now as *mut c_void)];
            tasks::replace(table, &new);
        }
    }
}

/// A queue's methods: each calls the one that was there before.
macro_rules! gets {
    ($($name:ident = $before:ident;)*) => { $(
        unsafe extern "C" fn $name(
            queue: Object,
            second: *mut c_void,
            third: *mut c_void,
            fourth: *mut c_void,
            fifth: *mut c_void,
        ) -> Object {
            // SAFETY: what was in the table has this type, or looks at fewer arguments.
            let real = unsafe { core::mem::transmute::<*mut c_void, Get>($before.load(Ordering::Relaxed)) };
            // SAFETY: the caller's own arguments, handed on as they came.
            let call = || unsafe { real(queue, second, third, fourth, fifth) };
            let work = lane::getting_work(queue as u64, call);
            if !work.is_null() {
                lane::took_work(queue as u64);
            }
            work
        }
    )* };
}

gets! {
    get = GET;
    get_now = GET_NOW;
}
