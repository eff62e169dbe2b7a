//! How long threads turn objects into bytes and back: the methods and functions of `_pickle` that do it are replaced by ones that
//! note when they began and ended.

use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use super::capi::{Interface, Object};
use super::{callers, lane, tasks};

/// How many of the arguments one looks at depends on it and on the version: no more than these.
type Function = unsafe extern "C" fn(Object, Object, Object, Object, Object) -> Object;

static DUMP: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static LOAD: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static DUMPS: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static LOADS: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// The types `Pickler` and `Unpickler`, and the functions `dumps` and `loads`. Called by a thread that may run Python.
pub fn tell([pickler, unpickler, dumps, loads]: [u64; 4]) {
    static ASKED: AtomicBool = AtomicBool::new(false);
    if ASKED.swap(true, Ordering::Relaxed) {
        return;
    }
    let Some(interface) = Interface::find() else { return };
    // SAFETY: the start-up file has told the addresses of types and functions that it holds. A function of C points to its entry
    // in a table right behind its head.
    unsafe {
        for (kind, new) in [
            (pickler, (b"dump".as_slice(), &DUMP, dump as *mut c_void)),
            (unpickler, (b"load".as_slice(), &LOAD, load as *mut c_void)),
        ] {
            if let Some(table) = callers::methods(&interface, kind as Object) {
                tasks::replace(table, &[new]);
            }
        }
        for (function, new) in [
            (dumps, (b"dumps".as_slice(), &DUMPS, self::dumps as *mut c_void)),
            (loads, (b"loads".as_slice(), &LOADS, self::loads as *mut c_void)),
        ] {
            tasks::replace(*(function as Object).byte_add(16 + interface.longer).cast::<Object>(), &[new]);
        }
    }
}

macro_rules! timed {
    ($($name:ident = $before:ident;)*) => { $(
        unsafe extern "C" fn $name(own: Object, a: Object, b: Object, c: Object, d: Object) -> Object {
            // SAFETY: what was there before has this type, but for arguments that it does not look at.
            let real = unsafe { core::mem::transmute::<*mut c_void, Function>($before.load(Ordering::Relaxed)) };
            // SAFETY: the caller's own arguments.
            lane::pickling(|| unsafe { real(own, a, b, c, d) })
        }
    )* };
}

timed! {
    dump = DUMP;
    load = LOAD;
    dumps = DUMPS;
    loads = LOADS;
}
