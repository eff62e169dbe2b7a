//! What the library knows of libc's interface, written down by hand: it is compiled without libc's bindings. The tests hold
//! it against them.

use core::ffi::{c_int, c_long, c_short};

pub const CLOCK_MONOTONIC: c_int = 1;
pub const EINTR: c_int = 4;
pub const SIGINT: c_int = 2;
pub const SIGQUIT: c_int = 3;
pub const SIGCHLD: c_int = 17;
pub const SIG_BLOCK: c_int = 0;
pub const SIG_SETMASK: c_int = 2;
pub const SIG_IGN: usize = 1;
pub const SPAWN_SETSIGDEF: c_short = 4;
pub const SPAWN_SETSIGMASK: c_short = 8;
pub const WNOHANG: c_int = 1;

/// `struct timespec`.
#[repr(C)]
pub struct Timespec {
    pub seconds: i64,
    pub nanos: c_long,
}

/// `sigset_t`.
pub type Signals = [u64; 16];

/// `struct sigaction`, of which only the handler is looked at.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    pub handler: usize,
    pub rest: [u64; 18],
}

/// `posix_spawnattr_t`, and room to spare.
#[repr(C, align(16))]
pub struct Attributes(pub [u8; 512]);

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::offset_of;

    #[test]
    fn numbers_are_libcs() {
        assert_eq!((CLOCK_MONOTONIC, EINTR, WNOHANG), (libc::CLOCK_MONOTONIC, libc::EINTR, libc::WNOHANG));
        assert_eq!((SIGINT, SIGQUIT, SIGCHLD), (libc::SIGINT, libc::SIGQUIT, libc::SIGCHLD));
        assert_eq!((SIG_BLOCK, SIG_SETMASK, SIG_IGN), (libc::SIG_BLOCK, libc::SIG_SETMASK, libc::SIG_IGN));
        let spawn = [libc::POSIX_SPAWN_SETSIGDEF, libc::POSIX_SPAWN_SETSIGMASK];
        assert_eq!([SPAWN_SETSIGDEF, SPAWN_SETSIGMASK].map(c_int::from), spawn.map(c_int::from));
    }

    #[test]
    fn structures_lie_as_libcs_do() {
        assert_eq!(size_of::<Timespec>(), size_of::<libc::timespec>());
        assert_eq!(offset_of!(Timespec, nanos), offset_of!(libc::timespec, tv_nsec));
        assert_eq!(size_of::<Signals>(), size_of::<libc::sigset_t>());
        assert_eq!(size_of::<Action>(), size_of::<libc::sigaction>());
        assert_eq!(offset_of!(Action, handler), offset_of!(libc::sigaction, sa_sigaction));
        assert!(size_of::<Attributes>() >= size_of::<libc::posix_spawnattr_t>());
        assert!(align_of::<Attributes>() >= align_of::<libc::posix_spawnattr_t>());
    }
}
