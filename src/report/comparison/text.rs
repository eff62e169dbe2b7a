//! The comparison as text that can be pasted anywhere: the sentence first, then the picture of the screen in characters.

use super::{Form, Stacked};
use crate::clock::{Nanos, SECOND};
use crate::insight::comparison::Compared;
use crate::runtime::Runtime;
use crate::view::draw;
use crate::view::stack::{Stack, StackRun, Standing};
use crate::view::theme::Theme;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use std::fmt::{self, Display, Formatter};

/// Text for people.
pub const FORM: Form = Form { name: "text", write: |stacked| Text(stacked).to_string() };

/// Columns of the text.
const COLUMNS: u16 = 100;
/// Rows of the picture of one runtime at most: lanes fold where they need more.
const ROWS: u16 = 48;

struct Text<'a>(&'a Stacked<'a>);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Stacked { lesson, comparison, .. } = self.0;
        writeln!(f, "{}  {}\n", lesson.id, lesson.title)?;
        for sentence in comparison.sentences.iter().chain(&comparison.verdicts) {
            wrapped(f, sentence, "")?;
        }
        if let Some(caveat) = &comparison.caveat {
            wrapped(f, &format!("note: {caveat}"), "  ")?;
        }
        for group in comparison.groups() {
            writeln!(f, "\non {}", who(group[0].runtime))?;
            picture(f, group, comparison.baseline, comparison.axis_s)?;
        }
        Ok(())
    }
}

/// Who ran it, in full.
pub(super) fn who(runtime: &Runtime) -> String {
    match runtime {
        Runtime::CPython(_) => format!("CPython {}", runtime.label()),
        Runtime::Native { .. } => format!("the {} runtime", runtime.label()),
    }
}

/// A paragraph in as many columns as there are.
fn wrapped(f: &mut Formatter<'_>, text: &str, indent: &str) -> fmt::Result {
    let room = COLUMNS.saturating_sub(draw::width(indent));
    draw::wrap_text(text, room, Style::new()).iter().try_for_each(|line| writeln!(f, "{indent}{line}"))
}

/// The runs of one runtime as the screen draws them.
fn picture(f: &mut Formatter<'_>, group: &[Compared<'_>], baseline: Option<&str>, axis_s: f64) -> fmt::Result {
    let notes: Vec<String> = group.iter().map(Compared::note).collect();
    let runs: Vec<StackRun<'_>> = group
        .iter()
        .zip(&notes)
        .map(|(run, note)| StackRun {
            name: run.program,
            trace: run.outcome.map(|outcome| &outcome.trace),
            standing: standing(run, note, baseline),
            ..StackRun::default()
        })
        .collect();
    let theme = Theme::plain();
    let stack = Stack { to: nanos(axis_s), tallest: 1, ..Stack::new(&runs, &theme) };
    let mut buf = Buffer::empty(Rect::new(0, 0, COLUMNS, stack.height(COLUMNS, ROWS)));
    (&stack).render(buf.area, &mut buf);
    for row in buf.content.chunks(usize::from(COLUMNS)) {
        let line: String = row.iter().map(sign).collect();
        writeln!(f, "{}", line.trim_end())?;
    }
    // What had no room in its row.
    let cut =
        |run: &&Compared<'_>| run.outcome.is_none() && draw::width(&run.note()) > stack.places(buf.area).bars.width;
    group.iter().filter(cut).try_for_each(|run| wrapped(f, &run.sentence, "  "))
}

fn standing<'a>(run: &Compared<'_>, note: &'a str, baseline: Option<&str>) -> Standing<'a> {
    match (run.outcome, &run.trouble, run.saved_s) {
        (None, ..) => Standing::Impossible(note),
        (Some(_), Some(_), _) => Standing::Unjudged(note),
        _ if Some(run.program) == baseline => Standing::Baseline,
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

/// The sign of a cell where there is no style: one that is drawn reversed gives way to its complement.
fn sign(cell: &Cell) -> &str {
    if !cell.modifier.contains(Modifier::REVERSED) {
        return cell.symbol();
    }
    match cell.symbol() {
        " " | "▏" | "▎" => "█",
        "▍" | "▌" | "▋" => "▐",
        "▊" | "▉" => "▕",
        "█" => " ",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reversed_has_a_sign_of_its_own() {
        let signs = ["▏", "▌", "▉", "x"].map(|symbol| {
            let mut cell = Cell::default();
            cell.set_symbol(symbol).set_style(Style::new().add_modifier(Modifier::REVERSED));
            sign(&cell).to_owned()
        });
        assert_eq!(signs, ["█", "▐", "▕", "x"]);
    }
}
