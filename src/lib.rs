//! See Python's concurrency.
//!
//! One pipeline, many faces: a lesson's program runs under a runtime as a child process; probes observe it; their
//! records become a trace; insight puts the trace into numbers and words; views and reports draw it.
//!
//! ```text
//! lesson -> program x runtime x knobs -> runner (child process + probes) -> trace -> insight -> view | report
//! ```
//!
//! Direction of imports: `clock < trace < {eventlog, lesson} < native < {runtime, probe} < runner < learner < insight <
//! view < report < judge < app < cli`. A module names only modules to its left; `tests/architecture.rs` enforces it.

// As `missing_docs`, for what is not exported: all that other modules see, as `clippy.toml` says.
#![warn(clippy::missing_docs_in_private_items)]

mod app;
mod cli;
mod clock;
mod eventlog;
mod insight;
mod judge;
mod learner;
mod lesson;
mod native;
mod probe;
mod report;
mod runner;
mod runtime;
mod trace;
mod view;

#[doc(hidden)]
pub mod inside;

pub use cli::main;

// Fixtures are shared by unit tests, benchmarks and examples, and name the crate as the latter two do.
#[cfg(test)]
extern crate self as concur_tutor;
