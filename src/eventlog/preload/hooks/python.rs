//! The Python that may be in this process: its GILs, and what its start-up file has to say. That calls `putenv` with one
//! variable, which never reaches the environment.
//!
//! `posix.putenv` keeps the GIL and makes no system call, so telling a name changes nothing that is measured.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;

use super::real::real;
use super::{callers, environment, lane, pickles, pools, stands, tasks};
use crate::gil::Gils;
use crate::layout::wait_object::of_descriptor;
use crate::layout::{Word, tag};
use crate::sys;
use crate::told::Told;

/// The GILs of this process.
pub static GILS: Gils = Gils::new();

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// Whether this process is a Python; notes whether it is a free-threaded build.
pub fn is_here() -> bool {
    // SAFETY: `dlsym` with the default handle (null) and a NUL-terminated name.
    let exists = |name: &CStr| !unsafe { dlsym(null_mut(), name.as_ptr()) }.is_null();
    let python = exists(c"Py_IsInitialized");
    if python && exists(c"PyUnstable_Module_SetGIL") {
        GILS.free_threaded_build(); // no other build has this function
    }
    python
}

const MARK: &CStr = c"CONCUR_TUTOR_MARK";
/// By this pytest-xdist tells a worker its name.
const XDIST_WORKER: &CStr = c"PYTEST_XDIST_WORKER";
/// `PR_SET_NAME`.
const SET_NAME: c_int = 15;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn setenv(name: *const c_char, value: *const c_char, overwrite: c_int) -> c_int {
    let real = real!(setenv as fn(*const c_char, *const c_char, c_int) -> c_int);
    // SAFETY: the caller's own strings, NUL-terminated where they are not null.
    unsafe {
        if !name.is_null() && !value.is_null() && CStr::from_ptr(name) == MARK && !environment::log_path().is_null() {
            if let Some(told) = Told::parse(CStr::from_ptr(value).to_bytes()) {
                act(told);
            }
            return 0;
        }
        if !name.is_null() && !value.is_null() && CStr::from_ptr(name) == XDIST_WORKER {
            lane::name(tag::PROCESS_NAME, 0, CStr::from_ptr(value).to_bytes());
        }
        real(name, value, overwrite)
    }
}

/// A process or a thread gives itself a title, as `setproctitle` does: that is its name, and the kernel keeps 15 bytes of it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn prctl(option: c_int, second: usize, third: usize, fourth: usize, fifth: usize) -> c_int {
    let real = real!(prctl as fn(c_int, usize, usize, usize, usize) -> c_int);
    // SAFETY: the caller's own arguments: the kernel takes no more, and a title is NUL-terminated.
    unsafe {
        let result = real(option, second, third, fourth, fifth);
        if option == SET_NAME && result == 0 {
            let tag = if sys::is_main_thread() { tag::PROCESS_NAME } else { tag::THREAD_NAME };
            lane::name(tag, 0, CStr::from_ptr(second as *const c_char).to_bytes());
        }
        result
    }
}

fn act(told: Told) {
    match told {
        Told::Thread { tid, name } => lane::name(tag::THREAD_NAME, tid, name),
        Told::Process(name) => lane::name(tag::PROCESS_NAME, 0, name),
        Told::Helper => lane::mark(Word::of(tag::KIND), 1),
        Told::ProgramStart => lane::mark(Word::of(tag::PROGRAM_START), 0),
        Told::ProgramEnd => lane::mark(Word::of(tag::PROGRAM_END), 0),
        Told::GilOn => {
            if let Some(moved) = GILS.turned_on() {
                lane::gil_moved(moved);
            }
        }
        Told::Locks(kind) => callers::tell_locks(kind),
        Told::OwnedLocks(kind) => callers::tell_owned_locks(kind),
        Told::Library(folder) => stands::tell_library(folder),
        Told::Pickles(addresses) => pickles::tell(addresses),
        Told::Handles(kind) => callers::tell_joins(kind),
        Told::WorkQueue(queue) => pools::gets_work_from(queue),
        Told::WorkPipe { fd, lock } => lane::gets_work_by([of_descriptor(fd), lock]),
        Told::PythonStarted => {
            environment::python_has_started();
            tasks::start();
        }
    }
}
