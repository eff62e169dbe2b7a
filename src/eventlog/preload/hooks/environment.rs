//! Keeps the tutor's variables out of the program's sight.
//!
//! When the library is loaded it remembers the tutor's variables and takes them out of the environment, so that the program
//! sees what it would see alone; a user's own `LD_PRELOAD` and `PYTHONPATH` stay. Python itself must still find the
//! start-up file by `PYTHONPATH`, so there the start-up file hides that entry. [`super::exec`] puts all back for descendants.

use core::cell::UnsafeCell;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null;

use super::python;
use crate::entries::Entries;
use crate::restored::Restored;
use crate::taken::Taken;

/// `F_OK`.
const EXISTS: c_int = 0;

struct Global(UnsafeCell<Taken>);

// SAFETY: written only by `take`, before the program's first thread can start another.
unsafe impl Sync for Global {}

static TAKEN: Global = Global(UnsafeCell::new(Taken::nothing()));

unsafe extern "C" {
    static mut environ: *mut *mut c_char;
    fn access(path: *const c_char, mode: c_int) -> c_int;
    fn dladdr(address: *const c_void, info: *mut DlInfo) -> c_int;
}

#[repr(C)]
struct DlInfo {
    path: *const c_char,
    base: *const c_void,
    symbol: *const c_char,
    address: *const c_void,
}

/// What was taken.
fn taken() -> &'static Taken {
    // SAFETY: only `take` writes, and it has returned before anything here is called.
    unsafe { &*TAKEN.0.get() }
}

/// The environment as the program sees it.
pub fn current() -> *const *const c_char {
    // SAFETY: libc's variable; reading it is as safe as any `execv` is.
    unsafe { environ.cast_const().cast() }
}

/// The log's path; null where there is none.
pub fn log_path() -> *const c_char {
    taken().log.value().map_or(null(), CStr::as_ptr)
}

/// Remembers the tutor's variables and takes them out. Runs once, before the program's own code.
pub fn take() {
    let Some(own) = own_path() else { return };
    let python = python::is_here();
    // SAFETY: the environment is on the new program's stack, and ours to change until other threads exist; nobody has
    // asked for what was taken yet.
    unsafe {
        if !environ.is_null() {
            (*TAKEN.0.get()).take(&mut Entries::new(environ), own, python);
        }
    }
}

/// Python has found its start-up file: the entry that led there goes out of sight too. Descendants get it back.
pub fn python_has_started() {
    // SAFETY: this runs before the program's own code, so no other thread reads or changes the environment.
    unsafe {
        if !environ.is_null() {
            taken().python_has_started(&mut Entries::new(environ));
        }
    }
}

/// `given` with the tutor's variables, in `room`; without them where the tutor is gone, or out of reach: the loader would
/// complain of a library that it cannot open.
///
/// # Safety
/// `given` must be null or a null-terminated array of strings.
pub unsafe fn restored(room: &mut Restored, given: *const *const c_char) -> *const *const c_char {
    // SAFETY: the caller vouches for `given`; the path is a string.
    unsafe {
        let reached = log_path();
        let there = !reached.is_null() && access(reached, EXISTS) == 0;
        if there { room.from(taken(), given) } else { given }
    }
}

/// The path that this library was loaded by.
fn own_path() -> Option<&'static [u8]> {
    let mut info = DlInfo { path: null(), base: null(), symbol: null(), address: null() };
    // SAFETY: `info` is a valid place for the answer; the path lives as long as the library is loaded.
    unsafe {
        let found = dladdr(own_path as *const c_void, &raw mut info) != 0 && !info.path.is_null();
        found.then(|| CStr::from_ptr(info.path).to_bytes())
    }
}
