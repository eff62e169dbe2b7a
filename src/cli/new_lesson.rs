//! `concur-tutor new-lesson NAME`: a lesson that passes `check`, to be changed into one's own.

use super::output::print;
use super::{Failure, USAGE};
use crate::lesson::parts::number;
use anyhow::Context as _;
use clap::Args;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

/// The files that a new lesson begins with.
const FILES: [(&str, &str); 8] = [
    ("lesson.md", include_str!("new_lesson/lesson.md")),
    ("sequential.py", include_str!("new_lesson/sequential.py")),
    ("threads.py", include_str!("new_lesson/threads.py")),
    ("solutions/nap-at-once/right-pool.py", include_str!("new_lesson/solutions/nap-at-once/right-pool.py")),
    ("solutions/nap-at-once/right-threads.py", include_str!("new_lesson/solutions/nap-at-once/right-threads.py")),
    (
        "solutions/nap-at-once/wrong-joined-too-early.py",
        include_str!("new_lesson/solutions/nap-at-once/wrong-joined-too-early.py"),
    ),
    (
        "solutions/nap-at-once/wrong-nobody-waits.py",
        include_str!("new_lesson/solutions/nap-at-once/wrong-nobody-waits.py"),
    ),
    (
        "solutions/nap-at-once/wrong-one-nap-for-all.py",
        include_str!("new_lesson/solutions/nap-at-once/wrong-one-nap-for-all.py"),
    ),
];

/// The title in `lesson.md` that the new one stands in for.
const TITLE: &str = "title = \"Naps\"";

#[derive(Debug, Args)]
pub(super) struct NewLesson {
    /// Its name: lower-case letters, digits and hyphens; the next free number is put before it
    pub name: String,
    /// The folder of lessons that it is made in; this folder where left out
    #[arg(long = "in", value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

pub(super) fn new_lesson(options: &NewLesson) -> anyhow::Result<ExitCode> {
    let dir = options.dir.as_deref().unwrap_or(Path::new("."));
    let folder = folder(&options.name, dir)?;
    let place = dir.join(&folder);
    if place.exists() {
        return Err(Failure::new(USAGE, format!("{} is there already; nothing was written", place.display())).into());
    }
    fs::create_dir_all(&place).with_context(|| format!("cannot make the folder {}", place.display()))?;
    for (name, text) in FILES {
        let file = place.join(name);
        let own = file.parent().unwrap_or(&place);
        fs::create_dir_all(own).with_context(|| format!("cannot make the folder {}", own.display()))?;
        let text = text.replace(TITLE, &format!("title = \"{}\"", title(&folder)));
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let (place, dir) = (place.display(), dir.display());
    print(&format!(
        "made {place}: a small lesson that works, to be changed into yours\n\
         check it:            concur-tutor check {dir}\n\
         hold it against runs: concur-tutor check --run {dir}\n\
         learn from it:       concur-tutor learn --lessons {dir}\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// The folder's name: with the next free number, unless the name has one.
fn folder(name: &str, dir: &Path) -> anyhow::Result<String> {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(word) || name.starts_with('-') || name.ends_with('-') {
        let message = format!("`{name}` is no name of a lesson: use lower-case letters, digits and hyphens");
        return Err(Failure::new(USAGE, message).into());
    }
    if number(name).is_some() {
        return Ok(name.to_owned());
    }
    let there = fs::read_dir(dir).into_iter().flatten().flatten();
    let last = there.filter_map(|entry| number(&entry.file_name().to_string_lossy())).max().unwrap_or(0);
    Ok(format!("{:02}-{name}", last + 1))
}

/// A title from the folder's name: `03-dining-philosophers` is "Dining philosophers".
fn title(folder: &str) -> String {
    let words = folder.split_once('-').map_or(folder, |(_, words)| words).replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Pack;

    fn make(name: &str, dir: &Path) -> anyhow::Result<ExitCode> {
        new_lesson(&NewLesson { name: name.to_owned(), dir: Some(dir.to_owned()) })
    }

    #[test]
    fn a_new_lesson_has_no_faults_and_the_next_free_number() {
        let dir = tempfile::tempdir().expect("a folder");
        let pack = dir.path().join("mine");
        make("naps", &pack).expect("made");
        make("dining-philosophers", &pack).expect("made");
        make("07-last", &pack).expect("made");
        let read = Pack::read(&pack).unwrap_or_else(|faults| panic!("{faults}"));
        let titles: Vec<_> = read.course.lessons().iter().map(|l| (l.id.as_str(), l.title.as_str())).collect();
        let expected = [
            ("mine:01-naps", "Naps"),
            ("mine:02-dining-philosophers", "Dining philosophers"),
            ("mine:07-last", "Last"),
        ];
        assert_eq!(titles, expected);
    }

    #[test]
    fn nothing_is_overwritten_and_a_name_is_a_name() {
        let dir = tempfile::tempdir().expect("a folder");
        make("01-naps", dir.path()).expect("made");
        assert!(make("01-naps", dir.path()).expect_err("it is there").to_string().contains("is there already"));
        for bad in ["", "../naps", "Naps", "my naps", "-naps", "naps-"] {
            assert!(make(bad, dir.path()).is_err(), "{bad}");
        }
    }
}
