//! The course: every lesson, read from a folder. The one that the binary carries is in `built`.

use super::bounded;
use super::build::{self, Folder};
use super::fault::{Fault, Faults, closest, line_and_column};
use super::folder::folders;
use super::id::own_name;
use super::outline::Outline;
use super::parts::{self, PARTS_FILE, Part};
use super::proofs;
use super::shared::SharedLesson;
use super::types::Lesson;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// Every lesson, in the order of their folders.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    lessons: Vec<SharedLesson>,
    parts: Vec<Part>,
}

/// Why a course cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// The folder cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// There is no lesson in it.
    #[error("there is no lesson in {}: a lesson is a folder with a file lesson.md", .0.display())]
    Empty(PathBuf),
    /// The lessons have faults.
    #[error(transparent)]
    Faulty(#[from] Faults),
}

/// Why a lesson cannot be found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no lesson `{name}`{hint}")]
pub struct NoSuchLesson {
    /// What was asked for.
    pub name: String,
    /// A near miss, or what there is.
    pub hint: String,
}

impl Course {
    pub(super) fn new(lessons: impl Iterator<Item = SharedLesson>, parts: Vec<Part>) -> Course {
        Course { lessons: lessons.collect(), parts }
    }

    /// The course in a folder: a folder of lessons, or one lesson's own.
    ///
    /// # Errors
    /// [`CourseError`]: unreadable, empty, or with faults.
    pub fn from_dir(path: &Path) -> Result<Course, CourseError> {
        Ok(Course::from_folders(&folders(path)?, parts_in(path))?)
    }

    fn from_folders(folders: &BTreeMap<String, Folder>, parts: Result<Vec<Part>, Fault>) -> Result<Course, Faults> {
        let (lessons, mut faults) = read(folders);
        let parts = parts.unwrap_or_else(|fault| {
            faults.push(fault);
            Vec::new()
        });
        if faults.is_empty() {
            Ok(Course::new(lessons.into_iter().map(SharedLesson::from), parts))
        } else {
            Err(Faults(faults))
        }
    }

    /// The headings over the lessons, in order; none where the course has no parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The packages from PyPI that programs of the course import, each once, in order.
    #[must_use]
    pub fn packages(&self) -> Vec<String> {
        let all = self.lessons.iter().flat_map(|lesson| &lesson.programs).flat_map(|program| &program.packages);
        all.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The same with other ids.
    #[must_use]
    pub(super) fn named(self, name: impl Fn(&str) -> String) -> Course {
        let named = |lesson: &SharedLesson| Lesson { id: name(&lesson.id), ..Lesson::clone(lesson) };
        Course::new(self.lessons.iter().map(|lesson| named(lesson).into()), self.parts)
    }

    /// The lessons, in order.
    #[must_use]
    pub fn lessons(&self) -> &[SharedLesson] {
        &self.lessons
    }

    /// What is known of each lesson without looking into it, in order.
    pub fn outlines(&self) -> impl Iterator<Item = &Outline> {
        self.lessons.iter().map(SharedLesson::outline)
    }

    /// The lessons themselves, in order.
    #[must_use]
    pub fn into_lessons(self) -> Vec<SharedLesson> {
        self.lessons
    }

    /// A lesson by its folder's name with or without its number (`02-gil`, `gil`), or by its number (`2`).
    ///
    /// # Errors
    /// [`NoSuchLesson`], with a near miss where there is one.
    pub fn find(&self, name: &str) -> Result<&SharedLesson, NoSuchLesson> {
        let number = |text: &str| text.parse::<u32>().ok();
        let wanted = name.trim_end_matches('/').to_lowercase();
        let is = |lesson: &&SharedLesson| {
            let id = &lesson.outline().id;
            let own = own_name(id);
            let (before, short) = own.split_once('-').unwrap_or(("", own));
            *id == wanted
                || own == wanted
                || short == wanted
                || (number(before).is_some() && number(before) == number(&wanted))
        };
        self.lessons.iter().find(is).ok_or_else(|| {
            let ids = || self.outlines().map(|l| l.id.as_str());
            let short = || ids().map(|id| id.split_once('-').map_or(id, |(_, short)| short));
            let hint = match closest(&wanted, ids().chain(short())) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => format!("; there is {}", ids().collect::<Vec<_>>().join(", ")),
            };
            NoSuchLesson { name: name.to_owned(), hint }
        })
    }
}

/// The parts of the course in a folder: none where it has no such file.
pub(super) fn parts_in(path: &Path) -> Result<Vec<Part>, Fault> {
    let fault = |message: String| Fault { file: PARTS_FILE.to_owned(), line: 1, column: 1, message };
    match bounded::read(&path.join(PARTS_FILE)) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => read_parts(&text),
            Err(_) => Err(fault("this is not UTF-8 text".to_owned())),
        },
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(fault(format!("it cannot be read: {error}"))),
    }
}

fn read_parts(text: &str) -> Result<Vec<Part>, Fault> {
    parts::parse(text).map_err(|(span, message)| {
        let (line, column) = line_and_column(text, span.start);
        Fault { file: PARTS_FILE.to_owned(), line, column, message }
    })
}

/// A lesson's folder, and what stands before its files' names in faults.
#[cfg(course_built)]
pub(super) fn folder_of<'f>(folders: &'f BTreeMap<String, Folder>, id: &str) -> Option<(&'f Folder, String)> {
    let alone = folders.get(&format!("{id}/")).map(|folder| (folder, String::new()));
    alone.or_else(|| Some((folders.get(id)?, format!("{id}/"))))
}

/// Reads every lesson. The name of a lesson that stands alone is empty in faults: its files are named as they are.
pub(super) fn read(folders: &BTreeMap<String, Folder>) -> (Vec<Lesson>, Vec<Fault>) {
    let (mut lessons, mut faults) = (Vec::new(), Vec::new());
    // A lone lesson's key ends in a slash, see `folders`.
    let prefix = |id: &str| if folders.contains_key(&format!("{id}/")) { String::new() } else { format!("{id}/") };
    for (id, folder) in folders {
        let id = id.strip_suffix('/').unwrap_or(id);
        let (lesson, found) = build::lesson(id, &prefix(id), folder);
        lessons.extend(lesson);
        faults.extend(found);
    }
    if faults.is_empty() {
        // A lesson that could not be read would seem not to be there.
        faults = proofs::check(&lessons, &|lesson| prefix(&lesson.id));
    }
    (lessons, faults)
}
