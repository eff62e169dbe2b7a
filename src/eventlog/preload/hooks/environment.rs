//! Keeps the tutor's variables out of the program's sight.
//!
//! When the library is loaded it remembers the tutor's variables and takes them out of the environment, so that the program
//! sees what it would see alone; a user's own `LD_PRELOAD` stays. A Python that starts is told of the start-up file where it
//! asks for `PYTHONPATH`, which itself is left as it is; one that does not ask (`-I`, `-E`) sees nothing of it.
//! [`super::exec`] puts all back for descendants.

use core::cell::UnsafeCell;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicBool, Ordering};

use super::python;
use super::real::real;
use crate::entries::Entries;
use crate::options::no_site;
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

/// Remembers the tutor's variables and takes them out. Runs once, before the program's own code, with its command line.
pub fn take(words: &[*const c_char]) {
    let Some(own) = own_path() else { return };
    // SAFETY: the environment is on the new program's stack, and ours to change until other threads exist; nobody has
    // asked for what was taken yet. The words are strings.
    unsafe {
        if !environ.is_null() {
            (*TAKEN.0.get()).take(&mut Entries::new(environ), own);
        }
        let words = words.iter().skip(1).map(|word| CStr::from_ptr(*word).to_bytes());
        let awaited = taken().startup.get().is_some() && python::is_here() && !no_site(words);
        STARTUP_AWAITED.store(awaited, Ordering::Relaxed);
    }
}

/// Whether this is a Python that has not found its start-up file yet, and will look for it.
static STARTUP_AWAITED: AtomicBool = AtomicBool::new(false);

/// Python has found its start-up file: from now on `PYTHONPATH` is the program's own again.
pub fn python_has_started() {
    STARTUP_AWAITED.store(false, Ordering::Relaxed);
}

const PYTHONPATH: &CStr = c"PYTHONPATH";

/// Room for what a starting Python is told.
const ROOM: usize = 1 << 16;

struct Path(UnsafeCell<[u8; ROOM]>);

// SAFETY: written only by the thread that starts Python, before there are others.
unsafe impl Sync for Path {}

static PATH: Path = Path(UnsafeCell::new([0; ROOM]));

/// What a starting Python is told of `PYTHONPATH`: the start-up file, then `theirs`. Null where there is no room for both.
fn with_startup(theirs: &[u8]) -> *mut c_char {
    // SAFETY: only the thread that starts Python comes here; each time it writes the same.
    let room = unsafe { &mut *PATH.0.get() };
    let separator: &[u8] = if theirs.is_empty() { b"" } else { b":" };
    let mut used = 0;
    for part in [taken().startup.bytes(), separator, theirs, b"\0"] {
        let Some(place) = room.get_mut(used..used + part.len()) else { return null_mut() };
        place.copy_from_slice(part);
        used += part.len();
    }
    room.as_mut_ptr().cast()
}

/// The library may be asked before it has started, by the start of another; `dlsym` asks nobody.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getenv(name: *const c_char) -> *mut c_char {
    let real = real!(getenv as fn(*const c_char) -> *mut c_char);
    // SAFETY: the caller's own name, NUL-terminated; what libc answers is a string or null.
    unsafe {
        let theirs = real(name);
        if !STARTUP_AWAITED.load(Ordering::Relaxed) || CStr::from_ptr(name) != PYTHONPATH {
            return theirs;
        }
        let text = if theirs.is_null() { &[][..] } else { CStr::from_ptr(theirs).to_bytes() };
        let told = with_startup(text);
        if told.is_null() { theirs } else { told }
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
