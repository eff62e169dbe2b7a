//! What a call's arguments say before it is made: whether it can wait, and for what. As the call itself, this reads the
//! program's memory.

use core::ffi::{c_int, c_long, c_void};
use core::sync::atomic::{AtomicU32, Ordering};

use crate::abi::WNOHANG;
use crate::layout::wait_object::{NOTHING, of_descriptor};

pub type Pointer = *mut c_void;

/// The leading words of `struct timeval` and `struct timespec`.
pub type Time = *const [c_long; 2];

/// Whether the first word at `object` is zero: glibc's mutex is then free, its semaphore has nothing to give.
#[inline]
pub fn first_word_is_zero(object: Pointer) -> bool {
    // SAFETY: the program passes a valid, aligned mutex or semaphore, whose first 32 bits are its atomic state.
    unsafe { &*object.cast::<AtomicU32>() }.load(Ordering::Relaxed) == 0
}

/// Whether the timeout is there and zero.
#[inline]
pub fn is_zero(time: Time) -> bool {
    // SAFETY: where it is not null, the program passes a valid timeout.
    !time.is_null() && unsafe { *time } == [0, 0]
}

/// The descriptor to wait for, if there is only one. A negative one is there to be left out.
#[inline]
pub fn only(fds: *const c_int, count: usize) -> u64 {
    if count != 1 || fds.is_null() {
        return NOTHING;
    }
    // SAFETY: the program passes `count` structures that each begin with a descriptor.
    let fd = unsafe { *fds };
    if fd < 0 { NOTHING } else { of_descriptor(fd) }
}

/// Whether `select` is given no descriptors to look at.
#[inline]
pub fn no_sets(count: c_int, sets: [Pointer; 3]) -> bool {
    count == 0 || sets.iter().all(|set| set.is_null())
}

/// What `select` is given to look at, where that can only be the first descriptor.
#[inline]
pub fn lowest(count: c_int) -> u64 {
    if count == 1 { of_descriptor(0) } else { NOTHING }
}

/// Whether a call that waits for a child only looks whether there is news of one.
#[inline]
pub fn only_looks(options: c_int) -> bool {
    options & WNOHANG != 0
}

/// The signal that ended a child, by the status that a call has written there: its lowest seven bits, all of which are set where
/// the child was stopped. The call has returned a child.
#[inline]
pub fn killed_by(status: Pointer) -> Option<u8> {
    if status.is_null() {
        return None;
    }
    // SAFETY: the program passes a place for the status, into which the call has written it.
    let [lowest, ..] = unsafe { status.cast::<c_int>().read() }.to_le_bytes();
    Some(lowest & 0x7f).filter(|signal| *signal != 0 && *signal != 0x7f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::wait_object::descriptor;
    use core::ptr::{null, null_mut, without_provenance_mut};

    #[test]
    fn a_status_tells_the_signal_that_ended_a_child() {
        let of = |status: c_int| killed_by((&raw const status).cast_mut().cast());
        assert_eq!([of(9), of(0x8b), of(0), of(3 << 8), of(0x137f)], [Some(9), Some(11), None, None, None]);
        assert_eq!(killed_by(null_mut()), None);
    }

    #[test]
    fn select_can_only_look_at_the_first_descriptor_where_it_looks_at_one() {
        assert_eq!([0, 1, 2].map(|count| descriptor(lowest(count))), [None, Some(0), None]);
    }

    #[test]
    fn a_mutex_begins_with_zero_while_nobody_has_it() {
        for kind in [libc::PTHREAD_MUTEX_NORMAL, libc::PTHREAD_MUTEX_RECURSIVE, libc::PTHREAD_MUTEX_ERRORCHECK] {
            let mut mutex = libc::PTHREAD_MUTEX_INITIALIZER;
            // SAFETY: the mutex and its attributes are this frame's own; it is initialised before it is used, and not moved.
            unsafe {
                let mut attributes = std::mem::zeroed();
                libc::pthread_mutexattr_init(&raw mut attributes);
                libc::pthread_mutexattr_settype(&raw mut attributes, kind);
                libc::pthread_mutex_init(&raw mut mutex, &raw const attributes);
                let free = || first_word_is_zero((&raw const mutex).cast_mut().cast());
                assert!(free());
                libc::pthread_mutex_lock((&raw const mutex).cast_mut());
                assert!(!free());
                libc::pthread_mutex_unlock((&raw const mutex).cast_mut());
                assert!(free());
            }
        }
    }

    #[test]
    fn a_semaphore_begins_with_zero_while_it_has_nothing_to_give() {
        // SAFETY: the semaphore is this frame's own, initialised before it is used, and not moved.
        unsafe {
            let mut semaphore = std::mem::zeroed::<libc::sem_t>();
            let at = &raw mut semaphore;
            libc::sem_init(at, 0, 2);
            for left in [1, 0] {
                assert!(!first_word_is_zero(at.cast()));
                libc::sem_wait(at);
                assert_eq!(first_word_is_zero(at.cast()), left == 0);
            }
            libc::sem_post(at);
            assert!(!first_word_is_zero(at.cast()));
        }
    }

    #[test]
    fn a_timeout_is_zero_if_all_of_it_is() {
        assert!(is_zero(&raw const *&[0, 0]));
        assert!(!is_zero(&raw const *&[1, 0]) && !is_zero(&raw const *&[0, 1]));
        assert!(!is_zero(null()), "without a timeout it waits for ever");
    }

    #[test]
    fn one_descriptor_is_told_and_several_are_not() {
        let fds = [5, 0, 6, 0];
        assert_eq!(descriptor(only(fds.as_ptr(), 1)), Some(5));
        assert_eq!(descriptor(only([0, 0].as_ptr(), 1)), Some(0));
        assert_eq!([only(fds.as_ptr(), 2), only(fds.as_ptr(), 0), only(null(), 1)], [NOTHING; 3]);
        assert_eq!(only([-1, 0].as_ptr(), 1), NOTHING);
    }

    #[test]
    fn select_without_sets_is_a_sleep() {
        let set: Pointer = without_provenance_mut(8);
        let none: Pointer = null_mut();
        assert!(no_sets(0, [set; 3]) && no_sets(9, [none; 3]));
        assert!([[set, none, none], [none, set, none], [none, none, set]].iter().all(|sets| !no_sets(9, *sets)));
    }

    #[test]
    fn who_only_looks_for_a_child_does_not_wait() {
        assert!(only_looks(libc::WNOHANG) && only_looks(libc::WNOHANG | libc::WUNTRACED));
        assert!(!only_looks(0) && !only_looks(libc::WUNTRACED) && !only_looks(libc::WEXITED));
    }
}
