//! The interview in words: its questions by number, the answer that is typed, the rubric to be ticked by numbers.

use super::{InterviewStage, Judging, paint};
use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::frame::Target;
use crate::app::keymap::{self, Id};
use crate::app::screens::ask;
use crate::lesson::{InterviewQuestion, Lesson};
use crate::view::ask::SURE;

/// What the interview says.
#[must_use]
pub fn say(hearing: Hearing<'_>) -> Aloud {
    let mut aloud = Aloud::default();
    let Some((interview, lesson, question)) = paint::at(hearing.model) else { return aloud };
    match &interview.stage {
        InterviewStage::Choosing => questions(&mut aloud, hearing, lesson),
        stage @ InterviewStage::Asking(_) => {
            let of = format!("interview/{}", question.id);
            let Some((asked, hint)) = paint::asked(hearing.model, question, stage) else { return aloud };
            ask::aloud::say(&mut aloud, hearing, &of, &asked, true);
            aloud.part(
                format!("{of}/hint"),
                text::wrapped(&hint, hearing.columns).into_iter().filter(|line| !line.is_empty()).collect(),
            );
        }
        InterviewStage::Judging(judging) => judged(&mut aloud, hearing, question, judging),
    }
    aloud
}

fn questions(aloud: &mut Aloud, hearing: Hearing<'_>, lesson: &Lesson) {
    let model = hearing.model;
    let done = model.progress.lessons.get(&lesson.id);
    let words = "Interview. Answer in your own words, judge yourself, then run the proof. A number asks a question:";
    aloud.part("interview", text::wrapped(words, hearing.columns));
    let named = lesson.interview.iter().enumerate().map(|(place, question)| {
        let spoken = done.and_then(|done| done.interview.get(&question.id));
        let stands = spoken
            .map_or_else(String::new, |spoken| format!(" ({} of {} points named)", spoken.named.len(), spoken.points));
        (format!("{}{stands}", text::flat(&question.question, model)), Target::Item(place))
    });
    aloud.choices("interview/question", hearing, named);
}

/// The answer beside its rubric: each point with whether it was named.
fn judged(aloud: &mut Aloud, hearing: Hearing<'_>, question: &InterviewQuestion, judging: &Judging) {
    let Hearing { model, columns, .. } = hearing;
    let of = format!("interview/{}/judged", question.id);
    let sure = SURE.get(usize::from(judging.confidence).saturating_sub(1)).copied().unwrap_or_default();
    let own = judging.text.lines().flat_map(|line| text::led("  ", line, columns));
    aloud.part(format!("{of}/own"), [vec![format!("You said ({sure}):")], own.collect()].concat());
    aloud.part(format!("{of}/model"), text::sentences(&format!("A good answer: {}", question.answer), model, columns));
    aloud.part(
        of.clone(),
        text::wrapped("Which of these points did you name? Their numbers tick them, or take the tick away:", columns),
    );
    let points = question.points.iter().enumerate().map(|(place, point)| {
        let ticked = if judging.named.contains(&place) { "named: " } else { "" };
        (format!("{ticked}{}", text::flat(point, model)), Target::Item(place))
    });
    aloud.choices(&of, hearing, points);
    aloud.several = true;
    let proof =
        paint::proof_words(question).map(|proof| format!("{} {proof}. ", keymap::name(Id::Prove))).unwrap_or_default();
    let next = format!("{proof}{}: the next question.", keymap::name(Id::NextQuestion));
    aloud.part(format!("{of}/next"), text::wrapped(&next, columns));
}
