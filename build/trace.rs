//! What the lessons' module needs of the trace's.

#[path = "../src/trace/plain.rs"]
#[expect(dead_code, reason = "the build shows nothing")]
mod plain;

pub use plain::plain;
