//! Whether a thread waits without a time limit, as the kernel knows it: for the question whether a run is a deadlock.

use crate::trace::{Pid, Tid};

/// What a thread waits for, with no time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forever {
    /// For a lock, or what is made of one: only another thread can end it.
    Lock,
    /// For a child process to end.
    Child,
    /// For data, or for a place for it.
    Data,
}

/// What the thread waits for now, if it waits without a time limit. `None` where it runs, has a limit, or where the
/// kernel does not say (`/proc/PID/task/TID/syscall` needs the right to trace it).
#[must_use]
pub fn waits_forever(pid: Pid, tid: Tid) -> Option<Forever> {
    parse(&std::fs::read_to_string(format!("/proc/{pid}/task/{tid}/syscall")).ok()?)
}

/// Reads the number of the system call and its arguments.
fn parse(text: &str) -> Option<Forever> {
    let mut fields = text.split_ascii_whitespace();
    let number: i64 = fields.next()?.parse().ok()?;
    let arguments: Vec<u64> =
        fields.take(6).map_while(|f| u64::from_str_radix(f.strip_prefix("0x")?, 16).ok()).collect();
    let argument = |n: usize| arguments.get(n).copied();
    // A limit of -1 milliseconds is none; it is passed as a 32-bit number.
    let endless = |n: usize| argument(n).is_some_and(|limit| limit & 0xffff_ffff == 0xffff_ffff);
    match number {
        libc::SYS_futex => (argument(3)? == 0).then_some(Forever::Lock),
        libc::SYS_wait4 => (argument(2)? & 1 == 0).then_some(Forever::Child),
        libc::SYS_waitid => (argument(3)? & 1 == 0).then_some(Forever::Child),
        libc::SYS_ppoll => (argument(2)? == 0).then_some(Forever::Data),
        libc::SYS_pselect6 => (argument(4)? == 0).then_some(Forever::Data),
        libc::SYS_epoll_pwait => endless(3).then_some(Forever::Data),
        libc::SYS_read | libc::SYS_recvfrom | libc::SYS_recvmsg => Some(Forever::Data),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => endless(2).then_some(Forever::Data),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => endless(3).then_some(Forever::Data),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_select => (argument(4)? == 0).then_some(Forever::Data),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: i64, arguments: [u64; 6]) -> String {
        let arguments: Vec<String> = arguments.iter().map(|a| format!("{a:#x}")).collect();
        format!("{number} {} 0x7ffd00 0x7f2c00\n", arguments.join(" "))
    }

    #[test]
    fn a_wait_with_a_limit_is_not_for_ever() {
        assert_eq!(parse(&line(libc::SYS_futex, [1, 0x189, 0, 0, 0, 0xffff_ffff])), Some(Forever::Lock));
        assert_eq!(parse(&line(libc::SYS_futex, [1, 0x189, 0, 0x7ffd, 0, 0xffff_ffff])), None);
        assert_eq!(parse(&line(libc::SYS_wait4, [9, 0, 0, 0, 0, 0])), Some(Forever::Child));
        assert_eq!(parse(&line(libc::SYS_wait4, [9, 0, 1, 0, 0, 0])), None);
        assert_eq!(parse(&line(libc::SYS_ppoll, [1, 1, 0x7ffd, 0, 0, 0])), None);
        assert_eq!(parse("running\n"), None);
        assert_eq!(parse("-1 0x7ffd 0x7f2c\n"), None);
    }
}
