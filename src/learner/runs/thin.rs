//! A trace with fewer spans, for where there is no room for all of them.
//!
//! What is kept are cells of one grain, see [`crate::trace::thin`]. The trace says how large they are ([`Trace::grain`]), and
//! views do not look into them.

use crate::clock::Nanos;
use crate::trace::thin::{holds, spans};
use crate::trace::{CoreSample, CoreTrack, Detail, Lane, Trace};

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
    // Where what is old was folded already, the whole is kept as what is coarsest in it.
    let known = trace.grain.max(trace.detail.grain);
    let mut thin = Trace { cores, grain: known, detail: Detail::default(), ..trace.clone() };
    let length = trace.until().saturating_sub(trace.launched_at);
    let mut grain = (length / FINEST).max(1);
    while items(&thin) > most {
        if grain > length / (COLUMNS * CELLS) {
            return None;
        }
        thin = in_cells(thin, trace, grain);
        thin.grain = grain.max(known);
        grain = grain.saturating_mul(2);
    }
    Some(thin)
}

/// The trace with no more than a picture of so many columns shows.
#[must_use]
pub fn for_columns(trace: &Trace, columns: Nanos) -> Trace {
    let length = trace.until().saturating_sub(trace.launched_at);
    let grain = (length / (columns * CELLS)).max(1);
    let thin = in_cells(trace.clone(), trace, grain);
    Trace { grain: grain.max(trace.grain).max(trace.detail.grain), detail: Detail::default(), ..thin }
}

/// The same with the spans and the holds of another trace in cells of one grain.
fn in_cells(mut thin: Trace, all: &Trace, grain: Nanos) -> Trace {
    for (lane, all) in thin.lanes.iter_mut().zip(&all.lanes) {
        *lane = Lane { spans: spans(&all.spans, grain, Nanos::MAX), ..all.clone() };
    }
    thin.gils = all.gils.iter().map(|track| holds(track, grain, Nanos::MAX)).collect();
    thin
}

/// What takes room in a trace.
fn items(trace: &Trace) -> usize {
    let spans: usize = trace.lanes.iter().map(|lane| lane.spans.as_slice().len()).sum();
    spans + trace.gils.iter().map(|track| track.holds().len()).sum::<usize>()
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
