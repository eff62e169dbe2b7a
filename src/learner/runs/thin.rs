//! A trace with fewer spans, for where there is no room for all of them.
//!
//! Time is cut into cells of one grain. Where a lane did more than two things in a cell, what stands there afterwards is
//! how long it did each of them, in the order in which they first happened; and so with the holds of a GIL. So all
//! totals stay what they were, on every core, and so does how often a GIL passed on: what is lost is when inside a cell.
//! The trace says how large its cells are ([`Trace::grain`]), and views do not look into them.

use crate::clock::Nanos;
use crate::trace::{CoreSample, CoreTrack, GilTrack, Hold, Lane, Span, Spans, Trace};

/// The widest screen that a picture is kept for, in columns.
const COLUMNS: Nanos = 200;
/// Cells that a column has at least: an edge inside of it is drawn to an eighth.
const CELLS: Nanos = Trace::GRAINS;
/// The finest grain: so many cells in the whole run.
const FINEST: Nanos = 1 << 14;
/// Samples that a core's track has at most.
const SAMPLES: usize = 512;

/// The trace with at most so many spans and holds: the same where it has no more. `None` where a picture of it would no
/// longer be the same on the widest screen.
#[must_use]
pub fn thinned(trace: &Trace, most: usize) -> Option<Trace> {
    let cores = trace.cores.iter().map(fewer_samples).collect();
    let mut thin = Trace { cores, ..trace.clone() };
    let length = trace.until().saturating_sub(trace.launched_at);
    let mut grain = (length / FINEST).max(1);
    while items(&thin) > most {
        if grain > length / (COLUMNS * CELLS) {
            return None;
        }
        for (lane, all) in thin.lanes.iter_mut().zip(&trace.lanes) {
            *lane = Lane { spans: spans(&all.spans, grain), ..all.clone() };
        }
        thin.gils = trace.gils.iter().map(|track| holds(track, grain)).collect();
        thin.grain = grain.max(trace.grain);
        grain = grain.saturating_mul(2);
    }
    Some(thin)
}

/// What takes room in a trace.
fn items(trace: &Trace) -> usize {
    let spans: usize = trace.lanes.iter().map(|lane| lane.spans.as_slice().len()).sum();
    spans + trace.gils.iter().map(|track| track.holds().len()).sum::<usize>()
}

fn spans(all: &Spans, grain: Nanos) -> Spans {
    let mut out = Spans::default();
    let mut cell: Vec<Span> = Vec::new();
    for span in all.as_slice() {
        let mut rest = *span;
        if let Some(first) = cell.first() {
            // Up to the end of the cell that is open.
            let end = (first.start / grain + 1).saturating_mul(grain);
            let part = Span { end: rest.end.min(end), ..rest };
            cell.extend((part.start < part.end).then_some(part));
            if rest.end < end {
                continue;
            }
            close(&mut out, &mut cell);
            rest.start = end.max(rest.start);
        }
        // Whole cells, and one that it begins in the middle of, are its own.
        let whole = Span { end: rest.end - rest.end % grain, ..rest };
        if whole.end > whole.start {
            out.push(whole);
            rest.start = whole.end;
        }
        cell.extend((rest.start < rest.end).then_some(rest));
    }
    close(&mut out, &mut cell);
    out
}

/// Writes the spans of one cell: as they are where they are few, else how long each thing lasted.
fn close(out: &mut Spans, cell: &mut Vec<Span>) {
    let Some(mut at) = cell.first().map(|span| span.start) else { return };
    if cell.len() <= 2 {
        cell.drain(..).for_each(|span| out.push(span));
        return;
    }
    let mut sums: Vec<Span> = Vec::new();
    for span in cell.drain(..) {
        match sums.iter_mut().find(|sum| (sum.state, sum.core) == (span.state, span.core)) {
            Some(sum) => sum.end += span.duration(),
            None => sums.push(span),
        }
    }
    for sum in sums {
        let end = at + sum.duration();
        out.push(Span { start: at, end, ..sum });
        at = end;
    }
}

fn holds(track: &GilTrack, grain: Nanos) -> GilTrack {
    let mut out = GilTrack::new(track.pid, track.gil);
    let all = track.holds();
    let mut from = 0;
    let mut turns = 0;
    while let Some(first) = all.get(from) {
        let end = (first.start / grain + 1).saturating_mul(grain);
        let count = all[from..].iter().take_while(|hold| hold.end <= end).count().max(1);
        let cell = &all[from..from + count];
        let mut sums: Vec<Hold> = Vec::new();
        if cell.len() > 2 {
            for hold in cell {
                match sums.iter_mut().find(|sum| sum.lane == hold.lane) {
                    Some(sum) => sum.end += hold.end - hold.start,
                    None => sums.push(*hold),
                }
            }
        } else {
            sums.extend_from_slice(cell);
        }
        let last = sums.len().saturating_sub(1);
        let passed = cell.last().map_or(turns, Hold::turns);
        let mut at = first.start;
        for (place, sum) in sums.into_iter().enumerate() {
            let start = if cell.len() > 2 { at } else { sum.start };
            at = start + (sum.end - sum.start);
            let after = if place == last { passed } else { sum.turns().min(passed).max(turns) };
            out.push_after(sum.lane, start, at, after - turns);
            turns = after;
        }
        from += count;
    }
    out
}

/// A core's track with neighbouring samples joined.
fn fewer_samples(core: &CoreTrack) -> CoreTrack {
    let each = core.samples.len().div_ceil(SAMPLES).max(1);
    let join = |part: &[CoreSample]| {
        let (first, last) = (part[0], part[part.len() - 1]);
        let sum = |of: fn(&CoreSample) -> Nanos| part.iter().map(of).sum();
        CoreSample { since: first.since, at: last.at, busy: sum(|s| s.busy), tutor: sum(|s| s.tutor) }
    };
    CoreTrack { id: core.id, samples: core.samples.chunks(each).map(join).collect() }
}
