//! The part of a desk that was asked for: what else can be read there.

use super::run;
use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::screens::desk::paint::{objects, results};
use crate::app::screens::desk::panes::Seen;
use crate::app::screens::desk::{Desk, Pane};
use crate::app::typeset;
use crate::lesson::knobs;

/// Lines of the output that are read, from its end.
const MOST_WRITTEN: usize = 200;

/// Says the part that was asked for; the text stands there all the time.
pub fn say(aloud: &mut Aloud, hearing: Hearing<'_>, desk: &Desk) {
    let Hearing { model, columns, shown } = hearing;
    let none = |lines: Vec<String>| {
        if lines.is_empty() { vec![format!("There is nothing of {} yet.", desk.current_program().name)] } else { lines }
    };
    match desk.pane {
        Pane::Text => {}
        Pane::Source => {
            aloud.line(format!("part/source/{}", desk.tab), format!("The source of {}:", desk.current_program().name));
            // A knob changes a line of it: that one is said.
            for (n, line) in none(source(hearing, desk)).into_iter().enumerate() {
                aloud.row(format!("part/source/{}/{n}", desk.tab), line);
            }
        }
        Pane::Watch => {
            let run = model.shown_run().map(|run| run::lanes(model, run, columns)).unwrap_or_default();
            aloud.part("part/watch", none(run));
        }
        Pane::Results => {
            aloud.line("part/results/title", "The results:");
            let mut lines = if desk.runs.is_empty() { Vec::new() } else { run::table(model, desk, columns) };
            lines.extend(text::plain(&results::measured(model, columns)).into_iter().filter(|line| !line.is_empty()));
            aloud.part("part/results", none(lines));
        }
        Pane::Objects => {
            aloud.line("part/objects/title", "What threads waited for:");
            let seen = Seen { model, desk, shown };
            aloud.part(
                "part/objects",
                none(objects::with_list(seen, 0, |list| list.in_words(columns)).unwrap_or_default()),
            );
        }
        Pane::Output => {
            aloud.line("part/output/title", "The output, its last lines:");
            let mut lines = text::written(shown.stdout);
            lines.extend(text::written(shown.stderr));
            aloud.part("part/output", none(lines.split_off(lines.len().saturating_sub(MOST_WRITTEN))));
        }
    }
}

/// The program as it would run now, with its line numbers.
fn source(hearing: Hearing<'_>, desk: &Desk) -> Vec<String> {
    let language = hearing.model.runtimes.current().language();
    let Some(source) = typeset::text(&desk.lesson, desk.tab, language) else { return Vec::new() };
    let code = knobs::substitute(source, language, &desk.knobs, hearing.shown.url);
    let numbered = code.lines().enumerate().map(|(n, line)| format!("{:>3} {}", n + 1, line.replace('\t', "    ")));
    numbered.map(|line| line.trim_end().to_owned()).collect()
}
