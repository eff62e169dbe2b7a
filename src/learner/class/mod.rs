//! What learners of one course answered, brought together for the one who teaches them.
//!
//! A [`Sheet`] is what one learner exports: the answers, and a number drawn at random in the place of a name. A [`Class`] is what
//! many of them come to: how hard each question is, which wrong answers were given, which misconceptions they reveal.

pub mod merge;
pub mod sheet;

pub use merge::{Class, Item, Kind};
pub use sheet::{Sheet, number_of};
