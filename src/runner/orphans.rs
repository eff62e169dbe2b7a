//! What a run leaves behind is found among the tutor's own children: it adopts what has lost its parent, and no program can
//! take that back, whatever it does to its environment.

use crate::runtime::marker::VARIABLE as MARKER;
use crate::trace::Pid;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many runs go on in this process.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// A run that goes on, as long as this lives: the process that it goes on in.
#[derive(Debug)]
pub(super) struct GoesOn(Pid);

impl GoesOn {
    pub(super) fn begin() -> GoesOn {
        RUNS.fetch_add(1, Ordering::AcqRel);
        GoesOn(std::process::id())
    }

    /// What the tutor has adopted, with all that descends from it: of this run, where no other goes on. Several tell theirs
    /// apart by their marks alone.
    pub(super) fn adopted(&self) -> Vec<Pid> {
        if RUNS.load(Ordering::Acquire) == 1 { adopted_by(self.0) } else { Vec::new() }
    }
}

impl Drop for GoesOn {
    fn drop(&mut self) {
        RUNS.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What this process has adopted, zombies left out, with all that descends from it.
pub(super) fn adopted() -> Vec<Pid> {
    adopted_by(std::process::id())
}

fn adopted_by(here: Pid) -> Vec<Pid> {
    let processes = living();
    // What the tutor starts for itself stays in its group, or carries a mark; a run has a group of its own.
    let Some(own) = processes.get(&here).map(|process| process.group) else { return Vec::new() };
    let is_ours = |pid: &Pid, process: &Process| process.group == own || runs_the_tutor(*pid) || is_marked(*pid);
    let adopted = processes.iter().filter(|(pid, process)| process.parent == here && !is_ours(pid, process));
    let mut found: Vec<Pid> = adopted.map(|(pid, _)| *pid).collect();
    let mut next = 0;
    while next < found.len() {
        let parent = found[next];
        next += 1;
        found.extend(processes.iter().filter(|(_, process)| process.parent == parent).map(|(pid, _)| *pid));
    }
    found
}

/// A living process, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Process {
    parent: Pid,
    group: Pid,
}

/// All that live.
fn living() -> HashMap<Pid, Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return HashMap::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<Pid>().ok());
    pids.filter_map(|pid| Some((pid, process(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?))).collect()
}

/// The process in a line of `/proc/PID/stat`; `None` for one that has ended.
fn process(stat: &str) -> Option<Process> {
    // A name in brackets may hold anything.
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_whitespace();
    let state = fields.next()?;
    let (parent, group) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    (state != "Z" && state != "X").then_some(Process { parent, group })
}

/// The tutor's guard, and what else it is for itself.
fn runs_the_tutor(pid: Pid) -> bool {
    let own = std::fs::read_link("/proc/self/exe");
    own.is_ok() && own.ok() == std::fs::read_link(format!("/proc/{pid}/exe")).ok()
}

/// Whether it carries a mark, by which it is found, or left to what else goes on, without this.
fn is_marked(pid: Pid) -> bool {
    let name = format!("{MARKER}=");
    std::fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|environ| environ.split(|byte| *byte == 0).any(|entry| entry.starts_with(name.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_has_ended_is_not_there() {
        assert_eq!(process("7 (a) b) c) S 5 6 7 0"), Some(Process { parent: 5, group: 6 }));
        assert_eq!(process("7 (sh) Z 5 7 7 0"), None);
        assert_eq!(process("7"), None);
    }

    #[test]
    fn the_living_know_their_parents() {
        let own = living().get(&std::process::id()).copied();
        assert_eq!(own.map(|process| process.parent), Some(std::os::unix::process::parent_id()));
    }
}
