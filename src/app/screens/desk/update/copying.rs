//! What a key puts into the clipboard of the learner's terminal: what a run says, or the code.

use crate::app::effect::{Effect, Effects};
use crate::app::keymap::Action;
use crate::app::model::Model;
use crate::app::screens::desk::{Desk, Pane};
use crate::app::typeset;
use crate::lesson::knobs;

/// Terminals take no more than this in one piece, encoded: some drop what is longer, or cut it.
const MOST: usize = 48 << 10;

/// Copies the sentence of the run on the screen, or the code where that is open, was asked for, or is all there is.
pub fn copy(model: &mut Model, action: Action) -> Effects {
    let Some(desk) = model.desk() else { return Effects::none() };
    let sentence = sentence(model).filter(|_| action == Action::Copy && desk.pane != Pane::Source);
    let copied = match sentence {
        Some(sentence) => Some((sentence.to_owned(), "what the run says".to_owned())),
        None => code(model, desk),
    };
    match copied {
        None => model.whisper("There is nothing to copy here."),
        Some((text, _)) if text.len() > MOST => {
            model.complain(format!("too long for a terminal's clipboard: {} KiB", text.len() >> 10));
        }
        Some((text, what)) => {
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
fn code(model: &Model, desk: &Desk) -> Option<(String, String)> {
    let language = model.runtimes.current().language();
    let text = typeset::text(&desk.lesson, desk.tab, language)?;
    let url = model.shown_run().and_then(|run| run.outcome.as_ref()?.url.as_deref());
    let code = knobs::substitute(text, language, &desk.knobs, url);
    let (name, lines) = (&desk.current_program().name, code.lines().count());
    let s = if lines == 1 { "" } else { "s" };
    let what = format!("the code of {name}, {lines} line{s}");
    Some((code, what))
}
