//! See Python's concurrency.
//!
//! One pipeline, many faces: a lesson's program runs under a runtime as a child process; probes observe it; their
//! records become a trace; insight puts the trace into numbers and words; views and reports draw it.
//!
//! ```text
//! lesson -> program x runtime x knobs -> runner (child process + probes) -> trace -> insight -> view | report
//! ```
//!
//! Direction of imports: `clock < trace < {eventlog, lesson} < model < {runtime, probe} < {runner, learner} < insight <
//! {view, report} < truth < app < cli`. A module names only modules to its left; `tests/architecture.rs` enforces it.

pub mod app;
pub mod cli;
pub mod clock;
pub mod eventlog;
pub mod insight;
pub mod learner;
pub mod lesson;
pub mod model;
pub mod probe;
pub mod report;
pub mod runner;
pub mod runtime;
pub mod trace;
pub mod truth;
pub mod view;

// Fixtures are shared by unit tests, benchmarks and examples, and name the crate as the latter two do.
#[cfg(test)]
extern crate self as concur_tutor;
