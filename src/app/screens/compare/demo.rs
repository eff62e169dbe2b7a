//! What a newcomer sees first: the same sum one after the other, in threads and in processes, back to back.

use crate::app::model::Model;

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

/// Whether it is offered: to a learner who has run nothing.
#[must_use]
pub fn is_offered(model: &Model) -> bool {
    let ran = || model.progress.lessons.values().any(|lesson| !lesson.runs.is_empty());
    model.progress_known && !ran() && programs(model).is_some()
}
