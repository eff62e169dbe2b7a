//! The mark in the environment by which every process that this tutor starts, and all their descendants, are known.

/// The variable.
pub const VARIABLE: &str = "CONCUR_TUTOR_RUN";

/// What the values begin with that this tutor gives; a dot and more follow.
#[must_use]
pub fn own_prefix() -> String {
    format!("tutor-{}", std::process::id())
}
