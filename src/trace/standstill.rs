//! Threads that wait for each other for ever, or for what never comes: who waits where, and for what of whom.

use crate::clock::Nanos;
use crate::trace::locks::JOIN;
use crate::trace::record::{Pid, Tid};

/// How threads came to stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Each holds a lock that the next one waits for.
    LockCycle,
    /// One thread waits for a lock that it holds itself.
    LockTwice,
    /// The same, and one of them waits for another to end.
    JoinCycle,
    /// The thread that holds the lock has ended.
    HolderEnded,
    /// All wait, and nobody is left who could end one of the waits.
    NobodyLeft,
}

impl Kind {
    /// The word in reports.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Kind::LockCycle => "lock-cycle",
            Kind::LockTwice => "lock-twice",
            Kind::JoinCycle => "join-cycle",
            Kind::HolderEnded => "holder-ended",
            Kind::NobodyLeft => "nobody-left",
        }
    }
}

/// Threads that wait for each other, or for what never comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standstill {
    /// Since when: the last of the waits began then.
    pub since: Nanos,
    /// How it came.
    pub kind: Kind,
    /// Whether another thread that lives could end it, by giving back a lock that it has not taken.
    pub open: bool,
    /// The threads, each of a cycle before the one that it waits for.
    pub threads: Vec<HeldUp>,
}

/// A thread that cannot go on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldUp {
    /// Its process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
    /// Its name.
    pub name: String,
    /// Whether it is the main thread of a process that the program has started.
    pub of_child: bool,
    /// Where in the program it waits, where that is known.
    pub place: Option<Place>,
    /// The library's function that it has called there, such as `Queue.get`; `None` where it takes a lock itself.
    pub called: Option<String>,
    /// The lock's number in this run, from 1; `None` where it waits for no lock that is known.
    pub lock: Option<usize>,
    /// Who holds the lock.
    pub holder: Holder,
}

/// Who holds a lock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Holder {
    /// Nobody knows.
    #[default]
    Unknown,
    /// This thread.
    Thread(Tid),
    /// This thread held it when it ended.
    Ended(Tid),
}

/// A place in the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as the program calls it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Its text; empty where that cannot be read.
    pub code: String,
    /// The function around it.
    pub function: String,
}

impl HeldUp {
    /// What the program calls the lock in the line where the thread waits for it: a nickname, as another lock may have it too.
    #[must_use]
    pub fn nickname(&self) -> Option<&str> {
        self.called.is_none().then(|| nickname(&self.place.as_ref()?.code))?
    }

    /// What it waits for, in words, where others have these names.
    fn awaited(&self, name: impl Fn(Tid) -> Option<String>) -> String {
        if let Some(called) = &self.called {
            return match self.holder {
                Holder::Thread(tid) if called == JOIN => {
                    name(tid).map_or_else(|| called.clone(), |name| format!("{name} to end"))
                }
                _ => called.clone(),
            };
        }
        let lock = match (self.nickname(), self.lock) {
            (Some(name), _) => format!("lock `{name}`"),
            (None, Some(number)) => format!("lock #{number}"),
            (None, None) => "a lock".to_owned(),
        };
        match self.holder {
            Holder::Unknown => lock,
            Holder::Thread(tid) if tid == self.tid => format!("{lock}, which it holds itself"),
            Holder::Thread(tid) => name(tid).map_or_else(|| lock.clone(), |name| format!("{lock}, which {name} holds")),
            Holder::Ended(_) => format!("{lock}, whose holder has ended without giving it back"),
        }
    }

    /// Its name in a sentence.
    fn named(&self) -> String {
        match (self.tid == self.pid, self.of_child) {
            (true, true) if self.name == "MainThread" => format!("process {}", self.pid),
            (true, true) => format!("process {}", self.name),
            (true, false) => "the main thread".to_owned(),
            (false, _) => self.name.clone(),
        }
    }

    /// Where it waits, in words: ` in line 7`.
    fn place(&self) -> String {
        self.place.as_ref().map(|place| format!(" in line {}", place.line)).unwrap_or_default()
    }
}

/// Threads that a sentence names.
const NAMED: usize = 4;

impl Standstill {
    /// How one of the threads is called in a sentence.
    fn named(&self, tid: Tid) -> Option<String> {
        self.threads.iter().find(|thread| thread.tid == tid).map(HeldUp::named)
    }

    /// What one of the threads waits for, in words, where it is a lock or another thread.
    #[must_use]
    pub fn awaited_by(&self, tid: Tid) -> Option<String> {
        let thread = self.threads.iter().find(|thread| thread.tid == tid)?;
        let knows = matches!(thread.holder, Holder::Thread(_) | Holder::Ended(_));
        knows.then(|| thread.awaited(|tid| self.named(tid)))
    }

    /// Says it in the fewest words: who waits for whom.
    #[must_use]
    pub fn in_short(&self) -> String {
        let waits = |thread: &HeldUp| {
            let lock = thread.nickname().map(|name| format!("`{name}`"));
            match (thread.holder, lock) {
                (Holder::Thread(tid), Some(lock)) if tid != thread.tid => {
                    self.named(tid).map(|holder| format!("{} waits for {lock} of {holder}", thread.named()))
                }
                _ => None,
            }
        };
        // Only where each can be told so is that the whole of it.
        let told: Option<Vec<String>> = self.threads.iter().map(waits).collect();
        told.map_or_else(|| self.sentence(), |told| format!("stuck: {}", told.join(", ")))
    }

    /// Says it in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let named = |tid| self.named(tid);
        let waits =
            |thread: &HeldUp| format!("{} waits{} for {}", thread.named(), thread.place(), thread.awaited(named));
        let mut parts: Vec<String> = self.threads.iter().take(NAMED).map(waits).collect();
        if self.threads.len() > NAMED {
            parts.push(format!("{} more wait as well", self.threads.len() - NAMED));
        }
        let what = match self.kind {
            Kind::LockCycle => "stuck: threads wait for each other's locks",
            Kind::JoinCycle => "stuck: threads wait for each other",
            Kind::LockTwice => "stuck: a thread waits for its own lock",
            Kind::HolderEnded => "stuck: nobody can give the lock back",
            Kind::NobodyLeft => "stuck: all threads wait, and none is left to wake another",
        };
        if self.open {
            parts.push("nobody but another thread can end this, by giving one of the locks back".to_owned());
        }
        format!("{what}; {}", parts.join("; "))
    }
}

/// The expression in a line that takes a lock: `with NAME:`, or `NAME.acquire(`.
#[must_use]
pub fn nickname(code: &str) -> Option<&str> {
    let is_name = |name: &str| {
        let parts = name.strip_suffix(')').map_or(name, |_| "");
        !parts.is_empty() && parts.chars().all(|c| c.is_alphanumeric() || "._[]'\"".contains(c))
    };
    let code = code.trim();
    let name = match code.strip_prefix("with ") {
        Some(rest) => rest.split(':').next()?.split(" as ").next()?.trim(),
        None => code.split_once(".acquire(")?.0.rsplit([' ', '(', '=']).next()?,
    };
    is_name(name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_called_what_its_line_calls_it() {
        for (code, name) in [
            ("with B:", Some("B")),
            ("with self.lock:  # mine", Some("self.lock")),
            ("with locks[0] as held:", Some("locks[0]")),
            ("if not lock.acquire(timeout=1):", Some("lock")),
            ("got = self._lock.acquire()", Some("self._lock")),
            ("with a, b:", None),
            ("with pool.lock():", None),
            ("work()", None),
        ] {
            assert_eq!(nickname(code), name, "{code}");
        }
    }

    #[test]
    fn the_sentence_says_who_waits_for_what_of_whom() {
        let thread = |tid, name: &str, line, code: &str, holder| HeldUp {
            tid,
            name: name.to_owned(),
            place: Some(Place { file: "x.py".into(), line, code: code.into(), function: "work".into() }),
            lock: Some(1),
            holder: Holder::Thread(holder),
            ..HeldUp::default()
        };
        let threads = vec![thread(2, "one", 7, "with B:", 3), thread(3, "two", 11, "with A:", 2)];
        let standstill = Standstill { since: 5, kind: Kind::LockCycle, open: false, threads };
        let said = "stuck: threads wait for each other's locks; one waits in line 7 for lock `B`, which two holds; two waits in \
                    line 11 for lock `A`, which one holds";
        assert_eq!(standstill.sentence(), said);
        assert_eq!(standstill.in_short(), "stuck: one waits for `B` of two, two waits for `A` of one");
        let open = Standstill { open: true, ..standstill.clone() }.sentence();
        assert_eq!(open, format!("{said}; nobody but another thread can end this, by giving one of the locks back"));
        assert_eq!(standstill.awaited_by(2).as_deref(), Some("lock `B`, which two holds"));
    }
}
