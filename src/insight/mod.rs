//! A trace becomes numbers, verdicts and caveats in plain words.
//!
//! Owns [`Summary`] (the numbers), [`Heading`] (the number that the program is about), [`Verdict`] (the sentence), [`Pace`]
//! (a speed-up in words), [`Ledger`] (what became of the cores' time), [`Objects`] (what threads waited for) and [`Caveat`] (what to keep in mind). May import everything up to `runner`. A new metric is a
//! field of [`Summary`]; a new caveat is a variant of [`Caveat`].

pub mod awaits;
mod caveat;
pub mod comparison;
pub mod drawn;
pub mod finding;
mod heading;
pub mod lag;
mod ledger;
pub mod objects;
mod pace;
pub mod predicted;
mod printed;
mod shape;
mod summary;
pub mod typical;
mod verdict;
pub mod words;

pub use caveat::Caveat;
pub use heading::Heading;
pub use ledger::{Ledger, Part};
pub use objects::Objects;
pub use pace::Pace;
pub use printed::printed;
pub use shape::Shape;
pub use summary::Summary;
pub use verdict::{Context, Verdict};
