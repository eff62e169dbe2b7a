//! The lens: a stretch of the run at full resolution, below a picture whose cells stand for more than they can show.
//!
//! It is shown where turns of a GIL, or the changes of a lane, are too short for the picture's cells; it is as long as
//! leaves each of them cells of its own. It stands where the run looks as it does on the whole, in a live run at its end,
//! and where the learner has put it.

use super::Timeline;
use crate::clock::{MILLISECOND, Nanos};
use crate::insight::typical;
use crate::trace::tasks::TaskLoop;
use crate::view::lanes::{Row, Rows};
use crate::view::viewport::Viewport;

/// The longest stretch.
const LONGEST: Nanos = 100 * MILLISECOND;
/// The shortest.
const SHORTEST: Nanos = 10_000;
/// In a live run the stretch moves on by so much at a time: what moves all the time cannot be read.
const STEP: Nanos = 500 * MILLISECOND;
/// The end of a live run that is still provisional.
const YOUNG: Nanos = 150 * MILLISECOND;
/// A picture of less than so many times the stretch needs no lens.
const LEAST: Nanos = 4;
/// So many lanes say whether cells are too wide; the others are like them.
const ASKED: usize = 16;

/// A stretch of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first instant.
    pub from: Nanos,
    /// The first instant that is no longer shown.
    pub to: Nanos,
}

impl Stretch {
    /// The stretch that the lens shows; `None` where the picture shows as much itself.
    #[must_use]
    pub fn of(timeline: &Timeline<'_>, rows: &Rows<'_>, columns: u16) -> Option<Stretch> {
        // Of a crowd, hardly any lane or task does something in a stretch that short.
        let rows = rows.few().filter(|rows| !rows.iter().any(|row| matches!(row, Row::Tasks(_))))?;
        let (trace, view) = (timeline.trace, timeline.viewport);
        let (first, last) = (view.from.max(trace.launched_at.min(trace.zero())), view.to.min(trace.until()));
        let span = last.checked_sub(first).filter(|span| *span > 0 && columns > 0)?;
        let changes = changes(timeline, rows, first, last);
        // Three turns in four cells can still be told apart.
        if 2 * changes <= 3 * u64::from(columns) {
            return None;
        }
        let fits = |width: &Nanos| u128::from(changes) * u128::from(*width) <= u128::from(span) * u128::from(columns);
        // A run that was kept with less detail has nothing finer to show.
        let width = widths().find(fits).filter(|width| *width >= trace.finest(first, columns))?;
        let live = trace.ended_at.is_none();
        let from = match view.lens {
            // A run that was kept with less detail has no turns to show.
            _ if span < LEAST * width || width < trace.finest(first, columns) => {
                return None;
            }
            Some(from) => from,
            None if live => (last.saturating_sub(YOUNG) / STEP * STEP).saturating_sub(width),
            None => typical::typical(trace, width),
        };
        let from = from.clamp(first, last - width);
        Some(Stretch { from, to: from + width })
    }

    /// What a timeline of this stretch shows.
    #[must_use]
    pub fn viewport(self, view: &Viewport) -> Viewport {
        Viewport { from: self.from, to: self.to, follow: false, ..view.clone() }
    }
}

/// How often the busiest row changes between two instants: a turn of a GIL counts twice, for two lanes change with it.
fn changes(timeline: &Timeline<'_>, rows: &[Row], from: Nanos, to: Nanos) -> u64 {
    let trace = timeline.trace;
    let turns = trace.gils.iter().take(ASKED).map(|gil| 2 * gil.between(from, to).turns).max().unwrap_or(0);
    // Whose turn it is on a loop is what its lanes are about.
    let loops: Vec<&TaskLoop> = trace.tasks.loops.iter().filter(|own| own.tasks.len() > 1).take(ASKED).collect();
    let tasks = loops.iter().map(|own| 2 * own.turns.between(from, to).turns).max().unwrap_or(0);
    let turns = turns.max(tasks);
    let has_loop = |lane: &usize| {
        let lane = &trace.lanes[*lane];
        loops.iter().any(|own| own.thread == (lane.pid, lane.tid))
    };
    let lanes = rows.iter().filter_map(Row::lane).filter(|lane| !has_loop(lane)).take(ASKED);
    // A thread that takes a GIL is in several states for a moment: turns say better how long each is.
    let spans = lanes.map(|lane| trace.lanes[lane].spans.window(from, to).len() * 2 / 3).filter(|_| turns == 0);
    spans.max().unwrap_or(turns).try_into().unwrap_or(u64::MAX)
}

/// 100 ms, 50 ms, 20 ms, 10 ms, and so on.
fn widths() -> impl Iterator<Item = Nanos> {
    let decades = std::iter::successors(Some(LONGEST), |width| Some(width / 10));
    decades.flat_map(|width| [width, width / 2, width / 5]).take_while(|width| *width >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;
    use crate::view::fixtures;
    use crate::view::lanes::Open;
    use crate::view::theme::Theme;

    fn stretch(trace: &Trace, view: &Viewport, columns: u16) -> Option<Stretch> {
        Stretch::of(
            &Timeline { trace, viewport: view, theme: &Theme::dark() },
            &Rows::new(trace, Open::Folded),
            columns,
        )
    }

    #[test]
    fn turns_too_short_for_a_cell_are_shown_at_their_size() {
        let trace = fixtures::two_threads_taking_turns().ended();
        let mut view = Viewport::fit(&trace);
        let found = stretch(&trace, &view, 44).expect("a lens");
        assert_eq!(found.to - found.from, LONGEST);
        assert_eq!(trace.gils[0].between(found.from, found.to).turns, 20);
        view.lens = Some(0);
        assert_eq!(stretch(&trace, &view, 44).map(|s| s.from), Some(fixtures::ZERO), "no further than the picture");
        view.to = view.from + 300 * MILLISECOND;
        assert_eq!(stretch(&trace, &view, 44), None, "the picture shows them itself");
    }

    #[test]
    fn what_changes_faster_is_seen_in_less_time() {
        let trace = fixtures::many_spans(20_000).ended();
        let found = stretch(&trace, &Viewport::fit(&trace), 60).expect("a lens");
        assert_eq!(found.to - found.from, MILLISECOND, "20 turns of 50 us");
    }

    #[test]
    fn nothing_is_magnified_that_is_not_known() {
        let trace = fixtures::two_threads_taking_turns().ended();
        let at = |grain| stretch(&Trace { grain, ..trace.clone() }, &Viewport::fit(&trace), 44);
        assert!(at(LONGEST / 44 / Trace::GRAINS).is_some(), "a cell of the lens has eight grains");
        assert_eq!(at(LONGEST / 44), None);
    }

    #[test]
    fn few_changes_need_no_lens() {
        let trace = fixtures::two_processes_in_parallel().ended();
        assert_eq!(stretch(&trace, &Viewport::fit(&trace), 60), None);
        let nothing = fixtures::nothing_yet().live();
        assert_eq!(stretch(&nothing, &Viewport::fit(&nothing), 60), None);
    }

    #[test]
    fn in_a_live_run_it_shows_the_end_and_stands_still_for_a_while() {
        let trace = fixtures::two_threads_taking_turns().live();
        let at = |known_until| {
            let trace = Trace { known_until, ..trace.clone() };
            stretch(&trace, &Viewport::fit(&trace), 44).expect("a lens")
        };
        let end = trace.known_until;
        assert_eq!(at(end), at(end - 20 * MILLISECOND));
        assert!(end - at(end).to <= STEP + YOUNG && at(end).to <= end - YOUNG);
    }
}
