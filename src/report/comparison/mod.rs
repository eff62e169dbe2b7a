//! The runs of a lesson side by side as text, as JSON and as a page of HTML, from the same comparison.
//!
//! A new form of it is one file and its line in [`FORMS`].

mod ansi;
mod html;
mod json;
mod owners;
mod text;

use crate::insight::Ledger;
use crate::insight::comparison::{Compared, Comparison};
use crate::lesson::Lesson;
use crate::runner::Machine;
use crate::view::Theme;

/// A form of the comparison.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// Writes the comparison.
    pub write: fn(&Stacked<'_>) -> String,
}

/// Every form; the first is what is written where none is named.
pub const FORMS: [Form; 3] = [text::FORM, json::FORM, html::FORM];

/// The form of this name.
#[must_use]
pub fn form(name: &str) -> Option<Form> {
    FORMS.into_iter().find(|form| form.name == name)
}

/// The runs of a lesson stacked on one axis, with what a report says beside them.
#[derive(Debug, Clone)]
pub struct Stacked<'a> {
    /// The lesson whose programs they are.
    pub lesson: &'a Lesson,
    /// What differs.
    pub comparison: Comparison<'a>,
    /// On which machine.
    pub machine: Machine,
    /// What the text is written on.
    pub paper: Paper,
}

impl Stacked<'_> {
    /// The runs of a group of which it is known what the cores' time went for: of those that have a time to compare.
    fn spent<'r>(&self, group: &'r [Compared<'_>]) -> Vec<(&'r str, Ledger)> {
        let cores = u64::from(self.machine.cores);
        let one = |run: &'r Compared<'_>| {
            let outcome = run.outcome.filter(|_| run.counts() && cores > 0)?;
            Some((run.program, Ledger::of(&outcome.trace, cores)))
        };
        group.iter().filter_map(one).collect()
    }
}

/// What text is written on.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Columns.
    pub columns: u16,
    /// How pictures look on it. With colours, it is a terminal's.
    pub theme: Theme,
}

impl Default for Paper {
    /// Text that can be pasted anywhere.
    fn default() -> Paper {
        Paper { columns: 100, theme: Theme::plain() }
    }
}
