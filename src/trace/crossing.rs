//! Locks that threads took in crossed orders: each while it held the one that the next thread took. It went well, and with other
//! timing each would have waited for the next for ever.

use crate::trace::record::{Pid, Tid};
use crate::trace::standstill::{Place, nickname};
use std::collections::BTreeSet;

/// Threads that took locks in crossed orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// Each took a lock while it held the one that the thread before it took; the first one, that of the last.
    pub takes: Vec<Took>,
}

/// A thread that took a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Took {
    /// The process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
    /// Its name.
    pub name: String,
    /// Where in the program.
    pub place: Place,
}

impl Took {
    /// Its name in a sentence.
    fn named(&self) -> String {
        if self.tid == self.pid { "the main thread".to_owned() } else { self.name.clone() }
    }
}

impl Crossing {
    /// What the lock is called that one of them took: as in the line where it did, where that is plain and no other lock is
    /// called so; else by its place here.
    #[must_use]
    pub fn lock(&self, place: usize) -> String {
        let names: Vec<Option<&str>> = self.takes.iter().map(|took| nickname(&took.place.code)).collect();
        let known: BTreeSet<&str> = names.iter().copied().flatten().collect();
        match names.get(place).copied().flatten().filter(|_| known.len() == names.len()) {
            Some(name) => format!("`{name}`"),
            None => format!("#{}", place + 1),
        }
    }

    /// The lock that one of them held, as [`Crossing::lock`] calls it.
    #[must_use]
    pub fn held(&self, place: usize) -> String {
        self.lock(place.checked_sub(1).unwrap_or(self.takes.len().saturating_sub(1)))
    }

    /// Says it in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let took = |(place, took): (usize, &Took)| {
            let (lock, held) = (self.lock(place), self.held(place));
            format!("{} took lock {lock} in line {} while it held {held}", took.named(), took.place.line)
        };
        let told: Vec<String> = self.takes.iter().enumerate().map(took).collect();
        let whom = if told.len() == 2 { "the other" } else { "the next" };
        let told = told.join("; ");
        format!("could deadlock: {told}. Unless something else keeps them apart, each can wait for {whom} for ever")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(tid: Tid, name: &str, line: u32, code: &str) -> Took {
        let place = Place { file: "x.py".into(), line, code: code.into(), function: "work".into() };
        Took { pid: 1, tid, name: name.to_owned(), place }
    }

    #[test]
    fn the_sentence_says_who_took_what_where() {
        let crossing = Crossing { takes: vec![took(2, "one", 7, "with B:"), took(1, "main", 11, "with A:")] };
        let said = "could deadlock: one took lock `B` in line 7 while it held `A`; the main thread took lock `A` in line 11 while \
                    it held `B`. Unless something else keeps them apart, each can wait for the other for ever";
        assert_eq!(crossing.sentence(), said);
    }

    #[test]
    fn locks_that_one_line_takes_are_told_apart_by_numbers() {
        let takes = vec![took(2, "one", 7, "with other.lock:"), took(3, "two", 7, "with other.lock:")];
        let said = Crossing { takes }.sentence();
        assert!(
            said.contains("one took lock #1 in line 7 while it held #2; two took lock #2 in line 7 while it held #1"),
            "{said}"
        );
    }
}
