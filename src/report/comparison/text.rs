//! The comparison as text that can be pasted anywhere: the sentence first, then the picture of the screen in characters.

use super::{Form, Paper, Stacked, ansi};
use crate::clock::{Nanos, SECOND};
use crate::insight::comparison::{self, Compared};
use crate::trace::State;
use crate::view::draw;
use crate::view::stack::{Stack, StackRun, Standing};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

/// Text for people.
pub const FORM: Form = Form { name: "text", write: |stacked| Text(stacked).to_string() };

/// Rows of the picture of one runtime at most: lanes fold where they need more.
const ROWS: u16 = 36;

struct Text<'a>(&'a Stacked<'a>);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Stacked { lesson, comparison, paper, .. } = self.0;
        writeln!(f, "{}  {}\n", lesson.id, lesson.title)?;
        for sentence in comparison.sentences.iter().chain(&comparison.verdicts) {
            wrapped(f, paper, sentence, "")?;
        }
        if let Some(caveat) = &comparison.caveat {
            wrapped(f, paper, &format!("note: {caveat}"), "  ")?;
        }
        let mut signs = BTreeSet::new();
        for group in comparison.groups() {
            writeln!(f, "\non {}", group[0].runtime.full_name())?;
            picture(f, self.0, group, &mut signs)?;
        }
        key(f, paper, &signs)
    }
}

/// What the signs mean that occur.
fn key(f: &mut Formatter<'_>, paper: &Paper, signs: &BTreeSet<String>) -> fmt::Result {
    let glyphs = &paper.theme.glyphs;
    let occur = |state: &State| signs.contains(glyphs.state(*state));
    let mut parts: Vec<String> = State::ALL
        .into_iter()
        .filter(occur)
        // A sign stays with what it means where the line breaks.
        .map(|state| format!("{}\u{a0}{}", glyphs.state(state), state.label()))
        .collect();
    let woven: Vec<&str> =
        [0.25, 0.5, 0.75].map(|share| glyphs.woven(share)).into_iter().filter(|sign| signs.contains(*sign)).collect();
    if glyphs.unicode && !woven.is_empty() {
        parts.push(format!("{}\u{a0}turns too short to show", woven.concat()));
    }
    if parts.is_empty() { Ok(()) } else { writeln!(f).and_then(|()| wrapped(f, paper, &parts.join(", "), "")) }
}

/// A paragraph in as many columns as there are.
fn wrapped(f: &mut Formatter<'_>, paper: &Paper, text: &str, indent: &str) -> fmt::Result {
    let room = paper.columns.saturating_sub(draw::width(indent));
    draw::wrap_text(text, room, Style::new()).iter().try_for_each(|line| writeln!(f, "{indent}{line}"))
}

/// The runs of one runtime as the screen draws them; adds the signs that the bars are drawn with.
fn picture(
    f: &mut Formatter<'_>,
    stacked: &Stacked<'_>,
    group: &[Compared<'_>],
    signs: &mut BTreeSet<String>,
) -> fmt::Result {
    let Stacked { comparison, paper, .. } = stacked;
    let notes: Vec<String> = group.iter().map(Compared::note).collect();
    let runs: Vec<StackRun<'_>> = group
        .iter()
        .zip(&notes)
        .map(|(run, note)| StackRun {
            name: run.program,
            trace: run.outcome.map(|outcome| &outcome.trace),
            standing: standing(run, note, comparison.baseline),
            ..StackRun::default()
        })
        .collect();
    let stack = Stack { to: nanos(comparison.axis_s), tallest: 1, ..Stack::new(&runs, &paper.theme) };
    let mut buf = Buffer::empty(Rect::new(0, 0, paper.columns, stack.height(paper.columns, ROWS)));
    (&stack).render(buf.area, &mut buf);
    let bars = stack.places(buf.area).bars.intersection(buf.area);
    signs.extend(bars.positions().map(|at| buf[at].symbol().to_owned()));
    let line = if paper.theme.palette.colored { ansi::colored } else { ansi::plain };
    buf.content.chunks(usize::from(paper.columns)).try_for_each(|row| writeln!(f, "{}", line(row)))?;
    // What had no room in its row.
    let cut = |run: &&Compared<'_>| run.outcome.is_none() && draw::width(&run.note()) > bars.width;
    group.iter().filter(cut).try_for_each(|run| wrapped(f, paper, &run.sentence, "  "))
}

fn standing<'a>(run: &Compared<'_>, note: &'a str, baseline: Option<&str>) -> Standing<'a> {
    match (run.outcome, &run.trouble, run.saved_s) {
        (None, ..) => Standing::Impossible(note),
        (Some(_), Some(_), _) => Standing::Unjudged(note),
        _ if Some(run.program) == baseline => Standing::Baseline,
        _ if run.standing == Some(comparison::Standing::Undecided) => Standing::Undecided,
        // Without a baseline nothing does another work than it.
        (.., None) if baseline.is_some() => Standing::Apart,
        _ => Standing::Compared,
    }
}

/// Seconds as nanoseconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a wall time")]
pub(super) fn nanos(s: f64) -> Nanos {
    (s * SECOND as f64).round() as Nanos
}
