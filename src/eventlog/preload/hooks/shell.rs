//! `system`, which starts its shell inside libc, where the wrappers of [`super::exec`] do not reach: done here as
//! POSIX and glibc do it, with an environment that brings the tutor's variables along. `popen` and the `execl` family
//! are left alone; Python uses neither.

use core::cell::UnsafeCell;
use core::ffi::{c_char, c_int, c_short, c_void};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicBool, Ordering};

use super::environment;
use super::lane::__errno_location;
use super::real::real;
use super::waits::waitpid;
use crate::abi::{
    Action, Attributes, EINTR, SIG_BLOCK, SIG_SETMASK, SIGCHLD, SPAWN_SETSIGDEF, SPAWN_SETSIGMASK, Signals,
};
use crate::interrupts::{self, Before, Interrupts};

/// What a shell that could not be started would have returned, as a wait status.
const EXIT_127: c_int = 127 << 8;

unsafe extern "C" {
    fn sigemptyset(set: *mut Signals) -> c_int;
    fn sigaddset(set: *mut Signals, signal: c_int) -> c_int;
    fn pthread_sigmask(how: c_int, set: *const Signals, old: *mut Signals) -> c_int;
    fn sigaction(signal: c_int, new: *const Action, old: *mut Action) -> c_int;
    fn sched_yield() -> c_int;
    fn posix_spawnattr_init(attributes: *mut Attributes) -> c_int;
    fn posix_spawnattr_destroy(attributes: *mut Attributes) -> c_int;
    fn posix_spawnattr_setflags(attributes: *mut Attributes, flags: c_short) -> c_int;
    fn posix_spawnattr_setsigmask(attributes: *mut Attributes, set: *const Signals) -> c_int;
    fn posix_spawnattr_setsigdefault(attributes: *mut Attributes, set: *const Signals) -> c_int;
}

struct Guarded(UnsafeCell<Interrupts>);

// SAFETY: only touched between taking and giving back LOCK.
unsafe impl Sync for Guarded {}

static INTERRUPTS: Guarded = Guarded(UnsafeCell::new(Interrupts::new()));
static LOCK: AtomicBool = AtomicBool::new(false);

/// Runs `act` with what is shared among the threads inside `system`; a few instructions long.
fn locked<T>(act: impl FnOnce(&mut Interrupts) -> T) -> T {
    while LOCK.swap(true, Ordering::Acquire) {
        // SAFETY: always allowed.
        unsafe { sched_yield() };
    }
    // SAFETY: LOCK is held.
    let result = act(unsafe { &mut *INTERRUPTS.0.get() });
    LOCK.store(false, Ordering::Release);
    result
}

/// Sets what a signal does; returns what it did.
fn set(signal: c_int, action: Action) -> Action {
    let mut before = action;
    // SAFETY: valid places for the new and the old action.
    unsafe { sigaction(signal, &raw const action, &raw mut before) };
    before
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn system(command: *const c_char) -> c_int {
    if command.is_null() || environment::log_path().is_null() {
        let real = real!(system as fn(*const c_char) -> c_int);
        // SAFETY: the caller's own argument.
        return unsafe { real(command) };
    }
    // SAFETY: all pointers are to this frame's own values, initialised by the calls that take them first.
    unsafe {
        let (mut child_signal, mut mask) = ([0; 16], [0; 16]);
        sigemptyset(&raw mut child_signal);
        sigaddset(&raw mut child_signal, SIGCHLD);
        let before = locked(|interrupts| interrupts.enter(set));
        pthread_sigmask(SIG_BLOCK, &raw const child_signal, &raw mut mask);
        let result = run(command, &before, &mask);
        locked(|interrupts| interrupts.leave(set));
        pthread_sigmask(SIG_SETMASK, &raw const mask, null_mut());
        result
    }
}

/// Starts the shell with the caller's signals and waits for it.
unsafe fn run(command: *const c_char, before: &Before, mask: &Signals) -> c_int {
    let mut attributes = Attributes([0; 512]);
    let mut defaults: Signals = [0; 16];
    let args = [c"sh".as_ptr(), c"-c".as_ptr(), command, null()];
    let mut pid = 0;
    // SAFETY: as in `system`; the arguments and the environment outlive the call.
    unsafe {
        sigemptyset(&raw mut defaults);
        for signal in interrupts::defaults(before) {
            sigaddset(&raw mut defaults, signal);
        }
        posix_spawnattr_init(&raw mut attributes);
        posix_spawnattr_setsigmask(&raw mut attributes, mask);
        posix_spawnattr_setsigdefault(&raw mut attributes, &raw const defaults);
        posix_spawnattr_setflags(&raw mut attributes, SPAWN_SETSIGDEF | SPAWN_SETSIGMASK);
        // What `exec` exports adds the tutor's variables.
        let (shell, attributes_at) = (c"/bin/sh".as_ptr(), (&raw const attributes).cast::<c_void>());
        let error =
            super::exec::posix_spawn(&raw mut pid, shell, null(), attributes_at, args.as_ptr(), environment::current());
        posix_spawnattr_destroy(&raw mut attributes);
        if error != 0 {
            *__errno_location() = error;
            return EXIT_127;
        }
        let mut status: c_int = 0;
        while waitpid(pid, (&raw mut status).cast(), 0) < 0 {
            if *__errno_location() != EINTR {
                return -1;
            }
        }
        status
    }
}
