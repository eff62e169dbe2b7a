//! The comparison as text that can be pasted anywhere: the sentence first, then the picture of the screen in characters.

use super::{Form, Paper, Stacked, ansi};
use crate::insight::comparison::Compared;
use crate::insight::{Ledger, Part};
use crate::report::page::lanes::nanos;
use crate::trace::State;
use crate::view::stack::{Stack, StackRun, Standing};
use crate::view::{self, Spent, draw};
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
            spent(f, self.0, group, &mut signs)?;
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
    let lines = draw::wrap_text(text, room, Style::new());
    // What holds words together where lines break is no more than a blank to whoever pastes them.
    lines.iter().try_for_each(|line| writeln!(f, "{indent}{}", line.to_string().replace('\u{a0}', " ")))
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
    let places = stack.places(buf.area);
    let bars = places.bars.intersection(buf.area);
    // In the row of a GIL a sign is a thread.
    let states = bars.positions().filter(|at| !places.owners.iter().any(|row| row.contains(*at)));
    signs.extend(states.map(|at| buf[at].symbol().to_owned()));
    let line = if paper.theme.palette.colored { ansi::colored } else { ansi::plain };
    buf.content.chunks(usize::from(paper.columns)).try_for_each(|row| writeln!(f, "{}", line(row)))?;
    // What had no room in its row.
    let cut = |run: &&Compared<'_>| run.outcome.is_none() && draw::width(&run.note()) > bars.width;
    group.iter().filter(cut).try_for_each(|run| wrapped(f, paper, &run.sentence, "  "))
}

/// What the cores' time went for, a bar each run; adds the signs that they are drawn with.
fn spent(
    f: &mut Formatter<'_>,
    stacked: &Stacked<'_>,
    group: &[Compared<'_>],
    signs: &mut BTreeSet<String>,
) -> fmt::Result {
    let paper = &stacked.paper;
    let ledgers = stacked.spent(group);
    let runs: Vec<(&str, &Ledger)> = ledgers.iter().map(|(name, ledger)| (*name, ledger)).collect();
    if runs.is_empty() {
        return Ok(());
    }
    let spent = Spent { runs: &runs, names: 0, theme: &paper.theme };
    let mut buf = Buffer::empty(Rect::new(0, 0, paper.columns, spent.height()));
    (&spent).render(buf.area, &mut buf);
    let drawn = |part| view::spent::state(part).map(|state| paper.theme.glyphs.state(state).to_owned());
    // The line above the bars says what stands for nothing to do.
    let parts = spent.parts(paper.columns).into_iter().flatten().filter(|(part, _)| *part != Part::Idle);
    signs.extend(parts.filter_map(|(part, _)| drawn(part)));
    let line = if paper.theme.palette.colored { ansi::colored } else { ansi::plain };
    writeln!(f)?;
    buf.content.chunks(usize::from(paper.columns)).try_for_each(|row| writeln!(f, "{}", line(row)))
}

fn standing<'a>(run: &Compared<'_>, note: &'a str, baseline: Option<&str>) -> Standing<'a> {
    match (run.outcome, &run.trouble, run.saved_s) {
        (None, ..) => Standing::Impossible(note),
        (Some(_), Some(_), _) => Standing::Unjudged(note),
        _ if Some(run.program) == baseline => Standing::Baseline,
        _ if run.unclear() => Standing::Undecided,
        // Without a baseline nothing does another work than it.
        (.., None) if baseline.is_some() => Standing::Apart,
        _ => Standing::Compared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MILLISECOND;
    use crate::insight::comparison::{Attempts, Comparison};
    use crate::lesson::{Lesson, Program};
    use crate::runner::{End, EndedBy, Machine, Outcome, Status};
    use crate::runtime::Runtime;
    use crate::trace::{GilTrack, LaneKind, Trace};
    use crate::view::{Theme, fixtures};
    use fixtures::{Do, Scenario};
    use std::time::Duration;

    fn of(lesson: &Lesson, ran: &[Outcome], theme: Theme) -> String {
        let runtime = Runtime::default();
        let attempt = |(place, program): (usize, &'_ Program)| Attempts {
            program: lesson.program(&program.name).map_or("", |program| &program.name),
            runtime: &runtime,
            outcomes: ran.get(place).into_iter().collect(),
            missing: ran.get(place).is_none().then_some("needs CPython 3.14 or later"),
        };
        let attempts = lesson.programs.iter().enumerate().map(attempt).collect();
        let machine = Machine { cores: 2, usable_cores: 1.9 };
        let (comparison, paper) = (Comparison::of(lesson, attempts, machine), Paper { columns: 100, theme });
        Text(&Stacked { lesson, comparison, machine, paper }).to_string()
    }

    fn lesson(names: &[&str]) -> Lesson {
        let program = |name: &&str| Program { name: (*name).into(), baseline: *name == names[0], ..Program::default() };
        let programs = names.iter().map(program).collect();
        Lesson { id: "02-gil".into(), title: "The GIL".into(), programs, ..Lesson::default() }
    }

    fn outcome(trace: Trace) -> Outcome {
        Outcome { trace, ..Outcome::default() }
    }

    #[test]
    fn the_picture_in_characters() {
        let lesson = lesson(&["sequential", "threads", "processes", "hung", "interpreters"]);
        let hung = End::Ended(EndedBy::Timeout(Duration::from_secs(10)), Status::Signal(9));
        let ran = [
            outcome(fixtures::one_after_the_other().ended()),
            outcome(fixtures::two_threads_under_the_gil().ended()),
            outcome(fixtures::two_processes_in_parallel().ended()),
            Outcome { end: hung, ..outcome(fixtures::two_threads_taking_turns().ended()) },
        ];
        insta::assert_snapshot!("text", of(&lesson, &ran, Theme::plain()));
        let ascii = of(&lesson, &ran, Theme::plain().ascii());
        insta::assert_snapshot!("text_ascii", ascii);
        assert!(ascii.is_ascii());
    }

    #[test]
    fn only_signs_that_are_drawn_as_states_are_explained() {
        // Four threads sleep, and hold the GIL one after the other: the fourth's sign there is that of another state.
        let lane = |all: Scenario, n: u32| {
            all.lane(LaneKind::Thread, (10, 11 + n), "worker", 0, &[Do::Sleep(80 * MILLISECOND)])
        };
        let main = Scenario::new(2).lane(LaneKind::Main, (10, 10), "MainThread", 0, &[Do::Lock(80 * MILLISECOND)]);
        let mut trace = (0..4).fold(main, lane).ended();
        let mut gil = GilTrack::new(10, 7);
        for n in 0..8u64 {
            let at = fixtures::ZERO + n * 10 * MILLISECOND;
            gil.push(1 + usize::try_from(n % 4).unwrap(), at, at + 10 * MILLISECOND);
        }
        trace.gils.push(gil);
        trace.recount();
        let text = of(&lesson(&["threads"]), &[outcome(trace)], Theme::plain());
        let key = text.lines().last().expect("the key");
        assert!(text.contains('▓') && key.contains("z sleeping"), "{text}");
        assert!(!key.contains("native") && !key.contains("running"), "{text}");
    }
}
