//! A comparison in words: what is compared, how each run went, and what differs.

use super::{Comparing, paint, runs};
use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::frame::Target;
use crate::app::keymap::{Action, Id};
use crate::app::{keymap, screens::desk::Run};
use crate::view::Spent;

/// What the comparison says.
#[must_use]
pub fn say(hearing: Hearing<'_>) -> Aloud {
    let Hearing { model, columns, .. } = hearing;
    let mut aloud = Aloud::default();
    let Some(comparing) = model.comparing.as_deref() else { return aloud };
    let desk = &model.desks[comparing.lesson];
    let words = format!("Side by side on {}. {}.", comparing.runtime.label(), paint::conditions(model, comparing));
    aloud.part("compare", text::wrapped(&words, columns));
    for program in &comparing.programs {
        let name = &desk.lesson.programs[*program].name;
        let words = match (comparing.why_not.get(program), comparing.run(desk, *program)) {
            (Some(why), _) => format!("{name}: {why}"),
            (None, Some(run)) if runs::live(model).is_none_or(|active| active.program != *program) => {
                told(comparing, *program, name, run)
            }
            _ => continue,
        };
        aloud.part(format!("compare/{program}"), text::wrapped(&words, columns));
    }
    let progress = paint::progress(model, comparing);
    if !progress.is_empty() {
        let now = runs::live(model).map_or_else(String::new, |active| format!("{}, ", active.spec.program));
        aloud.part("compare/progress", text::wrapped(&format!("{now}{progress}."), columns));
        return aloud;
    }
    aloud.part("compare/said", text::sentences(&comparing.said.sentence, model, columns));
    aloud
        .part("compare/caveat", comparing.said.caveat.iter().flat_map(|words| text::wrapped(words, columns)).collect());
    if paint::unjudged(model, comparing) {
        aloud.part("compare/unjudged", text::wrapped(paint::UNJUDGED, columns));
    }
    if comparing.demo {
        let title = model.outlines().next().map_or("", |outline| outline.title.as_str());
        let words = format!("Why? Lesson 1, {title}, begins there ({} too).", keymap::name(Id::Why));
        aloud.choices("compare/why", hearing, [(words, Target::Key(Action::Why))]);
    }
    aloud
}

/// A run that has ended.
fn told(comparing: &Comparing, program: usize, name: &str, run: &Run) -> String {
    let ended = comparing.ended.get(&program).map_or_else(String::new, |how| format!(", {how}"));
    let cores = format!("kept {:.2} cores busy", run.summary.parallelism);
    let gil = run
        .summary
        .gil_wait
        .filter(|share| *share >= 0.01)
        .map_or_else(String::new, |share| format!(", waited for the GIL {:.0} %", share * 100.0));
    let spent = comparing
        .spent
        .get(&program)
        .map_or_else(String::new, |ledger| format!("; of the cores' time: {}", Spent::words(ledger, 3)));
    format!("{name}: {:.2} s, {cores}{gil}{ended}{spent}", run.summary.wall_s)
}
