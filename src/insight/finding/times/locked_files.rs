//! Sleeps that grow as those of `SQLite` do while another connection has its database locked.
//!
//! A connection with a time limit (`sqlite3.connect` has five seconds) asks again after 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50 and then
//! 100 ms (`sqliteDefaultBusyCallback` in its `main.c`), in `nanosleep` or `usleep`, in which no Python function sleeps on Linux.

use crate::clock::{MILLISECOND, Nanos, seconds};
use crate::trace::{Call, Lane, Span, State};

/// How long `SQLite` sleeps in turn, in milliseconds; the last one goes on.
const DELAYS: [Nanos; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];
/// So many in turn have to be as these: fewer may be anybody's.
const LIKE: usize = 2;
/// A sleep may last longer than was asked for by this, and by a quarter of it.
const LATE: Nanos = 3 * MILLISECOND;

/// A thread's waits for a locked database.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LockedFile {
    /// How often it found the database locked.
    pub times: usize,
    /// Its sleeps.
    pub sleeps: usize,
    /// Seconds of them.
    pub slept: f64,
}

impl LockedFile {
    /// Of a lane, in the window `[from, to)`.
    #[must_use]
    pub fn of(lane: &Lane, (from, to): (Nanos, Nanos)) -> LockedFile {
        let mut out = LockedFile::default();
        let mut row: Vec<Nanos> = Vec::new();
        for span in lane.spans.window(from, to).iter().filter(|span| is_native_sleep(span)) {
            let length = span.duration();
            if !is_like(length, row.len()) {
                out.close(&mut row);
            }
            if is_like(length, row.len()) {
                row.push(length);
            }
        }
        out.close(&mut row);
        out
    }

    fn close(&mut self, row: &mut Vec<Nanos>) {
        // One of a millisecond may be the whole of it, beside others that are none.
        if row.len() >= LIKE {
            self.times += 1;
            self.sleeps += row.len();
            self.slept += seconds(row.iter().sum());
        }
        row.clear();
    }
}

fn is_native_sleep(span: &Span) -> bool {
    let call = span.wait.map(|wait| wait.call);
    span.state == State::Sleep && matches!(call, Some(Call::Usleep | Call::Nanosleep))
}

/// Whether a sleep is as long as the one at this place in the row.
fn is_like(length: Nanos, place: usize) -> bool {
    let asked = DELAYS[place.min(DELAYS.len() - 1)] * MILLISECOND;
    (asked..=asked + asked / 4 + LATE).contains(&length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Spans, Wait, WaitKind, WaitObject};

    fn sleeping(call: Call, lengths: &[Nanos]) -> LockedFile {
        let wait = Some(Wait { kind: WaitKind::Sleep, call, object: WaitObject::Nothing });
        let mut spans = Spans::default();
        let mut at = 0;
        for length in lengths {
            let end = at + length * MILLISECOND + MILLISECOND / 10;
            spans.push(Span { start: at, end, state: State::Sleep, core: None, wait });
            spans.push(Span { start: end, end: end + 1_000, state: State::Native, core: Some(0), wait: None });
            at = end + 1_000;
        }
        LockedFile::of(&Lane { spans, ..Lane::default() }, (0, at))
    }

    #[test]
    fn sleeps_that_grow_as_sqlites_are_its() {
        let twice = sleeping(Call::Nanosleep, &[1, 2, 5, 10, 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100, 100]);
        assert_eq!((twice.times, twice.sleeps), (2, 17));
        assert!((twice.slept - 0.4477).abs() < 1e-6, "{twice:?}");
        assert_eq!(sleeping(Call::Usleep, &[1, 2, 5]).times, 1);
    }

    #[test]
    fn other_sleeps_are_not() {
        assert_eq!(sleeping(Call::Nanosleep, &[10, 10, 10, 10]), LockedFile::default());
        assert_eq!(sleeping(Call::Nanosleep, &[100, 100]), LockedFile::default());
        assert_eq!(sleeping(Call::ClockNanosleep, &[1, 2, 5, 10]).times, 0, "it is Python's");
    }
}
