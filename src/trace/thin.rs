//! Spans and holds with less detail than was measured.
//!
//! Time is cut into cells of one grain. Where a lane did more than two things in a cell, what stands there afterwards is
//! how long it did each of them, in the order in which they first happened; and so with the holds of a GIL. So all
//! totals stay what they were, on every core, and so does how often a GIL passed on: what is lost is when inside a cell.

use crate::clock::Nanos;
use crate::trace::gil::{GilTrack, Hold};
use crate::trace::span::{Span, Spans};

/// Spans in cells of one grain before an instant, which is a whole number of grains; from there on as they are.
#[must_use]
pub fn spans(all: &Spans, grain: Nanos, before: Nanos) -> Spans {
    let mut out = Spans::default();
    let mut cell: Vec<Span> = Vec::new();
    let open = all.going_on();
    for span in all.as_slice() {
        // What goes on is added at last.
        let ends = open.map_or(span.end, |open| span.end.min(open.start));
        let late = Span { start: span.start.max(before), end: ends, ..*span };
        let mut rest = Span { end: ends.min(before), ..*span };
        if rest.start < rest.end {
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
        if late.start < late.end {
            close(&mut out, &mut cell);
            out.push(late);
        }
    }
    close(&mut out, &mut cell);
    if let Some(open) = open {
        out.go_on(open);
    }
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

/// The holds of a GIL, likewise.
#[must_use]
pub fn holds(track: &GilTrack, grain: Nanos, before: Nanos) -> GilTrack {
    let mut out = GilTrack::new(track.pid, track.gil);
    let all = track.holds();
    let mut from = 0;
    let mut turns = 0;
    while let Some(first) = all.get(from) {
        let early = first.start < before;
        let end = (first.start / grain + 1).saturating_mul(grain);
        let inside = if early { all[from..].iter().take_while(|hold| hold.end <= end).count() } else { 1 };
        let cell = &all[from..from + inside.max(1)];
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
        from += cell.len();
    }
    out
}
