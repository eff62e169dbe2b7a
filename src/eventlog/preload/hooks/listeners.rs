//! Which sockets wait for whoever connects: who waits for one of them waits for nothing that the program has asked for.

use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicU64, Ordering};

use super::lane;
use crate::layout::wait_object;

/// Descriptors below this are known.
const MOST: usize = 1024;
/// `SOL_SOCKET` and `SO_ACCEPTCONN`.
const SOCKET: c_int = 1;
const ACCEPTS: c_int = 30;

/// Those that once listened, by their bits: the number may be another thing's by now.
static ONCE: [AtomicU64; MOST / 64] = [const { AtomicU64::new(0) }; MOST / 64];

unsafe extern "C" {
    fn getsockopt(fd: c_int, level: c_int, name: c_int, value: *mut c_void, length: *mut u32) -> c_int;
}

/// A socket is about to listen.
pub fn add(fd: c_int) {
    if let Some((word, bit)) = place(fd) {
        word.fetch_or(bit, Ordering::Relaxed);
    }
}

/// Whether what is waited for is such a socket.
#[inline]
pub fn is_one(object: u64) -> bool {
    let Some(fd) = wait_object::descriptor(object) else { return false };
    let once = place(fd).is_some_and(|(word, bit)| word.load(Ordering::Relaxed) & bit != 0);
    once && listens(fd)
}

fn place(fd: c_int) -> Option<(&'static AtomicU64, u64)> {
    let fd = usize::try_from(fd).ok().filter(|fd| *fd < MOST)?;
    Some((&ONCE[fd / 64], 1 << (fd % 64)))
}

/// Whether it listens now; `errno` stays as it is.
fn listens(fd: c_int) -> bool {
    let (mut value, mut length): (c_int, u32) = (0, 4);
    // SAFETY: both are places for the answers, of the length that is told; errno's place is the thread's own.
    unsafe {
        let errno = *lane::__errno_location();
        let failed = getsockopt(fd, SOCKET, ACCEPTS, (&raw mut value).cast(), &raw mut length) != 0;
        *lane::__errno_location() = errno;
        !failed && value != 0
    }
}
