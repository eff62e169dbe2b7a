//! Reads and checks the course, and leaves it for the binary as it was understood. A fault in a lesson fails the build.

use lesson::course::CourseError;
use lesson::packed::{PackedCourse, PackedLesson};
use lesson::{Course, Lesson};
use std::fs;
use std::path::Path;

#[path = "../src/lesson/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the build reads lessons, and does nothing else with them")]
mod lesson;

const FOLDER: &str = "lessons";

/// Writes `course.msgpack` into `out`.
pub fn build(out: &Path) {
    println!("cargo::rerun-if-changed={FOLDER}");
    let course = match Course::from_dir(Path::new(FOLDER)) {
        Ok(course) => course,
        Err(CourseError::Faulty(faults)) => {
            for fault in faults.0 {
                println!("cargo::error={FOLDER}/{fault}");
            }
            return;
        }
        Err(other) => return println!("cargo::error={other}"),
    };
    let path = out.join("course.msgpack");
    fs::write(&path, packed(&course)).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    println!("cargo::rustc-cfg=course_built");
}

/// The course, each lesson apart.
fn packed(course: &Course) -> Vec<u8> {
    let bytes = |lesson: &Lesson| rmp_serde::to_vec(lesson).expect("every part of a lesson can be written");
    let whole: Vec<Vec<u8>> = course.lessons().iter().map(|lesson| bytes(lesson)).collect();
    let lessons = course.lessons().iter().zip(&whole);
    let lessons = lessons.map(|(lesson, whole)| PackedLesson { outline: lesson.outline().clone(), whole });
    let course = PackedCourse { parts: course.parts().to_vec(), lessons: lessons.collect() };
    rmp_serde::to_vec(&course).expect("every part of the course can be written")
}
