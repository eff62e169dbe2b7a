//! The map of the course.

pub mod paint;
pub mod update;
