//! The review in words: what is due and when the rest comes back, then one question after the other.

use super::paint;
use super::state::ReviewStage;
use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::keymap::{self, Id};
use crate::app::screens::ask;
use crate::app::screens::review::update::check;
use crate::learner::review::calendar;

/// What the review says.
#[must_use]
pub fn say(hearing: Hearing<'_>) -> Aloud {
    let Hearing { model, columns, .. } = hearing;
    let mut aloud = Aloud::default();
    let Some(sitting) = &model.sitting else { return aloud };
    if matches!(sitting.stage, ReviewStage::Overview) {
        let days = calendar::days(model.outlines(), &model.progress.review, model.today);
        aloud.line("review", "Review.");
        aloud.part("review/agenda", text::plain(&paint::agenda(model, sitting, &days)));
        let day = |day: &calendar::Day| {
            let lessons: Vec<String> = day.topics.iter().map(|place| (place + 1).to_string()).collect();
            let when = calendar::relative(day.date, model.today);
            format!("{} ({when}): lesson{} {}", day.date, if lessons.len() == 1 { "" } else { "s" }, lessons.join(", "))
        };
        let lines: Vec<String> = days.iter().map(day).collect();
        if !lines.is_empty() {
            aloud.part("review/calendar", [vec!["What comes back when:".to_owned()], lines].concat());
        }
        return aloud;
    }
    let Some((lesson, _, asked)) = check(model) else { return aloud };
    let (place, all) = sitting.place();
    let title = &model.desks[lesson].lesson.title;
    let of = format!("review/{place}/{}", asked.id);
    aloud.part(format!("{of}/where"), text::wrapped(&format!("Question {place} of {all}, {title}."), columns));
    let open = matches!(sitting.stage, ReviewStage::Asking(_));
    paint::with_question(model, sitting, |question| ask::aloud::say(&mut aloud, hearing, &of, question, open));
    if !open {
        aloud.line(format!("{of}/on"), format!("{} goes on.", keymap::name(Id::GoOn)));
    }
    aloud
}
