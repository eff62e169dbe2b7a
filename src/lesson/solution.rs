//! Changed programs that a task is tried with: the files `solutions/TASK/right-*.py` and `wrong-*.py` in a lesson's folder.

use super::fault::Fault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The folder beside `lesson.md` that has a folder for each task.
pub(super) const FOLDER: &str = "solutions";

/// A changed program that the task has to accept or to reject. Learners are never shown one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// The file's name without its ending, such as `wrong-one-lock-around-all`.
    pub name: String,
    /// Whether the task has to accept it.
    pub right: bool,
    /// Whether it is wrong under a GIL alone: elsewhere nothing is said of it.
    pub only_gil: bool,
    /// The comment that it begins with: of a wrong one, what is wrong with it.
    pub why: Option<String>,
    /// The whole program.
    pub source: String,
}

impl Solution {
    /// One from its file; `None` where its name does not say whether it is right.
    fn new(name: &str, source: &str) -> Option<Solution> {
        let right = name.starts_with("right-");
        let only_gil = name.starts_with("wrong-with-a-gil-");
        let known = right || name.starts_with("wrong-");
        known.then(|| Solution { name: name.to_owned(), right, only_gil, ..of_source(source) })
    }

    /// The right one that a lesson names in `solution`.
    pub(super) fn named(name: &str, source: &str) -> Solution {
        Solution { name: name.to_owned(), right: true, ..of_source(source) }
    }
}

fn of_source(source: &str) -> Solution {
    let comment = source.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
    let why = comment.collect::<Vec<_>>().join(" ");
    let why = Some(why).filter(|why| !why.is_empty());
    Solution { name: String::new(), right: false, only_gil: false, why, source: source.into() }
}

/// The solutions of a task among a lesson's files, in the order of their names.
pub(super) fn of_task(task: &str, sources: &BTreeMap<&str, &str>) -> Vec<Solution> {
    let files = sources.iter().filter_map(|(file, source)| Some((place(file)?, *source)));
    files.filter(|((of, _), _)| *of == task).filter_map(|((_, name), source)| Solution::new(name, source)).collect()
}

/// The files in the folder that belong to no task, or whose names say nothing.
pub(super) fn strays(tasks: &[&str], sources: &BTreeMap<&str, &str>, prefix: &str, faults: &mut Vec<Fault>) {
    for (file, (task, name)) in sources.keys().filter_map(|file| Some((file, place(file)?))) {
        let message = if !tasks.contains(&task) {
            format!("there is no `[[task]]` with the id `{task}`")
        } else if Solution::new(name, "").is_none() {
            "a solution's name begins with `right-` or `wrong-`".to_owned()
        } else {
            continue;
        };
        faults.push(Fault { file: format!("{prefix}{file}"), line: 1, column: 1, message });
    }
}

/// The task and the name in a path such as `solutions/TASK/NAME.py`.
fn place(file: &str) -> Option<(&str, &str)> {
    file.strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix(".py")?.split_once('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_has_the_files_of_its_own_folder() {
        let files = [
            ("solutions/keep/right-lock.py", "\"\"\"With a lock.\"\"\"\n"),
            ("solutions/keep/wrong-none.py", "# Nothing is\n# locked.\nprint(1)\n"),
            ("solutions/other/right-any.py", ""),
            ("solutions/keep/maybe.py", ""),
            ("keep.py", ""),
        ];
        let sources = BTreeMap::from(files);
        let found = of_task("keep", &sources);
        let told: Vec<_> = found.iter().map(|s| (s.name.as_str(), s.right, s.why.as_deref())).collect();
        assert_eq!(told, [("right-lock", true, None), ("wrong-none", false, Some("Nothing is locked."))]);
        let mut faults = Vec::new();
        strays(&["keep"], &sources, "01-a/", &mut faults);
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "01-a/solutions/keep/maybe.py:1:1: a solution's name begins with `right-` or `wrong-`",
                "01-a/solutions/other/right-any.py:1:1: there is no `[[task]]` with the id `other`",
            ]
        );
    }
}
