//! Where the learner is in a lesson: the page, the tab and the knobs, noted when it is left and found again.

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::screens::desk::Desk;
use crate::learner::progress::Spot;
use crate::lesson::types::Knobs;

/// Notes where the open lesson stands, once it is known where it stood before.
pub fn note(model: &mut Model) -> Option<Effect> {
    let shown = model.proving.is_some();
    let desk = model.desk_index().and_then(|place| model.desks.get(place)).filter(|desk| desk.counts() && !shown)?;
    let spot = Spot {
        page: desk.current_page().map(|page| page.title.clone()),
        program: Some(desk.current_program().name.clone()),
        knobs: desk.knobs.clone(),
    };
    let id = desk.lesson.id.clone();
    let known = model.progress.lessons.get(&id).and_then(|lesson| lesson.spot.as_ref());
    if !model.progress_known || known == Some(&spot) {
        return None;
    }
    model.progress.lesson_mut(&id).spot = Some(spot);
    Some(Effect::Save)
}

/// Opens a desk where it was left; tells whether there was such a place.
pub fn find(desk: &mut Desk, spot: &Spot) -> bool {
    let title = |title: &String| desk.lesson.pages.iter().position(|page| page.title == *title);
    let page = match &spot.page {
        Some(page) => title(page),
        None => desk.counts().then_some(desk.lesson.pages.len()),
    };
    let Some(page) = page else { return false };
    desk.page = page;
    let named = |name: &String| desk.lesson.programs.iter().position(|program| program.name == *name);
    desk.tab = spot.program.as_ref().and_then(named).unwrap_or(desk.tab);
    let known =
        |knob: &&crate::lesson::Knob| spot.knobs.get(&knob.name).is_some_and(|value| knob.steps.contains(value));
    let knobs: Knobs =
        desk.lesson.knobs.iter().filter(known).map(|knob| (knob.name.clone(), spot.knobs[&knob.name])).collect();
    desk.knobs.extend(knobs);
    true
}
