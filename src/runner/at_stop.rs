//! What the threads of a run wait for when it is about to be stopped, as the kernel knows it: with or without a time limit, and at
//! what kind of descriptor.

use crate::clock::Nanos;
#[cfg(target_os = "linux")]
use crate::probe::stuck::waits_forever;
use crate::trace::locks::Standing;
use crate::trace::stop::{AtStop, Seen};
use crate::trace::{Pid, WaitKind, WaitObject};
use std::collections::BTreeSet;

/// Looks at threads that stand so.
pub(super) fn look(now: Nanos, standings: &[Standing]) -> AtStop {
    let sockets = unnamed_sockets();
    let seen = |standing: &Standing| {
        let (since, wait) = standing.wait?;
        let within = match (wait.kind, wait.object) {
            (WaitKind::Io, WaitObject::Descriptor(fd)) => leads_within(standing.pid, fd, &sockets),
            _ => false,
        };
        Some(Seen { pid: standing.pid, tid: standing.tid, since, forever: is_forever(standing), within })
    };
    AtStop { at: now, seen: standings.iter().filter_map(seen).collect() }
}

#[cfg(target_os = "linux")]
fn is_forever(standing: &Standing) -> bool {
    waits_forever(standing.pid, standing.tid).is_some()
}

#[cfg(not(target_os = "linux"))]
const fn is_forever(_: &Standing) -> bool {
    false
}

/// Whether a descriptor leads to a process that shares it by birth: a pipe or one of a pair of sockets, but no standard stream,
/// which somebody else has given it.
fn leads_within(pid: Pid, fd: i32, sockets: &BTreeSet<u64>) -> bool {
    let Ok(target) = std::fs::read_link(format!("/proc/{pid}/fd/{fd}")) else { return false };
    let target = target.to_string_lossy();
    let socket = || target.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok();
    fd > 2 && (target.starts_with("pipe:[") || socket().is_some_and(|inode: u64| sockets.contains(&inode)))
}

/// The sockets of this machine alone that have no name, by their inodes.
fn unnamed_sockets() -> BTreeSet<u64> {
    let text = std::fs::read_to_string("/proc/net/unix").unwrap_or_default();
    let inode = |line: &str| {
        let mut fields = line.split_ascii_whitespace().skip(6);
        let inode = fields.next()?.parse().ok()?;
        fields.next().is_none().then_some(inode)
    };
    text.lines().skip(1).filter_map(inode).collect()
}
