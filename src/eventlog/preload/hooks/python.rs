//! The Python that may be in this process: its GILs, and what its start-up file has to say. That calls `putenv` with one
//! variable, which never reaches the environment.
//!
//! `posix.putenv` keeps the GIL and makes no system call, so telling a name changes nothing that is measured.

use core::ffi::{CStr, c_char, c_int};

use super::real::real;
use super::{environment, lane};
use crate::gil::Gils;
use crate::layout::{Word, tag};

/// The GILs of this process.
pub static GILS: Gils = Gils::new();

const MARK: &CStr = c"CONCUR_TUTOR_MARK";

#[unsafe(no_mangle)]
pub unsafe extern "C" fn setenv(name: *const c_char, value: *const c_char, overwrite: c_int) -> c_int {
    let real = real!(setenv as fn(*const c_char, *const c_char, c_int) -> c_int);
    // SAFETY: the caller's own strings, NUL-terminated where they are not null.
    unsafe {
        if !name.is_null() && !value.is_null() && CStr::from_ptr(name) == MARK && !environment::log_path().is_null() {
            tell(CStr::from_ptr(value).to_bytes());
            return 0;
        }
        real(name, value, overwrite)
    }
}

fn tell(what: &[u8]) {
    match what {
        [b'T', name @ ..] => {
            let digits = name.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let add = |tid: u32, digit: &u8| tid.wrapping_mul(10).wrapping_add(u32::from(digit - b'0'));
            let tid = name[..digits].iter().fold(0, add);
            lane::name(tag::THREAD_NAME, tid, name.get(digits + 1..).unwrap_or_default());
        }
        [b'P', name @ ..] => lane::name(tag::PROCESS_NAME, 0, name),
        b"H" => lane::mark(Word::of(tag::KIND), 1),
        b"S" => lane::mark(Word::of(tag::PROGRAM_START), 0),
        b"E" => lane::mark(Word::of(tag::PROGRAM_END), 0),
        b"G" => {
            if let Some(moved) = GILS.turned_on() {
                lane::gil_moved(moved);
            }
        }
        b"X" => environment::python_has_started(),
        _ => {}
    }
}
