//! The map in words: a line for each lesson, with its number.

use super::paint;
use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::frame::Target;
use crate::app::keymap::{self, Id};
use crate::app::screens::compare::demo;
use crate::view::MapRow;

/// What the map says.
#[must_use]
pub fn say(hearing: Hearing<'_>, selected: usize) -> Aloud {
    let Hearing { model, columns, .. } = hearing;
    let mut aloud = Aloud::default();
    let count = model.desks.len();
    aloud.line("map", format!("Lessons, 1 to {count}. A number opens one."));
    paint::with_map(model, selected, |map, standings| {
        for row in map.rows {
            aloud.part(
                format!("map/part/{}", row.number),
                row.part.map(|part| format!("{part}:")).into_iter().collect(),
            );
            let words = format!("{}{}", row.title, standing(row));
            aloud.choices(&format!("map/{}", row.number), hearing, [(words, Target::Item(row.number - 1))]);
        }
        let begun = paint::begun(standings);
        let words = paint::greeting(model, begun).unwrap_or_else(|| {
            format!("{}: the same work done three ways, live, in about three seconds.", keymap::name(Id::SeeIt))
        });
        aloud.part("map/greeting", text::wrapped(&words, columns));
    });
    let about = model.desks.get(selected).map(|desk| desk.lesson.outline());
    if let Some(outline) = about.filter(|_| !demo::is_offered(model)) {
        let enter = keymap::name(Id::OpenRow);
        let words = format!(
            "{enter} opens {} {}, about {} minutes: {}",
            selected + 1,
            outline.title,
            outline.minutes,
            outline.summary
        );
        let able = outline.able.join("; ");
        let words = if able.is_empty() { words } else { format!("{words} Afterwards you can say {able}.") };
        aloud.part("map/selected", text::sentences(&words, model, columns));
    }
    aloud
}

/// How a lesson stands, in words; nothing where nothing was done.
fn standing(row: &MapRow<'_>) -> String {
    let mut words = Vec::new();
    if row.passed {
        words.push("passed".to_owned());
    } else if row.read.0 > 0 {
        words.push(format!("{} of {} pages read", row.read.0, row.read.1));
        words.push(format!("{} of {} programs run", row.run.0, row.run.1));
    }
    words.extend(row.due.map(|(when, now)| format!("{} {when}", if now { "due for review" } else { "comes back" })));
    words.extend(row.sign.map(str::to_owned));
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}
