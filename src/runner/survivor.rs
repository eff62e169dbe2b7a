//! Processes that a script of the learner's own leaves behind: they live on, as they would alone.

use super::child::Child;
use super::guard;
use crate::trace::Pid;
use std::os::fd::{AsFd, OwnedFd};
use std::process::Stdio;

/// The most characters that are shown of a command.
const LONGEST: usize = 60;
/// How many are named in a sentence.
const NAMED: usize = 3;

/// A process that outlives the script that started it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Survivor {
    /// Its process id.
    pub pid: Pid,
    /// What it runs, with blanks between the words; empty where the system does not tell.
    pub command: String,
}

impl Survivor {
    /// The process of this id.
    pub(super) fn of(pid: Pid) -> Survivor {
        let words = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let text = String::from_utf8_lossy(&words);
        let command = text.split('\0').collect::<Vec<_>>().join(" ");
        let plain: String = command.trim_end().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Survivor { pid, command: plain }
    }
}

/// Which processes live on, in one sentence.
pub(super) fn told(survivors: &[Survivor]) -> String {
    let name = |survivor: &Survivor| {
        let cut: String = survivor.command.chars().take(LONGEST).collect();
        let more = if cut.len() < survivor.command.len() { "…" } else { "" };
        format!("{} ({cut}{more})", survivor.pid)
    };
    let named: Vec<String> = survivors.iter().take(NAMED).map(name).collect();
    let more = survivors.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let verb = if survivors.len() == 1 { "process outlives it and goes" } else { "processes outlive it and go" };
    format!("{} {verb} on, as without the tutor: {}{more}", survivors.len(), named.join(", "))
}

/// The reading ends of a program's streams once more: who outlives it may still write to them, and must not find that
/// nobody reads any more.
pub(super) struct Spare(Vec<OwnedFd>);

impl Spare {
    /// Those of a child whose streams are captured.
    pub(super) fn of(child: &Child) -> Spare {
        let stdout = child.stdout.as_ref().map(|stream| stream.as_fd().try_clone_to_owned());
        let stderr = child.stderr.as_ref().map(|stream| stream.as_fd().try_clone_to_owned());
        Spare([stdout, stderr].into_iter().flatten().flatten().collect())
    }

    /// Has them read by processes of their own until nobody writes to them any more. Nobody sees what they read: the report
    /// is of the script, and that has ended.
    pub(super) fn drain(self) {
        for stream in self.0 {
            if let Err(error) = guard::apart(&["__drain"], Stdio::from(stream)) {
                tracing::warn!(%error, "what outlives the script may find that nobody reads what it writes");
            }
        }
    }
}

/// What the hidden subcommand `__drain` does.
pub fn drain() {
    let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survivors_are_named_and_counted() {
        let one = |pid| Survivor { pid, command: "python -c x".to_owned() };
        assert_eq!(told(&[one(7)]), "1 process outlives it and goes on, as without the tutor: 7 (python -c x)");
        let many: Vec<Survivor> = (1..=5).map(one).collect();
        assert!(told(&many).ends_with("3 (python -c x) and 2 more"), "{}", told(&many));
        let long = Survivor { pid: 1, command: "x".repeat(100) };
        assert!(told(&[long]).ends_with("…)"));
    }
}
