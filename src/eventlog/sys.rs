//! The few system calls that writing to the log takes, declared by hand: the preloaded library is compiled without
//! any dependency. Linux only.

use core::ffi::{c_char, c_int, c_long, c_void};

const O_RDWR: c_int = 2;
const O_CLOEXEC: c_int = 0o2_000_000;
const PROT_READ_WRITE: c_int = 3;
const MAP_SHARED: c_int = 1;
const MADV_POPULATE_WRITE: c_int = 23;

unsafe extern "C" {
    fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    fn close(fd: c_int) -> c_int;
    fn mmap(at: *mut c_void, length: usize, protect: c_int, flags: c_int, fd: c_int, offset: i64) -> *mut c_void;
    fn munmap(at: *mut c_void, length: usize) -> c_int;
    fn madvise(at: *mut c_void, length: usize, advice: c_int) -> c_int;
    fn __errno_location() -> *mut c_int;
    fn getpid() -> c_int;
    fn syscall(number: c_long, ...) -> c_long;
}

#[cfg(target_arch = "x86_64")]
const SYS_GETTID: c_long = 186;
#[cfg(not(target_arch = "x86_64"))]
const SYS_GETTID: c_long = 178; // the number in the table that all newer architectures share

/// The process and the calling thread, packed as a lane's owner.
#[must_use]
pub fn me() -> u64 {
    // SAFETY: neither call takes a pointer or can fail.
    let (pid, tid) = unsafe { (getpid(), syscall(SYS_GETTID)) };
    (u64::from(pid.unsigned_abs()) << 32) | (tid.unsigned_abs() & 0xffff_ffff)
}

/// Whether the calling thread is its process's first.
#[must_use]
#[allow(dead_code, clippy::allow_attributes, reason = "the preloaded library alone asks")]
pub fn is_main_thread() -> bool {
    let me = me();
    me >> 32 == me & 0xffff_ffff
}

/// Maps `length` bytes of the file at `path` from `offset` on, shared. `None` where the system refuses.
///
/// # Safety
/// `path` must point to a NUL-terminated string.
#[must_use]
pub unsafe fn map(path: *const c_char, offset: u64, length: u64) -> Option<*mut u8> {
    let (offset, length) = (i64::try_from(offset).ok()?, usize::try_from(length).ok()?);
    // SAFETY: the caller vouches for `path`; the kernel chooses the place, so nothing that exists is overwritten.
    let at = unsafe {
        let fd = open(path, O_RDWR | O_CLOEXEC);
        if fd < 0 {
            return None;
        }
        let at = mmap(core::ptr::null_mut(), length, PROT_READ_WRITE, MAP_SHARED, fd, offset);
        close(fd);
        at
    };
    (at as isize != -1).then_some(at.cast())
}

/// Gives back what [`map`] gave.
///
/// # Safety
/// `at` must come from [`map`] with this `length`, and nothing may use it afterwards.
pub unsafe fn unmap(at: *mut u8, length: u64) {
    if let Ok(length) = usize::try_from(length) {
        // SAFETY: the caller vouches that this is a whole mapping and that it is no longer used.
        unsafe { munmap(at.cast(), length) };
    }
}

/// Has the system put memory behind a part of a mapping now (Linux 5.14 and later; before, it comes page by page as it is
/// written). Leaves `errno` as it was: whoever is in the midst of a call looks at it.
///
/// # Safety
/// The part must be page-aligned and lie in one mapping that [`map`] gave.
pub unsafe fn populate(at: *mut u8, length: u64) {
    let Ok(length) = usize::try_from(length) else { return };
    // SAFETY: the caller vouches for the place, and what lies in it is not changed; errno's place is the thread's own.
    unsafe {
        let errno = *__errno_location();
        madvise(at.cast(), length, MADV_POPULATE_WRITE);
        *__errno_location() = errno;
    }
}
