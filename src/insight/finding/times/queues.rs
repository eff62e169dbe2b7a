//! Where in the program threads wait at queues.

use super::doing::Doing;
use crate::clock::Nanos;
use crate::trace::locks::Locks;
use crate::trace::{Call, Lane};
use std::collections::BTreeMap;

/// The lines, in words, in which most of the time was waited for a queue to have something, and to have room; `None` where nobody
/// did, or the lines are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueuePlaces {
    /// See there.
    pub get: Option<String>,
    /// See there.
    pub put: Option<String>,
}

/// Of these lanes in the window `[from, to)`.
pub(super) fn of(lanes: &[(usize, &Lane)], (from, to): (Nanos, Nanos), locks: &Locks) -> QueuePlaces {
    let (mut get, mut put): (BTreeMap<String, Nanos>, BTreeMap<String, Nanos>) = (BTreeMap::new(), BTreeMap::new());
    for (_, lane) in lanes {
        for span in lane.spans.window(from, to).iter().filter(|span| Doing::of(span) == Doing::Lock) {
            let places = match span.wait.map(|wait| wait.call) {
                Some(Call::PyQueueGet) => &mut get,
                Some(Call::PyQueuePut) => &mut put,
                _ => continue,
            };
            if let Some(place) = locks.line_of(lane, span) {
                *places.entry(place).or_default() += span.end.min(to) - span.start.max(from);
            }
        }
    }
    let most =
        |places: BTreeMap<String, Nanos>| places.into_iter().max_by_key(|(_, time)| *time).map(|(place, _)| place);
    QueuePlaces { get: most(get), put: most(put) }
}
