//! The lessons as they ship, and what is said about broken ones.

use concur_tutor::lesson::{self, Course};

#[test]
fn the_embedded_course_has_no_faults() {
    let faults: Vec<String> = lesson::check_embedded().iter().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
    assert!(Course::embedded().is_ok_and(|course| !course.lessons().is_empty()));
}
