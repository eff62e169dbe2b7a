//! Holds what a lesson says against real runs: its claims, and the tasks that a learner solves.
//!
//! Owns the expressions over reports ([`Scope`], [`find`]), the judge of tasks ([`judge()`]) and the plan of a whole check
//! ([`check`]). May import everything up to `report`. A new thing that lessons can claim is one file in `check`.

pub mod check;
mod expectations;
mod facts;
mod plain;
mod scope;
mod split;
mod value;
mod why;
mod worded;

pub use expectations::{Judgement, judge};
pub use scope::Scope;
pub use why::{Finding, find};
