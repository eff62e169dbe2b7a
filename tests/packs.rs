//! Lesson packs from outside: the worked example of the authors' page, and that a pack is opened only after a yes.

use assert_cmd::Command;
use std::fs;
use std::path::Path;

/// The files of the worked example in `lessons/README.md`: a line with the name, then a fence of four backticks.
fn example() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/README.md");
    let page = fs::read_to_string(page).unwrap();
    let mut files = Vec::new();
    for part in page.split("\n`01-naps/").skip(1) {
        let (name, rest) = part.split_once("`:\n\n````").unwrap();
        let (_language, rest) = rest.split_once('\n').unwrap();
        let (text, _) = rest.split_once("\n````").unwrap();
        files.push((name.to_owned(), format!("{text}\n")));
    }
    files
}

#[test]
fn the_worked_example_is_what_new_lesson_makes_and_has_no_faults() {
    let dir = tempfile::tempdir().unwrap();
    let (theirs, ours) = (dir.path().join("theirs"), dir.path().join("ours/01-naps"));
    fs::create_dir_all(&ours).unwrap();
    let tutor = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_concur-tutor")).args(args).output().unwrap();
    assert!(tutor(&["new-lesson", "naps", "--in", theirs.to_str().unwrap()]).status.success());
    let files = example();
    assert_eq!(files.len(), 8, "lesson.md, two programs and five solutions");
    for (name, text) in files {
        assert_eq!(text, fs::read_to_string(theirs.join("01-naps").join(&name)).unwrap(), "{name} differs");
        fs::create_dir_all(ours.join(&name).parent().unwrap()).unwrap();
        fs::write(ours.join(&name), text).unwrap();
    }
    let checked = tutor(&["check", ours.parent().unwrap().to_str().unwrap()]);
    assert_eq!(String::from_utf8_lossy(&checked.stdout), "no faults\n");
}
