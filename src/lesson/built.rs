//! The course in the binary. The build has read and checked it, and left it as it was understood: opening the tutor
//! parses nothing, and decodes of each lesson its outline alone. A debug build reads the folder anew each time, for those who write lessons.

use super::course::{self, Course, CourseError};
use super::fault::Fault;
use super::folder::{folders, rust_files};
use super::pack;
use super::packed::{PackedCourse, PackedLesson};
use super::rules;
use super::shared::SharedLesson;
use std::path::Path;

/// What the build left.
static COURSE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/course.msgpack"));
/// Where it came from.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons");

impl Course {
    /// The tutor's own course.
    ///
    /// # Errors
    /// [`CourseError`], in a debug build alone: the folder may have changed since the build checked it.
    pub fn embedded() -> Result<Course, CourseError> {
        if cfg!(debug_assertions) { Course::from_dir(Path::new(FOLDER)) } else { Ok(Course::built()) }
    }

    /// What the build left.
    pub(crate) fn built() -> Course {
        let packed: PackedCourse<'static> =
            rmp_serde::from_slice(COURSE).expect("the build wrote it, with these very types");
        let lesson = |lesson: PackedLesson<'static>| SharedLesson::packed(lesson.outline, lesson.whole);
        Course::new(packed.lessons.into_iter().map(lesson), packed.parts)
    }

    /// Whether one of its programs has this Rust file, such as `02-gil/threads.rs`, for a twin.
    fn has_twin(&self, file: &str) -> bool {
        let Some((id, stem)) = file.strip_suffix(".rs").and_then(|file| file.split_once('/')) else { return false };
        let mut lessons = self.lessons().iter().filter(|lesson| lesson.outline().id == id);
        lessons.any(|lesson| lesson.program(stem).is_some_and(|program| program.rust.is_some()))
    }
}

/// Every fault of the course in a folder, in the order of the files. A Rust file that this binary has no twin of is one.
///
/// # Errors
/// [`CourseError`] where the folder cannot be read or holds no lesson.
pub fn check_dir(path: &Path) -> Result<Vec<Fault>, CourseError> {
    let (folders, own) = (folders(path)?, Course::built());
    let (lessons, mut faults) = course::read(&folders);
    if faults.is_empty() {
        // Of what cannot be read, nothing more is said.
        faults.extend(rules::check(&lessons, path, |lesson| course::folder_of(&folders, &lesson.id)));
    }
    faults.extend(rust_files(&folders).filter(|file| !own.has_twin(file)).map(pack::fault));
    faults.extend(course::parts_in(path).err());
    Ok(faults)
}

/// Every fault of the tutor's own course: looked for in a debug build alone, which has its folder.
///
/// # Errors
/// As [`Course::embedded`], but for faults.
pub fn check_embedded() -> Result<Vec<Fault>, CourseError> {
    if cfg!(debug_assertions) { check_dir(Path::new(FOLDER)) } else { Ok(Vec::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_build_left_is_what_the_folder_says() {
        let read = Course::from_dir(Path::new(FOLDER)).expect("no faults");
        assert!(Course::built() == read, "the course in the binary is another than the one in its folder");
        assert!(Course::built().outlines().eq(read.outlines()), "what is known without looking is something else");
    }

    #[test]
    fn a_rust_file_of_the_course_is_known_as_a_twin() {
        let own = Course::built();
        assert!(own.has_twin("02-gil/threads.rs"));
        for other in ["02-gil/threads.py", "02-gil/another.rs", "my-gil/threads.rs", "threads.rs"] {
            assert!(!own.has_twin(other), "{other}");
        }
    }
}
