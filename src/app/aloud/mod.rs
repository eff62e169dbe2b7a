//! What the screens say in words, for those who read lines and not pictures: a screen reader, a terminal that is nothing
//! but a typewriter, a slow line.
//!
//! Each screen says itself ([`crate::app::screens::Kind::aloud`]) as [`Part`]s, with what can be chosen by number as the
//! very targets that a mouse would click. [`spoken`] keeps what was said and finds what is new, [`understood`] makes
//! messages of the lines that the learner writes, [`asked`] answers what they ask of a run, [`ways`] names what works here. All of it is pure; the front that prints
//! is in the shell.

pub mod asked;
pub mod here;
pub mod spoken;
pub mod text;
pub mod understood;
pub mod ways;

pub use here::say;
pub use spoken::Spoken;

use crate::app::frame::{Shown, Target};
use crate::app::model::Model;

/// The columns and rows for which the model is laid out while nothing is drawn: everything is in sight.
pub const SIZE: (u16, u16) = (200, 1000);

/// Who is to be told, and what there is to tell of.
#[derive(Clone, Copy)]
pub struct Hearing<'a> {
    /// What the app knows.
    pub model: &'a Model,
    /// The run that is shown: its trace and its output.
    pub shown: &'a Shown<'a>,
    /// Columns of the lines.
    pub columns: u16,
}

/// What a screen says, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Aloud {
    /// The parts.
    pub parts: Vec<Part>,
    /// What each number chooses, from 1.
    pub offers: Vec<Target>,
    /// Whether several numbers may stand in one line.
    pub several: bool,
    /// The bars that are to be drawn, where that is what a line of numbers means.
    pub bars: usize,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What they are about: of the same, only what has changed is said again.
    pub of: String,
    /// When they are said.
    pub how: How,
    /// The lines.
    pub lines: Vec<String>,
}

/// When a part is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// When it appears, and when it changes.
    Stands,
    /// The same, as a row of a list: it stands with its neighbours.
    Row,
    /// Once: what was said of it stays said, and of what is added only that is new.
    Grows,
}

impl Aloud {
    /// Adds lines that stand; none where there are none.
    pub fn part(&mut self, of: impl Into<String>, lines: Vec<String>) {
        self.add(of.into(), How::Stands, lines);
    }

    /// Adds one line that stands.
    pub fn line(&mut self, of: impl Into<String>, line: impl Into<String>) {
        self.part(of, vec![line.into()]);
    }

    /// Adds a row of a list.
    pub fn row(&mut self, of: impl Into<String>, line: impl Into<String>) {
        self.add(of.into(), How::Row, vec![line.into()]);
    }

    /// Adds lines that are said once.
    pub fn once(&mut self, of: impl Into<String>, lines: Vec<String>) {
        self.add(of.into(), How::Grows, lines);
    }

    fn add(&mut self, of: String, how: How, lines: Vec<String>) {
        if !lines.is_empty() {
            self.parts.push(Part { of, how, lines });
        }
    }

    /// Adds what can be chosen, each with the number that chooses it before its words.
    pub fn choices(&mut self, of: &str, hearing: Hearing<'_>, all: impl IntoIterator<Item = (String, Target)>) {
        for (words, target) in all {
            self.offers.push(target);
            let number = format!("{}) ", self.offers.len());
            let lines = text::led(&number, &words, hearing.columns);
            self.add(format!("{of}/{}", self.offers.len()), How::Row, lines);
        }
    }

    /// Adds one thing that can be chosen, which is said once.
    pub fn choice_once(&mut self, of: &str, hearing: Hearing<'_>, words: &str, target: Target) {
        self.offers.push(target);
        let number = self.offers.len();
        self.once(format!("{of}/{number}"), text::led(&format!("{number}) "), words, hearing.columns));
    }
}
