//! The course as the build leaves it in the binary: what is needed at once, and each lesson's bytes.

use super::outline::Outline;
use super::parts::Part;
use serde::{Deserialize, Serialize, Serializer};

/// The course.
#[derive(Serialize, Deserialize)]
pub struct PackedCourse<'a> {
    /// The headings over the lessons.
    pub parts: Vec<Part>,
    /// The lessons, in order.
    #[serde(borrow)]
    pub lessons: Vec<PackedLesson<'a>>,
}

/// One lesson.
#[derive(Serialize, Deserialize)]
pub struct PackedLesson<'a> {
    /// What is known of it without unpacking it.
    pub outline: Outline,
    /// The lesson.
    #[serde(borrow, serialize_with = "as_bytes")]
    pub whole: &'a [u8],
}

/// Serde would write a slice number by number.
fn as_bytes<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bytes(bytes)
}
