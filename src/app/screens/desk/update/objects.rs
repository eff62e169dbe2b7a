//! What threads waited for: it is listed when that is asked for, and the waits for one thing are marked in every lane.

use crate::app::frame::Shown;
use crate::app::model::{Model, Voice};
use crate::app::screens::desk::paint::objects::with_list;
use crate::app::screens::desk::panes::Seen;
use crate::app::screens::desk::state::Listed;
use crate::app::screens::desk::{Desk, Pane, Plan, Run, Scroll};
use crate::app::typeset;
use crate::insight::Objects;
use crate::insight::objects::Text;
use crate::lesson::knobs;
use std::sync::Arc;

/// Shows the list; where it is shown, marks the next or the one before.
pub fn step(model: &mut Model, plan: &Plan, by: isize) {
    if model.live().is_some() {
        model.say("What threads wait for is listed once the run has ended.");
        return;
    }
    if model.shown_run().is_none_or(|run| run.outcome.is_none()) {
        model.say("There is no run here yet whose waits could be listed.");
        return;
    }
    let shown = model.desk().is_some_and(|desk| desk.pane == Pane::Objects);
    if let Some(desk) = model.desk_mut() {
        desk.pane = Pane::Objects;
    }
    if shown || model.voice == Voice::Lines {
        mark(model, plan, by);
    }
}

/// Marks the next in the order of the list; past the last one none.
fn mark(model: &mut Model, plan: &Plan, by: isize) {
    refresh(model);
    let width = plan.parts.of(Pane::Objects).width;
    let Some(desk) = model.desk() else { return };
    let (shown, chosen) = (Shown::default(), desk.objects.as_ref().and_then(|listed| listed.chosen));
    let seen = Seen { model, desk, shown: &shown };
    let next = with_list(seen, 0, |list| {
        let order = list.order();
        let place = chosen.and_then(|chosen| order.iter().position(|one| *one == chosen));
        let next = match (place, by) {
            (None, 1) => order.first(),
            (None, _) => order.last(),
            (Some(place), by) => place.checked_add_signed(by).and_then(|place| order.get(place)),
        };
        next.map(|next| (*next, list.row_of(*next, width)))
    });
    let Some(next) = next else { return };
    choose(model, next.map(|(place, _)| place));
    if let (Some((_, row)), Some(desk)) = (next, model.desk_mut()) {
        desk.scroll[Pane::Objects as usize] = Scroll::Rows(row.saturating_sub(1));
    }
}

/// Marks the waits for this, or for nothing.
pub fn choose(model: &mut Model, place: Option<usize>) {
    if let Some(listed) = model.desk_mut().and_then(|desk| desk.objects.as_mut()) {
        listed.chosen = place;
    }
}

/// Lists what the run on the screen waited for, where the list is shown and is of another run.
pub fn refresh(model: &mut Model) {
    let Some(desk) = model.desk() else { return };
    if desk.pane != Pane::Objects && desk.objects.is_none() {
        return;
    }
    let known = desk.objects.as_ref().map(|listed| listed.run);
    let Some(run) = model.shown_run().filter(|_| model.live().is_none()) else { return };
    if known == Some(run.id) {
        return;
    }
    let cores = model.machine.map_or(model.cores, |machine| machine.cores);
    let listed = (desk.pane == Pane::Objects).then(|| list(desk, run, cores)).flatten();
    if let Some(desk) = model.desk_mut() {
        desk.objects = listed;
        desk.scroll[Pane::Objects as usize] = Scroll::Start;
    }
}

fn list(desk: &Desk, run: &Run, cores: u32) -> Option<Listed> {
    let outcome = run.outcome.as_ref()?;
    let language = run.spec.runtime.language();
    let source = typeset::text(&desk.lesson, run.program, language).filter(|_| !run.edited);
    let text = source.map(|source| knobs::substitute(source, language, &run.spec.knobs, None));
    let text = text.as_deref().map(|text| Text { program: &run.spec.program, text });
    let all = Objects::of(&outcome.trace, u64::from(cores), text);
    Some(Listed { run: run.id, all: Arc::new(all), chosen: None })
}
