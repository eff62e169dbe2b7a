//! The wrapped calls: each real call, with a mark of what the thread waits for while it cannot return.
//!
//! A call that is known not to block (no timeout, a free mutex, a count above zero) goes straight through. To wrap
//! another call, add it to a table below, and to the table of calls in the trace where it has no number yet.

use core::ffi::{c_char, c_int, c_uint};

use super::python::GILS;
use super::real::real;
use super::{lane, listeners};
use crate::arguments::{Pointer, Time, first_word_is_zero, is_zero, killed_by, lowest, no_sets, only, only_looks};
use crate::call::Call;
use crate::layout::wait_object::{NOTHING, of_descriptor};
use crate::layout::{Word, tag, wait_kind};
use crate::locks::Lock;

#[inline]
fn io<T>(call: Call, object: u64, real: impl FnOnce() -> T) -> T {
    let call = match object {
        STDIN if reads_terminal() => Call::Terminal,
        _ if listeners::is_one(object) => Call::Accept,
        _ => call,
    };
    lane::waiting(Word::wait(wait_kind::IO, call as u8), object, real)
}

/// The word of the standard input.
const STDIN: u64 = of_descriptor(0);

/// Whether the standard input is a terminal just now; `errno` stays as it is.
fn reads_terminal() -> bool {
    // SAFETY: it asks the kernel, and errno's place is the thread's own.
    unsafe {
        let errno = *lane::__errno_location();
        let is = isatty(0) == 1;
        *lane::__errno_location() = errno;
        is
    }
}

unsafe extern "C" {
    fn isatty(fd: c_int) -> c_int;
    fn fileno(stream: Pointer) -> c_int;
}

/// From here on a socket waits for whoever connects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn listen(fd: c_int, backlog: c_int) -> c_int {
    let real = real!(listen as fn(c_int, c_int) -> c_int);
    listeners::add(fd);
    // SAFETY: the caller's own arguments, handed on as they came.
    unsafe { real(fd, backlog) }
}

/// How `input()` reads a line from a terminal where there is no readline. Of another stream nothing is told: what is in its
/// buffer comes at once, and that is the rule.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fgets(to: Pointer, size: c_int, stream: Pointer) -> Pointer {
    let real = real!(fgets as fn(Pointer, c_int, Pointer) -> Pointer);
    // SAFETY: the caller's own arguments, handed on as they came.
    unsafe {
        if fileno(stream) == 0 { io(Call::Read, STDIN, || real(to, size, stream)) } else { real(to, size, stream) }
    }
}

#[inline]
fn sleep_in<T>(call: Call, real: impl FnOnce() -> T) -> T {
    lane::waiting(Word::wait(wait_kind::SLEEP, call as u8), NOTHING, real)
}

#[inline]
fn lock<T>(call: Call, object: usize, real: impl FnOnce() -> T) -> T {
    lane::waiting(Word::wait(wait_kind::LOCK, call as u8), object as u64, real)
}

/// A wait for the GIL if there is one, else for the lock at `object`.
#[inline]
fn gil_or_lock<T>(gil: Option<usize>, call: Call, object: usize, real: impl FnOnce() -> T) -> T {
    match gil {
        Some(gil) => lane::waiting(Word::wait(wait_kind::GIL, call as u8), gil as u64, real),
        None => lock(call, object, real),
    }
}

/// Calls on a descriptor: their first argument is what is waited for.
macro_rules! descriptor_calls {
    ($($name:ident($($arg:ident: $type:ty),*) -> $ret:ty = $call:ident;)*) => { $(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int, $($arg: $type),*) -> $ret {
            let real = real!($name as fn(c_int, $($type),*) -> $ret);
            // SAFETY: the caller's own arguments, handed on as they came.
            let real = || unsafe { real(fd, $($arg),*) };
            io(Call::$call, of_descriptor(fd), real)
        }
    )* };
}

/// A message of a `multiprocessing` pipe begins with its length.
const LENGTH: usize = 4;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, to: Pointer, size: usize) -> isize {
    let real = real!(read as fn(c_int, Pointer, usize) -> isize);
    let object = of_descriptor(fd);
    // SAFETY: the caller's own arguments, handed on as they came.
    let result = io(Call::Read, object, || unsafe { real(fd, to, size) });
    if size == LENGTH && result.cast_unsigned() == LENGTH {
        // SAFETY: the call has written as many bytes there.
        let length = u32::from_be_bytes(unsafe { to.cast::<[u8; LENGTH]>().read_unaligned() });
        lane::took_message(object, length as usize == LENGTH);
    }
    result
}

descriptor_calls! {
    __read_chk(to: Pointer, size: usize, room: usize) -> isize = Read;
    readv(parts: Pointer, count: c_int) -> isize = Readv;
    pread(to: Pointer, size: usize, at: i64) -> isize = Pread;
    pread64(to: Pointer, size: usize, at: i64) -> isize = Pread;
    __pread_chk(to: Pointer, size: usize, at: i64, room: usize) -> isize = Pread;
    __pread64_chk(to: Pointer, size: usize, at: i64, room: usize) -> isize = Pread;
    write(from: Pointer, size: usize) -> isize = Write;
    writev(parts: Pointer, count: c_int) -> isize = Writev;
    pwrite(from: Pointer, size: usize, at: i64) -> isize = Pwrite;
    pwrite64(from: Pointer, size: usize, at: i64) -> isize = Pwrite;
    recv(to: Pointer, size: usize, flags: c_int) -> isize = Recv;
    __recv_chk(to: Pointer, size: usize, room: usize, flags: c_int) -> isize = Recv;
    recvfrom(to: Pointer, size: usize, flags: c_int, peer: Pointer, length: Pointer) -> isize = Recvfrom;
    __recvfrom_chk(to: Pointer, size: usize, room: usize, flags: c_int, peer: Pointer, length: Pointer) -> isize = Recvfrom;
    recvmsg(message: Pointer, flags: c_int) -> isize = Recvmsg;
    send(from: Pointer, size: usize, flags: c_int) -> isize = Send;
    sendto(from: Pointer, size: usize, flags: c_int, peer: Pointer, length: c_uint) -> isize = Sendto;
    sendmsg(message: Pointer, flags: c_int) -> isize = Sendmsg;
    sendfile(from: c_int, at: Pointer, size: usize) -> isize = Sendfile;
    sendfile64(from: c_int, at: Pointer, size: usize) -> isize = Sendfile;
    connect(peer: Pointer, length: c_uint) -> c_int = Connect;
    accept(peer: Pointer, length: Pointer) -> c_int = Accept;
    accept4(peer: Pointer, length: Pointer, flags: c_int) -> c_int = Accept4;
    fsync() -> c_int = Fsync;
    fdatasync() -> c_int = Fsync;
    flock(operation: c_int) -> c_int = Flock;
}

/// Calls that sleep.
macro_rules! sleeps {
    ($($name:ident($($arg:ident: $type:ty),*) -> $ret:ty = $call:ident;)*) => { $(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $type),*) -> $ret {
            let real = real!($name as fn($($type),*) -> $ret);
            // SAFETY: the caller's own arguments, handed on as they came.
            sleep_in(Call::$call, || unsafe { real($($arg),*) })
        }
    )* };
}

sleeps! {
    nanosleep(request: Pointer, remaining: Pointer) -> c_int = Nanosleep;
    clock_nanosleep(clock: c_int, flags: c_int, request: Pointer, remaining: Pointer) -> c_int = ClockNanosleep;
    usleep(micros: c_uint) -> c_int = Usleep;
    sleep(seconds: c_uint) -> c_uint = Sleep;
}

/// Calls that wait for one of several descriptors: `none` says that there is none to wait for, so it is a sleep; `object` is the
/// only one, `instant` says that the timeout is zero.
macro_rules! selections {
    ($($name:ident($($arg:ident: $type:ty),*) = $call:ident, none $none:expr, object $object:expr, instant $instant:expr;)*) => { $(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $type),*) -> c_int {
            let real = real!($name as fn($($type),*) -> c_int);
            // SAFETY: the caller's own arguments, handed on as they came.
            let real = || unsafe { real($($arg),*) };
            if $instant {
                real()
            } else if $none {
                sleep_in(Call::$call, real)
            } else {
                io(Call::$call, $object, real)
            }
        }
    )* };
}

selections! {
    select(count: c_int, r: Pointer, w: Pointer, x: Pointer, time: Time) = Select,
        none no_sets(count, [r, w, x]), object lowest(count), instant is_zero(time);
    pselect(count: c_int, r: Pointer, w: Pointer, x: Pointer, time: Time, mask: Pointer) = Pselect,
        none no_sets(count, [r, w, x]), object lowest(count), instant is_zero(time);
    poll(fds: *const c_int, count: usize, millis: c_int) = Poll,
        none count == 0, object only(fds, count), instant millis == 0;
    __poll_chk(fds: *const c_int, count: usize, millis: c_int, room: usize) = Poll,
        none count == 0, object only(fds, count), instant millis == 0;
    ppoll(fds: *const c_int, count: usize, time: Time, mask: Pointer) = Ppoll,
        none count == 0, object only(fds, count), instant is_zero(time);
    __ppoll_chk(fds: *const c_int, count: usize, time: Time, mask: Pointer, room: usize) = Ppoll,
        none count == 0, object only(fds, count), instant is_zero(time);
    epoll_wait(fd: c_int, events: Pointer, most: c_int, millis: c_int) = EpollWait,
        none false, object of_descriptor(fd), instant millis == 0;
    epoll_pwait(fd: c_int, events: Pointer, most: c_int, millis: c_int, mask: Pointer) = EpollPwait,
        none false, object of_descriptor(fd), instant millis == 0;
    epoll_pwait2(fd: c_int, events: Pointer, most: c_int, time: Time, mask: Pointer) = EpollPwait,
        none false, object of_descriptor(fd), instant is_zero(time);
}

/// Calls that wait for a child to end: what ended it is told where that was a signal.
macro_rules! child_calls {
    ($($name:ident($($arg:ident: $type:ty),*) = $call:ident, status $status:expr, instant $instant:expr;)*) => { $(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $type),*) -> c_int {
            let real = real!($name as fn($($type),*) -> c_int);
            // SAFETY: the caller's own arguments, handed on as they came.
            let real = || unsafe { real($($arg),*) };
            let ended = if $instant { real() } else { io(Call::$call, NOTHING, real) };
            if let Some(signal) = (ended > 0).then(|| killed_by($status)).flatten() {
                lane::mark(Word { call: signal, ..Word::of(tag::KILLED) }, u64::from(ended.cast_unsigned()));
            }
            ended
        }
    )* };
}

child_calls! {
    wait(status: Pointer) = Waitpid, status status, instant false;
    waitpid(pid: c_int, status: Pointer, options: c_int) = Waitpid, status status, instant only_looks(options);
    wait3(status: Pointer, options: c_int, usage: Pointer) = Wait4, status status, instant only_looks(options);
    wait4(pid: c_int, status: Pointer, options: c_int, usage: Pointer) = Wait4, status status, instant only_looks(options);
}

/// Other calls that wait for something outside: a child, a signal, a name server.
macro_rules! outside_calls {
    ($($name:ident($($arg:ident: $type:ty),*) -> $ret:ty = $call:ident, instant $instant:expr;)*) => { $(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $type),*) -> $ret {
            let real = real!($name as fn($($type),*) -> $ret);
            // SAFETY: the caller's own arguments, handed on as they came.
            let real = || unsafe { real($($arg),*) };
            if $instant { real() } else { io(Call::$call, NOTHING, real) }
        }
    )* };
}

outside_calls! {
    waitid(kind: c_int, id: c_uint, info: Pointer, options: c_int) -> c_int = Waitid, instant only_looks(options);
    sigwait(set: Pointer, signal: Pointer) -> c_int = Sigwait, instant false;
    sigwaitinfo(set: Pointer, info: Pointer) -> c_int = Sigwait, instant false;
    sigtimedwait(set: Pointer, info: Pointer, time: Pointer) -> c_int = Sigwait, instant false;
    getaddrinfo(node: *const c_char, service: *const c_char, hints: Pointer, found: Pointer) -> c_int = Getaddrinfo, instant false;
}

/// Waits on a semaphore.
macro_rules! semaphore_calls {
    ($($name:ident($($arg:ident: $type:ty),*) = $call:ident;)*) => { $(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(semaphore: Pointer, $($arg: $type),*) -> c_int {
            let real = real!($name as fn(Pointer, $($type),*) -> c_int);
            // SAFETY: the caller's own arguments, handed on as they came.
            let real = || unsafe { real(semaphore, $($arg),*) };
            // SAFETY: the program's own semaphore.
            let lock = unsafe { noted(semaphore) };
            let result = if first_word_is_zero(semaphore) {
                let word = Word::wait(wait_kind::LOCK, Call::$call as u8);
                lane::waiting_for_lock(word, semaphore as u64, lock, real)
            } else {
                real()
            };
            if let (0, Some(lock)) = (result, lock) {
                lane::takes(lock);
            }
            result
        }
    )* };
}

/// The lock that a semaphore is, where it is wanted who holds which.
#[inline]
unsafe fn noted<'l>(semaphore: Pointer) -> Option<&'l Lock> {
    // SAFETY: the caller vouches for the semaphore, which lives as long as the call.
    if lane::wants_objects() { unsafe { Lock::at(semaphore) } } else { None }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_trywait(semaphore: Pointer) -> c_int {
    let real = real!(sem_trywait as fn(Pointer) -> c_int);
    // SAFETY: the caller's own semaphore.
    unsafe {
        let result = real(semaphore);
        if let (0, Some(lock)) = (result, noted(semaphore)) {
            lane::takes(lock);
        }
        result
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_post(semaphore: Pointer) -> c_int {
    let real = real!(sem_post as fn(Pointer) -> c_int);
    // SAFETY: the caller's own semaphore. Once it is given it may be gone.
    unsafe {
        if let Some(lock) = noted(semaphore) {
            lane::gives(lock);
        }
        real(semaphore)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_init(semaphore: Pointer, shared: c_int, count: c_uint) -> c_int {
    let real = real!(sem_init as fn(Pointer, c_int, c_uint) -> c_int);
    // SAFETY: the caller's own arguments, of which nobody else uses the semaphore yet.
    unsafe {
        let result = real(semaphore, shared, count);
        if result == 0 && lane::wants_objects() {
            // One that several processes share lies at another address in each.
            Lock::initialised(semaphore, if shared == 0 { count } else { 0 });
        }
        result
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_destroy(semaphore: Pointer) -> c_int {
    let real = real!(sem_destroy as fn(Pointer) -> c_int);
    // SAFETY: the caller's own semaphore.
    unsafe {
        if let Some(lock) = noted(semaphore) {
            lane::gives(lock);
            lock.forget();
        }
        real(semaphore)
    }
}

semaphore_calls! {
    sem_wait() = SemWait;
    sem_timedwait(time: Pointer) = SemTimedwait;
    sem_clockwait(clock: c_int, time: Pointer) = SemClockwait;
}

/// Waits on a condition variable, which may be a GIL's.
macro_rules! condition_calls {
    ($($name:ident $(@ $version:literal)? ($($arg:ident: $type:ty),*) = $call:ident;)*) => { $(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(cond: Pointer, mutex: Pointer, $($arg: $type),*) -> c_int {
            let real = real!($name $(@ $version)? as fn(Pointer, Pointer, $($type),*) -> c_int);
            // SAFETY: the caller's own arguments, handed on as they came.
            let real = || unsafe { real(cond, mutex, $($arg),*) };
            gil_or_lock(GILS.of_cond(cond as usize), Call::$call, cond as usize, real)
        }
    )* };
}

condition_calls! {
    pthread_cond_wait @ "GLIBC_2.3.2" () = CondWait;
    pthread_cond_timedwait @ "GLIBC_2.3.2" (time: Pointer) = CondTimedwait;
    pthread_cond_clockwait(clock: c_int, time: Pointer) = CondClockwait;
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutex_lock(mutex: Pointer) -> c_int {
    let real = real!(pthread_mutex_lock as fn(Pointer) -> c_int);
    // SAFETY: the caller's own arguments, handed on as they came.
    let real = || unsafe { real(mutex) };
    if first_word_is_zero(mutex) {
        return real();
    }
    gil_or_lock(GILS.of_mutex(mutex as usize), Call::MutexLock, mutex as usize, real)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_join(thread: usize, result: Pointer) -> c_int {
    let real = real!(pthread_join as fn(usize, Pointer) -> c_int);
    // SAFETY: the caller's own arguments, handed on as they came.
    lock(Call::Join, thread, || unsafe { real(thread, result) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_cond_signal(cond: Pointer) -> c_int {
    if let Some(moved) = GILS.signalled(cond as usize) {
        lane::gil_moved(moved);
    }
    let real = real!(pthread_cond_signal @ "GLIBC_2.3.2" as fn(Pointer) -> c_int);
    // SAFETY: the caller's own arguments, handed on as they came.
    unsafe { real(cond) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_cond_init(cond: Pointer, attributes: Pointer) -> c_int {
    GILS.cond_initialised(cond as usize);
    let real = real!(pthread_cond_init @ "GLIBC_2.3.2" as fn(Pointer, Pointer) -> c_int);
    // SAFETY: the caller's own arguments, handed on as they came.
    unsafe { real(cond, attributes) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_cond_destroy(cond: Pointer) -> c_int {
    GILS.destroyed(cond as usize);
    let real = real!(pthread_cond_destroy @ "GLIBC_2.3.2" as fn(Pointer) -> c_int);
    // SAFETY: the caller's own arguments, handed on as they came.
    unsafe { real(cond) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutex_init(mutex: Pointer, attributes: Pointer) -> c_int {
    GILS.mutex_initialised(mutex as usize);
    let real = real!(pthread_mutex_init as fn(Pointer, Pointer) -> c_int);
    // SAFETY: the caller's own arguments, handed on as they came.
    unsafe { real(mutex, attributes) }
}
