//! What the learner has done so far: plain data, as the progress file has it. [`store`](super::store) reads and writes
//! that file, [`change`](super::change) has the rules by which what two programs did comes together.

use crate::learner::change::Change;
use crate::learner::review::{Grade, Review};
use crate::learner::settings::Settings;
use crate::lesson::PredictionChoice;
use crate::lesson::types::Knobs;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the file's layout.
pub const VERSION: u32 = 1;

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
    /// How the learner wants things drawn.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
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
    /// Where it was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spot: Option<Spot>,
}

/// Where a lesson was left.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// The page's title; `None` for the take-away.
    #[serde(default)]
    pub page: Option<String>,
    /// The program whose tab was open, by name.
    #[serde(default)]
    pub program: Option<String>,
    /// The knobs' values.
    #[serde(default)]
    pub knobs: Knobs,
}

/// One prediction and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    /// The label of the choice, as the learner read it; `None` where nothing was chosen: it was drawn, or skipped.
    pub choice: Option<String>,
    /// The choice's id; `None` where none was chosen, and in files of before choices had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice_id: Option<String>,
    /// The choice's place in the lesson, in files of before choices had ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// The bars that were drawn instead, as shares of 1; empty where nothing was drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "numbers")]
    pub drawn: Vec<f64>,
    /// The bars that were measured, as shares of 1; empty until they were, or where they could not be.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "numbers")]
    pub bars: Vec<f64>,
    /// What was measured, as one number; `None` until it was.
    #[serde(default)]
    pub measured: Option<f64>,
    /// Whether what was measured agrees with what was chosen; `None` until it was judged, and where nothing was
    /// predicted that can be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<bool>,
    /// The runtime that it was made for, by its label; in older files, that of the run that was measured.
    #[serde(default)]
    pub runtime: Option<String>,
    /// Whether that runtime has a GIL; `None` in older files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gil: Option<bool>,
    /// The knobs that it was made for; empty in older files.
    #[serde(default, skip_serializing_if = "Knobs::is_empty")]
    pub knobs: Knobs,
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

/// JSON has no infinite number and writes `null` instead: a list with such a gap is empty, and the rest of the file is
/// none the worse for it.
fn numbers<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
    let all: Option<Vec<f64>> = Vec::<Option<f64>>::deserialize(from)?.into_iter().collect();
    Ok(all.unwrap_or_default())
}

/// What stands behind a prediction's id where the guess was made for a runtime without the GIL.
const WITHOUT_GIL: &str = "@no-gil";

impl LessonProgress {
    /// The guess that was made at a prediction for runtimes with the GIL, or without.
    #[must_use]
    pub fn guess(&self, prediction: &str, gil: bool) -> Option<&Guess> {
        let fits = |guess: &&Guess| guess.has_gil() == gil;
        let apart = || self.predictions.get(&format!("{prediction}{WITHOUT_GIL}"));
        self.predictions.get(prediction).filter(fits).or_else(|| apart().filter(fits))
    }

    /// The same, to be changed.
    pub fn guess_mut(&mut self, prediction: &str, gil: bool) -> Option<&mut Guess> {
        let apart = format!("{prediction}{WITHOUT_GIL}");
        let plain = self.predictions.get(prediction).is_some_and(|guess| guess.has_gil() == gil);
        self.predictions.get_mut(if plain { prediction } else { &apart }).filter(|guess| guess.has_gil() == gil)
    }

    /// Keeps a guess. One for the other kind of runtime stays.
    pub fn keep_guess(&mut self, prediction: &str, guess: Guess) {
        let apart = format!("{prediction}{WITHOUT_GIL}");
        if !guess.has_gil() {
            self.predictions.insert(apart, guess);
            return;
        }
        let before = self.predictions.insert(prediction.to_owned(), guess);
        if let Some(before) = before.filter(|before| !before.has_gil()) {
            self.predictions.entry(apart).or_insert(before);
        }
    }

    /// Whether a prediction was made, by choosing or by drawing, for whatever runtime.
    #[must_use]
    pub fn predicted(&self, prediction: &str) -> bool {
        [true, false].into_iter().any(|gil| self.guess(prediction, gil).is_some_and(|guess| !guess.skipped()))
    }
}

impl Guess {
    /// Whether it was made for a runtime with the GIL. In older files the runtime's label tells.
    #[must_use]
    pub fn has_gil(&self) -> bool {
        self.gil.unwrap_or_else(|| !self.runtime.as_ref().is_some_and(|label| label.contains("no GIL")))
    }

    /// Whether a run on the runtime of this label is still to be judged by it: it was made for that one, and what was
    /// measured, if anything, settled nothing.
    #[must_use]
    pub fn awaits(&self, label: &str) -> bool {
        let open = self.measured.is_none() || self.disturbed;
        open && self.runtime.as_ref().is_none_or(|made_for| made_for == label)
    }

    /// Whether nobody is to be asked again before a run on the runtime of this label.
    #[must_use]
    pub fn met(&self, label: &str) -> bool {
        !self.skipped() && (self.awaits(label) || self.measured.is_some() && !self.disturbed)
    }

    /// Whether the learner ran without predicting.
    #[must_use]
    pub const fn skipped(&self) -> bool {
        self.choice.is_none() && self.drawn.is_empty()
    }

    /// The one of these choices that was chosen; `None` where nothing was, or where the lesson has it no more. Its id tells,
    /// wherever the choice stands now and whatever its words are. Where the file or the lesson does not have that id, the
    /// words do, at the choice's place first; and last the place alone.
    #[must_use]
    pub fn chosen<'a>(&self, choices: &'a [PredictionChoice]) -> Option<&'a PredictionChoice> {
        let reads = |choice: &&PredictionChoice| Some(&choice.label) == self.choice.as_ref();
        let by_id = self.choice_id.as_ref().and_then(|id| choices.iter().find(|choice| choice.id == *id));
        let at_place = self.place.and_then(|place| choices.get(place));
        by_id.or(at_place.filter(reads)).or_else(|| choices.iter().find(reads)).or(at_place)
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

    /// Takes in what was loaded from the file; what was done meanwhile comes on top of it.
    pub fn absorb(&mut self, loaded: Progress) {
        let meanwhile = Change::between(&Progress::default(), self);
        *self = loaded;
        meanwhile.apply(self);
    }

    /// Whether the same was done in both: the layout's version is nothing that one does.
    #[must_use]
    pub fn is_like(&self, other: &Progress) -> bool {
        Progress { version: 0, ..self.clone() } == Progress { version: 0, ..other.clone() }
    }

    /// Forgets what was done in a lesson, or in all of them. How things are drawn is nothing that was done.
    pub fn forget(&mut self, lesson: Option<&str>) {
        let Some(id) = lesson else {
            *self = Progress { settings: self.settings, ..Progress::default() };
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

    #[test]
    fn a_file_of_an_earlier_version_is_read() {
        let old = r#"{"version": 1, "lessons": {"02-gil": {"pages": ["a"],
            "predictions": {"p": {"choice": null, "measured": 1.9}},
            "checks": {"c": {"first": "a", "last": "b", "right": true}}}}}"#;
        let progress: Progress = serde_json::from_str(old).unwrap();
        let lesson = &progress.lessons["02-gil"];
        assert_eq!((lesson.checks["c"].confidence, lesson.checks["c"].right), (None, true));
        let guess = &lesson.predictions["p"];
        assert!(guess.skipped() && lesson.tasks.is_empty());
        assert_eq!((guess.place, guess.right), (None, None));
    }

    #[test]
    fn a_guess_is_for_runtimes_with_the_gil_or_for_those_without() {
        let old = r#"{"predictions": {
            "with": {"choice": "a", "runtime": "3.13.0", "measured": 1.0, "right": true},
            "without": {"choice": "a", "runtime": "3.13.0t no GIL", "measured": 1.9, "right": false}}}"#;
        let mut lesson: LessonProgress = serde_json::from_str(old).unwrap();
        let known = |lesson: &LessonProgress, id: &str| [true, false].map(|gil| lesson.guess(id, gil).is_some());
        assert_eq!((known(&lesson, "with"), known(&lesson, "without")), ([true, false], [false, true]));
        assert!(lesson.predicted("with") && lesson.predicted("without") && !lesson.predicted("other"));

        let new =
            Guess { choice: Some("b".into()), gil: Some(true), runtime: Some("native".into()), ..Guess::default() };
        lesson.keep_guess("without", new.clone());
        assert_eq!(lesson.guess("without", true), Some(&new));
        assert_eq!(lesson.guess("without", false).unwrap().right, Some(false), "what was judged stays");
        let other = Guess { gil: Some(false), ..new.clone() };
        lesson.keep_guess("with", other.clone());
        assert_eq!(
            (lesson.guess("with", true).unwrap().right, lesson.guess("with", false)),
            (Some(true), Some(&other))
        );
        lesson.guess_mut("with", false).unwrap().measured = Some(2.0);
        assert_eq!(lesson.guess("with", true).unwrap().measured, Some(1.0));
    }

    #[test]
    fn a_guess_is_judged_once_and_asked_for_again_where_its_run_settled_nothing() {
        let made = Guess { choice: Some("a".into()), runtime: Some("3.13.0".into()), ..Guess::default() };
        let seen = |guess: &Guess| ["3.13.0", "3.9.1"].map(|label| (guess.awaits(label), guess.met(label)));
        assert_eq!(seen(&made), [(true, true), (false, false)]);
        let judged = Guess { measured: Some(1.0), ..made };
        assert_eq!(seen(&judged), [(false, true), (false, true)]);
        let disturbed = Guess { disturbed: true, ..judged };
        assert_eq!(seen(&disturbed), [(true, true), (false, false)]);
    }

    /// Whatever of a choice is in the file, it is found again in the lesson as it is now.
    #[test]
    fn a_choice_is_found_again_by_its_id_its_words_or_its_place() {
        let choice =
            |id: &str, label: &str| PredictionChoice { id: id.into(), label: label.into(), from: 0.0, to: 1.0 };
        let (shorter, same, longer) = (choice("a", "shorter"), choice("b", "as long"), choice("c", "longer"));
        let (reworded, renamed) = (choice("b", "just as long"), choice("z", "as long"));
        let as_it_was = [shorter.clone(), same.clone(), longer.clone()];
        let lessons: [&[PredictionChoice]; 6] = [
            &as_it_was,
            &[same.clone(), longer.clone(), shorter.clone()],
            &[shorter.clone(), reworded.clone(), longer.clone()],
            &[reworded, longer.clone(), shorter.clone()],
            &[shorter.clone(), longer.clone(), renamed],
            &[shorter, longer],
        ];
        let table = [
            (r#"{"choice": "as long", "choice_id": "b"}"#, ["b", "b", "b", "b", "z", ""]),
            (r#"{"choice": "as long", "place": 1}"#, ["b", "b", "b", "c", "z", "c"]),
            (r#"{"choice": "as long"}"#, ["b", "b", "", "", "z", ""]),
        ];
        for (file, found) in table {
            let guess: Guess = serde_json::from_str(file).unwrap();
            let chosen = lessons.map(|choices| guess.chosen(choices).map_or("", |choice| choice.id.as_str()));
            assert_eq!(chosen, found, "{file}");
        }
        for nothing in [r#"{"choice": null}"#, r#"{"choice": null, "drawn": [0.5]}"#] {
            assert_eq!(serde_json::from_str::<Guess>(nothing).unwrap().chosen(&as_it_was), None, "{nothing}");
        }
    }

    #[test]
    fn of_choices_that_read_alike_the_place_tells() {
        let choice = |id: &str| PredictionChoice { id: id.into(), label: "some".into(), from: 0.0, to: 1.0 };
        let guess: Guess = serde_json::from_str(r#"{"choice": "some", "place": 1}"#).unwrap();
        assert_eq!(guess.chosen(&[choice("few"), choice("many")]).unwrap().id, "many");
    }

    #[test]
    fn a_number_that_json_does_not_have_costs_its_own_list_only() {
        let guess = Guess { drawn: vec![0.5, 1.0], bars: vec![f64::INFINITY], ..Guess::default() };
        let read: Guess = serde_json::from_str(&serde_json::to_string(&guess).unwrap()).unwrap();
        assert_eq!(read, Guess { bars: Vec::new(), ..guess });
    }

    #[test]
    fn what_was_done_before_the_file_was_read_is_not_lost() {
        let mut loaded = Progress::default();
        loaded.lesson_mut("02-gil").pages.insert("Two threads, one lock".into());
        let guess = Guess { choice: Some("about the same".into()), measured: Some(0.98), ..Guess::default() };
        loaded.lesson_mut("02-gil").predictions.insert("p".into(), guess.clone());
        let mut now = Progress::default();
        now.lesson_mut("02-gil").pages.insert("A new page".into());
        now.lesson_mut("02-gil").predictions.insert("p".into(), Guess::default());
        now.absorb(loaded);
        let lesson = &now.lessons["02-gil"];
        assert_eq!((lesson.pages.len(), &lesson.predictions["p"]), (2, &guess));
    }
}
