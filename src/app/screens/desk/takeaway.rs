//! The last page of a lesson: what it leaves behind, with the learner's own numbers in it.

use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::app::screens::desk::{Desk, Run};
use crate::learner::course::{self, Entry};
use crate::lesson::Piece;
use crate::view::Theme;
use crate::view::metric::metric_value;
use std::fmt::Write;

/// The page's title.
pub const TITLE: &str = "What you take away";

/// Units that a lesson writes behind a printed number.
const UNITS: [&str; 7] = [" ms", " s", " us", " %", " microseconds", " times", " MiB a second"];

/// The page as Markdown: the paragraph with the numbers of the latest runs on the selected runtime, then what is left to
/// do.
#[must_use]
pub fn markdown(model: &Model, desk: &Desk) -> String {
    let mut out = String::new();
    let mut missing = false;
    for part in desk.lesson.takeaway.iter().flat_map(|takeaway| &takeaway.parts) {
        match part {
            Piece::Text(text) => out.push_str(if std::mem::take(&mut missing) { without_unit(text) } else { text }),
            Piece::Number { program, metric } => {
                let usable = model.machine.map(|machine| machine.usable_cores);
                let number = |run: &Run| run.metric_for_words(metric, usable);
                let words = desk.number(program, model.runtimes.current(), number);
                missing = words.is_none();
                let words = words.map_or_else(
                    || format!("*(run {program})*"),
                    |value| format!("**{}**", metric_value(metric, value, &model.theme)),
                );
                out.push_str(&words);
            }
        }
    }
    out.push_str("\n\n");
    out.push_str(&left(&course::of(desk.lesson.outline(), &model.progress), &model.theme));
    out
}

/// What follows a number that is not there: its unit goes with it.
fn without_unit(text: &str) -> &str {
    let rest = UNITS.iter().find_map(|unit| text.strip_prefix(unit));
    rest.filter(|rest| !rest.starts_with(char::is_alphanumeric)).unwrap_or(text)
}

/// What is left to do, or that nothing is.
fn left(standing: &Entry, theme: &Theme) -> String {
    if standing.passed {
        return format!("{} You have passed this lesson.\n", theme.glyphs.yes);
    }
    let mut out = "To pass this lesson:\n\n".to_owned();
    let mut line = |what: &str, how_far: String| {
        let _ = writeln!(out, "- {what}: {how_far}");
    };
    let once = |done: bool| if done { "done" } else { "not yet" }.to_owned();
    if let Some(predicted) = standing.predicted {
        line("predict before you run", once(predicted));
    }
    if standing.checks > 0 {
        line("answer the questions", format!("{} of {}", standing.checks_right, standing.checks));
    }
    if let Some(done) = standing.task_passed {
        line(
            "do the task",
            if done { once(true) } else { format!("not yet; `{}` opens it", keymap::name(Id::OpenTask)) },
        );
    }
    out
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
