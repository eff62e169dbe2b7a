//! Everything that is to be said now: the screen, what lies over it, what there is to say in passing, and what one can do.

use super::{Aloud, Hearing, text, ways};
use crate::app::model::{Model, Tone};
use crate::app::screens::{self, overlay};
use crate::runtime::Runtime;

/// What a notice is about.
pub const NOTICE: &str = "notice";

/// All that there is to say.
#[must_use]
pub fn say(hearing: Hearing<'_>) -> Aloud {
    let model = hearing.model;
    let mut aloud = Aloud::default();
    aloud.line("machine", machine(model));
    let screen = screens::kind(model.screen).aloud(hearing);
    aloud.parts.extend(screen.parts);
    if let Some(over) = model.overlay {
        // What lies over a screen takes the numbers.
        let over = overlay::aloud::say(hearing, over);
        aloud.parts.extend(over.parts);
        aloud.offers = over.offers;
    } else {
        (aloud.offers, aloud.several, aloud.bars) = (screen.offers, screen.several, screen.bars);
    }
    if let Some(notice) = &model.notice {
        let mark = if notice.tone == Tone::Bad { "Note: " } else { "" };
        aloud.part(NOTICE, text::wrapped(&format!("{mark}{}", notice.text), hearing.columns));
    }
    // While a run goes on, what it says is enough.
    if screens::field(model).is_none() && model.active.is_none() && !model.run_held {
        aloud.part("ways", text::wrapped(&ways::first(model), hearing.columns));
    }
    aloud
}

/// Who runs the programs, and what the machine can give, as far as that is known.
fn machine(model: &Model) -> String {
    if model.runtimes.looking {
        return "Looking for Pythons.".to_owned();
    }
    let runtime = match model.runtimes.current() {
        runtime @ Runtime::CPython(_) => format!("CPython {}", runtime.label()),
        runtime @ Runtime::Native { .. } => runtime.label(),
    };
    match model.machine.filter(|_| !model.measuring) {
        Some(machine) => {
            format!(
                "Programs run on {runtime}; {} cores, {:.2} of them usable now.",
                machine.cores, machine.usable_cores
            )
        }
        None => format!("Programs run on {runtime}; measuring the cores."),
    }
}
