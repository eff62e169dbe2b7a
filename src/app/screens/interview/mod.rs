//! The interview: questions in the learner's own words.

pub mod paint;
pub mod state;
pub mod update;

pub use state::{Interview, Judging, Proving, Stage};
