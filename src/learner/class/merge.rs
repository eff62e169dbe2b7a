//! What many sheets come to.

use super::sheet::{Answered, Sheet, SheetError};
use crate::lesson::{Course, Lesson, PredictionAsk};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the learners of a course answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Class {
    /// How many learners there are.
    pub learners: usize,
    /// What was asked and answered, in the order of the course.
    pub items: Vec<Item>,
    /// The misconceptions that first answers revealed, each with how many learners have it, most first.
    pub misconceptions: Vec<Misconception>,
    /// The files that were left out.
    pub left_out: Vec<LeftOut>,
}

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// The lesson's id.
    pub lesson: String,
    /// Its own id.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// What was asked; `None` where this course does not have it.
    pub question: Option<String>,
    /// How many answered: predicted, or tried.
    pub answered: usize,
    /// Of those whose first answer could be judged, the share that were wrong, 0 to 1; of a task, of those who tried it, the share
    /// that have not done it. `None` where none could be judged.
    pub difficulty: Option<f64>,
    /// How many were right in the end.
    pub right: usize,
    /// How many were wrong at first, and sure.
    pub sure_and_wrong: usize,
    /// The wrong first answers, the most chosen first.
    pub wrong: Vec<Wrong>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// What a run will show.
    Prediction,
    /// A question on a page.
    Question,
    /// A program to change.
    Task,
}

/// A wrong answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wrong {
    /// What was answered.
    pub answer: String,
    /// By how many.
    pub learners: usize,
    /// What it reveals.
    pub misconception: Option<String>,
}

/// What learners believe that is not so.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Misconception {
    /// Its name in the lessons.
    pub id: String,
    /// How many have it.
    pub learners: usize,
}

/// A file that was left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// Its name.
    pub file: String,
    /// Why.
    pub why: String,
    /// Whether it could not be read, or else was of a learner whose other file is in.
    pub damaged: bool,
}

/// How sure is sure.
const SURE: u8 = 3;

/// What has been counted of one item.
#[derive(Default)]
struct Tally {
    answered: usize,
    judged: usize,
    wrong_first: usize,
    right: usize,
    sure_and_wrong: usize,
    wrong: HashMap<String, (usize, Option<String>)>,
}

/// An item: its lesson, what it is, its own id.
type Key = (String, Kind, String);

impl Class {
    /// Brings sheets together, each with the name of its file. Of two of one learner, the one with more answers is in, of two with as
    /// many the later one.
    #[must_use]
    pub fn of(sheets: Vec<(String, Result<Sheet, SheetError>)>, course: &Course) -> Class {
        let mut left_out = Vec::new();
        let mut by_learner: BTreeMap<String, (String, Sheet)> = BTreeMap::new();
        for (file, sheet) in sheets {
            let sheet = match sheet {
                Ok(sheet) => sheet,
                Err(why) => {
                    left_out.push(LeftOut { file, why: why.to_string(), damaged: true });
                    continue;
                }
            };
            let before = by_learner.remove(&sheet.learner);
            let (kept, other) = match before {
                Some(before) if before.1.answers() > sheet.answers() => (before, Some(file)),
                Some((before, _)) => ((file, sheet), Some(before)),
                None => ((file, sheet), None),
            };
            if let Some(file) = other {
                let why = format!("{} is of the same learner, and is counted", kept.0);
                left_out.push(LeftOut { file, why, damaged: false });
            }
            by_learner.insert(kept.1.learner.clone(), kept);
        }
        let sheets: Vec<Sheet> = by_learner.into_values().map(|(_, sheet)| sheet).collect();
        Class {
            learners: sheets.len(),
            items: items(&sheets, course),
            misconceptions: misconceptions(&sheets),
            left_out,
        }
    }

    /// How many files could not be read.
    #[must_use]
    pub fn damaged(&self) -> usize {
        self.left_out.iter().filter(|file| file.damaged).count()
    }
}

/// Everything that was answered, in the course's order; what the course does not have stands last.
fn items(sheets: &[Sheet], course: &Course) -> Vec<Item> {
    let mut tallies: BTreeMap<Key, Tally> = BTreeMap::new();
    for (id, lesson) in sheets.iter().flat_map(|sheet| &sheet.lessons) {
        let mut tally = |kind, own: &String, count: &dyn Fn(&mut Tally)| {
            let tally = tallies.entry((id.clone(), kind, own.clone())).or_default();
            tally.answered += 1;
            count(tally);
        };
        for (own, answer) in &lesson.checks {
            tally(Kind::Question, own, &|tally| tally.question(answer));
        }
        for (own, foreseen) in &lesson.predictions {
            let choice = foreseen.choice.as_deref();
            tally(Kind::Prediction, own, &|tally| {
                tally.right += usize::from(foreseen.right == Some(true));
                tally.first(foreseen.right, choice.unwrap_or("what was drawn"), None);
            });
        }
        for (own, tried) in &lesson.tasks {
            tally(Kind::Task, own, &|tally| tally.task(tried.done));
        }
    }
    let mut items = Vec::new();
    for lesson in course.lessons() {
        let id = &lesson.outline().id;
        if tallies.keys().any(|(of, ..)| of == id) {
            for (kind, own, question) in asked(lesson) {
                let key = (id.clone(), kind, own.clone());
                items.extend(tallies.remove(&key).map(|tally| tally.item(key, Some(question))));
            }
        }
    }
    items.extend(tallies.into_iter().map(|(key, tally)| tally.item(key, None)));
    items
}

/// What a lesson asks, in its order.
fn asked(lesson: &Lesson) -> Vec<(Kind, String, String)> {
    let predictions = lesson.predictions.iter().map(|asked| {
        let bars = if matches!(asked.ask, PredictionAsk::Draw(_)) { " (drawn)" } else { "" };
        (Kind::Prediction, asked.id.clone(), format!("{}{bars}", asked.question))
    });
    let checks = lesson.checks.iter().map(|check| (Kind::Question, check.id.clone(), check.question.clone()));
    let tasks = lesson.tasks.iter().map(|task| (Kind::Task, task.id.clone(), task.goal.clone()));
    predictions.chain(checks).chain(tasks).collect()
}

impl Tally {
    fn question(&mut self, answer: &Answered) {
        self.right += usize::from(answer.right);
        let sure = answer.sure == Some(SURE) && answer.first_right == Some(false);
        self.sure_and_wrong += usize::from(sure);
        self.first(answer.first_right, &answer.first, answer.misconception.as_deref());
    }

    fn task(&mut self, done: bool) {
        self.judged += 1;
        self.right += usize::from(done);
        self.wrong_first += usize::from(!done);
    }

    fn first(&mut self, right: Option<bool>, answer: &str, misconception: Option<&str>) {
        let Some(right) = right else { return };
        self.judged += 1;
        if right {
            return;
        }
        self.wrong_first += 1;
        let known = self.wrong.entry(answer.to_owned()).or_default();
        known.0 += 1;
        known.1 = known.1.take().or_else(|| misconception.map(str::to_owned));
    }

    fn item(self, (lesson, kind, id): Key, question: Option<String>) -> Item {
        let wrong = self.wrong.into_iter();
        let mut wrong: Vec<Wrong> =
            wrong.map(|(answer, (learners, misconception))| Wrong { answer, learners, misconception }).collect();
        wrong.sort_by(|a, b| b.learners.cmp(&a.learners).then_with(|| a.answer.cmp(&b.answer)));
        #[expect(clippy::cast_precision_loss, reason = "a class has far fewer learners than 2^52")]
        let difficulty = (self.judged > 0).then(|| self.wrong_first as f64 / self.judged as f64);
        Item {
            lesson,
            id,
            kind,
            question,
            answered: self.answered,
            difficulty,
            right: self.right,
            sure_and_wrong: self.sure_and_wrong,
            wrong,
        }
    }
}

/// How many learners have each misconception, most first.
fn misconceptions(sheets: &[Sheet]) -> Vec<Misconception> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for sheet in sheets {
        let checks = sheet.lessons.values().flat_map(|lesson| lesson.checks.values());
        let own: BTreeSet<&str> = checks.filter_map(|answer| answer.misconception.as_deref()).collect();
        for name in own {
            *counts.entry(name).or_default() += 1;
        }
    }
    let named = counts.into_iter().map(|(id, learners)| Misconception { id: id.to_owned(), learners });
    let mut out: Vec<Misconception> = named.collect();
    out.sort_by_key(|misconception| Reverse(misconception.learners));
    out
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{Answers, Foreseen, Tried};
    use super::*;

    fn sheet(learner: &str, first: &str, right: bool, sure: u8) -> Sheet {
        let answered = Answered {
            first: first.to_owned(),
            first_right: Some(right),
            right: true,
            sure: Some(sure),
            misconception: (!right).then(|| "all-at-once".to_owned()),
        };
        let answers = Answers { checks: [("who-ran".to_owned(), answered)].into(), ..Answers::default() };
        Sheet { version: 1, learner: learner.to_owned(), lessons: [("99-x".to_owned(), answers)].into() }
    }

    #[test]
    fn learners_are_counted_once_and_wrong_answers_by_how_often_they_were_given() {
        let course = Course::embedded().unwrap();
        let files = [
            ("a", sheet("1", "both", false, 3)),
            ("b", sheet("2", "both", false, 1)),
            ("c", sheet("3", "neither", false, 3)),
            ("d", sheet("4", "one", true, 3)),
            ("again", sheet("4", "one", true, 3)),
        ];
        let mut sheets: Vec<_> = files.into_iter().map(|(file, sheet)| (file.to_owned(), Ok(sheet))).collect();
        let damaged = serde_json::from_str::<Sheet>("{").unwrap_err();
        sheets.push(("torn".to_owned(), Err(damaged.into())));
        let class = Class::of(sheets, &course);
        assert_eq!((class.learners, class.damaged(), class.items.len()), (4, 1, 1));
        let item = &class.items[0];
        assert_eq!((item.answered, item.difficulty, item.right, item.sure_and_wrong), (4, Some(0.75), 4, 2));
        let wrong: Vec<_> = item.wrong.iter().map(|wrong| (wrong.answer.as_str(), wrong.learners)).collect();
        assert_eq!(wrong, [("both", 2), ("neither", 1)]);
        assert_eq!(class.misconceptions, [Misconception { id: "all-at-once".to_owned(), learners: 3 }]);
        let left_out: Vec<_> = class.left_out.iter().map(|file| (file.file.as_str(), file.damaged)).collect();
        assert_eq!(left_out, [("d", false), ("torn", true)]);
    }

    #[test]
    fn of_two_files_of_a_learner_the_one_with_more_answers_counts() {
        let course = Course::embedded().unwrap();
        let more = {
            let mut more = sheet("1", "both", false, 2);
            let answers = more.lessons.get_mut("99-x").unwrap();
            answers.predictions.insert("time".to_owned(), Foreseen { choice: None, right: None });
            answers.tasks.insert("mend".to_owned(), Tried { done: false, attempts: 3 });
            more
        };
        let sheets = vec![("more".to_owned(), Ok(more)), ("less".to_owned(), Ok(sheet("1", "one", true, 1)))];
        let class = Class::of(sheets, &course);
        assert_eq!((class.learners, class.left_out[0].file.as_str()), (1, "less"));
        let all: Vec<_> = class.items.iter().map(|item| (item.kind, item.difficulty)).collect();
        assert_eq!(all, [(Kind::Prediction, None), (Kind::Question, Some(1.0)), (Kind::Task, Some(1.0))]);
    }
}
