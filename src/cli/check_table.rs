//! The table of a check: a row for each thing that is said, a column for each runtime, and below it what failed and what
//! could not be shown. Every outcome has a sign as well as a colour.

use crate::judge::check::{Outcome, Row};
use crate::lesson::id;
use crate::runtime::Runtime;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::io::IsTerminal;
use unicode_width::UnicodeWidthStr;

/// How the table is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// The width of the whole, in columns.
    pub width: usize,
    /// Whether there are colours.
    pub color: bool,
}

impl Style {
    /// As standard output can show it.
    pub(super) fn of_stdout() -> Style {
        let terminal = std::io::stdout().is_terminal();
        let width = crossterm::terminal::size().ok().filter(|_| terminal).map_or(110, |(width, _)| usize::from(width));
        let color = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Style { width, color }
    }
}

/// The table as text.
pub(super) struct Table<'a> {
    pub rows: &'a [Row],
    pub runtimes: &'a [Runtime],
    pub style: Style,
}

/// The narrowest that what is said may get.
const NARROWEST: usize = 30;

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let heads = heads(self.runtimes);
        let cells: usize = heads.iter().map(|head| head.width() + 1).sum();
        let room = self.style.width.saturating_sub(cells + 2).max(NARROWEST);
        let mut lesson = "";
        for row in self.rows {
            if row.lesson != lesson {
                lesson = &row.lesson;
                write!(
                    f,
                    "{}{:<room$}",
                    if row.lesson == self.rows[0].lesson { "" } else { "\n" },
                    self.bold(lesson, room)
                )?;
                writeln!(f, "  {}", heads.join(" "))?;
            }
            let lines = wrapped(&row.says, room - 2);
            for (at, line) in lines.iter().enumerate() {
                let padding = " ".repeat(room.saturating_sub(line.width() + 2));
                write!(f, "  {line}{padding}")?;
                if at + 1 == lines.len() {
                    for (outcome, head) in row.outcomes.iter().zip(&heads) {
                        write!(f, " {}{}", " ".repeat(head.width().saturating_sub(1)), self.sign(outcome))?;
                    }
                }
                writeln!(f)?;
            }
        }
        let (yes, no) = (self.sign(&Outcome::Holds), self.sign(&Outcome::Fails(String::new())));
        let (hidden, unsaid) = (self.sign(&Outcome::NotShown(String::new())), self.sign(&Outcome::NotSaid));
        writeln!(f, "\n{yes} holds  {no} fails  {hidden} not shown here  {unsaid} not said of this runtime")?;
        self.not_shown(f)?;
        self.failures(f)
    }
}

impl Table<'_> {
    /// A coloured sign, one column wide.
    fn sign(&self, outcome: &Outcome) -> String {
        let (sign, color) = match outcome {
            Outcome::Holds => ("✓", 32),
            Outcome::Fails(_) | Outcome::Mistaken(_) => ("✗", 31),
            Outcome::NotShown(_) => ("○", 33),
            Outcome::NotSaid => ("·", 90),
        };
        if self.style.color { format!("\x1b[{color}m{sign}\x1b[0m") } else { sign.to_owned() }
    }

    fn bold(&self, text: &str, width: usize) -> String {
        let padded = format!("{text:<width$}");
        if self.style.color { format!("\x1b[1m{padded}\x1b[0m") } else { padded }
    }

    /// Why something was not shown, with how often.
    fn not_shown(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for outcome in self.rows.iter().flat_map(|row| &row.outcomes) {
            if let Outcome::NotShown(why) = outcome {
                *reasons.entry(why).or_default() += 1;
            }
        }
        if !reasons.is_empty() {
            writeln!(f, "\nnot shown here")?;
        }
        reasons.iter().try_for_each(|(why, times)| writeln!(f, "  {times:>3} ×  {why}"))
    }

    /// Every failure with its place.
    fn failures(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let failed: Vec<&Row> = self.rows.iter().filter(|row| row.failed()).collect();
        if failed.is_empty() {
            return writeln!(f, "\nnothing failed");
        }
        writeln!(f, "\nfailures")?;
        for row in failed {
            let line = row.line.map(|line| format!(":{line}")).unwrap_or_default();
            // A pack's lesson lies in the pack's folder.
            let folder = row.lesson.replace(id::MARK, "/");
            writeln!(f, "  {folder}/lesson.md{line}: {}", row.says)?;
            for (outcome, runtime) in row.outcomes.iter().zip(self.runtimes) {
                if let Some(why) = outcome.fault() {
                    writeln!(f, "    {}: {why}", runtime.label())?;
                }
            }
        }
        Ok(())
    }
}

/// What stands above the columns: short, and each once. `3.14`, `3.13t`, or the whole version where two share the short one.
fn heads(runtimes: &[Runtime]) -> Vec<String> {
    let short = |runtime: &Runtime| match runtime {
        Runtime::CPython(python) => {
            let build = if python.free_threaded { "t" } else { "" };
            format!("{}.{}{build}", python.version.0, python.version.1)
        }
        Runtime::Native { gil: true } => "nat".to_owned(),
        Runtime::Native { gil: false } => "nat-".to_owned(),
    };
    let all: Vec<String> = runtimes.iter().map(short).collect();
    let twice = |head: &String| all.iter().filter(|other| *other == head).count() > 1;
    let named = |(head, runtime): (&String, &Runtime)| if twice(head) { runtime.label() } else { head.clone() };
    all.iter().zip(runtimes).map(named).collect()
}

/// Lines of at most so many columns, broken between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let fits = lines.last().is_none_or(|line| line.is_empty() || line.width() + 1 + word.width() <= width);
        if !fits {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::check::Kind;

    #[test]
    fn the_table_has_a_sign_for_every_outcome_and_tells_why() {
        let row = |says: &str, outcomes: Vec<Outcome>| Row {
            lesson: "02-gil".to_owned(),
            kind: Kind::Claim,
            says: says.to_owned(),
            line: Some(41),
            outcomes,
        };
        let no = |why: &str| Outcome::Fails(why.to_owned());
        let hidden = Outcome::NotShown("needs 64 usable cores; 1.90 were usable".to_owned());
        let rows = [
            row(
                "Under a GIL two threads keep no more than one core busy, whatever they do.",
                vec![Outcome::Holds, Outcome::NotSaid],
            ),
            row("Threads are fast.", vec![no("`threads.speedup > 5.0`: threads.speedup is 1.02"), hidden]),
        ];
        let runtimes = [true, false].map(|gil| Runtime::Native { gil });
        let table = Table { rows: &rows, runtimes: &runtimes, style: Style { width: 60, color: false } };
        insta::assert_snapshot!(table.to_string());
    }
}
