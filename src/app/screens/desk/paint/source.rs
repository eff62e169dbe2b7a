//! The program's source: the code that runs, with the knobs' values in it.

use crate::app::frame::{Placed, Target};
use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::app::screens::desk::paint::page;
use crate::app::screens::desk::panes::{PaneKind, Seen};
use crate::app::screens::desk::{Desk, Pane, Plan, Run, found};
use crate::app::typeset;
use crate::lesson::{Knob, knobs};
use crate::runner::Raised;
use crate::trace::crossing::Took;
use crate::trace::{Crossing, Standstill, State};
use crate::view::{Highlighted, KnobLine, LineMark, Source};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

/// The pane.
pub struct Listing;

impl PaneKind for Listing {
    fn label(&self) -> &'static str {
        "Source"
    }

    fn rows(&self, seen: Seen<'_>, _page: &page::Plan, area: Rect) -> u16 {
        with_source(seen, 0, |source| source.height(area.width))
    }

    fn targets(&self, seen: Seen<'_>, plan: &Plan, area: Rect) -> Vec<Placed> {
        with_source(seen, plan.scrolled(Pane::Source).at, |source| {
            // The server's address is no knob.
            let knobs = source.placed(area).into_iter().filter(|(_, n)| *n < seen.desk.lesson.knobs.len());
            knobs.map(|(area, knob)| Placed::new(area, Target::Knob(knob))).collect()
        })
    }

    fn draw(&self, seen: Seen<'_>, plan: &Plan, area: Rect, buf: &mut Buffer) {
        with_source(seen, plan.scrolled(Pane::Source).at, |source| source.render(area, buf));
        found::mark(seen.desk, Pane::Source, area, buf);
    }
}

/// The selected program's source on this runtime, with the knobs' values in it and its server's address.
fn source<'a>(model: &Model, desk: &'a Desk, url: Option<&str>) -> Cow<'a, Highlighted> {
    typeset::source(
        desk.typeset.as_deref(),
        (&desk.lesson, desk.tab),
        model.runtimes.current().language(),
        &desk.knobs,
        url,
    )
}

/// What this knob was in the run whose picture is on the screen, where it is something else now.
fn then_was(model: &Model, desk: &Desk, knob: &Knob) -> Option<String> {
    let run = desk.last_run(desk.tab).filter(|_| model.live().is_none())?;
    let was = run.used.get(&knob.name).filter(|was| desk.knobs.get(&knob.name) != Some(was))?;
    Some(format!("{} the run had {was}", model.theme.glyphs.warn))
}

/// Calls with the source, with the address that its run's server had, where there was a run.
fn with_source<T>(seen: Seen<'_>, scroll: u16, then: impl FnOnce(&Source<'_>) -> T) -> T {
    let (model, desk, url) = (seen.model, seen.desk, seen.shown.url);
    let code = source(model, desk, url);
    let line = |(place, knob): (usize, &'_ Knob)| {
        let selected = place == desk.knob;
        let name = knob.name.clone();
        let label = then_was(model, desk, knob).unwrap_or_else(|| knob.label.clone());
        (name, if selected { model.keys(Id::TurnKnob) } else { keymap::name(Id::NextKnob) }, label, selected)
    };
    let mut lines: Vec<_> = desk.lesson.knobs.iter().enumerate().map(line).collect();
    if desk.lesson.server {
        let label = if url.is_some() { "as it ran" } else { "set when run" };
        lines.push((knobs::URL.to_owned(), "", label.to_owned(), false));
    }
    let knobs: Vec<KnobLine<'_>> =
        lines.iter().map(|(name, keys, label, selected)| KnobLine { name, keys, label, selected: *selected }).collect();
    let marks = marks(seen);
    then(&Source { code: &code, knobs: &knobs, marks: &marks, scroll, theme: &model.theme })
}

/// The row on which a line of the source begins.
#[must_use]
pub fn row_of(seen: Seen<'_>, columns: u16, line: usize) -> u16 {
    with_source(seen, 0, |source| source.row_of(line.saturating_sub(1), columns))
}

/// An exception's name, without what it says.
fn name_of(exception: &str) -> String {
    exception.split(':').next().unwrap_or(exception).to_owned()
}

/// A thread that waits in a line of the source, and for what, where that is known.
struct Waits<'a> {
    line: usize,
    name: &'a str,
    what: Option<String>,
}

/// What the run on the screen says about lines of the source, where they are the lines that it ran: where it failed, and
/// where its threads stand that are stuck.
fn marks(seen: Seen<'_>) -> Vec<LineMark> {
    let Seen { model, desk, .. } = seen;
    let language = model.runtimes.current().language();
    if let Some(active) = model.live() {
        let same = active.program == desk.tab && active.spec.runtime.language() == language;
        let found = seen.shown.trace.and_then(|trace| trace.standstill.as_ref()).filter(|_| same);
        return waiting(model, found.map(|found| stands(found, &active.spec.program)).unwrap_or_default());
    }
    let same = |run: &&Run| !run.edited && run.spec.runtime.language() == language;
    let Some(run) = desk.last_run(desk.tab).filter(same) else { return Vec::new() };
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let found = run.outcome.as_ref().and_then(|outcome| outcome.trace.standstill.as_ref());
    let stuck = run.outcome.iter().flat_map(|outcome| &outcome.stuck).filter(|stuck| stuck.line > 0);
    let mut all: Vec<Waits<'_>> = stuck
        .map(|stuck| Waits {
            line: stuck.line,
            name: &stuck.name,
            what: found.and_then(|found| found.awaited_by(stuck.tid)),
        })
        .collect();
    if let Some(found) = found.filter(|_| all.is_empty()) {
        all = stands(found, &run.spec.program);
    }
    let crossings = run.outcome.iter().flat_map(|outcome| &outcome.trace.crossings).filter(|_| all.is_empty());
    let crossed = crossings.flat_map(|crossing| crossed(crossing, &run.spec.program)).map(|(line, words)| LineMark {
        line,
        sign: glyphs.warn,
        words,
        style: palette.states[State::LockWait.index()],
    });
    let mut marks: Vec<LineMark> = crossed.collect();
    marks.extend(waiting(model, all));
    if let Some(Raised { exception, at: Some(at) }) = &run.raised {
        marks.push(LineMark {
            line: at.line,
            sign: glyphs.no,
            words: [exception.clone(), name_of(exception)],
            style: palette.bad,
        });
    }
    marks
}

/// The lines of a program in which threads took locks in crossed orders, with what they did there.
fn crossed(crossing: &Crossing, program: &str) -> Vec<(usize, [String; 2])> {
    let took = |(place, took): (usize, &Took)| {
        let line = usize::try_from(took.place.line).ok().filter(|_| is_of(&took.place.file, program))?;
        let (lock, held) = (crossing.lock(place), crossing.held(place));
        let words = [format!("{} took {lock} holding {held}: could deadlock", took.name), "could deadlock".to_owned()];
        Some((line, words))
    };
    let mut marks: Vec<_> = crossing.takes.iter().enumerate().filter_map(took).collect();
    marks.dedup_by_key(|(line, _)| *line);
    marks
}

/// Whether a file bears the name of a program.
fn is_of(file: &str, program: &str) -> bool {
    Path::new(file).file_stem() == Path::new(program).file_stem()
}

/// Where threads of a program stand that are stuck, in the file that bears its name.
fn stands<'a>(found: &'a Standstill, program: &str) -> Vec<Waits<'a>> {
    let threads = found.threads.iter().filter_map(|thread| Some((thread, thread.place.as_ref()?)));
    threads
        .filter(|(_, place)| is_of(&place.file, program))
        .filter_map(|(thread, place)| {
            let line = usize::try_from(place.line).ok()?;
            Some(Waits { line, name: &thread.name, what: found.awaited_by(thread.tid) })
        })
        .collect()
}

/// The marks of threads that wait, one a line.
fn waiting(model: &Model, all: Vec<Waits<'_>>) -> Vec<LineMark> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let mut lines: BTreeMap<usize, Vec<Waits<'_>>> = BTreeMap::new();
    for waits in all {
        lines.entry(waits.line).or_default().push(waits);
    }
    let mark = |(line, threads): (usize, Vec<Waits<'_>>)| LineMark {
        line,
        sign: glyphs.state(State::LockWait),
        words: match threads.as_slice() {
            [Waits { name, what: Some(what), .. }] => [format!("{name} waits for {what}"), format!("{name} waits")],
            [Waits { name, .. }] => [format!("{name} waits here"), format!("{name} waits")],
            many => {
                let names: Vec<&str> = many.iter().map(|waits| waits.name).collect();
                [format!("{} wait here", names.join(", ")), format!("{} threads wait", many.len())]
            }
        },
        style: palette.states[State::LockWait.index()],
    };
    lines.into_iter().map(mark).collect()
}
