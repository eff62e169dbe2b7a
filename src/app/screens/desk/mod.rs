//! The desk: where a lesson, its task or the learner's own script is read, run and watched.

pub mod board;
pub mod paint;
pub mod script;
pub mod state;
pub mod takeaway;
pub mod update;

pub use state::{Answering, Desk, Gate, Pane, Run, Stage};
