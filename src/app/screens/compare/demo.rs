//! What a newcomer sees first: the same sum one after the other, in threads and in processes, back to back.

use crate::app::model::Model;
use crate::lesson::Lesson;
use crate::lesson::types::Knobs;

/// The lesson whose programs it runs.
const LESSON: &str = "02-gil";
/// Its programs.
const PROGRAMS: [&str; 3] = ["sequential", "threads", "processes"];

/// The lesson's place and its programs' places; `None` in a course without them.
#[must_use]
pub fn programs(model: &Model) -> Option<(usize, Vec<usize>)> {
    let place = model.outlines().position(|outline| outline.id == LESSON)?;
    let names = &model.desks[place].lesson.outline().programs;
    let places = PROGRAMS.iter().map(|wanted| names.iter().position(|name| name == wanted));
    Some((place, places.collect::<Option<_>>()?))
}

/// The knob that says how much work there is.
const WORK: &str = "N";

/// The lesson's knobs, with the amount of work one step below its own: three runs are over in about three seconds on a slow machine, too.
#[must_use]
pub fn knobs(lesson: &Lesson) -> Knobs {
    let mut knobs = lesson.default_knobs();
    let work = lesson.knobs.iter().find(|knob| knob.name == WORK);
    let less = work.and_then(|knob| knob.steps.iter().rev().find(|step| step.as_f64() < knob.default.as_f64()));
    knobs.extend(less.map(|less| (WORK.to_owned(), *less)));
    knobs
}

/// Whether it is offered: to a learner who has run nothing.
#[must_use]
pub fn is_offered(model: &Model) -> bool {
    let ran = || model.progress.lessons.values().any(|lesson| !lesson.runs.is_empty());
    model.progress_known && !ran() && programs(model).is_some()
}
