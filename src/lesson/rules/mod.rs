//! What a lesson keeps to beyond being readable: what it says can be held against something, and nothing is asked before
//! it was taught. A rule is a file here and a line in [`RULES`]. `check` holds lessons against them; whoever opens a lesson
//! need not.

mod answers;
mod backing;
mod facts;
mod given;
mod length;
mod names;
mod numbers;
mod order;
mod sentences;
mod solutions;
mod spans;

use super::build::{Folder, LESSON_FILE};
use super::fault::{Fault, line_and_column};
use super::types::{Lesson, Page, Program};
use facts::Facts;
use std::path::Path;

/// A rule: what it finds in a lesson.
type Rule = fn(&Seen<'_>) -> Vec<Fault>;

const RULES: [Rule; 8] = [
    length::check,
    names::check,
    answers::check,
    given::check,
    order::check,
    backing::check,
    sentences::check,
    solutions::check,
];

/// A lesson, its text, and what there is around it.
struct Seen<'a> {
    lesson: &'a Lesson,
    file: String,
    text: &'a str,
    /// The lessons before it.
    earlier: &'a [Lesson],
    /// The lessons behind it.
    later: &'a [Lesson],
    facts: &'a Facts,
}

impl Seen<'_> {
    /// A fault at the first place where these words stand.
    fn fault(&self, at: &str, message: impl Into<String>) -> Fault {
        let (line, column) = self.text.find(at).map_or((1, 1), |offset| line_and_column(self.text, offset));
        Fault { file: self.file.clone(), line, column, message: message.into() }
    }

    /// A fault at the question of this id.
    fn of_id(&self, id: &str, message: impl Into<String>) -> Fault {
        self.fault(&format!("id = \"{id}\""), message)
    }

    /// The pages, each with its place and the program whose tab is open there.
    fn pages(&self) -> impl Iterator<Item = (usize, &Page, &Program)> {
        let mut open = self.lesson.programs.first();
        self.lesson.pages.iter().enumerate().filter_map(move |(place, page)| {
            let named = page.program.as_ref().and_then(|name| self.lesson.program(name));
            open = named.or(open);
            Some((place, page, open?))
        })
    }

    /// The page that asks a check, by place.
    fn asks(&self, check: &str) -> Option<usize> {
        self.lesson.pages.iter().position(|page| page.checks.iter().any(|id| id == check))
    }
}

/// Both sources of a program.
fn sources(program: &Program) -> impl Iterator<Item = &str> {
    program.python.as_deref().into_iter().chain(program.rust.as_deref())
}

/// What is wrong with the lessons of a folder, beside what makes them unreadable. `text` gives each lesson's folder and what
/// stands before its files' names in faults.
pub(super) fn check<'f>(
    lessons: &[Lesson],
    path: &Path,
    text: impl Fn(&Lesson) -> Option<(&'f Folder, String)>,
) -> Vec<Fault> {
    let (facts, mut faults) = Facts::near(path);
    for (place, lesson) in lessons.iter().enumerate() {
        let Some((folder, prefix)) = text(lesson) else { continue };
        let Some(text) = folder.get(LESSON_FILE).and_then(|bytes| std::str::from_utf8(bytes).ok()) else { continue };
        let file = format!("{prefix}{LESSON_FILE}");
        let (earlier, later) = (&lessons[..place], &lessons[place + 1..]);
        let seen = Seen { lesson, file, text, earlier, later, facts: &facts };
        faults.extend(RULES.iter().flat_map(|rule| rule(&seen)));
    }
    faults.extend(facts.faults(lessons));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lesson that keeps to all rules.
    const LESSON: &str = r#"+++
title = "Naps"
summary = "Two naps."
teaches = ["nap", "siesta"]

[[program]]
name = "naps"

[knobs.N]
label = "naps"
min = 1
max = 9
steps = [1, 2]

[[prediction]]
id = "how-many"
program = "naps"
question = "How many does it print?"
metric = "printed:naps"
explain = "As many as there are."

[[prediction.choice]]
label = "few"
to = 3

[[prediction.choice]]
label = "many"
from = 3

[[check]]
id = "how-long"
kind = "short"
question = "How many naps?"
otherwise = "Count them."

[[check.answer]]
accept = ["4", "four", "4 naps"]
compute = "N * 2.0"
right = true
explain = "Yes."

[[claim]]
says = "It prints them."
backs = "It prints each of them, since 3.9."
that = "naps.printed('naps') == 2.0"
+++

# A nap
<!-- program: naps -->

The program `naps` calls `sleep`. It prints each of them, since 3.9.

# More
<!-- check: how-long -->

A siesta takes 2 of them. Turn `N` to 7.
"#;
    const PROGRAM: &str = "import time\n\nN = 2\n\ntime.sleep(0)\nprint(f\"naps {N}\")\n";

    const TASK: &str = "[[task]]\nid = \"do-it\"\nprogram = \"naps\"\ngoal = \"Do it.\"\n[[task.expect]]\n\
        says = \"it is done\"\nthat = \"run.exit.code == 0.0\"\n[[claim]]\n";

    /// What is found where one part of the lesson is replaced.
    fn found(part: &str, by: &str) -> Vec<String> {
        assert!(LESSON.contains(part) || PROGRAM.contains(part), "{part}");
        let folder = [(LESSON_FILE, LESSON.replace(part, by)), ("naps.py", PROGRAM.replace(part, by))];
        let folder: Folder = folder.map(|(name, text)| (name.to_owned(), text.into_bytes())).into();
        let (lesson, faults) = super::super::build::lesson("01-naps", "", &folder);
        let lesson = lesson.unwrap_or_else(|| panic!("{faults:?}"));
        let nowhere = Path::new("/nowhere/at/all");
        check(&[lesson], nowhere, |_| Some((&folder, String::new()))).into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn each_rule_finds_its_fault_and_nothing_else() {
        assert_eq!(found("Two naps.", "Two naps, again."), Vec::<String>::new());
        for (part, by, message) in [
            ("import time\n", &*"import time\n".repeat(40), "the program has 43 lines"),
            ("`sleep`", "`slumber`", "its program `naps` has no `slumber`"),
            ("N * 2.0", "N * 3.0", "`4` is accepted, and `N * 3.0` is 6"),
            ("compute = \"N * 2.0\"\n", "", "the answer `4` is a number: say how it comes about"),
            ("A siesta takes", "| naps |\n|---|\n| 4 naps |\n\nA siesta takes", "stands on the page above it"),
            ("How many does it print?", "How many siestas?", "`siesta` is taught on page 2"),
            ("How many naps?", "How many `Barrier`s?", "`Barrier`, which no page or program has shown so far"),
            ("\"siesta\"", "\"doze\"", "no page of this lesson has the word `doze`"),
            ("backs = \"It prints each", "backs = \"He prints each", "words that stand nowhere in the lesson"),
            ("backs = \"It prints each of them, since 3.9.\"\n", "", "which words of the lesson does this claim back?"),
            ("A siesta takes 2 of", "A siesta takes 5 of", "nothing backs: A siesta takes 5 of them."),
            ("`N` to 7", "`N` to 70", "nothing backs: Turn N to 70."),
            ("\"Count them.\"", "\"Count 77 of them.\"", "answer to `how-long`, nothing backs: Count 77 of them."),
            (
                "As many as there are.",
                "As many as in 3.9.",
                "why of the prediction `how-many`, nothing backs: As many as in 3.9.",
            ),
            ("[[claim]]\n", TASK, "the task has 0 right and 0 wrong solutions; put 2 `right-*.py` and 3 `wrong-*.py`"),
        ] {
            let found = found(part, by);
            assert!(found.iter().any(|fault| fault.contains(message)), "{message}: {found:?}");
        }
    }
}
