//! A program keeps to what is seen at a glance. Blank lines part it, and are not counted.

use super::Seen;
use crate::lesson::fault::Fault;

/// Lines of a Python program at most, without blank ones.
const MOST: usize = 40;

pub(super) fn check(seen: &Seen<'_>) -> Vec<Fault> {
    let long = seen.lesson.programs.iter().filter_map(|program| {
        let lines = program.python.as_deref()?.lines().filter(|line| !line.trim().is_empty()).count();
        let file = seen.file.replace("lesson.md", &format!("{}.py", program.stem));
        let message =
            format!("the program has {lines} lines that are not blank; {MOST} at most can be taken in at a glance");
        (lines > MOST).then_some(Fault { file, line: 1, column: 1, message })
    });
    long.collect()
}
