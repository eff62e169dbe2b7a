//! Locks: who waited for which, where in the program, and who held it then.

pub mod kept;
pub mod lock_order;

use lock_order::{OrderMark, Orders};

use crate::clock::{MILLISECOND, Nanos};
use crate::trace::plain::plain;
use crate::trace::record::{Pid, Tid, Wait, WaitObject};
use crate::trace::{Call, Lane, Span};
use std::collections::HashMap;

/// The most waits that are kept of all threads together: some twenty megabytes.
const MOST: usize = 400_000;

/// Where in the program a thread stood, by the numbers that its process gave functions; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The innermost function of the program's own.
    pub own: u16,
    /// The library's function that it had called.
    pub called: u16,
    /// The line in the former, from 1.
    pub line: u32,
}

/// Who held a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBy {
    /// That is not known.
    Unknown,
    /// Nobody that lived.
    Nobody,
    /// This thread.
    Thread(Tid),
}

/// What a thread says of locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockMark {
    /// The thread is about to wait for a lock.
    Waits {
        /// By its address in the process.
        lock: u64,
        /// Which of the locks that lay there one after the other; 0 where that is not known.
        serial: u64,
        /// Who held it then.
        holder: HeldBy,
        /// Where in the program.
        spot: Option<Spot>,
    },
    /// The thread has ended, and held this lock.
    Left(u64),
    /// Something of the orders in which it takes locks.
    Order(OrderMark),
    /// What a function's number stands for.
    Function {
        /// The number.
        number: u16,
        /// Its name.
        name: String,
        /// Its file.
        file: String,
    },
}

/// Where a thread stands now: what it waits for, and which locks it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
    /// What it waits for, and since when.
    pub wait: Option<(Nanos, Wait)>,
    /// The locks that it is known to hold, by their addresses in its process.
    pub held: Vec<u64>,
}

/// A wait for a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockWait {
    /// When it began.
    pub at: Nanos,
    /// For which lock, by its address.
    pub lock: u64,
    /// Which of the locks that lay there one after the other; 0 where that is not known.
    pub serial: u64,
    /// Who held it then.
    pub holder: HeldBy,
    /// Where in the program the thread stood.
    pub spot: Option<Spot>,
}

/// A function of the program or of the library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: String,
}

/// What a thread waits for that joins another.
pub const JOIN: &str = "a thread to end";

impl Function {
    /// Whether it is a method of the library's that takes a lock, and nothing else.
    #[must_use]
    pub fn takes_lock(&self) -> bool {
        let threading = std::path::Path::new(&self.file).file_stem().is_some_and(|module| module == "threading");
        threading && matches!(self.name.as_str(), "acquire" | "__enter__")
    }

    /// What a thread waits for that waits in it, if it is one of the library's, in words.
    #[must_use]
    pub fn awaited(&self) -> String {
        let module = std::path::Path::new(&self.file).file_stem().unwrap_or_default().to_string_lossy();
        let what = match (&*module, self.name.as_str()) {
            ("threading", "join" | "_shutdown") => JOIN,
            ("threading", "wait" | "wait_for") => "a condition, an event or a barrier",
            ("threading", "acquire" | "__enter__") => "a semaphore",
            ("queue", "get") => "a queue to have something",
            ("queue", "put") => "a queue to have room",
            ("queue", "join") => "a queue's work to be done",
            ("_base", _) => "a future's result",
            ("process", "join") => "a process to end",
            (module, name) => return format!("{module}.{name}"),
        };
        what.to_owned()
    }
}

/// All that is known of locks.
#[derive(Debug, Clone, Default)]
pub struct Locks {
    functions: HashMap<(Pid, u16), Function>,
    /// Of each thread, oldest first.
    waits: HashMap<(Pid, Tid), Vec<LockWait>>,
    kept: usize,
    left: HashMap<(Pid, u64), Tid>,
    /// Numbers from 1 in the order in which somebody first waited for them: of locks that the program takes itself, by their
    /// addresses and serials.
    numbers: HashMap<(Pid, u64, u64), usize>,
    /// In which orders threads took them.
    pub orders: Orders,
}

impl Locks {
    /// Takes in what a thread says.
    pub(super) fn take(&mut self, (pid, tid): (Pid, Tid), at: Nanos, mark: LockMark) {
        match mark {
            LockMark::Waits { lock, serial, holder, spot } => {
                // Where nobody notes who holds a lock, what a thread waits on is not the lock itself. And what the library waits on
                // for the program is made for that wait alone.
                let called = spot.filter(|spot| spot.called != 0);
                let itself =
                    called.is_none_or(|spot| self.function(pid, spot.called).is_some_and(Function::takes_lock));
                if holder != HeldBy::Unknown && itself {
                    let next = self.numbers.len() + 1;
                    self.numbers.entry((pid, lock, serial)).or_insert(next);
                }
                self.waits.entry((pid, tid)).or_default().push(LockWait { at, lock, serial, holder, spot });
                self.kept += 1;
                if self.kept > MOST {
                    self.thin();
                }
            }
            LockMark::Left(lock) => drop(self.left.insert((pid, lock), tid)),
            LockMark::Order(mark) => self.orders.take((pid, tid), at, mark),
            LockMark::Function { number, name, file } => {
                let function = Function { name: plain(&name).into_owned(), file };
                self.functions.insert((pid, number), function);
            }
        }
    }

    /// Forgets the older half of each thread's waits.
    fn thin(&mut self) {
        for waits in self.waits.values_mut() {
            let gone = waits.len() / 2;
            waits.drain(..gone);
        }
        self.kept = self.waits.values().map(Vec::len).sum();
    }

    /// The wait that a thread began last, up to an instant.
    #[must_use]
    pub fn wait_at(&self, pid: Pid, tid: Tid, at: Nanos) -> Option<&LockWait> {
        let waits = self.waits.get(&(pid, tid))?;
        waits[..waits.partition_point(|wait| wait.at <= at)].last()
    }

    /// What a thread told of its waits, oldest first.
    #[must_use]
    pub fn waits_of(&self, pid: Pid, tid: Tid) -> &[LockWait] {
        self.waits.get(&(pid, tid)).map_or(&[], Vec::as_slice)
    }

    /// In which line of the program, in words, a thread began this wait, where Python has told it.
    #[must_use]
    pub fn line_of(&self, lane: &Lane, span: &Span) -> Option<String> {
        let wait = span.wait.filter(|wait| wait.call.is_python())?;
        let told = self.wait_at(lane.pid, lane.tid, span.start)?;
        let spot = told.spot.filter(|spot| spot.line > 0 && wait.object == WaitObject::Lock(told.lock))?;
        let function = self.function(lane.pid, spot.own).map_or("", |function| function.name.as_str());
        // What has no name is written so: `<module>`.
        let named = !function.is_empty() && !function.starts_with('<');
        Some(if named { format!("line {} ({function})", spot.line) } else { format!("line {}", spot.line) })
    }

    /// The line of the program, in words, in which a thread takes a lock itself that cannot be told from others by its address:
    /// nobody notes who holds it.
    #[must_use]
    pub fn lock_taken_in(&self, lane: &Lane, span: &Span) -> Option<String> {
        let wait = span.wait?;
        let told = self.wait_at(lane.pid, lane.tid, span.start)?;
        let is_it = wait.object == WaitObject::Lock(told.lock) && told.holder == HeldBy::Unknown;
        let spot = told.spot.filter(|spot| is_it && spot.line > 0 && spot.own != 0)?;
        let takes = |function: &Function| matches!(function.name.as_str(), "acquire" | "__enter__");
        if spot.called != 0 && !self.function(lane.pid, spot.called).is_some_and(takes) {
            return None;
        }
        let own = self.function(lane.pid, spot.own)?;
        Some(if own.name.starts_with('<') {
            format!("line {}", spot.line)
        } else {
            format!("line {} ({})", spot.line, own.name)
        })
    }

    /// Whether a thread waits at the end of the program for the threads that are no daemons: none of the program's own functions
    /// runs in it any more.
    #[must_use]
    pub fn is_over_in(&self, lane: &Lane, span: &Span) -> bool {
        let Some(wait) = span.wait else { return false };
        let ends = |spot: Spot| {
            spot.own == 0 && self.function(lane.pid, spot.called).is_some_and(|function| function.name == "_shutdown")
        };
        let told = self.wait_at(lane.pid, lane.tid, span.start);
        match told
            .filter(|told| wait.object == WaitObject::Lock(told.lock) && told.at.abs_diff(span.start) < MILLISECOND)
        {
            Some(told) => told.spot.is_none_or(ends),
            // From 3.13 on no function of Python's waits there, and of all other waits for locks one tells.
            None => matches!(wait.call, Call::SemWait | Call::SemTimedwait | Call::SemClockwait | Call::PyThreadJoin),
        }
    }

    /// Who held a lock when it ended.
    #[must_use]
    pub fn left_by(&self, pid: Pid, lock: u64) -> Option<Tid> {
        self.left.get(&(pid, lock)).copied()
    }

    /// What a number stands for.
    #[must_use]
    pub fn function(&self, pid: Pid, number: u16) -> Option<&Function> {
        self.functions.get(&(pid, number))
    }

    /// The number of the lock that somebody has waited for then, from 1.
    #[must_use]
    pub fn number(&self, pid: Pid, wait: &LockWait) -> Option<usize> {
        self.numbers.get(&(pid, wait.lock, wait.serial)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_wait_at_an_instant_is_the_last_that_has_begun(
            begun in prop::collection::btree_set(1u64..1000, 0..40), at in 0u64..1100,
        ) {
            let mut locks = Locks::default();
            for at in &begun {
                locks.take((10, 11), *at, LockMark::Waits { lock: at % 7, serial: 0, holder: HeldBy::Nobody, spot: None });
            }
            let last = begun.range(..=at).next_back();
            prop_assert_eq!(locks.wait_at(10, 11, at).map(|wait| (wait.at, wait.lock)), last.map(|at| (*at, at % 7)));
            prop_assert_eq!(locks.wait_at(10, 12, at), None, "another thread's");
            let wait = |lock| LockWait { at: 0, lock, serial: 0, holder: HeldBy::Nobody, spot: None };
            let mut numbers: Vec<usize> = (0..7).filter_map(|lock| locks.number(10, &wait(lock))).collect();
            numbers.sort_unstable();
            prop_assert_eq!(&numbers, &(1..=numbers.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn locks_that_lie_at_one_address_one_after_the_other_are_two() {
        let mut locks = Locks::default();
        let mut number = |at: Nanos, serial, called| {
            let spot = Some(Spot { own: 1, called, line: 7 });
            locks.take((10, 11), at, LockMark::Waits { lock: 5, serial, holder: HeldBy::Nobody, spot });
            locks.wait_at(10, 11, at).and_then(|wait| locks.number(10, wait))
        };
        assert_eq!([number(1, 3, 0), number(2, 4, 0), number(3, 3, 0)], [Some(1), Some(2), Some(1)]);
        assert_eq!(number(4, 5, 9), None, "what the library made to wait for has no number");
    }

    #[test]
    fn a_long_run_keeps_no_more_than_the_bound() {
        let mut locks = Locks::default();
        let wait = LockMark::Waits { lock: 5, serial: 0, holder: HeldBy::Unknown, spot: None };
        (0..=MOST as u64).for_each(|at| locks.take((10, 11), at, wait.clone()));
        assert!(locks.kept <= MOST / 2 + 1 && locks.wait_at(10, 11, Nanos::MAX).is_some_and(|w| w.at == MOST as u64));
        assert_eq!(locks.wait_at(10, 11, 3), None, "the oldest go first");
    }
}
