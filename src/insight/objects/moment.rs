//! Who waited for an object at an instant, in the order in which they came, and who held it.

use super::{Object, Objects, Waited, name};
use crate::clock::Nanos;
use crate::trace::locks::HeldBy;
use crate::trace::{Lane, Span, Tid, Trace};

/// An object that somebody waited for at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment<'o> {
    /// Its place among the objects.
    pub object: usize,
    /// The waits that went on then, the first that came first.
    pub waiting: Vec<&'o Waited>,
    /// Who held it.
    pub owner: Owner,
}

/// Who held an object at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Nobody knows, or it is nothing that one holds.
    NotKnown,
    /// Nobody that lived did when the last that waits for it came, so long before.
    Nobody(Nanos),
    /// This thread.
    Thread {
        /// Which: a place among the lanes.
        lane: usize,
        /// How long before the instant that was seen; 0 where the thread holds it then, since it has not run since it was seen.
        before: Nanos,
        /// What it did at the instant.
        stands: Stand,
    },
}

/// What a thread that holds something did at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// It waited in this line of the program.
    Line(u32),
    /// In which line it was is not known.
    Somewhere,
}

impl Objects {
    /// What somebody waited for at an instant, in the order of the objects.
    #[must_use]
    pub fn at<'o>(&'o self, trace: &Trace, at: Nanos) -> Vec<Moment<'o>> {
        let goes_on = |wait: &&Waited| wait.from <= at && at < wait.to;
        let moment = |(place, object): (usize, &'o Object)| {
            let waiting: Vec<&Waited> = object.waits.iter().filter(goes_on).collect();
            let last = *waiting.last()?;
            Some(Moment { object: place, owner: owner(trace, object, last, at), waiting })
        };
        self.all.iter().enumerate().filter_map(moment).collect()
    }
}

/// Who held an object at an instant at which one that waits for it, the last that came, knows who did when it came.
fn owner(trace: &Trace, object: &Object, last: &Waited, at: Nanos) -> Owner {
    let Some(told) = last.told.filter(|_| object.is_one()) else { return Owner::NotKnown };
    let tid = match told.holder {
        HeldBy::Unknown => return Owner::NotKnown,
        HeldBy::Nobody => return Owner::Nobody(at.saturating_sub(told.at)),
        HeldBy::Thread(tid) => tid,
    };
    let Some((lane, found)) = lane_of(trace, object, tid, told.at) else { return Owner::NotKnown };
    let span = found.spans.at(at);
    // Who has not been on a core since it was seen to hold it cannot have given it back.
    let still = span.is_some_and(|span| !span.state.on_cpu()) && off_since(found, told.at, at);
    let before = if still { 0 } else { at.saturating_sub(told.at) };
    Owner::Thread { lane, before, stands: stand(trace, found, span) }
}

fn lane_of<'t>(trace: &'t Trace, object: &Object, tid: Tid, at: Nanos) -> Option<(usize, &'t Lane)> {
    let lane = name(&trace.lanes, object.pid, tid, at)?;
    let place = trace.lanes.iter().position(|other| std::ptr::eq(other, lane))?;
    Some((place, lane))
}

/// Whether a lane was on no core from one instant to the other, as far as that was measured exactly.
fn off_since(lane: &Lane, from: Nanos, to: Nanos) -> bool {
    let mut known = from;
    for span in lane.spans.window(from, to.saturating_add(1)) {
        if span.state.on_cpu() || span.start > known {
            return false;
        }
        known = span.end;
    }
    known > to
}

fn stand(trace: &Trace, lane: &Lane, span: Option<&Span>) -> Stand {
    let known = span.and_then(|span| {
        let wait = span.wait?;
        let told = trace.locks.wait_at(lane.pid, lane.tid, span.start)?;
        let here = wait.object == crate::trace::WaitObject::Lock(told.lock);
        told.spot.filter(|spot| here && spot.own != 0 && spot.line > 0)
    });
    known.map_or(Stand::Somewhere, |spot| Stand::Line(spot.line))
}
