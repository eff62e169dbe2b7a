//! What a line asks of a run that was made: what each thread did at an instant or in a part of it, its turns one by one, its
//! sentence or its code. It is what the time cursor, zooming, the lens and copying are on a drawn screen.

use super::{Hearing, text};
use crate::app::keymap::{self, Action, Id};
use crate::app::model::Model;
use crate::app::screens::desk::update::copying;
use crate::app::screens::{Screen, compare};
use crate::clock::{Nanos, seconds};
use crate::trace::Trace;
use crate::view::timeline::in_words;

/// Lanes that are told each.
const MOST_LANES: usize = 16;
/// Turns that are told each: more than that nobody listens to.
const MOST_TURNS: usize = 40;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked {
    /// What each thread did so many seconds after the program's start.
    At(f64),
    /// What they did between two instants.
    Between(f64, f64),
    /// The turns in a stretch that is like the whole run, or in one from here on.
    Turns(Option<f64>),
    /// What would be copied.
    Copy(Action),
}

/// What a line asks; `None` where it asks nothing of that kind.
#[must_use]
pub fn understood(line: &str) -> Option<Asked> {
    let line = line.to_lowercase();
    let words: Vec<&str> = line.split_whitespace().collect();
    let time = |word: &str| word.trim_end_matches('s').parse().ok().filter(|at: &f64| at.is_finite());
    match words[..] {
        ["at", at] | ["at", at, "s"] => Some(Asked::At(time(at)?)),
        ["from", from, "to", to] | ["from", from, "to", to, "s"] => Some(Asked::Between(time(from)?, time(to)?)),
        ["lens"] => Some(Asked::Turns(None)),
        ["lens", at] | ["lens", at, "s"] => Some(Asked::Turns(Some(time(at)?))),
        _ => None,
    }
}

/// What stands here for a key that moves a picture.
#[must_use]
pub fn instead(id: Id) -> Option<&'static str> {
    Some(match id {
        Id::Inspect | Id::MoveCursor | Id::ManyLanes | Id::Instant => {
            "\"at 0.62\" tells what each thread did 0.62 s after the program's start."
        }
        Id::Zoom | Id::Pan | Id::ZoomRuns => "\"from 0.6 to 0.7\" tells what each thread did in that part of the run.",
        Id::Lens => "\"lens\" tells a tenth of a second turn by turn, \"lens 1.2\" the one from 1.2 s on.",
        Id::Unfold => "The threads that ran longest are told each, the others counted.",
        Id::Follow | Id::Scroll | Id::ScrollLower | Id::ScrollRuns => "Here all of it is told as it comes.",
        _ => return None,
    })
}

/// What can be asked here, as the list of what works has it: what one writes, and what it tells.
#[must_use]
pub fn ways(model: &Model) -> Vec<String> {
    let compared = model.screen == Screen::Compare;
    if !compared && model.shown_run().is_none_or(|run| run.outcome.is_none()) {
        return Vec::new();
    }
    let each = if compared { "each thread of each run" } else { "each thread" };
    let mut out = vec![
        format!("at 0.62: what {each} did 0.62 s after the program's start"),
        format!("from 0.6 to 0.7: what {each} did in that part of it"),
    ];
    if !compared {
        out.push(
            "lens: a tenth of a second like the whole run, turn by turn; lens 1.2: the one from 1.2 s on".to_owned(),
        );
        let keys = keymap::names(Id::Copy, false);
        out.push(format!("{keys}: what the run says, or the code, whole and alone, to be copied from here"));
    }
    out
}

/// The answer, as lines.
#[must_use]
pub fn answer(hearing: Hearing<'_>, asked: Asked) -> Vec<String> {
    let Hearing { model, shown, columns } = hearing;
    if let Asked::Copy(action) = asked {
        return copied(model, action, columns);
    }
    let lines = match (model.screen, shown.trace) {
        (Screen::Compare, _) => compared(model, asked),
        (Screen::Desk(_) | Screen::Task, Some(trace)) => told(model, trace, asked),
        _ => Vec::new(),
    };
    if lines.is_empty() {
        let run = keymap::name(Id::Run);
        return text::wrapped(&format!("There is no run to ask about here. In a lesson, {run} makes one."), columns);
    }
    lines.iter().flat_map(|line| text::wrapped(line, columns)).collect()
}

/// The same of each run of a comparison, below its name.
fn compared(model: &Model, asked: Asked) -> Vec<String> {
    if matches!(asked, Asked::Turns(_)) {
        return vec!["Turn by turn one run at a time is told: open the lesson, run it, and ask there.".to_owned()];
    }
    compare::measured(model)
        .flat_map(|(name, trace)| [format!("{name}:")].into_iter().chain(told(model, trace, asked)))
        .collect()
}

/// What is told of one run.
fn told(model: &Model, trace: &Trace, asked: Asked) -> Vec<String> {
    let theme = &model.theme;
    let (zero, until) = (trace.zero(), trace.until());
    let length = seconds(until.saturating_sub(zero));
    let outside = |at: f64| !(0.0..=length).contains(&at);
    match asked {
        Asked::At(at) | Asked::Turns(Some(at)) | Asked::Between(at, _) if outside(at) => {
            vec![format!("That is no instant of this run: it lasted from 0 to {length:.2} s.")]
        }
        Asked::Between(from, to) if to <= from => vec!["Its end has to be later than its begin.".to_owned()],
        Asked::At(at) => in_words::at(trace, zero + nanos(at), MOST_LANES, theme),
        Asked::Between(from, to) => {
            in_words::between(trace, (zero + nanos(from), (zero + nanos(to)).min(until)), MOST_LANES, theme)
        }
        Asked::Turns(from) => in_words::turns(trace, from.map(|from| zero + nanos(from)), MOST_TURNS, theme),
        Asked::Copy(_) => Vec::new(),
    }
}

/// Seconds of a run as nanoseconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within a run: bounded and not negative")]
fn nanos(at: f64) -> Nanos {
    (at.max(0.0) * 1e9).round() as Nanos
}

/// What a drawn screen would put into the clipboard, whole and alone.
fn copied(model: &Model, action: Action, columns: u16) -> Vec<String> {
    let Some(wanted) = copying::wanted(model, action) else { return vec![copying::NOTHING.to_owned()] };
    let lead = format!("From here nothing reaches a clipboard. To be copied by hand, {}:", wanted.what);
    let lines = wanted.text.lines().map(str::to_owned).collect();
    [text::wrapped(&lead, columns), lines].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_and_words_alone_ask_nothing() {
        assert_eq!(understood("at 0.62"), Some(Asked::At(0.62)));
        assert_eq!(understood("At 0.62s"), Some(Asked::At(0.62)));
        assert_eq!(understood("from 0.6 to 0.7 s"), Some(Asked::Between(0.6, 0.7)));
        assert_eq!(
            (understood("lens"), understood("lens 1")),
            (Some(Asked::Turns(None)), Some(Asked::Turns(Some(1.0))))
        );
        for line in ["at", "at last", "from 1", "lens of it", "at inf", "gil at 3"] {
            assert_eq!(understood(line), None, "{line}");
        }
    }
}
