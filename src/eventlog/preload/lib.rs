//! The preloaded library: marks in the event log what the threads of a program under observation wait for, and which of
//! them holds the GIL, without the program's help.
//!
//! A crate of its own, compiled by `build.rs` and embedded in the tutor. `LD_PRELOAD` brings it into the observed program
//! and all its descendants. It wraps libc's blocking calls ([`waits`]), recognises CPython's GIL ([`gil`]), and keeps itself
//! out of the program's sight ([`environment`], [`exec`]). What it must never do: change what a call does or its `errno`,
//! allocate, lock, print or panic. It shares the log's layout and the writer with the tutor, and needs `core` and libc alone:
//! the standard library would bring its own needs into every observed process.

#![no_std]
// What the tutor's side of the shared files needs and this side does not.
#![allow(dead_code, reason = "the shared files serve two crates")]

#[path = "../../trace/call.rs"]
mod call;
#[path = "../layout.rs"]
mod layout;
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
