//! The review of what is due today.

pub mod paint;
pub mod state;
pub mod update;
