//! The preloaded library: marks in the event log what the threads of a program under observation wait for, and which of
//! them holds the GIL, without the program's help.
//!
//! A crate of the workspace, for its checks and tests; `build.rs` compiles it once more, as the shared library that is
//! embedded in the tutor. `LD_PRELOAD` brings it into the observed program and all its descendants. It wraps libc's
//! blocking calls ([`waits`]), recognises CPython's GIL ([`gil`]), and keeps itself out of the program's sight
//! ([`environment`], [`exec`]). What it must never do: change what a call does or its `errno`, allocate, lock, print or
//! panic. It shares the log's layout and the writer with the tutor, and needs `core` and libc alone: the standard library
//! would bring its own needs into every observed process.
//!
//! Its unit tests have the standard library, and the wrappers are in force in them: they stand in the test's executable,
//! before libc's. There is no log, so they must be as if they were not there.

#![cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
#![cfg_attr(not(test), no_std)]

#[expect(dead_code, reason = "the tutor reads what this side writes")]
#[path = "../../trace/call.rs"]
mod call;
#[expect(dead_code, reason = "the tutor reads what this side writes")]
#[path = "../layout.rs"]
mod layout;
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_ptr_alignment,
    reason = "lane numbers and ring indexes are below LANES and CAPACITY; mappings are page-aligned"
)]
#[cfg_attr(test, expect(dead_code, reason = "a helper of the tutor's own tests"))]
#[path = "../producer.rs"]
mod producer;
#[path = "../sys.rs"]
mod sys;

mod environment;
mod exec;
mod gil;
mod lane;
mod python;
mod real;
mod shell;
mod waits;

use core::ffi::c_char;

#[link(name = "c")]
unsafe extern "C" {
    fn abort() -> !;
}

/// Nothing here panics on purpose, and there is nobody to tell.
#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    // SAFETY: always allowed.
    unsafe { abort() }
}

/// Runs when the library is loaded, before the program's own code.
extern "C" fn start() {
    environment::take();
    lane::start();
    exec::start();
}

#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;

/// The log's path, for a native program that writes marks of its own; null where there is no log.
#[unsafe(no_mangle)]
pub extern "C" fn concur_tutor_log_path() -> *const c_char {
    environment::log_path()
}
