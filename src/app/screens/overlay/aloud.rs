//! What lies over a screen in words: each choice with its number.

use super::{commands, paint, search};
use crate::app::aloud::{Aloud, Hearing, text, ways};
use crate::app::frame::Target;
use crate::app::keymap::{self, Action, Id};
use crate::app::model::Overlay;

/// Hits that are told: who looks for more looks for something else.
const MOST_FOUND: usize = 20;

/// What this overlay says.
#[must_use]
pub fn say(hearing: Hearing<'_>, overlay: Overlay) -> Aloud {
    let Hearing { model, columns, .. } = hearing;
    let mut aloud = Aloud::default();
    let esc = keymap::name(Id::Back);
    match overlay {
        Overlay::Help(_) => {
            let close = format!("{esc} closes this.");
            aloud.part("help", [ways::below(model), vec![close]].concat());
        }
        Overlay::Runtimes(_) => {
            aloud.line("runtimes", format!("Who runs the programs? A number uses one; {esc} closes this."));
            let choices = paint::with_picker(model, 0, |picker| {
                let words = |(place, item): (usize, &crate::view::PickerItem<'_>)| {
                    let why = item.unusable.map_or_else(String::new, |why| format!(", cannot be used: {why}"));
                    let now = if picker.current == Some(place) { ", in use" } else { "" };
                    (format!("{}, {}{now}{why}", item.label, item.detail), Target::Runtime(place))
                };
                picker.items.iter().enumerate().map(words).collect::<Vec<_>>()
            });
            aloud.choices("runtimes", hearing, choices);
        }
        Overlay::Commands => {
            let typed = model.commands.field.text();
            aloud.line("commands", format!("What works here. A number does it, words filter, {esc} closes this."));
            let found = commands::found(model);
            if found.is_empty() {
                aloud.line("commands/none", format!("No action has the words {typed}."));
            }
            let words = |(place, command): (usize, commands::Command)| {
                let there =
                    command.does.err().map_or_else(String::new, |scope| format!(" (elsewhere: {})", scope.title()));
                (format!("{}: {}{there}", command.keys, command.words), Target::Item(place))
            };
            aloud.choices(&format!("commands/{typed}"), hearing, found.into_iter().enumerate().map(words));
        }
        Overlay::Search => {
            let typed = model.search.finding.field.text();
            aloud.line("search", format!("Search. Words look for themselves, a number goes there, {esc} closes this."));
            aloud.part(format!("search/{typed}/words"), text::wrapped(&search::words(model), columns));
            let mut lines = search::lines(model);
            lines.truncate(MOST_FOUND);
            let hits = lines.into_iter().enumerate().map(|(place, line)| (line, Target::Item(place)));
            aloud.choices(&format!("search/{typed}"), hearing, hits);
        }
        Overlay::Forget(place) => {
            let title = model.desks.get(place).map_or("", |desk| desk.lesson.outline().title.as_str());
            aloud.line("forget", "Forget progress? A copy of it is kept; its name is told.");
            let choices = [
                (
                    format!("forget what you read, ran and answered in {} {title}", place + 1),
                    Target::Key(Action::ForgetLesson),
                ),
                ("forget what you did in every lesson, and all reviews".to_owned(), Target::Key(Action::ForgetAll)),
                ("forget nothing".to_owned(), Target::Key(Action::Back)),
            ];
            aloud.choices("forget", hearing, choices);
        }
        Overlay::Reset => {
            aloud.line("reset", "Throw away what you changed?");
            let choices = [
                ("begin anew with the lesson's program".to_owned(), Target::Key(Action::BeginAnew)),
                ("keep your copy".to_owned(), Target::Key(Action::Back)),
            ];
            aloud.choices("reset", hearing, choices);
        }
    }
    aloud
}
