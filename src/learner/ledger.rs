//! What one program knows of the progress file, and what it has done that is not in the file yet.
//!
//! An app goes on while its progress is written, and hears only afterwards what others have written meanwhile. The
//! ledger keeps the two apart: what the file held when it was last written ([`Ledger::file`]), the changes that are to
//! be written ([`Ledger::unsaved`]), and up to where the program's own progress is in those. Pure: who writes, and on
//! which thread, is the app's affair.

use crate::learner::change::Change;
use crate::learner::progress::Progress;

/// One program's account of what was saved and what was not.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// What the file held when this program last read or wrote it.
    file: Progress,
    /// What was done since and is not written yet, in order.
    unsaved: Vec<Change>,
    /// The program's progress as far as it was noted.
    noted: Progress,
}

impl Ledger {
    /// The ledger of a program that has read this in the file.
    #[must_use]
    pub fn of(file: Progress) -> Ledger {
        Ledger { noted: file.clone(), unsaved: Vec::new(), file }
    }

    /// Notes what was done in the program since the last time.
    pub fn note(&mut self, now: &Progress) {
        let change = Change::between(&self.noted, now);
        if !change.is_empty() {
            self.unsaved.push(change);
            self.noted.clone_from(now);
        }
    }

    /// What the file held when this program last read or wrote it.
    #[must_use]
    pub const fn file(&self) -> &Progress {
        &self.file
    }

    /// What is to be written, in order.
    #[must_use]
    pub fn unsaved(&self) -> &[Change] {
        &self.unsaved
    }

    /// The first `written` changes are in the file now, which holds this. Tells whether it holds anything that the
    /// program does not know: then it is to [`catch_up`](Ledger::catch_up).
    #[must_use]
    pub fn saved(&mut self, written: usize, file: Progress) -> bool {
        let mut expected = std::mem::replace(&mut self.file, file);
        for change in self.unsaved.drain(..written) {
            change.apply(&mut expected);
        }
        !expected.is_like(&self.file)
    }

    /// The program's progress, where this is what it was: what the file holds, and on top of it what was done here and
    /// is not written yet.
    #[must_use]
    pub fn catch_up(&mut self, now: &Progress) -> Progress {
        let since = Change::between(&self.noted, now);
        let mut theirs = self.file.clone();
        for change in &self.unsaved {
            change.apply(&mut theirs);
        }
        self.noted.clone_from(&theirs);
        since.apply(&mut theirs);
        theirs
    }
}
