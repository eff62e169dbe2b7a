//! How a run ended, and how that is said to a learner.

use super::{Outcome, Raised, RaisedAt, Stuck};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// The exit status of what its deadline ended, as `timeout(1)` has it.
const TIMED_OUT: u8 = 124;
/// What a shell adds to a signal's number.
const SIGNALLED: i32 = 128;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// The program ended itself, with this status.
    Exited(i32),
    /// A signal killed it that the tutor had not sent.
    Killed(i32),
    /// The tutor ended it; why, and what became of the process then.
    Ended(EndedBy, Status),
}

/// What became of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It exited with this status.
    Code(i32),
    /// This signal killed it.
    Signal(i32),
}

impl Default for End {
    /// The end of a program that does nothing.
    fn default() -> End {
        End::Exited(0)
    }
}

impl End {
    /// The end of a process that was left in this status, ended by the tutor where there is a reason.
    pub(super) fn of(status: Status, by: Option<EndedBy>) -> End {
        match (by, status) {
            (Some(by), status) => End::Ended(by, status),
            (None, Status::Code(code)) => End::Exited(code),
            (None, Status::Signal(signal)) => End::Killed(signal),
        }
    }

    /// What became of the process.
    const fn status(self) -> Status {
        match self {
            End::Exited(code) => Status::Code(code),
            End::Killed(signal) => Status::Signal(signal),
            End::Ended(_, status) => status,
        }
    }

    /// The exit status, where it exited.
    #[must_use]
    pub const fn code(self) -> Option<i32> {
        match self.status() {
            Status::Code(code) => Some(code),
            Status::Signal(_) => None,
        }
    }

    /// The signal that killed it, where one did.
    #[must_use]
    pub const fn signal(self) -> Option<i32> {
        match self.status() {
            Status::Signal(signal) => Some(signal),
            Status::Code(_) => None,
        }
    }

    /// Why the tutor ended it; `None` where it came to its own end.
    #[must_use]
    pub const fn ended_by(self) -> Option<EndedBy> {
        match self {
            End::Ended(by, _) => Some(by),
            End::Exited(_) | End::Killed(_) => None,
        }
    }

    /// Whether the program succeeded: only then its numbers count.
    #[must_use]
    pub const fn success(self) -> bool {
        matches!(self, End::Exited(0))
    }

    /// Whether the program ended itself, well or not.
    #[must_use]
    pub const fn ended_itself(self) -> bool {
        matches!(self, End::Exited(_))
    }

    /// Whether it was stopped from outside before it came to its end, by the tutor or by a person: what it did last is how it
    /// would have gone on.
    #[must_use]
    pub const fn stopped(self) -> bool {
        match self {
            End::Ended(EndedBy::Timeout(_) | EndedBy::Deadlock | EndedBy::Cancelled, _) => true,
            End::Killed(signal) => matches!(signal, libc::SIGINT | libc::SIGTERM | libc::SIGHUP | libc::SIGKILL),
            End::Ended(..) | End::Exited(_) => false,
        }
    }

    /// Whether the learner stopped it.
    #[must_use]
    pub const fn cancelled(self) -> bool {
        matches!(self, End::Ended(EndedBy::Cancelled, _))
    }

    /// Whether the deadline ended it.
    #[must_use]
    pub const fn timed_out(self) -> bool {
        matches!(self, End::Ended(EndedBy::Timeout(_), _))
    }

    /// Whether it was ended because its threads waited for each other for ever.
    #[must_use]
    pub const fn deadlock(self) -> bool {
        matches!(self, End::Ended(EndedBy::Deadlock, _))
    }

    /// Whether it would not have come to its end in time: it took too long, or it was a deadlock.
    #[must_use]
    pub const fn hung(self) -> bool {
        self.timed_out() || self.deadlock()
    }

    /// The exit status that a shell would have of it: the program's own, 128 and the signal's number, 124 for a deadline.
    #[must_use]
    pub fn shell_status(self) -> u8 {
        let status = match (self.timed_out(), self.status()) {
            (true, _) => return TIMED_OUT,
            (false, Status::Code(code)) => code & 0xff,
            (false, Status::Signal(signal)) => SIGNALLED.saturating_add(signal),
        };
        u8::try_from(status).unwrap_or(u8::MAX)
    }

    /// Three words for a table.
    #[must_use]
    pub fn short(self) -> String {
        match self {
            End::Exited(code) => format!("exit {code}"),
            End::Killed(signal) => format!("signal {signal}"),
            End::Ended(by, _) => by.short().to_owned(),
        }
    }

    /// What became of its process, for a sentence that begins with the program: where there is no room for why.
    #[must_use]
    pub fn plain(self) -> String {
        match (self.timed_out(), self.status()) {
            (true, _) => "had to be ended".to_owned(),
            (false, Status::Code(code)) => format!("ended with status {code}"),
            (false, Status::Signal(signal)) => format!("ended by signal {signal}"),
        }
    }
}

/// Why the tutor ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
pub fn how_it_ended(outcome: &Outcome) -> Option<String> {
    match outcome.end {
        End::Exited(0) => None,
        End::Exited(code) => Some(failure(code, outcome)),
        End::Killed(libc::SIGKILL) => {
            Some("was killed from outside (signal 9): often the system does that when memory runs out".to_owned())
        }
        End::Killed(signal) => Some(format!("was killed by signal {signal}")),
        End::Ended(EndedBy::Deadlock, _) if !outcome.stuck.is_empty() => Some(deadlock(&outcome.stuck)),
        End::Ended(by, _) => Some(by.to_string()),
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
    // A sentence goes on after it: the colon that opens a block would read as its own.
    let code = without_comment(code).trim_end_matches(':');
    if *line == 0 { format!("{name} waits in {code}") } else { format!("{name} waits in line {line}, {code}") }
}

/// A program that failed: its exit status, or the exception that it died of and where.
fn failure(code: i32, outcome: &Outcome) -> String {
    let Some(Raised { exception, at }) = Raised::in_run(outcome) else {
        return format!("failed with exit status {code}");
    };
    if let Some(words) = without_a_terminal(&exception, at.as_ref(), outcome.spec.lesson.is_none()) {
        return words;
    }
    let place = |RaisedAt { line, code }: RaisedAt| match code.as_str() {
        "" => format!(" in line {line}"),
        code => format!(" in line {line}, {}", without_comment(code)),
    };
    format!("failed with {exception}{}", at.map(place).unwrap_or_default())
}

/// What exceptions mean of which a program dies that finds no terminal; a script can be given one.
fn without_a_terminal(exception: &str, at: Option<&RaisedAt>, script: bool) -> Option<String> {
    let asked = at.is_some_and(|at| at.code.contains("input("));
    let what = match exception.split([':', ' ']).next()? {
        "EOFError" if asked => "asked for input",
        // The debugger takes the end of its input for the wish to leave.
        "bdb.BdbQuit" => "started the debugger",
        "_curses.error" | "curses.error" | "termios.error" => "wants a terminal",
        _ => return None,
    };
    let help = "and has no terminal here; `concur-tutor watch --tty` gives it yours";
    let why = if script { help } else { "and in the tutor a program has none to read" };
    Some(format!("{what}, {why}: {exception}"))
}

/// A line of code: a comment belongs to the source, not into a sentence.
fn without_comment(code: &str) -> &str {
    code.split("  #").next().unwrap_or(code).trim_end()
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
    use crate::runner::RunSpec;
    use crate::runtime::{Python, Runtime};

    fn said(end: End, stderr: &str) -> Option<String> {
        let runtime = Runtime::CPython(Python::default());
        let spec = RunSpec { lesson: Some("06-threads".into()), runtime, ..RunSpec::default() };
        how_it_ended(&Outcome { spec, end, stderr: stderr.into(), ..Outcome::default() })
    }

    #[test]
    fn every_end_has_its_words() {
        let code = End::Exited;
        let by = |by| End::Ended(by, Status::Signal(15));
        assert_eq!(said(code(0), ""), None);
        assert_eq!(said(code(3), "").unwrap(), "failed with exit status 3");
        let traceback = |line: &str, last: &str| {
            let head =
                "Traceback (most recent call last):\n  File \"/tmp/concur-tutor-run-1/a.py\", line 3, in <module>";
            format!("{head}\n    {line}\n{last}\n")
        };
        let words = said(code(1), &traceback("int('a')  # none", "ValueError: no"));
        assert_eq!(words.unwrap(), "failed with ValueError: no in line 3, int('a')");
        let input = &traceback("input('? ')", "EOFError: EOF when reading a line");
        assert!(said(code(1), input).unwrap().starts_with("asked for input, and in the tutor"));
        assert!(said(by(EndedBy::Threads(13_000)), "").unwrap().starts_with("was ended with 13000 threads alive"));
        assert!(said(by(EndedBy::Processes(64)), "").unwrap().starts_with("was ended after starting 64 processes"));
        let wrote = said(by(EndedBy::Output(8 << 20)), "").unwrap();
        assert!(wrote.starts_with("was ended after writing more than 8 MiB"), "{wrote}");
        assert!(said(by(EndedBy::Timeout(Duration::from_millis(1500))), "").unwrap().contains("after 1.5 s"));
        assert!(said(by(EndedBy::Memory(12 << 30)), "").unwrap().contains("12 GiB"));
        assert_eq!(said(End::Killed(11), "").unwrap(), "was killed by signal 11");
    }

    /// What is asked of an end in many places, for every kind of it.
    #[test]
    fn everything_follows_from_the_end() {
        let late = EndedBy::Timeout(Duration::from_secs(1));
        let (code, signal) = (Status::Code, Status::Signal);
        // The status a shell has, the words of a table; succeeded, ended itself, cancelled, timed out, deadlock.
        let table = [
            (End::of(code(0), None), 0, "exit 0", "ended with status 0", "si..."),
            (End::of(code(3), None), 3, "exit 3", "ended with status 3", ".i..."),
            (End::of(code(256), None), 0, "exit 256", "ended with status 256", ".i..."),
            (End::of(signal(11), None), 139, "signal 11", "ended by signal 11", "....."),
            (End::of(signal(15), Some(late)), 124, "took too long", "had to be ended", "...t."),
            (End::of(code(0), Some(late)), 124, "took too long", "had to be ended", "...t."),
            (End::of(signal(9), Some(EndedBy::Deadlock)), 137, "deadlock", "ended by signal 9", "....d"),
            (End::of(code(0), Some(EndedBy::Cancelled)), 0, "stopped", "ended with status 0", "..c.."),
            (End::of(signal(15), Some(EndedBy::Cancelled)), 143, "stopped", "ended by signal 15", "..c.."),
            (End::of(signal(9), Some(EndedBy::Output(1))), 137, "wrote too much", "ended by signal 9", "....."),
            (End::of(signal(9), Some(EndedBy::Processes(1))), 137, "too many processes", "ended by signal 9", "....."),
            (End::of(signal(9), Some(EndedBy::Threads(1))), 137, "too many threads", "ended by signal 9", "....."),
            (End::of(signal(9), Some(EndedBy::Memory(1))), 137, "too much memory", "ended by signal 9", "....."),
        ];
        for (end, shell, short, plain, flags) in table {
            assert_eq!(
                (end.shell_status(), end.short().as_str(), end.plain().as_str()),
                (shell, short, plain),
                "{end:?}"
            );
            let is = [end.success(), end.ended_itself(), end.cancelled(), end.timed_out(), end.deadlock()];
            let is: String = is.iter().zip("sictd".chars()).map(|(is, flag)| if *is { flag } else { '.' }).collect();
            assert_eq!(is, flags, "{end:?}");
            assert_eq!(end.hung(), end.timed_out() || end.deadlock(), "{end:?}");
            assert_ne!(end.code().is_some(), end.signal().is_some(), "{end:?}");
        }
    }
}
