//! The learner: what they have done ([`progress`]), where that puts them in the course ([`course`]), what comes back
//! and when ([`review`]), how they want things drawn ([`settings`]) and their own copies of the programs ([`copies`]).
//!
//! Owns the learner's files. Progress is in one file, which several programs may read and write at once ([`store`]):
//! each notes what was done in it ([`ledger`]), and what was done comes together by rules ([`change`]). The last runs of
//! each lesson are in files of their own ([`runs`]). What many learners answered comes together in [`class`]. Knows lessons, folders and finished runs, and nothing of a terminal:
//! the app and the commands share it.

pub mod atomic;
pub mod change;
pub mod class;
pub mod copies;
pub mod course;
pub mod ledger;
mod lock;
pub mod progress;
mod read;
pub mod review;
pub mod runs;
pub mod settings;
pub mod store;
#[cfg(test)]
mod tests;
