//! How a run ended, and how that is said to a learner.

use super::{Outcome, Stuck};
use serde::{Serialize, Serializer};
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exit {
    /// The exit status.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether the deadline did.
    pub timed_out: bool,
    /// Whether its threads waited for each other for ever.
    pub deadlock: bool,
    /// Why the tutor ended it; `None` where it came to its own end.
    pub ended_by: Option<EndedBy>,
}

impl Exit {
    /// Whether the program succeeded.
    #[must_use]
    pub fn success(&self) -> bool {
        self.code == Some(0) && self.ended_by.is_none() && !self.timed_out
    }
}

/// Why the tutor ended a run. In a report it is its [`key`](EndedBy::key).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// It did not come to its end in this time.
    Timeout(Duration),
    /// Its threads waited for each other, and would have waited for ever.
    Deadlock,
    /// It wrote more than this many bytes.
    Output(u64),
    /// So many of its processes lived at once.
    Processes(usize),
    /// So many of its threads lived at once.
    Threads(usize),
    /// Its processes held so many bytes of memory.
    Memory(u64),
    /// The learner stopped it.
    Cancelled,
}

impl EndedBy {
    /// The word in reports.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            EndedBy::Timeout(_) => "timeout",
            EndedBy::Deadlock => "deadlock",
            EndedBy::Output(_) => "output",
            EndedBy::Processes(_) => "processes",
            EndedBy::Threads(_) => "threads",
            EndedBy::Memory(_) => "memory",
            EndedBy::Cancelled => "cancelled",
        }
    }

    /// Three words for a table.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            EndedBy::Timeout(_) => "took too long",
            EndedBy::Deadlock => "deadlock",
            EndedBy::Output(_) => "wrote too much",
            EndedBy::Processes(_) => "too many processes",
            EndedBy::Threads(_) => "too many threads",
            EndedBy::Memory(_) => "too much memory",
            EndedBy::Cancelled => "stopped",
        }
    }

    /// Whether every moment counts: what would go on eating the machine is not asked to end first.
    pub(super) const fn at_once(self) -> bool {
        matches!(self, EndedBy::Processes(_) | EndedBy::Threads(_) | EndedBy::Memory(_))
    }
}

impl Serialize for EndedBy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

/// The end of a sentence that begins with the program: "was ended after ...".
impl Display for EndedBy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            EndedBy::Timeout(after) => {
                write!(f, "was ended after {}: it did not come to its end by itself", time(*after))
            }
            EndedBy::Deadlock => write!(f, "was ended: its threads waited for each other, and would have for ever"),
            EndedBy::Output(bytes) => {
                write!(f, "was ended after writing more than {}: does a loop print without end?", size(*bytes))
            }
            EndedBy::Processes(count) => write!(
                f,
                "was ended after starting {count} processes: many more would have left nothing for others. \
                 Does each new process start more?"
            ),
            EndedBy::Threads(count) => write!(
                f,
                "was ended with {count} threads alive: each takes memory and its turn. Does a loop start them without end?"
            ),
            EndedBy::Memory(bytes) => {
                write!(f, "was ended when it held {} of memory: more is not left for one program here", size(*bytes))
            }
            EndedBy::Cancelled => write!(f, "was stopped"),
        }
    }
}

/// How a run that did not succeed ended: the end of a sentence that begins with the program's name, without a full stop.
/// `None` where it succeeded.
#[must_use]
pub fn words(outcome: &Outcome) -> Option<String> {
    let exit = &outcome.exit;
    match (exit.ended_by, exit.signal, exit.code) {
        (Some(EndedBy::Deadlock), ..) if !outcome.stuck.is_empty() => Some(deadlock(&outcome.stuck)),
        (Some(by), ..) => Some(by.to_string()),
        (None, Some(libc::SIGKILL), _) => {
            Some("was killed from outside (signal 9): often the system does that when memory runs out".to_owned())
        }
        (None, Some(signal), _) => Some(format!("was killed by signal {signal}")),
        (None, None, Some(0) | None) => None,
        (None, None, Some(code)) => Some(failure(code, &String::from_utf8_lossy(&outcome.stderr))),
    }
}

/// Threads that a sentence names; the report has all of them.
const NAMED: usize = 4;

/// A deadlock: who waits where.
fn deadlock(stuck: &[Stuck]) -> String {
    let mut places: Vec<String> = stuck.iter().take(NAMED).map(place).collect();
    if stuck.len() > NAMED {
        places.push(format!("{} more wait as well", stuck.len() - NAMED));
    }
    let who = match stuck.len() {
        1 => "it waits for itself",
        _ => "its threads wait for what only they could do",
    };
    format!("was ended: a deadlock, nothing can run any more and {who}. {}", places.join("; "))
}

fn place(stuck: &Stuck) -> String {
    let Stuck { name, line, code, .. } = stuck;
    // A comment belongs to the source, not into a sentence.
    let code = code.split("  #").next().unwrap_or(code).trim_end();
    if *line == 0 { format!("{name} waits in {code}") } else { format!("{name} waits in line {line}, {code}") }
}

/// A program that failed: its exit status, and the exception that it died of.
fn failure(code: i32, stderr: &str) -> String {
    let traced = stderr.contains("Traceback (most recent call last)");
    let last = stderr.lines().rev().map(str::trim).find(|line| !line.is_empty()).filter(|_| traced);
    match last {
        Some(last) if last.starts_with("EOFError") && stderr.contains("input(") => {
            "asked for input, and in the tutor a program has none to read: input() raised EOFError".to_owned()
        }
        Some(last) => format!("failed with {}", last.chars().take(120).collect::<String>()),
        None => format!("failed with exit status {code}"),
    }
}

fn time(after: Duration) -> String {
    let seconds = after.as_secs_f64();
    if seconds >= 10.0 { format!("{seconds:.0} s") } else { format!("{} s", (seconds * 10.0).round() / 10.0) }
}

/// Bytes in the unit in which they are easily said.
#[must_use]
pub fn size(bytes: u64) -> String {
    let mebibytes = bytes >> 20;
    match (bytes, mebibytes) {
        (..1_048_576, _) => format!("{} KiB", bytes >> 10),
        (_, ..10_240) => format!("{mebibytes} MiB"),
        _ => format!("{} GiB", mebibytes >> 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(exit: Exit, stderr: &str) -> Option<String> {
        words(&Outcome { exit, stderr: stderr.into(), ..Outcome::default() })
    }

    #[test]
    fn every_end_has_its_words() {
        let code = |code| Exit { code: Some(code), ..Exit::default() };
        let by = |by| Exit { signal: Some(15), ended_by: Some(by), ..Exit::default() };
        assert_eq!(said(code(0), ""), None);
        assert_eq!(said(code(3), "").unwrap(), "failed with exit status 3");
        let traceback = "Traceback (most recent call last):\n  File x\nValueError: no\n";
        assert_eq!(said(code(1), traceback).unwrap(), "failed with ValueError: no");
        let input = "Traceback (most recent call last):\n  input('? ')\nEOFError: EOF when reading a line\n";
        assert!(said(code(1), input).unwrap().starts_with("asked for input"));
        assert!(said(by(EndedBy::Threads(13_000)), "").unwrap().starts_with("was ended with 13000 threads alive"));
        assert!(said(by(EndedBy::Processes(64)), "").unwrap().starts_with("was ended after starting 64 processes"));
        let wrote = said(by(EndedBy::Output(8 << 20)), "").unwrap();
        assert!(wrote.starts_with("was ended after writing more than 8 MiB"), "{wrote}");
        assert!(said(by(EndedBy::Timeout(Duration::from_millis(1500))), "").unwrap().contains("after 1.5 s"));
        assert!(said(by(EndedBy::Memory(12 << 30)), "").unwrap().contains("12 GiB"));
        assert_eq!(said(Exit { signal: Some(11), ..Exit::default() }, "").unwrap(), "was killed by signal 11");
    }

    #[test]
    fn a_report_has_one_word_for_it() {
        let exit = Exit { ended_by: Some(EndedBy::Memory(1)), ..Exit::default() };
        assert_eq!(serde_json::to_value(exit).unwrap()["ended_by"], "memory");
    }
}
