//! Keeps the tutor's variables out of the program's sight.
//!
//! When the library is loaded it remembers the tutor's variables and takes them out of the environment, so that the program
//! sees what it would see alone; a user's own `LD_PRELOAD` and `PYTHONPATH` stay. Python itself must still find the
//! start-up file by `PYTHONPATH`, so there the start-up file hides that entry. [`super::exec`] puts all back for descendants.

use core::cell::UnsafeCell;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null;

use super::python::GILS;

/// The log's path.
const LOG: &[u8] = b"CONCUR_TUTOR_LOG=";
/// The start-up file's entry in `PYTHONPATH`.
const STARTUP: &[u8] = b"CONCUR_TUTOR_STARTUP=";
/// By which the tutor's guard knows a run's processes.
const RUN: &[u8] = b"CONCUR_TUTOR_RUN=";
const PRELOAD: &[u8] = b"LD_PRELOAD=";
const PYTHONPATH: &[u8] = b"PYTHONPATH=";

/// Room for a path that the tutor chose: `/proc/PID/fd/N`, or one in a temporary directory.
const PATH_ROOM: usize = 256;

/// `NAME=VALUE`, ending in NUL; empty where the variable was not set.
struct Variable(UnsafeCell<[u8; PATH_ROOM]>);

// SAFETY: written only by `take`, before the program's first thread can start another.
unsafe impl Sync for Variable {}

impl Variable {
    const fn empty() -> Variable {
        Variable(UnsafeCell::new([0; PATH_ROOM]))
    }

    fn set(&self, parts: [&[u8]; 2]) {
        let length = parts[0].len() + parts[1].len();
        if length < PATH_ROOM {
            // SAFETY: only `take` calls this; see `Sync`.
            let room = unsafe { &mut *self.0.get() };
            room[..parts[0].len()].copy_from_slice(parts[0]);
            room[parts[0].len()..length].copy_from_slice(parts[1]);
            room[length] = 0;
        }
    }

    /// The variable, if it is set.
    fn get(&self) -> Option<&'static CStr> {
        // SAFETY: `set` leaves a NUL in it, nobody writes any more, and it is a static's.
        let text = unsafe { CStr::from_ptr(self.0.get().cast_const().cast::<c_char>()) };
        (!text.is_empty()).then_some(text)
    }

    fn value(&self, name: &[u8]) -> Option<&'static CStr> {
        let text = self.get()?.to_bytes_with_nul();
        CStr::from_bytes_with_nul(&text[name.len()..]).ok()
    }
}

static TAKEN_LOG: Variable = Variable::empty();
static TAKEN_STARTUP: Variable = Variable::empty();
static TAKEN_RUN: Variable = Variable::empty();
/// This library's own entry.
static TAKEN_PRELOAD: Variable = Variable::empty();

unsafe extern "C" {
    static mut environ: *mut *mut c_char;
    fn dladdr(address: *const c_void, info: *mut DlInfo) -> c_int;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

#[repr(C)]
struct DlInfo {
    path: *const c_char,
    base: *const c_void,
    symbol: *const c_char,
    address: *const c_void,
}

/// The environment as the program sees it.
pub fn current() -> *const *const c_char {
    // SAFETY: libc's variable; reading it is as safe as any `execv` is.
    unsafe { environ.cast_const().cast() }
}

/// The log's path; null where there is none.
pub fn log_path() -> *const c_char {
    TAKEN_LOG.value(LOG).map_or(null(), CStr::as_ptr)
}

/// Remembers the tutor's variables and takes them out. Runs once, before the program's own code.
pub fn take() {
    let Some(own) = own_path() else { return };
    TAKEN_PRELOAD.set([PRELOAD, own]);
    // SAFETY: `dlsym` with the default handle (null) and a NUL-terminated name.
    let exists = |name: &CStr| !unsafe { dlsym(core::ptr::null_mut(), name.as_ptr()) }.is_null();
    let python = exists(c"Py_IsInitialized");
    if python && exists(c"PyUnstable_Module_SetGIL") {
        GILS.free_threaded_build(); // no other build has this function
    }
    // SAFETY: `environ` is a null-terminated array of strings on the new program's stack, which is ours to change
    // until other threads exist; entries are only moved down or replaced by their own tails.
    unsafe {
        if environ.is_null() {
            return;
        }
        let mut startup: &[u8] = &[];
        let mut to = environ;
        let mut from = environ;
        while !(*from).is_null() {
            let entry = CStr::from_ptr(*from).to_bytes();
            let keep = if let Some(path) = entry.strip_prefix(LOG) {
                TAKEN_LOG.set([LOG, path]);
                false
            } else if let Some(path) = entry.strip_prefix(STARTUP) {
                startup = path;
                TAKEN_STARTUP.set([STARTUP, path]);
                false
            } else if let Some(run) = entry.strip_prefix(RUN) {
                TAKEN_RUN.set([RUN, run]);
                false
            } else {
                true
            };
            if keep {
                *to = *from;
                to = to.add(1);
            }
            from = from.add(1);
        }
        *to = core::ptr::null_mut();
        hide_entry(PRELOAD, own);
        if !python && !startup.is_empty() {
            hide_entry(PYTHONPATH, startup);
        }
    }
}

/// Python has found its start-up file: the entry that led there goes out of sight too. Descendants get it back.
pub fn python_has_started() {
    if let Some(startup) = TAKEN_STARTUP.value(STARTUP) {
        // SAFETY: this runs before the program's own code, so no other thread reads or changes the environment.
        unsafe { hide_entry(PYTHONPATH, startup.to_bytes()) };
    }
}

/// Takes `entry` out of the front of the list that the variable holds, or the variable out where that is all it holds.
unsafe fn hide_entry(name: &[u8], entry: &[u8]) {
    // SAFETY: as in `take`, the only caller.
    unsafe {
        let mut at = environ;
        while !(*at).is_null() {
            let text = CStr::from_ptr(*at).to_bytes();
            if let Some(rest) = text.strip_prefix(name).and_then(|value| value.strip_prefix(entry)) {
                if rest.is_empty() {
                    while !(*at).is_null() {
                        *at = *at.add(1);
                        at = at.add(1);
                    }
                } else if matches!(rest[0], b':' | b' ') {
                    // The name moves up to stand before the rest of the value; the string's start moves with it.
                    let shift = entry.len() + 1;
                    let start = (*at).cast::<u8>();
                    core::ptr::copy(start, start.add(shift), name.len());
                    *at = start.add(shift).cast();
                }
                return;
            }
            at = at.add(1);
        }
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

/// How many variables an environment may have for descendants to be observed: no memory is asked for before an `exec`.
const MOST: usize = 1000;
/// Room for the two variables that are put together.
const ROOM: usize = 8192;

/// An environment with the tutor's variables put back, on the caller's stack.
pub struct Restored {
    entries: [*const c_char; MOST + 8],
    count: usize,
    room: [u8; ROOM],
    used: usize,
}

impl Restored {
    pub const fn new() -> Restored {
        Restored { entries: [null(); MOST + 8], count: 0, room: [0; ROOM], used: 0 }
    }

    /// `given` with the tutor's variables, or `given` itself where they are unknown, already there or do not fit.
    ///
    /// # Safety
    /// `given` must be null or a null-terminated array of strings.
    pub unsafe fn from(&mut self, given: *const *const c_char) -> *const *const c_char {
        let (Some(log), Some(preload)) = (TAKEN_LOG.get(), TAKEN_PRELOAD.get()) else { return given };
        let startup = TAKEN_STARTUP.value(STARTUP).map(CStr::to_bytes);
        let (mut has_preload, mut has_pythonpath) = (false, startup.is_none());
        let mut at = given;
        // SAFETY: the caller vouches for the array and its strings.
        unsafe {
            while !at.is_null() && !(*at).is_null() {
                let entry = CStr::from_ptr(*at).to_bytes();
                if self.count == MOST || entry.starts_with(LOG) {
                    return given; // the latter is another tutor's run inside this one: it is theirs to observe
                }
                let mut text = *at;
                if let Some(value) = entry.strip_prefix(PRELOAD) {
                    has_preload = true;
                    text = self.joined(PRELOAD, &preload.to_bytes()[PRELOAD.len()..], value).unwrap_or(text);
                } else if let (Some(value), Some(startup)) = (entry.strip_prefix(PYTHONPATH), startup) {
                    has_pythonpath = true;
                    text = self.joined(PYTHONPATH, startup, value).unwrap_or(text);
                }
                self.push(text);
                at = at.add(1);
            }
        }
        if !has_preload {
            self.push(preload.as_ptr());
        }
        if let (false, Some(startup)) = (has_pythonpath, startup)
            && let Some(text) = self.joined(PYTHONPATH, startup, &[])
        {
            self.push(text);
        }
        for variable in [TAKEN_STARTUP.get(), TAKEN_RUN.get(), Some(log)].into_iter().flatten() {
            self.push(variable.as_ptr());
        }
        self.entries.as_ptr()
    }

    fn push(&mut self, entry: *const c_char) {
        self.entries[self.count] = entry;
        self.count += 1;
    }

    /// `NAME=ours:value`, unless the value starts with ours already; `None` where that is so or there is no room.
    fn joined(&mut self, name: &[u8], ours: &[u8], value: &[u8]) -> Option<*const c_char> {
        let colon: &[u8] = if value.is_empty() { b"" } else { b":" };
        let length: usize = name.len() + ours.len() + colon.len() + value.len() + 1;
        if self.used + length > ROOM || value.strip_prefix(ours).is_some_and(|r| matches!(r.first(), None | Some(b':')))
        {
            return None;
        }
        let start = self.used;
        for part in [name, ours, colon, value, b"\0"] {
            self.room[self.used..self.used + part.len()].copy_from_slice(part);
            self.used += part.len();
        }
        Some(self.room[start..].as_ptr().cast())
    }
}
