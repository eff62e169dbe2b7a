//! The processor's counter, and whether the kernel tells its clock from that too: then it counts alike on all cores and never
//! stops, for which the kernel watches it.

/// How the counter stands.
#[cfg(target_arch = "x86_64")]
#[inline]
pub fn ticks() -> u64 {
    // SAFETY: every processor of this architecture has it, and a kernel that forbids it does not tell its clock from it.
    unsafe { core::arch::x86_64::_rdtsc() }
}

/// Whether it may be used for the clock. Leaves `errno` as it comes.
#[cfg(target_arch = "x86_64")]
pub fn is_the_clocks() -> bool {
    use core::ffi::{c_char, c_int, c_long, c_void};
    unsafe extern "C" {
        fn open(path: *const c_char, flags: c_int, ...) -> c_int;
        fn syscall(number: c_long, ...) -> c_long;
    }
    const READ: c_long = 0;
    const CLOSE: c_long = 3;
    const O_CLOEXEC: c_int = 0o2_000_000;
    let path = c"/sys/devices/system/clocksource/clocksource0/current_clocksource";
    let mut text = [0u8; 8];
    // SAFETY: the path is NUL-terminated, `text` is a place for so many bytes. The library's own `read` is not called.
    unsafe {
        let fd = open(path.as_ptr(), O_CLOEXEC);
        if fd < 0 {
            return false;
        }
        syscall(READ, fd, text.as_mut_ptr().cast::<c_void>(), text.len());
        syscall(CLOSE, fd);
    }
    text.starts_with(b"tsc\n")
}

/// There is none that is known to be as good as the clock.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub fn ticks() -> u64 {
    0
}

/// As above.
#[cfg(not(target_arch = "x86_64"))]
pub fn is_the_clocks() -> bool {
    false
}
