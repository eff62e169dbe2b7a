//! What a key puts into the clipboard of the learner's terminal: what a run says, or the code.

use crate::app::effect::{Effect, Effects};
use crate::app::keymap::Action;
use crate::app::model::Model;
use crate::app::screens::desk::{Desk, Pane};
use crate::app::typeset;
use crate::lesson::knobs;

/// Terminals take no more than this in one piece, encoded: some drop what is longer, or cut it.
const MOST: usize = 48 << 10;

/// What is said where there is nothing to copy.
pub const NOTHING: &str = "There is nothing to copy here.";

/// What is to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The text.
    pub text: String,
    /// What it is, in words.
    pub what: String,
}

/// The sentence of the run on the screen, or the code where that is open, was asked for, or is all there is.
#[must_use]
pub fn wanted(model: &Model, action: Action) -> Option<Wanted> {
    let desk = model.desk()?;
    let sentence = sentence(model).filter(|_| action == Action::Copy && desk.pane != Pane::Source);
    match sentence {
        Some(text) => Some(Wanted { text: text.to_owned(), what: "what the run says".to_owned() }),
        None => code(model, desk),
    }
}

/// Copies what is wanted into the clipboard of the learner's terminal.
pub fn copy(model: &mut Model, action: Action) -> Effects {
    match wanted(model, action) {
        None => model.whisper(NOTHING),
        Some(Wanted { text, .. }) if text.len() > MOST => {
            model.complain(format!("too long for a terminal's clipboard: {} KiB", text.len() >> 10));
        }
        Some(Wanted { text, what }) => {
            let tmux = if model.assumed.tmux { "; tmux passes it on with set-clipboard on" } else { "" };
            model.say(format!("Sent to your terminal's clipboard: {what}{tmux}."));
            return Effects::one(Effect::Copy(text));
        }
    }
    Effects::none()
}

/// What the run on the screen says.
fn sentence(model: &Model) -> Option<&str> {
    let run = model.shown_run().filter(|_| model.live().is_none())?;
    Some(run.verdict.sentence.as_str()).filter(|sentence| !sentence.is_empty())
}

/// The program as it stands on the screen, with the knobs' values in it, and its name.
fn code(model: &Model, desk: &Desk) -> Option<Wanted> {
    let language = model.runtimes.current().language();
    let text = typeset::text(&desk.lesson, desk.tab, language)?;
    let url = model.shown_run().and_then(|run| run.outcome.as_ref()?.url.as_deref());
    let code = knobs::substitute(text, language, &desk.knobs, url);
    let (name, lines) = (&desk.current_program().name, code.lines().count());
    let s = if lines == 1 { "" } else { "s" };
    let what = format!("the code of {name}, {lines} line{s}");
    Some(Wanted { text: code, what })
}
