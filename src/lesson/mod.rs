//! A lesson folder becomes a typed [`Lesson`], or errors with file, line and column.
//!
//! Owns the lesson's types, its parser, its linter and the course. May import `clock` and `trace`. Nothing to the right of
//! this module knows a lesson by name.
//!
//! The build has this module, too (`build/course.rs`): it reads and checks the course that the binary carries. What
//! stands behind `course_built` needs that course, or is of no use to the build.

mod bounded;
mod build;
#[cfg(course_built)]
mod built;
pub mod claim;
pub mod course;
pub mod expression;
pub mod fault;
mod folder;
mod front;
mod headline;
pub mod id;
pub mod interview;
pub mod knobs;
pub mod layout;
pub mod outline;
#[cfg(course_built)]
pub mod pack;
pub mod packed;
pub mod pages;
pub mod parts;
pub mod prediction;
mod proofs;
pub mod question;
#[cfg(course_built)]
mod rules;
#[cfg(course_built)]
pub mod search;
pub mod shared;
mod solution;
pub mod source;
mod table;
pub mod takeaway;
pub mod task;
pub mod types;

#[cfg(course_built)]
pub use built::{check_dir, check_embedded};
pub use course::Course;
pub use fault::Faults;
pub use outline::Outline;
#[cfg(course_built)]
pub use pack::Pack;
pub use shared::SharedLesson;
pub use types::{
    Better, Check, CheckKind, Choice, Drawing, Headline, InterviewQuestion, Knob, KnobValue, Language, Lesson, Metric,
    Page, Piece, Prediction, PredictionAsk, PredictionChoice, Program,
};
