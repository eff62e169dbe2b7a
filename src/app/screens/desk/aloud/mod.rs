//! A desk in words: the page and its question, the prediction before a run, the run, and what was asked to be read.

mod gate;
mod page;
mod part;
mod run;

use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::frame::Target;
use crate::app::model::{Model, unavailable};
use crate::app::screens::desk::{Desk, sight};

/// What the open desk says.
#[must_use]
pub fn say(hearing: Hearing<'_>) -> Aloud {
    let mut aloud = Aloud::default();
    let Some(desk) = hearing.model.desk() else { return aloud };
    page::say(&mut aloud, hearing, desk);
    page::proof(&mut aloud, hearing);
    part::say(&mut aloud, hearing, desk);
    run::say(&mut aloud, hearing, desk);
    page::findings(&mut aloud, hearing, desk);
    programs(&mut aloud, hearing, desk);
    if sight::gate(hearing.model, desk).is_some() {
        gate::say(&mut aloud, hearing, desk);
    } else {
        page::questions(&mut aloud, hearing, desk);
    }
    aloud
}

/// The programs, each with its number where no question takes the numbers, and the one that is selected, as it would run now.
fn programs(aloud: &mut Aloud, hearing: Hearing<'_>, desk: &Desk) {
    let model = hearing.model;
    let asked = sight::gate(model, desk).is_some() || model.open_check(desk).is_some();
    if desk.lesson.programs.len() > 1 && !asked && !model.runtimes.looking {
        let of = format!("programs/{}/{}", desk.lesson.id, desk.tasks().is_some());
        aloud.once(of.clone(), vec!["Programs, a number selects one:".to_owned()]);
        for (place, program) in desk.lesson.programs.iter().enumerate() {
            let words = format!("{}{}", program.name, standing(model, desk, place));
            aloud.choice_once(&of, hearing, &words, Target::Executor(place));
        }
    }
    aloud.part("selected", text::wrapped(&selected(model, desk), hearing.columns));
}

/// Whether a task is done, or why a program cannot run.
fn standing(model: &Model, desk: &Desk, place: usize) -> String {
    match unavailable(&desk.lesson, place, model.runtimes.current()) {
        Some(reason) => format!(", cannot run here: {reason}"),
        None if desk.ticked(place) && desk.tasks().is_some() => ", done".to_owned(),
        None => String::new(),
    }
}

fn selected(model: &Model, desk: &Desk) -> String {
    let runtime = model.runtimes.current();
    if model.runtimes.looking && !model.runtimes.chosen {
        return format!("Selected: {}.", desk.current_program().name);
    }
    let used = desk.used_knobs(desk.tab, runtime, &desk.knobs);
    let knob = |knob: &crate::lesson::Knob| used.get(&knob.name).map(|value| format!("{} = {value}", knob.name));
    let knobs: Vec<String> = desk.lesson.knobs.iter().filter_map(knob).collect();
    let knobs = if knobs.is_empty() { String::new() } else { format!(", {}", knobs.join(", ")) };
    let turns = match desk.lesson.knobs.get(desk.knob) {
        Some(knob) if desk.lesson.knobs.len() > 1 => format!(" The knob that turns is {}.", knob.name),
        _ => String::new(),
    };
    let why_not = unavailable(&desk.lesson, desk.tab, runtime)
        .map_or_else(String::new, |why| format!(" It cannot run here: {why}."));
    let offer = if model.lacks_packages() { " Running it starts that here; it asks first." } else { "" };
    format!("Selected: {} on {}{knobs}.{turns}{why_not}{offer}", desk.current_program().name, runtime.label())
}
