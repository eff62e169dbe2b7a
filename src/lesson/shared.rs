//! A lesson in many hands. One of the binary's own course is decoded when somebody first looks into it: decoding all of
//! them took half of the time to the first frame.

use super::outline::Outline;
use super::types::Lesson;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// A lesson that many hold and nobody changes. Dereferencing it looks into it; its outline is at hand without that.
#[derive(Clone)]
pub struct SharedLesson(Arc<Held>);

struct Held {
    outline: Outline,
    /// The lesson as the build left it, until somebody looks into it.
    packed: &'static [u8],
    whole: OnceLock<Lesson>,
}

impl SharedLesson {
    /// A lesson that the build has packed, with its outline.
    #[cfg(course_built)]
    pub(super) fn packed(outline: Outline, packed: &'static [u8]) -> SharedLesson {
        SharedLesson(Arc::new(Held { outline, packed, whole: OnceLock::new() }))
    }

    /// What is known without looking into it.
    #[must_use]
    pub fn outline(&self) -> &Outline {
        &self.0.outline
    }

    /// Whether somebody has looked into it.
    #[cfg(test)]
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.whole.get().is_some()
    }
}

impl From<Lesson> for SharedLesson {
    fn from(lesson: Lesson) -> SharedLesson {
        SharedLesson(Arc::new(Held { outline: Outline::of(&lesson), packed: &[], whole: OnceLock::from(lesson) }))
    }
}

impl Deref for SharedLesson {
    type Target = Lesson;

    fn deref(&self) -> &Lesson {
        let unpack = || rmp_serde::from_slice(self.0.packed).expect("the build wrote it, with these very types");
        self.0.whole.get_or_init(unpack)
    }
}

impl PartialEq for SharedLesson {
    fn eq(&self, other: &SharedLesson) -> bool {
        **self == **other
    }
}

impl fmt::Debug for SharedLesson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lesson {}", self.0.outline.id)
    }
}
