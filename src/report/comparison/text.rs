//! The comparison as text that can be pasted anywhere: the sentence, then the runs as bars on one axis.

use super::{Form, Stacked};
use crate::insight::comparison::Compared;
use std::fmt::{self, Display, Formatter};

/// Text for people.
pub const FORM: Form = Form { name: "text", write: |stacked| Text(stacked).to_string() };

/// Cells of the axis.
const CELLS: f64 = 60.0;

struct Text<'a>(&'a Stacked<'a>);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Stacked { lesson, comparison, .. } = self.0;
        writeln!(f, "{}  {}\n", lesson.id, lesson.title)?;
        for sentence in comparison.sentences.iter().chain(&comparison.verdicts) {
            writeln!(f, "{sentence}")?;
        }
        if let Some(caveat) = &comparison.caveat {
            writeln!(f, "  note: {caveat}")?;
        }
        let width = comparison.runs.iter().map(|run| run.program.chars().count()).max().unwrap_or(0);
        for group in comparison.groups() {
            writeln!(f, "\non {}", group[0].runtime.label())?;
            for run in group {
                bar(f, run, comparison.axis_s, width)?;
            }
        }
        Ok(())
    }
}

/// One run: its name, its bar and its numbers.
fn bar(f: &mut Formatter<'_>, run: &Compared<'_>, axis_s: f64, width: usize) -> fmt::Result {
    let wall_s = run.summary.wall_s;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the axis")]
    let cells = if axis_s > 0.0 { (CELLS * (wall_s / axis_s).min(1.0)).round() as usize } else { 0 };
    let speedup = run.pace().map(|pace| format!("  {}", pace.cell("×"))).unwrap_or_default();
    let notes = [run.difference(), Some(run.note())].into_iter().flatten().filter(|note| !note.is_empty());
    let notes: Vec<String> = notes.collect();
    let line =
        format!("{:width$}  {:60}  {wall_s:.2} s{speedup}  {}", run.program, "█".repeat(cells), notes.join(", "));
    writeln!(f, "{}", line.trim_end())
}
