//! Programs that save at once and are killed in the middle of it. The programs are this test binary, started anew.

use concur_tutor::inside::learner::{Change, Progress, Store, StoreError};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Says to a writer in which folder it saves.
const FOLDER: &str = "CONCUR_TUTOR_TEST_FOLDER";
/// Says to it which attempts it counts.
const TASK: &str = "CONCUR_TUTOR_TEST_TASK";
/// The writers' lesson.
const LESSON: &str = "02-gil";
/// How often a writer is killed.
const KILLED: u32 = 200;

/// Counts attempts up, saves each and says how many are saved, until it is killed or nobody listens.
#[test]
#[ignore = "a part of the tests below, which start it"]
fn a_writer() {
    let (Ok(folder), Ok(task)) = (std::env::var(FOLDER), std::env::var(TASK)) else { return };
    let store = Store::in_dir(Path::new(&folder));
    let mut known = Progress::default();
    loop {
        let mut now = known.clone();
        now.judged(LESSON, &task, false);
        let change = [Change::between(&known, &now)];
        known = patiently(|| store.save(&known, &change));
        println!("saved {}", attempts(&known, &task));
    }
}

/// Does it once it can be done: writers that do nothing else leave the lock free for moments only.
fn patiently<T>(job: impl Fn() -> Result<T, StoreError>) -> T {
    loop {
        match job() {
            Err(StoreError::Busy { .. }) => {}
            done => return done.expect("it can be saved"),
        }
    }
}

fn attempts(progress: &Progress, task: &str) -> u32 {
    progress.lessons.get(LESSON).and_then(|lesson| lesson.attempts.get(task)).copied().unwrap_or_default()
}

/// A writer that is killed when it is dropped.
struct Writer {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Writer {
    fn start(folder: &Path, task: &str) -> Writer {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "saves::a_writer", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .env(TASK, task)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("this test starts");
        let said = BufReader::new(child.stdout.take().unwrap());
        Writer { child, said }
    }

    /// How many attempts it has saved, as it says next; `None` once it has ended.
    fn next(&mut self) -> Option<u32> {
        let mut line = String::new();
        while self.said.read_line(&mut line).unwrap() > 0 {
            if let Some(saved) = line.trim_end().rsplit("saved ").next().and_then(|count| count.parse().ok()) {
                return Some(saved);
            }
            line.clear();
        }
        None
    }

    /// Kills it with SIGKILL; the last that it said.
    fn kill(mut self) -> Option<u32> {
        self.child.kill().unwrap();
        std::iter::from_fn(|| self.next()).last()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_is_said_to_be_saved_outlives_200_kills_in_the_middle_of_saves() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::in_dir(folder.path());
    for round in 0..KILLED {
        let mut writer = Writer::start(folder.path(), "t");
        let first = writer.next().expect("it saves before it is killed");
        // Not always at the same point of a save.
        for _ in 0..round * 500 {
            std::hint::spin_loop();
        }
        let said = writer.kill().unwrap_or(first);
        let there = attempts(&store.peek().expect("the file is whole"), "t");
        // The save that was going on may have come to its end, unsaid.
        assert!(there == said || there == said + 1, "round {round}: {said} were saved, {there} are there");
    }
    let names = names(folder.path());
    assert!(names.iter().all(|name| ["progress.json", "progress.json.lock", "progress.json.new"].contains(&&**name)));
}

#[test]
fn two_writers_and_a_reset_lose_nothing_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::in_dir(folder.path());
    let mut writers = ["one", "two"].map(|task| Writer::start(folder.path(), task));
    let mut said = [0, 0];
    while said.iter().any(|count| *count < 10) {
        said = writers.each_mut().map(|writer| writer.next().expect("it goes on"));
    }
    patiently(|| store.update(|progress| progress.lesson_mut("03-io").pages.extend(["mine".to_owned()])));
    let copy = patiently(|| store.forget(Some(LESSON))).copy.unwrap();
    // Both are in the copy with all that they had said before.
    let kept: Progress = serde_json::from_slice(&std::fs::read(copy).unwrap()).unwrap();
    for (task, said) in ["one", "two"].into_iter().zip(said) {
        assert!(attempts(&kept, task) >= said, "{task}");
    }
    // Neither brings back what was forgotten: it counts on from nothing.
    for (writer, mut last) in writers.iter_mut().zip(said) {
        let anew = std::iter::from_fn(|| writer.next()).find(|count| *count < std::mem::replace(&mut last, *count));
        assert_eq!(anew, Some(1));
    }
    let said = writers.map(|writer| writer.kill().unwrap_or(1));
    let there = store.peek().unwrap();
    for (task, said) in ["one", "two"].into_iter().zip(said) {
        let there = attempts(&there, task);
        assert!(there == said || there == said + 1, "{task}: {said} were saved, {there} are there");
    }
    assert!(there.lessons["03-io"].pages.contains("mine"));
}
