//! All that touches the process: libc's functions that are wrapped, the environment, the calling thread's lane.
//!
//! Left out of the unit tests: their own process is not to be hooked. What can be decided without the process is decided
//! beside this folder, where it is tested; what is here is run by the tests that run programs.

mod callers;
mod capi;
mod counter;
mod environment;
mod exec;
mod floor;
mod lane;
mod listeners;
mod pickles;
mod place;
mod pools;
mod python;
mod real;
mod shell;
mod stands;
mod task_called;
mod task_futures;
mod task_loop;
mod task_names;
mod tasks;
mod waits;

use core::ffi::{c_char, c_int};

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

/// Runs when the library is loaded, before the program's own code; the loader passes what `main` will get.
extern "C" fn start(count: c_int, words: *const *const c_char, _: *const *const c_char) {
    let words = match usize::try_from(count) {
        // SAFETY: there are so many words.
        Ok(count) if !words.is_null() => unsafe { core::slice::from_raw_parts(words, count) },
        _ => &[],
    };
    environment::take(words);
    lane::start();
    exec::start();
}

#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn(c_int, *const *const c_char, *const *const c_char) = start;

/// The log's path, for a native program that writes marks of its own; null where there is no log.
#[unsafe(no_mangle)]
pub extern "C" fn concur_tutor_log_path() -> *const c_char {
    environment::log_path()
}
