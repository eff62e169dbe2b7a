//! The proof of an answer: programs of a lesson, run one after the other with the proof's settings.

use crate::app::effect::Effects;
use crate::app::frame::layout;
use crate::app::keymap::{self, Id};
use crate::app::model::{Model, Place, Screen, unavailable};
use crate::app::screens::desk::Pane;
use crate::app::screens::interview::Proving;
use std::collections::VecDeque;

/// Runs the proof of the interview's question on the runtime that is selected, and shows it on its lesson's desk.
pub fn start(model: &mut Model) -> Effects {
    let Some(interview) = &model.interview else { return Effects::none() };
    let question = model.desks.get(interview.lesson).and_then(|d| d.lesson.interview.get(interview.question));
    let Some(proof) = question.and_then(|question| question.proof.clone()) else {
        model.say(format!(
            "There is nothing to run for this one: it is about judgement. {}: the next question.",
            keymap::name(Id::NextQuestion)
        ));
        return Effects::none();
    };
    if model.active.is_some() {
        model.say_busy();
        return Effects::none();
    }
    if (model.runtimes.looking && !model.runtimes.chosen) || model.measuring {
        model.say(format!("Looking at this machine first; press {} again in a moment.", keymap::name(Id::Prove)));
        return Effects::none();
    }
    let Some(desk) = model.desks.iter().position(|desk| desk.lesson.id == proof.lesson) else {
        model.complain(format!("{} is not in this course", proof.lesson));
        return Effects::none();
    };
    let lesson = model.desks[desk].lesson.clone();
    let runtime = model.runtimes.current().clone();
    let places = proof.programs.iter().filter_map(|name| lesson.programs.iter().position(|p| p.name == *name));
    let (able, unable): (VecDeque<usize>, VecDeque<usize>) =
        places.partition(|place| unavailable(&lesson, *place, &runtime).is_none());
    let reason = unable.front().and_then(|place| {
        let why = unavailable(&lesson, *place, &runtime)?;
        Some(format!("{} cannot run on {}: {why}", lesson.programs[*place].name, runtime.label()))
    });
    let Some(last) = able.back().copied() else {
        let reason = reason.unwrap_or_else(|| "the proof has no program".to_owned());
        model.complain(format!("{reason}. Choose another runtime in a lesson, with {}", keymap::name(Id::Runtime)));
        return Effects::none();
    };
    let place = &mut model.desks[desk];
    let knobs = place.knobs.clone();
    place.knobs = lesson.default_knobs();
    for (name, value) in proof.set.into_iter().filter(|(name, _)| knobs.contains_key(name)) {
        place.knobs.insert(name, value);
    }
    (place.gate, place.tab) = (None, last);
    if layout::stacked(model.size) {
        place.pane = Pane::Watch;
    }
    model.proving = Some(Proving { desk, look: proof.look, knobs });
    model.screen = Screen::Desk(desk);
    let effects = super::running::chain(model, Place::Lesson(desk), able);
    if let Some(reason) = reason {
        model.complain(reason);
    }
    effects
}

/// Leaves the proof for the interview; tells whether one was shown.
pub fn back(model: &mut Model) -> bool {
    let shown = model.proving.as_ref().is_some_and(|proving| model.screen == Screen::Desk(proving.desk));
    leave(model);
    if shown {
        model.screen = Screen::Interview;
    }
    shown
}

/// The proof is no longer shown: its lesson's knobs are as they were.
pub fn leave(model: &mut Model) {
    if let Some(proving) = model.proving.take() {
        model.desks[proving.desk].knobs = proving.knobs;
    }
}
