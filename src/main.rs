//! The entry.
fn main() {}
