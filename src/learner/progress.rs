//! What the learner has done so far, kept in the XDG state directory: written whole or not at all, and a file that
//! cannot be read is set aside, never overwritten.

use crate::learner::atomic;
use crate::learner::review::{Grade, Review};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The version of the file's layout.
const VERSION: u32 = 1;

/// What the learner has done, by lesson id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The layout's version.
    pub version: u32,
    /// By lesson id.
    #[serde(default)]
    pub lessons: BTreeMap<String, LessonProgress>,
    /// The lesson that was opened last, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// What comes back, and when.
    #[serde(default, skip_serializing_if = "Review::is_empty")]
    pub review: Review,
}

/// What the learner has done in one lesson. The ids are the lesson's own and stay stable when it is edited.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LessonProgress {
    /// Titles of the pages that were opened.
    #[serde(default)]
    pub pages: BTreeSet<String>,
    /// Predictions, by id.
    #[serde(default)]
    pub predictions: BTreeMap<String, Guess>,
    /// Answers to checks, by id.
    #[serde(default)]
    pub checks: BTreeMap<String, Answer>,
    /// Ids of the tasks whose run was judged fine.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tasks: BTreeSet<String>,
    /// How often each task's program was run to be judged, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attempts: BTreeMap<String, u32>,
    /// Answers to interview questions, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub interview: BTreeMap<String, Spoken>,
    /// Names of the programs that were run here, to their end or until the tutor had to end them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub runs: BTreeSet<String>,
}

/// One prediction and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    /// The label of the choice; `None` where nothing was chosen: it was drawn, or skipped.
    pub choice: Option<String>,
    /// The choice's place in the lesson, which tells choices of one label apart and outlives a new wording; `None`
    /// where none was chosen, and in files that do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// The bars that were drawn instead, as shares of 1; empty where nothing was drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<f64>,
    /// The bars that were measured, as shares of 1; empty until they were, or where they could not be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bars: Vec<f64>,
    /// What was measured, as one number; `None` until it was.
    #[serde(default)]
    pub measured: Option<f64>,
    /// Whether what was measured agrees with what was chosen; `None` until it was judged, and where nothing was
    /// predicted that can be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<bool>,
    /// The runtime of that run, by its label.
    #[serde(default)]
    pub runtime: Option<String>,
    /// Whether other programs disturbed that run: the next one may correct it.
    #[serde(default)]
    pub disturbed: bool,
}

/// The answers given to one check, as the text of the choice or as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The first answer, which tells what the learner believed.
    pub first: String,
    /// The latest answer.
    pub last: String,
    /// Whether the latest was right.
    pub right: bool,
    /// How sure the learner was of the first answer: 1 a guess, 2 thought so, 3 sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// The misconception that the latest wrong answer revealed; kept when a right one follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misconception: Option<String>,
}

impl Guess {
    /// Whether the learner ran without predicting.
    #[must_use]
    pub const fn skipped(&self) -> bool {
        self.choice.is_none() && self.drawn.is_empty()
    }
}

/// The latest answer to an interview question, in the learner's own words and by the learner's own judgement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// What was typed; it may have several lines.
    pub text: String,
    /// How sure the learner was: 1 a guess, 2 thought so, 3 sure.
    pub confidence: u8,
    /// The points of the rubric that the learner found in it, by their words.
    #[serde(default)]
    pub named: BTreeSet<String>,
    /// How many points there were.
    pub points: usize,
}

impl Spoken {
    /// How it went.
    #[must_use]
    pub fn grade(&self) -> Grade {
        Grade::of_rubric(self.named.len(), self.points, self.confidence)
    }
}

/// Where progress is kept.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
}

/// What was loaded, and what there is to say about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The progress; empty where there was none that can be read.
    pub progress: Progress,
    /// A message for the learner.
    pub message: Option<String>,
}

impl Store {
    /// A store in this folder, which need not exist.
    #[must_use]
    pub fn in_dir(dir: &Path) -> Store {
        Store { path: dir.join("progress.json") }
    }

    /// Reads the progress. A file that cannot be understood is set aside under another name.
    #[must_use]
    pub fn load(&self) -> Loaded {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Loaded::default(),
            Err(e) if e.kind() == io::ErrorKind::InvalidData => return self.set_aside("is not text"),
            Err(e) => {
                let message =
                    format!("your progress could not be read ({}: {e}); starting afresh", self.path.display());
                return Loaded { message: Some(message), ..Loaded::default() };
            }
        };
        match serde_json::from_str::<Progress>(&text) {
            Ok(progress) if progress.version == VERSION => Loaded { progress, message: None },
            Ok(progress) => self.set_aside(&format!("has layout version {}", progress.version)),
            Err(e) => self.set_aside(&format!("is damaged ({e})")),
        }
    }

    /// Reads the progress without touching a file that cannot be understood.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub fn peek(&self) -> Result<Progress, String> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Progress::default()),
            Err(e) => return Err(format!("your progress could not be read ({}: {e})", self.path.display())),
        };
        match serde_json::from_str::<Progress>(&text) {
            Ok(progress) if progress.version == VERSION => Ok(progress),
            Ok(progress) => Err(format!("your progress file has layout version {}", progress.version)),
            Err(e) => Err(format!("your progress file is damaged ({e})")),
        }
    }

    fn set_aside(&self, why: &str) -> Loaded {
        let aside = (1..=999)
            .map(|n| self.path.with_extension(format!("json.damaged-{n}")))
            .find(|candidate| candidate.symlink_metadata().is_err());
        let moved = aside.and_then(|to| std::fs::rename(&self.path, &to).ok().map(|()| to));
        let what = match moved {
            Some(to) => format!("it is kept as {}", to.display()),
            None => "it could not be moved aside".to_owned(),
        };
        let message = format!("your progress file {why}: {what}; starting afresh");
        Loaded { progress: Progress::default(), message: Some(message) }
    }

    /// Keeps a copy of the file beside it, under a name that was free. `None` where there is no file yet.
    ///
    /// # Errors
    /// If the file cannot be read or the copy cannot be written.
    pub fn back_up(&self) -> io::Result<Option<PathBuf>> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        for n in 1..=999 {
            let copy = self.path.with_extension(format!("json.before-reset-{n}"));
            match std::fs::File::options().write(true).create_new(true).open(&copy) {
                Ok(mut file) => {
                    file.write_all(&bytes)?;
                    file.sync_all()?;
                    return Ok(Some(copy));
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
        Err(io::Error::other("there are 999 copies already: remove some of them"))
    }

    /// Writes the progress: whole or not at all.
    ///
    /// # Errors
    /// If the folder or the file cannot be written.
    pub fn save(&self, progress: &Progress) -> io::Result<()> {
        let progress = Progress { version: VERSION, ..progress.clone() };
        let mut bytes = serde_json::to_vec_pretty(&progress)?;
        bytes.push(b'\n');
        atomic::write(&self.path, &bytes)
    }
}

impl Progress {
    /// The lesson's progress, to be changed.
    pub fn lesson_mut(&mut self, id: &str) -> &mut LessonProgress {
        self.lessons.entry(id.to_owned()).or_default()
    }

    /// Remembers that a task's program was run and judged.
    pub fn judged(&mut self, lesson: &str, task: &str, passed: bool) {
        let mine = self.lesson_mut(lesson);
        *mine.attempts.entry(task.to_owned()).or_default() += 1;
        if passed {
            mine.tasks.insert(task.to_owned());
        }
    }

    /// Takes in what was loaded from the file; what was done meanwhile wins.
    pub fn absorb(&mut self, loaded: Progress) {
        for (id, old) in loaded.lessons {
            let mine = self.lesson_mut(&id);
            mine.pages.extend(old.pages);
            mine.tasks.extend(old.tasks);
            for (id, count) in old.attempts {
                *mine.attempts.entry(id).or_default() += count;
            }
            mine.runs.extend(old.runs);
            for (id, guess) in old.predictions {
                // A gate that was passed without predicting does not undo an earlier prediction.
                if mine.predictions.get(&id).is_none_or(Guess::skipped) {
                    mine.predictions.insert(id, guess);
                }
            }
            for (id, spoken) in old.interview {
                mine.interview.entry(id).or_insert(spoken);
            }
            for (id, answer) in old.checks {
                mine.checks.entry(id).or_insert(answer);
            }
        }
        self.last = self.last.take().or(loaded.last);
        self.review.absorb(loaded.review);
    }

    /// Forgets what was done in a lesson, or in all of them.
    pub fn forget(&mut self, lesson: Option<&str>) {
        let Some(id) = lesson else {
            *self = Progress::default();
            return;
        };
        self.lessons.remove(id);
        self.review.forget(id);
        self.last = self.last.take().filter(|last| last != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Progress {
        let mut progress = Progress { version: VERSION, ..Progress::default() };
        let lesson = progress.lesson_mut("02-gil");
        lesson.pages.insert("Two threads, one lock".into());
        lesson.predictions.insert(
            "p".into(),
            Guess { choice: Some("about the same".into()), measured: Some(0.98), ..Guess::default() },
        );
        lesson.checks.insert(
            "c".into(),
            Answer {
                first: "a".into(),
                last: "b".into(),
                right: true,
                confidence: Some(3),
                misconception: Some("threads-compute-in-parallel".into()),
            },
        );
        progress
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::in_dir(&dir.path().join("not/yet/there"));
        assert_eq!(store.load(), Loaded::default());
        store.save(&sample()).unwrap();
        assert_eq!(store.load(), Loaded { progress: sample(), message: None });
    }

    #[test]
    fn a_file_of_an_earlier_version_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let old = r#"{"version": 1, "lessons": {"02-gil": {"pages": ["a"],
            "predictions": {"p": {"choice": null, "measured": 1.9}},
            "checks": {"c": {"first": "a", "last": "b", "right": true}}}}}"#;
        std::fs::write(dir.path().join("progress.json"), old).unwrap();
        let loaded = Store::in_dir(dir.path()).load();
        let lesson = &loaded.progress.lessons["02-gil"];
        assert_eq!((lesson.checks["c"].confidence, lesson.checks["c"].right), (None, true));
        assert!(lesson.predictions["p"].skipped() && lesson.tasks.is_empty());
        assert_eq!(loaded.message, None);
    }

    #[test]
    fn a_damaged_file_is_kept_and_named() {
        for bytes in [&b"{\"version\": 1, \"les"[..], b"\xff\xfe\x00", b"", b"{\"version\": 99}"] {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("progress.json.damaged-1"), "an older one").unwrap();
            std::fs::write(dir.path().join("progress.json"), bytes).unwrap();
            let store = Store::in_dir(dir.path());
            let loaded = store.load();
            assert_eq!(loaded.progress, Progress::default());
            assert!(loaded.message.unwrap().contains("damaged-2"));
            assert_eq!(std::fs::read(dir.path().join("progress.json.damaged-2")).unwrap(), bytes);
            store.save(&sample()).unwrap();
            assert_eq!(store.load().progress, sample());
        }
    }

    #[test]
    fn looking_moves_nothing_and_a_copy_never_overwrites_another() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::in_dir(dir.path());
        assert_eq!((store.peek().unwrap(), store.back_up().unwrap()), (Progress::default(), None));
        std::fs::write(dir.path().join("progress.json"), "{\"version\": 1, \"les").unwrap();
        assert!(store.peek().unwrap_err().contains("is damaged"));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        store.save(&sample()).unwrap();
        let copies = [store.back_up().unwrap().unwrap(), store.back_up().unwrap().unwrap()];
        assert_ne!(copies[0], copies[1]);
        assert!(copies[0].ends_with("progress.json.before-reset-1"));
        assert_eq!(std::fs::read(&copies[1]).unwrap(), std::fs::read(dir.path().join("progress.json")).unwrap());
    }

    #[test]
    fn a_failed_save_leaves_the_old_file() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::in_dir(&dir.path().join("file/below"));
        std::fs::write(dir.path().join("file"), "not a folder").unwrap();
        assert!(store.save(&sample()).is_err());
        assert_eq!(std::fs::read_to_string(dir.path().join("file")).unwrap(), "not a folder");
    }

    #[test]
    fn what_was_done_before_the_file_was_read_is_not_lost() {
        let mut now = Progress::default();
        now.lesson_mut("02-gil").pages.insert("A new page".into());
        now.absorb(sample());
        let lesson = &now.lessons["02-gil"];
        assert_eq!(lesson.pages.len(), 2);
        assert_eq!(lesson.predictions["p"].measured, Some(0.98));
    }
}
