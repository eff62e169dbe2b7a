//! The preloaded library: marks in the event log what the threads of a program under observation wait for, and which of
//! them holds the GIL, without the program's help.
//!
//! A crate of the workspace, for its checks and tests; `build.rs` compiles it once more, as the shared library that is
//! embedded in the tutor. `LD_PRELOAD` brings it into the observed program and all its descendants. It wraps libc's
//! blocking calls, recognises CPython's GIL ([`gil`]), and keeps itself out of the program's sight. What it must never do:
//! change what a call does or its `errno`, use the program's allocator, lock, print or panic. In a Python it also sees the steps
//! of asyncio's tasks. It shares the log's layout and the writer with
//! the tutor, and needs `core` and libc alone: the standard library would bring its own needs into every observed process.
//!
//! What touches the process is in `hooks/`, and what can be decided without it is beside that folder: in the unit tests,
//! which have the standard library, nothing is hooked.

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

mod abi;
mod arguments;
mod asked;
mod entries;
mod gil;
mod interrupts;
#[cfg_attr(test, expect(dead_code, reason = "what the tests do not need"))]
mod known;
mod locks;
mod options;
#[cfg_attr(test, expect(dead_code, reason = "what the tests do not need"))]
mod orders;
#[cfg(test)]
mod packed;
mod pool;
mod restored;
mod taken;
mod text;
mod ticks;
mod told;

#[cfg(not(test))]
mod hooks;

#[cfg(test)]
mod tests {
    use std::ffi::CStr;
    use std::path::Path;

    #[test]
    fn the_tests_themselves_are_not_hooked() {
        let wrapped = [libc::pthread_mutex_lock as *const (), libc::setenv as *const (), libc::execve as *const ()];
        for function in wrapped {
            // SAFETY: `found` is a valid place for the answer; the path lives as long as libc is loaded.
            let path = unsafe {
                let mut found = std::mem::zeroed::<libc::Dl_info>();
                assert_ne!(libc::dladdr(function.cast(), &raw mut found), 0);
                CStr::from_ptr(found.dli_fname)
            };
            let file = Path::new(path.to_str().expect("UTF-8")).file_name().expect("a file").to_owned();
            assert!(file.to_string_lossy().starts_with("libc.so"), "{}", file.display());
        }
    }
}
