//! What a lesson's interview proves by another lesson's runs, held against the whole course: a proof must not name what
//! is not there.

use super::build::LESSON_FILE;
use super::fault::{Fault, hint};
use super::types::{Lesson, Proof};

/// Every fault of the proofs in a course. `prefix` is put before the file's name in faults, by lesson.
pub(super) fn check(lessons: &[Lesson], prefix: &dyn Fn(&Lesson) -> String) -> Vec<Fault> {
    let mut faults = Vec::new();
    for lesson in lessons {
        for proof in lesson.interview.iter().filter_map(|question| question.proof.as_ref()) {
            let file = format!("{}{LESSON_FILE}", prefix(lesson));
            let fault = |message| Fault { file: file.clone(), line: proof.line, column: 1, message };
            faults.extend(one(proof, lessons).into_iter().map(fault));
        }
    }
    faults
}

fn one(proof: &Proof, lessons: &[Lesson]) -> Vec<String> {
    let Some(lesson) = lessons.iter().find(|lesson| lesson.id == proof.lesson) else {
        let hint = hint(&proof.lesson, lessons.iter().map(|lesson| lesson.id.as_str()));
        return vec![format!("the proof names the lesson `{}`, which is not in this course{hint}", proof.lesson)];
    };
    let mut out = Vec::new();
    for name in proof.programs.iter().filter(|name| !lesson.programs.iter().any(|p| p.name == **name)) {
        let hint = hint(name, lesson.programs.iter().map(|program| program.name.as_str()));
        out.push(format!("the proof names the program `{name}`, which {} does not have{hint}", lesson.id));
    }
    for (name, value) in &proof.set {
        let Some(knob) = lesson.knobs.iter().find(|knob| knob.name == *name) else {
            let hint = hint(name, lesson.knobs.iter().map(|knob| knob.name.as_str()));
            out.push(format!("the proof sets `{name}`, which {} does not have{hint}", lesson.id));
            continue;
        };
        if !(knob.min.as_f64()..=knob.max.as_f64()).contains(&value.as_f64()) {
            out.push(format!("the proof sets `{name}` to {value}, outside {} to {}", knob.min, knob.max));
        }
    }
    out
}
