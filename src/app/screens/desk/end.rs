//! The end of a lesson: whether it is passed or what is missing, what was predicted and seen, what it leaves behind, and
//! the way on.

use crate::app::keymap::{self, Id};
use crate::app::model::{Model, Voice};
use crate::app::screens::desk::{Desk, Run};
use crate::insight::predicted;
use crate::learner::course;
use crate::learner::progress::{Guess, LessonProgress};
use crate::lesson::{Piece, Prediction};
use crate::view::Document;
use crate::view::metric::{measured_words, metric_value};
use std::fmt::Write;

/// Units that a lesson writes behind a printed number.
const UNITS: [&str; 7] = [" ms", " s", " us", " %", " microseconds", " times", " MiB a second"];

/// What is still to be done to pass a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The program at this place was never predicted; the page that is about it.
    Prediction(usize, Option<usize>),
    /// A question on this page was not answered rightly.
    Question(usize),
    /// The task was not done.
    Task,
}

/// What is still to be done, in the order of the lesson.
#[must_use]
pub fn missing(model: &Model, desk: &Desk) -> Vec<Missing> {
    let (lesson, none) = (&desk.lesson, LessonProgress::default());
    let done = model.progress.lessons.get(&lesson.id).unwrap_or(&none);
    let mut out = Vec::new();
    for (place, program) in lesson.programs.iter().enumerate() {
        if desk.predictions_for(place).any(|(_, prediction)| !done.predicted(&prediction.id)) {
            let page = lesson.pages.iter().position(|page| page.program.as_ref() == Some(&program.name));
            out.push(Missing::Prediction(place, page));
        }
    }
    let right = |id: &String| done.checks.get(id).is_some_and(|answer| answer.right);
    let pages = lesson.pages.iter().enumerate().filter(|(_, page)| !page.checks.iter().all(right));
    out.extend(pages.map(|(page, _)| Missing::Question(page)));
    out.extend((!lesson.tasks.iter().all(|task| done.tasks.contains(&task.id))).then_some(Missing::Task));
    out
}

/// Whether the open lesson is passed.
#[must_use]
pub fn passed(model: &Model, desk: &Desk) -> bool {
    course::of(desk.lesson.outline(), &model.progress).passed
}

/// The end as a page.
#[must_use]
pub fn document(model: &Model, desk: &Desk) -> Document {
    let passed = passed(model, desk);
    let title = match (passed, model.voice) {
        (true, Voice::Screen) => format!("{} Lesson passed", model.theme.glyphs.yes),
        (true, Voice::Lines) => "Lesson passed".to_owned(),
        (false, _) => "Not passed yet".to_owned(),
    };
    let mut out = if passed { on(model, desk) } else { still(model, desk) };
    predicted(model, desk, &mut out);
    let taken = taken(model, desk);
    if !taken.is_empty() {
        let _ = write!(out, "\n## What you take away\n\n{taken}\n");
    }
    if !passed {
        let _ = write!(out, "\n{}", on(model, desk));
    }
    Document::new(Some(&title), &out)
}

/// The way on.
fn on(model: &Model, desk: &Desk) -> String {
    let key = keymap::name(Id::NextLesson);
    match next(model, desk) {
        Some((number, title)) => format!("`{key}` opens the next lesson: **{number} {title}**.\n"),
        None => format!("This was the last lesson. `{key}` goes to the map of the course.\n"),
    }
}

/// The lesson after this one: its number and title.
#[must_use]
pub fn next(model: &Model, desk: &Desk) -> Option<(usize, String)> {
    let place = desk.lesson_place(model.desk_index())? + 1;
    Some((place + 1, model.desks.get(place)?.lesson.outline().title.clone()))
}

/// What is missing, each with its place, and the key that goes there.
fn still(model: &Model, desk: &Desk) -> String {
    let all = missing(model, desk);
    let mut out = String::new();
    for one in &all {
        let page = |page: usize| format!("page {}, {}", page + 1, desk.lesson.pages[page].title);
        let _ = match *one {
            Missing::Prediction(program, at) => {
                let name = &desk.lesson.programs[program].name;
                let at = at.map_or_else(String::new, |at| format!(" ({})", page(at)));
                writeln!(out, "- predict `{name}` before you run it{at}")
            }
            Missing::Question(at) => writeln!(out, "- answer the question on {}", page(at)),
            Missing::Task => writeln!(out, "- do the task: `{}` opens it", keymap::name(Id::OpenTask)),
        };
    }
    if all.is_empty() {
        // Of a lesson that asks for nothing, every page is to be read.
        return "Read the pages that you have not opened yet.\n".to_owned();
    }
    let _ = writeln!(out, "\n`{}` goes to the first of them.", keymap::name(Id::Missing));
    out
}

/// What was predicted, beside what was measured.
fn predicted(model: &Model, desk: &Desk, out: &mut String) {
    let Some(done) = model.progress.lessons.get(&desk.lesson.id) else { return };
    let both = |p| [true, false].map(|gil| (p, gil));
    let guess = |(p, gil): (&Prediction, bool)| line(model, p, done.guess(&p.id, gil)?);
    let lines: Vec<String> = desk.lesson.predictions.iter().flat_map(both).filter_map(guess).collect();
    if !lines.is_empty() {
        let _ = write!(out, "\n## You predicted, and saw\n\n{}\n", lines.join("\n"));
    }
}

/// One prediction beside its measurement; `None` where neither was made.
fn line(model: &Model, prediction: &Prediction, guess: &Guess) -> Option<String> {
    let (glyphs, drawn) = (&model.theme.glyphs, guess.drawn.iter().sum::<f64>() * 100.0);
    let said = match &guess.choice {
        Some(choice) => format!("you said “{choice}”"),
        None if !guess.drawn.is_empty() => format!("you drew {drawn:.0} %"),
        None => "you did not predict".to_owned(),
    };
    let saw = match guess.measured {
        Some(measured) if guess.choice.is_none() && !guess.bars.is_empty() => {
            let sum = guess.bars.iter().sum::<f64>() * 100.0;
            let _ = measured;
            format!("measured **{sum:.0} %**")
        }
        Some(measured) => format!("measured **{}**", measured_words(prediction, measured, &model.theme)),
        None if guess.skipped() => return None,
        None => "not run yet".to_owned(),
    };
    let choices = prediction.choices();
    let judge = |measured| predicted::is_right(choices, guess.chosen(choices), measured, guess.disturbed);
    let right = guess.right.or_else(|| guess.measured.and_then(judge));
    let mark = match right {
        _ if guess.disturbed => format!(" {} on a disturbed machine", glyphs.warn),
        Some(true) => format!(" {}", glyphs.yes),
        Some(false) => format!(" {}", glyphs.no),
        None => String::new(),
    };
    let elsewhere = if guess.has_gil() { "" } else { ", without the GIL" };
    let (name, dot) = (&prediction.program, glyphs.dot);
    Some(match model.voice {
        Voice::Screen => format!("- `{name}`{elsewhere}: {said} {dot} {saw}{mark}"),
        // A word comes before what it is about.
        Voice::Lines => format!("-{mark} `{name}`{elsewhere}: {said} {dot} {saw}"),
    })
}

/// What the lesson leaves behind, with the numbers of the latest runs on the selected runtime in it.
pub fn taken(model: &Model, desk: &Desk) -> String {
    let mut out = String::new();
    let mut missing = false;
    for part in desk.lesson.takeaway.iter().flat_map(|takeaway| &takeaway.parts) {
        match part {
            Piece::Text(text) => out.push_str(if std::mem::take(&mut missing) { without_unit(text) } else { text }),
            Piece::Number { program, metric } => {
                let usable = model.machine.map(|machine| machine.usable_cores);
                let number = |run: &Run| run.metric_for_words(metric, usable);
                let words = desk.latest(program, model.runtimes.current(), number);
                missing = words.is_none();
                let words = words.map_or_else(
                    || format!("*(run {program})*"),
                    |value| format!("**{}**", metric_value(metric, value, &model.theme)),
                );
                out.push_str(&words);
            }
            Piece::Knob { program, knob } => {
                let value = |run: &Run| {
                    let told = run.end.success() || run.end.hung();
                    run.used.get(knob).copied().filter(|_| told)
                };
                // Until it has run, what it would run with.
                let ran = desk.latest(program, model.runtimes.current(), value);
                let value = ran.or_else(|| desk.knobs.get(knob).copied());
                out.push_str(&value.map_or_else(String::new, |value| format!("**{value}**")));
            }
        }
    }
    out
}

/// What follows a number that is not there: its unit goes with it.
fn without_unit(text: &str) -> &str {
    let rest = UNITS.iter().find_map(|unit| text.strip_prefix(unit));
    rest.filter(|rest| !rest.starts_with(char::is_alphanumeric)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::without_unit;

    #[test]
    fn a_unit_goes_with_its_number() {
        assert_eq!(without_unit(" ms, and more"), ", and more");
        assert_eq!(without_unit(" msgs"), " msgs");
        assert_eq!(without_unit(" counts"), " counts");
        assert_eq!(without_unit(" s"), "");
    }
}
