//! A lesson folder becomes a typed [`Lesson`], or errors with file, line and column.
//!
//! Owns the lesson's types, its parser, its linter and the embedded course. May import `clock` and `trace`. Nothing to
//! the right of this module knows a lesson by name.

mod build;
pub mod claim;
pub mod course;
pub mod expression;
pub mod fault;
mod front;
pub mod interview;
pub mod knobs;
pub mod layout;
pub mod pack;
pub mod pages;
pub mod parts;
pub mod prediction;
mod proofs;
pub mod question;
pub mod source;
mod table;
pub mod takeaway;
pub mod task;
pub mod types;

pub use course::{Course, CourseError, NoSuchLesson, check_dir, check_embedded};
pub use expression::Expression;
pub use fault::{Fault, Faults};
pub use knobs::KnobError;
pub use pack::Pack;
pub use types::{
    Check, CheckKind, Choice, Claim, Drawing, Expect, InterviewQuestion, Knob, KnobValue, KnownAnswer, Language,
    Lesson, Metric, Page, Part, Prediction, PredictionAsk, PredictionChoice, Program, Proof, Reply, Takeaway, Task,
    Typed,
};
