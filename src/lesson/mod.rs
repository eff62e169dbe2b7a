//! A lesson folder becomes a typed [`Lesson`], or errors with file, line and column.
//!
//! Owns the lesson's types, its parser, its linter and the embedded course. May import `clock` and `trace`. Nothing to
//! the right of this module knows a lesson by name.

pub mod types;

pub use types::{
    Check, CheckKind, Choice, Knob, KnobValue, Language, Lesson, Metric, Page, Prediction, PredictionChoice, Program,
};
