//! What was predicted of the run on screen: beside what was measured where it is that run, and where it is another one,
//! that nothing was predicted of this.

use crate::app::model::Model;
use crate::app::screens::desk::paint::gate;
use crate::app::screens::desk::{Desk, Run};
use crate::insight::{Caveat, predicted};
use crate::learner::progress::{Guess, LessonProgress};
use crate::lesson::{Prediction, knobs};
use crate::view::metric::measured_words;
use crate::view::reading::sentences;
use crate::view::{Said, draw};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// A prediction of the run on screen, and what the learner said.
enum Beside<'a> {
    /// It is what was predicted, and this was measured.
    Judged(&'a Prediction, &'a Guess, f64),
    /// It is another run than what was predicted: with other knobs, or on another kind of runtime.
    Apart(String),
}

/// The predictions of the run on screen that were made, for this run or for another one.
fn beside<'a>(model: &'a Model, desk: &'a Desk) -> Vec<Beside<'a>> {
    let run = desk.last_run(desk.tab).filter(|_| model.live().is_none());
    let Some((run, done)) = run.zip(model.progress.lessons.get(&desk.lesson.id)) else { return Vec::new() };
    let one = |(_, prediction): (usize, &'a Prediction)| {
        if let Some(what) = apart(desk, run, done, prediction) {
            return Some(Beside::Apart(what));
        }
        let guess = done.guess(&prediction.id, run.spec.runtime.has_gil())?;
        Some(Beside::Judged(prediction, guess, guess.measured?))
    };
    let mut all: Vec<Beside<'a>> = desk.predictions_for(desk.tab).filter_map(one).collect();
    all.dedup_by(|next, one| matches!((next, one), (Beside::Apart(next), Beside::Apart(one)) if next == one));
    all
}

/// What makes this run another one than a prediction was made for, where one was made.
fn apart(desk: &Desk, run: &Run, done: &LessonProgress, prediction: &Prediction) -> Option<String> {
    let runtime = &run.spec.runtime;
    let turned = prediction.turned(&desk.lesson, runtime.language(), &run.spec.knobs);
    let asked = done.guess(&prediction.id, runtime.has_gil());
    let what = match (turned.is_empty(), asked) {
        (true, Some(_)) => return None,
        (true, None) => runtime.full_name(),
        (false, _) => knobs::said(&turned),
    };
    done.predicted(&prediction.id).then_some(what)
}

/// The same, where a guess is of the run on screen.
fn measured_guesses<'a>(model: &'a Model, desk: &'a Desk) -> Vec<(&'a Prediction, &'a Guess, f64)> {
    let judged = |one| if let Beside::Judged(p, guess, measured) = one { Some((p, guess, measured)) } else { None };
    beside(model, desk).into_iter().filter_map(judged).collect()
}

/// Why what was predicted of the run on screen is as it is, in Markdown.
#[must_use]
pub fn explanations<'a>(model: &'a Model, desk: &'a Desk) -> Vec<&'a str> {
    measured_guesses(model, desk).into_iter().map(|(prediction, ..)| prediction.explain.as_str()).collect()
}

/// The predictions of the run on screen in the fewest rows, and whether one of them was drawn.
#[must_use]
pub fn in_short(model: &Model, desk: &Desk, cells: u16) -> (Vec<Line<'static>>, bool) {
    let all = beside(model, desk);
    let drawn = all.iter().any(|one| matches!(one, Beside::Judged(_, guess, _) if !guess.drawn.is_empty()));
    let lines = all.into_iter().flat_map(|one| match one {
        Beside::Judged(prediction, guess, measured) => said(model, desk, (prediction, guess, measured), (cells, true)),
        Beside::Apart(what) => nothing_said(model, &what, cells),
    });
    (lines.collect(), drawn)
}

fn nothing_said(model: &Model, what: &str, cells: u16) -> Vec<Line<'static>> {
    draw::wrap_text(&format!("Nothing was predicted for {what}."), cells, model.theme.palette.dim)
}

/// The predictions of the open tab beside what was measured, and why it is so.
#[must_use]
pub fn predictions(model: &Model, desk: &Desk, columns: u16) -> Vec<Line<'static>> {
    let cells = columns.saturating_sub(2);
    let mut lines = Vec::new();
    for one in beside(model, desk) {
        lines.push(Line::default());
        match one {
            Beside::Judged(prediction, guess, measured) => {
                lines.extend(said(model, desk, (prediction, guess, measured), (cells, false)));
                lines.extend(sentences(&prediction.explain, model.theme.palette.text, cells, &model.theme));
            }
            // Why it is so was written for the other run.
            Beside::Apart(what) => lines.extend(nothing_said(model, &what, cells)),
        }
    }
    lines
}

/// What the learner had said of the headline of the run on screen, where that is the run that was predicted.
#[must_use]
pub fn headline_said<'a>(model: &'a Model, desk: &'a Desk) -> Option<Said<'a>> {
    let headline = model.shown_run()?.verdict.heading.as_ref().map(|_| desk.headline(desk.tab))?;
    let guesses = measured_guesses(model, desk).into_iter();
    let mut about = guesses.filter(|(prediction, ..)| *prediction.metric() == headline.metric);
    let (prediction, guess, measured) = about.next()?;
    let words = guess.choice.as_deref().filter(|_| another_run(model, prediction, guess, measured).is_none())?;
    let right = judged(prediction, guess, measured);
    Some(Said { words, right: right.filter(|_| !guess.disturbed) })
}

/// What was predicted beside what was measured, where it does not stand beside the headline; `short` where there is little
/// room.
fn said(
    model: &Model,
    desk: &Desk,
    (prediction, guess, measured): (&Prediction, &Guess, f64),
    (cells, short): (u16, bool),
) -> Vec<Line<'static>> {
    let dim = model.theme.palette.dim;
    let beside = headline_said(model, desk).is_some() && *prediction.metric() == desk.headline(desk.tab).metric;
    if beside && guess.drawn.is_empty() {
        let words =
            if guess.disturbed { format!("Your guess is not judged: {}.", unsettled(model)) } else { String::new() };
        return if words.is_empty() { Vec::new() } else { draw::wrap_text(&words, cells, dim) };
    }
    let another = another_run(model, prediction, guess, measured).is_some();
    let mut lines = if another { Vec::new() } else { gate::overlaid(model, desk, prediction, guess, (cells, short)) };
    if lines.is_empty() {
        return chosen(model, prediction, guess, measured, cells);
    }
    if guess.disturbed {
        lines.extend(draw::wrap_text(&format!("Not judged: {}.", unsettled(model)), cells, dim));
    }
    lines
}

/// The choice beside what was measured.
fn chosen(model: &Model, prediction: &Prediction, guess: &Guess, measured: f64, cells: u16) -> Vec<Line<'static>> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let words = |value| measured_words(prediction, value, &model.theme);
    let (mark, style) = match judged(prediction, guess, measured) {
        _ if guess.disturbed => (glyphs.warn, palette.dim),
        Some(true) => (glyphs.yes, palette.good.add_modifier(Modifier::BOLD)),
        Some(false) => (glyphs.no, palette.bad),
        None => (" ", palette.dim),
    };
    let drawn = guess.drawn.iter().sum::<f64>() * 100.0;
    let said = match guess.choice.as_deref() {
        Some(said) => format!("you said {}", glyphs.quoted(said)),
        None if guess.drawn.is_empty() => "you did not predict".to_owned(),
        // A picture of the bars would be one of another run.
        None => format!("you drew {drawn:.0} %"),
    };
    let dot = glyphs.dot;
    let mut spans = vec![Span::styled(format!("{mark} "), style)];
    if let Some((place, now)) = another_run(model, prediction, guess, measured) {
        // The number beside a picture is the picture's: what was predicted was another run.
        spans.push(Span::styled(format!("{said} of an earlier run{place}: "), palette.text));
        spans.push(Span::styled(words(measured), palette.text));
        spans.push(Span::styled(format!(" {dot} this one: "), palette.text));
        spans.push(Span::styled(words(now), palette.selected));
    } else {
        spans.push(Span::styled(format!("{said} {dot} measured "), palette.text));
        spans.push(Span::styled(words(measured), palette.selected));
        if guess.disturbed {
            spans.push(Span::styled(format!(", not judged: {}", unsettled(model)), palette.dim));
        }
    }
    draw::wrap(&spans, cells, 2)
}

/// Whether the learner's choice was right, as it was judged when the run ended. A guess of before judgements were kept is
/// judged now.
fn judged(prediction: &Prediction, guess: &Guess, measured: f64) -> Option<bool> {
    let choices = prediction.choices();
    guess.right.or_else(|| predicted::is_right(choices, guess.chosen(choices), measured, guess.disturbed))
}

/// Why the run on screen settles nothing.
fn unsettled(model: &Model) -> &'static str {
    let lacks = |caveat: &Caveat| matches!(caveat, Caveat::OneUsableCore { .. });
    if model.shown_run().is_some_and(|run| run.verdict.caveats.iter().any(lacks)) {
        "it takes more than one core"
    } else {
        "the machine was busy, run it again"
    }
}

/// Where the run on screen is not the one that was predicted: where that one was, and what this one measured.
fn another_run(model: &Model, prediction: &Prediction, guess: &Guess, measured: f64) -> Option<(String, f64)> {
    let desk = model.desk()?;
    let run = desk.last_run(desk.tab)?;
    let usable = model.machine.map(|m| m.usable_cores);
    let now = run.metric(prediction.metric(), usable)?;
    // The very same number is the very same run, as is one whose baseline alone ran again.
    if run.said.is_some() || (now - measured).abs() < 1e-9 {
        return None;
    }
    let elsewhere = guess.runtime.as_ref().filter(|label| **label != run.spec.runtime.label());
    Some((elsewhere.map(|label| format!(" on {label}")).unwrap_or_default(), now))
}
