//! A task is tried with programs that it has to accept and with others that it has to reject: one that nobody has tried may
//! be passed by accident, or not at all.

use super::Seen;
use crate::lesson::fault::Fault;
use crate::lesson::types::{Solution, Task};

/// Right solutions of each task at least, of different kinds.
const RIGHT: usize = 2;
/// Wrong ones at least: the obvious ones.
const WRONG: usize = 3;

pub(super) fn check(seen: &Seen<'_>) -> Vec<Fault> {
    let tasks = seen.lesson.tasks.iter();
    tasks.flat_map(|task| too_few(seen, task).into_iter().chain(unsaid(seen, task))).collect()
}

fn too_few(seen: &Seen<'_>, task: &Task) -> Option<Fault> {
    let right = task.solutions.iter().filter(|solution| solution.right).count();
    let wrong = task.solutions.len() - right;
    (right < RIGHT || wrong < WRONG).then(|| {
        let folder = format!("solutions/{}/", task.id);
        let message = format!(
            "the task has {right} right and {wrong} wrong solutions; put {RIGHT} `right-*.py` and {WRONG} `wrong-*.py` at \
             least into {folder}"
        );
        seen.of_id(&task.id, message)
    })
}

/// The wrong ones that do not say what is wrong with them.
fn unsaid(seen: &Seen<'_>, task: &Task) -> Vec<Fault> {
    let silent = task.solutions.iter().filter(|solution| !solution.right && solution.why.is_none());
    let fault = |solution: &Solution| Fault {
        file: seen.file.replace("lesson.md", &format!("solutions/{}/{}.py", task.id, solution.name)),
        line: 1,
        column: 1,
        message: "a wrong solution begins with a comment that says what is wrong with it".to_owned(),
    };
    silent.map(fault).collect()
}
