//! What a thread waits in, by `/proc/PID/task/TID/syscall` or, where the kernel lacks that, by `wchan`.

use crate::trace::{Call, Wait, WaitKind, WaitObject};
use std::ops::Range;

/// The system call that a thread is in, with its first argument. `None` while it runs or is stopped elsewhere.
#[must_use]
pub fn parse(text: &[u8]) -> Option<(i64, u64)> {
    // 202 0x7f2c5c000b70 0x189 0x0 0x7ffd9c3f5c30 0x0 0xffffffff 0x7ffd9c3f5bf0 0x7f2c5e2a1117
    let text = std::str::from_utf8(text).ok()?;
    let mut fields = text.split_ascii_whitespace();
    let number = fields.next()?.parse().ok().filter(|n| *n >= 0)?;
    let first = u64::from_str_radix(fields.next()?.strip_prefix("0x")?, 16).ok()?;
    Some((number, first))
}

/// The wait that a system call means; `gil` is where CPython keeps the GIL.
#[must_use]
pub fn wait(number: i64, first: u64, gil: Option<&Range<u64>>) -> Option<Wait> {
    let call = call(number)?;
    let (kind, object) = match call {
        Call::Futex if gil.is_some_and(|gil| gil.contains(&first)) => (WaitKind::Gil, WaitObject::Gil(first)),
        Call::Futex => (WaitKind::Lock, WaitObject::Lock(first)),
        Call::Nanosleep | Call::ClockNanosleep => (WaitKind::Sleep, WaitObject::Nothing),
        // On no files at all: how `time.sleep` waits up to CPython 3.10.
        Call::Select | Call::Pselect if first == 0 => (WaitKind::Sleep, WaitObject::Nothing),
        // The first argument is a count, a pointer or a process.
        Call::Select | Call::Pselect | Call::Poll | Call::Ppoll | Call::Wait4 | Call::Waitid => {
            (WaitKind::Io, WaitObject::Nothing)
        }
        _ => (WaitKind::Io, WaitObject::Descriptor(descriptor(first))),
    };
    Some(Wait { kind, call, object })
}

/// The descriptor in a register, of which the kernel reads the lower half.
#[expect(clippy::cast_possible_truncation, reason = "the upper half is not part of the number")]
const fn descriptor(register: u64) -> i32 {
    (register as u32).cast_signed()
}

/// The wait that the kernel's own name of the place means: less exact, as it does not tell the GIL from a lock.
#[must_use]
pub fn place(wchan: &[u8]) -> Option<Wait> {
    let name = std::str::from_utf8(wchan).ok()?;
    let (kind, call) = PLACES.iter().find(|(part, ..)| name.contains(part)).map(|(_, kind, call)| (*kind, *call))?;
    Some(Wait { kind, call, object: WaitObject::Nothing })
}

const PLACES: [(&str, WaitKind, Call); 10] = [
    ("futex", WaitKind::Lock, Call::Futex),
    ("nanosleep", WaitKind::Sleep, Call::ClockNanosleep),
    ("ep_poll", WaitKind::Io, Call::EpollWait),
    ("do_select", WaitKind::Io, Call::Select),
    ("poll_schedule", WaitKind::Io, Call::Poll),
    ("do_sys_poll", WaitKind::Io, Call::Poll),
    ("pipe_read", WaitKind::Io, Call::Read),
    ("pipe_write", WaitKind::Io, Call::Write),
    ("do_wait", WaitKind::Io, Call::Wait4),
    ("skb_wait_for_more_packets", WaitKind::Io, Call::Recvfrom),
];

fn call(number: i64) -> Option<Call> {
    COMMON.iter().chain(OLD).find(|(known, _)| i64::from(*known) == number).map(|(_, call)| *call)
}

/// A system call's number has the width of a C `long`; they are all small.
#[expect(clippy::cast_possible_truncation, reason = "system call numbers are below 1000")]
const fn n(number: libc::c_long) -> i32 {
    number as i32
}

/// System calls that every architecture has.
const COMMON: &[(i32, Call)] = &[
    (n(libc::SYS_futex), Call::Futex),
    (n(libc::SYS_nanosleep), Call::Nanosleep),
    (n(libc::SYS_clock_nanosleep), Call::ClockNanosleep),
    (n(libc::SYS_pselect6), Call::Pselect),
    (n(libc::SYS_ppoll), Call::Ppoll),
    (n(libc::SYS_epoll_pwait), Call::EpollPwait),
    (n(libc::SYS_read), Call::Read),
    (n(libc::SYS_write), Call::Write),
    (n(libc::SYS_readv), Call::Readv),
    (n(libc::SYS_writev), Call::Writev),
    (n(libc::SYS_pread64), Call::Pread),
    (n(libc::SYS_pwrite64), Call::Pwrite),
    (n(libc::SYS_recvfrom), Call::Recvfrom),
    (n(libc::SYS_recvmsg), Call::Recvmsg),
    (n(libc::SYS_sendto), Call::Sendto),
    (n(libc::SYS_sendmsg), Call::Sendmsg),
    (n(libc::SYS_connect), Call::Connect),
    (n(libc::SYS_accept), Call::Accept),
    (n(libc::SYS_accept4), Call::Accept4),
    (n(libc::SYS_wait4), Call::Wait4),
    (n(libc::SYS_waitid), Call::Waitid),
    (n(libc::SYS_fsync), Call::Fsync),
    (n(libc::SYS_flock), Call::Flock),
];

/// System calls that only older architectures have.
#[cfg(target_arch = "x86_64")]
const OLD: &[(i32, Call)] =
    &[(n(libc::SYS_select), Call::Select), (n(libc::SYS_poll), Call::Poll), (n(libc::SYS_epoll_wait), Call::EpollWait)];
#[cfg(not(target_arch = "x86_64"))]
const OLD: &[(i32, Call)] = &[];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_syscall_is_a_number_and_its_arguments() {
        assert_eq!(parse(b"202 0x7f2c5c000b70 0x189 0x0 0x1 0x0 0xff 0x7f 0x7f\n"), Some((202, 0x7f2c_5c00_0b70)));
        assert_eq!(parse(b"running\n"), None);
        assert_eq!(parse(b"-1 0x7ffd 0x7f2c\n"), None);
        assert_eq!(parse(b"7\n"), None);
    }

    #[test]
    fn a_futex_is_the_gil_only_inside_the_runtime() {
        let gil = 0x1000..0x2000;
        let of = |first, gil| wait(libc::SYS_futex, first, gil).map(|w| (w.kind, w.object));
        assert_eq!(of(0x1800, Some(&gil)), Some((WaitKind::Gil, WaitObject::Gil(0x1800))));
        assert_eq!(of(0x2000, Some(&gil)), Some((WaitKind::Lock, WaitObject::Lock(0x2000))));
        assert_eq!(of(0x1800, None), Some((WaitKind::Lock, WaitObject::Lock(0x1800))));
    }

    #[test]
    fn other_calls_are_input_output_or_sleep() {
        let of = |number| wait(number, 5, None).map(|w| (w.kind, w.object));
        assert_eq!(of(libc::SYS_recvfrom), Some((WaitKind::Io, WaitObject::Descriptor(5))));
        assert_eq!(of(libc::SYS_wait4), Some((WaitKind::Io, WaitObject::Nothing)));
        assert_eq!(of(libc::SYS_clock_nanosleep), Some((WaitKind::Sleep, WaitObject::Nothing)));
        assert_eq!(of(libc::SYS_pselect6), Some((WaitKind::Io, WaitObject::Nothing)));
        assert_eq!(wait(libc::SYS_pselect6, 0, None).map(|w| w.kind), Some(WaitKind::Sleep));
        assert_eq!(of(libc::SYS_sched_yield), None);
    }

    #[test]
    fn a_descriptor_is_the_lower_half_of_its_register() {
        let of = |first| wait(libc::SYS_read, first, None).map(|w| w.object);
        assert_eq!(of(0), Some(WaitObject::Descriptor(0)), "0 is one, not nothing");
        assert_eq!(of(0xffff_ffff), Some(WaitObject::Descriptor(-1)));
        assert_eq!(of(u64::MAX), Some(WaitObject::Descriptor(-1)));
    }

    #[test]
    fn places_in_the_kernel_have_names() {
        assert_eq!(place(b"futex_wait_queue").map(|w| w.kind), Some(WaitKind::Lock));
        assert_eq!(place(b"hrtimer_nanosleep").map(|w| w.kind), Some(WaitKind::Sleep));
        assert_eq!(place(b"0"), None);
    }
}
