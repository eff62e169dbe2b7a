//! Where a run looks as it does on the whole: the stretch that a lens shows first.
//!
//! A stretch is typical where as many threads are in each state as in most others, and GILs pass on as often as over the whole
//! run. It is not held against the run's mean: what lies across the end of one phase and the begin of the next is like that, and
//! like nothing that the run did for long. Between equals the one nearest to the middle is taken: a run begins and ends unlike
//! itself.

use crate::clock::{Nanos, seconds};
use crate::trace::{State, StateTotals, Trace};

/// How many stretches are compared at most.
const MOST: Nanos = 96;

/// More lanes than these are asked all at once.
const CROWD: usize = 16;

/// What lying at the very edge of the run counts against a stretch. How unlike the others it is, is at most 2, a difference of
/// the turns at most 1.
const EDGE: f64 = 0.1;

/// What is compared.
struct Profile {
    /// How many threads were in each state on the mean.
    threads: [f64; State::COUNT],
    /// How often GILs passed from one thread to another, each second.
    turns: f64,
}

/// The first instant of the stretch of `width` that is most like the rest of the run; the run's start where it is no longer
/// than that.
#[must_use]
pub fn typical(trace: &Trace, width: Nanos) -> Nanos {
    let (from, to) = (trace.zero(), trace.until());
    let spare = to.saturating_sub(from).saturating_sub(width);
    if spare == 0 || width == 0 {
        return from;
    }
    let whole = Profile::of(trace, from, to);
    // Half a width apart, as long as these are not too many.
    let steps = (2 * spare).div_ceil(width).clamp(2, MOST);
    let starts = (0..=steps).map(|step| from + scaled(spare, step, steps));
    let stretches: Vec<_> = starts.map(|start| (start, Profile::of(trace, start, start + width))).collect();
    let most = stretches.iter().map(|(_, one)| one.threads.iter().sum()).fold(0.0, f64::max);
    let unlike = |start: Nanos, one: &Profile| {
        let off_middle = (seconds(start - from) / seconds(spare)).mul_add(2.0, -1.0).abs();
        let others: f64 = stretches.iter().map(|(_, other)| one.threads_apart(other)).sum();
        let scale = most * f64::from(u32::try_from(stretches.len()).unwrap_or(u32::MAX));
        let others = if scale > 0.0 { others / scale } else { 0.0 };
        others + one.turns_apart(&whole) + EDGE * off_middle
    };
    let compared = stretches.iter().map(|(start, one)| (*start, unlike(*start, one)));
    compared.min_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(from, |(start, _)| start)
}

impl Profile {
    fn of(trace: &Trace, from: Nanos, to: Nanos) -> Profile {
        let crowd = trace.census.lanes() > CROWD;
        let mut totals = if crowd { trace.census.between(from, to) } else { StateTotals::default() };
        for lane in trace.lanes.iter().filter(|l| !crowd && l.is_counted()) {
            totals.merge(&lane.spans.totals_in(from, to));
        }
        let threads = |state: State| seconds(totals.get(state)) / seconds(to - from);
        let turns: usize = trace.gils.iter().map(|gil| gil.between(from, to).turns).sum();
        let turns = f64::from(u32::try_from(turns).unwrap_or(u32::MAX)) / seconds(to - from);
        Profile { threads: State::ALL.map(threads), turns }
    }

    /// The sum of the differences of how many threads were in each state.
    fn threads_apart(&self, other: &Profile) -> f64 {
        self.threads.iter().zip(other.threads).map(|(a, b)| (a - b).abs()).sum()
    }

    /// How far the turns are apart, between 0 (as many) and 1 (none in one of them).
    fn turns_apart(&self, other: &Profile) -> f64 {
        let most = self.turns.max(other.turns);
        if most > 0.0 { (self.turns - other.turns).abs() / most } else { 0.0 }
    }
}

/// `step / steps` of `length`.
fn scaled(length: Nanos, step: Nanos, steps: Nanos) -> Nanos {
    u64::try_from(u128::from(length) * u128::from(step) / u128::from(steps)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MILLISECOND as MS;
    use crate::trace::{GilTrack, Lane, LaneKind, Span, Spans};

    const ZERO: Nanos = 7_000 * MS;

    fn lane(states: &[(State, Nanos)]) -> Lane {
        let (mut spans, mut at) = (Spans::default(), ZERO);
        for (state, length) in states {
            spans.push(Span { start: at, end: at + length, state: *state, core: None, wait: None });
            at += length;
        }
        let (name, kind) = ("main".to_owned(), LaneKind::Main);
        Lane { pid: 10, tid: 10, parent: 1, name, kind, start: ZERO, end: Some(at), spans, ..Lane::default() }
    }

    fn run(states: &[(State, Nanos)]) -> Trace {
        let lane = lane(states);
        Trace { launched_at: ZERO, ended_at: lane.end, lanes: vec![lane], ..Trace::default() }
    }

    #[test]
    fn a_stretch_that_divides_like_the_whole_is_typical() {
        let even = [(State::Running, MS), (State::IoWait, MS)].repeat(200);
        let odd = [&[(State::Sleep, 300 * MS)], even.as_slice(), &[(State::Ready, 300 * MS)]].concat();
        let start = typical(&run(&odd), 100 * MS) - ZERO;
        assert!((250 * MS..=650 * MS).contains(&start), "{start}");
    }

    #[test]
    fn a_short_run_of_processes_shows_them_at_work() {
        // The parent starts two, which begin up, work and end one after the other; then it cleans up.
        let parent = lane(&[(State::Running, 60 * MS), (State::IoWait, 200 * MS), (State::Running, 40 * MS)]);
        let worker = |starts: Nanos, works: Nanos| {
            let own = lane(&[(State::Running, 20 * MS), (State::IoWait, 5 * MS), (State::Running, works)]);
            let later = |span: &Span| Span { start: span.start + starts, end: span.end + starts, ..*span };
            let mut spans = Spans::default();
            own.spans.as_slice().iter().map(later).for_each(|span| spans.push(span));
            let end = spans.as_slice().last().map(|span| span.end);
            Lane { pid: 11, tid: 11, kind: LaneKind::Process, start: ZERO + starts, end, spans, ..own }
        };
        let lanes = vec![parent, worker(40 * MS, 170 * MS), worker(60 * MS, 160 * MS)];
        let trace = Trace { launched_at: ZERO, ended_at: lanes[0].end, lanes, ..Trace::default() };
        let start = typical(&trace, 100 * MS) - ZERO;
        assert!((60 * MS..=150 * MS).contains(&start), "{start}");
    }

    #[test]
    fn of_equals_the_middle_is_taken() {
        assert_eq!(typical(&run(&[(State::Running, 1_000 * MS)]), 100 * MS), ZERO + 450 * MS);
    }

    #[test]
    fn as_many_turns_of_the_gil_are_typical() {
        let mut trace = run(&[(State::Running, 1_000 * MS)]);
        let mut gil = GilTrack::new(10, 7);
        // Held without a turn for most of the time, then as often as a fifth of it makes up.
        gil.push(0, ZERO, ZERO + 800 * MS);
        (0..200).for_each(|n| gil.push(n % 2, ZERO + (800 + n as u64) * MS, ZERO + (801 + n as u64) * MS));
        trace.gils.push(gil);
        let start = typical(&trace, 100 * MS);
        let turns = trace.gils[0].between(start, start + 100 * MS).turns;
        assert!((1..60).contains(&turns), "{turns} turns of 199");
    }

    #[test]
    fn a_short_run_is_its_own_stretch() {
        let short = run(&[(State::Running, 40 * MS)]);
        assert_eq!((typical(&short, 100 * MS), typical(&short, 0)), (ZERO, ZERO));
        assert_eq!(typical(&Trace::default(), 100 * MS), 0);
    }
}
