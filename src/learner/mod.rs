//! The learner: what they have done ([`progress`]), where that puts them in the course ([`course`]), what comes back
//! and when ([`review`]) and their own copies of the programs ([`copies`]).
//!
//! Owns the learner's files, whose writing is whole or not at all ([`atomic`]). Knows lessons and folders, and nothing
//! of a terminal: the app and the commands share it.

pub mod atomic;
pub mod copies;
pub mod course;
pub mod progress;
pub mod review;
