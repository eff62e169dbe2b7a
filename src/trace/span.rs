//! Spans: what one thread did between two instants, stored so that a window's totals cost `O(log n)`.

use crate::clock::Nanos;
use crate::trace::call::Call;
use crate::trace::record::Wait;
use crate::trace::state::State;

/// A stretch of time in which a thread stayed in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first instant.
    pub start: Nanos,
    /// The first instant that no longer belongs to it; [`Span::GOES_ON`] while nobody knows when that will be.
    pub end: Nanos,
    /// What the thread did all along.
    pub state: State,
    /// The core, for a state on a core.
    pub core: Option<u16>,
    /// What it waits in, for a waiting state.
    pub wait: Option<Wait>,
}

impl Span {
    /// The end of what goes on: it lasts as long as is known of the run, whose lanes need not be touched for time to pass.
    pub const GOES_ON: Nanos = Nanos::MAX;

    /// Whether it has no end yet.
    #[must_use]
    pub const fn goes_on(&self) -> bool {
        self.end == Span::GOES_ON
    }

    /// How long it lasted, of what is known up to an instant.
    #[must_use]
    pub fn known(&self, until: Nanos) -> Nanos {
        self.end.min(until).saturating_sub(self.start)
    }

    /// How long it lasted.
    #[must_use]
    pub const fn duration(&self) -> Nanos {
        self.end.saturating_sub(self.start)
    }

    /// Whether the thread waits for what others do for it: for a thread or a process to end, or for what a pool gives. Then it is
    /// in no line for a lock. False where it is not known.
    #[must_use]
    pub fn for_workers(&self) -> bool {
        matches!(self.state, State::LockWait | State::IoWait)
            && self.wait.is_some_and(|wait| wait.call.is_for_workers())
    }

    /// What the thread did, in words: a join is named where it is known, to the kernel it is I/O or a lock.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self.wait.map(|wait| wait.call) {
            Some(Call::Waitpid | Call::Wait4 | Call::Waitid | Call::PyProcessJoin) => "waiting for a process to end",
            Some(Call::Join | Call::ThreadJoin | Call::PyThreadJoin) => "waiting for a thread to end",
            Some(Call::Terminal) => "waiting for I/O: the terminal",
            Some(Call::FutureResult | Call::PyFuture | Call::PyPool | Call::RayonWait) => "waiting for its workers",
            _ => self.state.label(),
        }
    }
}

/// Nanoseconds by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StateTotals(pub [Nanos; State::COUNT]);

impl StateTotals {
    /// The time in one state.
    #[must_use]
    pub const fn get(&self, state: State) -> Nanos {
        self.0[state.index()]
    }

    /// Adds time to one state.
    pub const fn add(&mut self, state: State, nanos: Nanos) {
        self.0[state.index()] += nanos;
    }

    /// The time in all states: the lifetime they cover.
    #[must_use]
    pub fn sum(&self) -> Nanos {
        self.0.iter().sum()
    }

    /// The time on a core: running and running native.
    #[must_use]
    pub const fn on_cpu(&self) -> Nanos {
        self.get(State::Running) + self.get(State::Native)
    }

    /// Adds another set of totals to this one.
    pub fn merge(&mut self, other: &StateTotals) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// The state with the most time, if there is any; the earlier one in [`State::ALL`] where two are equal.
    #[must_use]
    pub fn longest(&self) -> Option<State> {
        self.longest_of(|_| true)
    }

    /// The same among the states that `wanted` lets pass.
    #[must_use]
    pub fn longest_of(&self, wanted: impl Fn(State) -> bool) -> Option<State> {
        let some = State::ALL.into_iter().filter(|s| self.get(*s) > 0 && wanted(*s));
        some.max_by_key(|s| (self.get(*s), State::COUNT - s.index()))
    }
}

#[cfg(test)]
thread_local! {
    /// How often a lane was asked for an instant: what a picture costs, on any machine.
    pub static ASKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many spans share one stored running total.
const STRIDE: usize = 32;

/// How many spans share one stored running total by core: fewer of these, because a machine may have many cores.
const CORE_STRIDE: usize = 256;

/// Everything that a lane did before one instant: what two windows that meet there share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// The instant.
    pub at: Nanos,
    /// The totals of everything before it.
    pub totals: StateTotals,
    /// The index of the first span that ends after it.
    index: usize,
}

/// The spans of one lane, in order, without gap or overlap.
///
/// Beside them stands the running total by state before every 32nd span, so a window's totals are the difference of
/// two lookups, each a binary search and at most 32 additions: a frame costs what its columns cost, however many
/// spans lie under one column.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    list: Vec<Span>,
    before: Vec<StateTotals>,
    total: StateTotals,
    /// On-CPU time by core before every 256th span.
    cores: Vec<Vec<Nanos>>,
    /// Since when the last span goes on: that is in no total yet.
    open: Option<Nanos>,
}

impl Spans {
    /// All spans, oldest first.
    #[must_use]
    pub fn as_slice(&self) -> &[Span] {
        &self.list
    }

    /// How many spans end after `at`.
    pub(super) fn count_after(&self, at: Nanos) -> usize {
        self.list.len() - self.list.partition_point(|span| span.end <= at)
    }

    /// The totals of all spans, without what goes on.
    #[must_use]
    pub const fn totals(&self) -> &StateTotals {
        &self.total
    }

    /// Appends a span that starts where the last one ended; joins it with the last one where nothing changed.
    /// An empty span is ignored.
    ///
    /// # Panics
    /// In debug builds, if the span leaves a gap or overlaps the last one.
    pub fn push(&mut self, span: Span) {
        self.stop();
        if span.duration() == 0 {
            return;
        }
        if !self.append(span) {
            let before = self.total;
            self.begin(span, before);
        }
        self.total.add(span.state, span.duration());
    }

    /// Says what goes on from where the last span ended: it has no end yet, and no totals have it.
    pub fn go_on(&mut self, span: Span) {
        self.stop();
        let (span, before) = (Span { end: Span::GOES_ON, ..span }, self.total);
        if !self.append(span) {
            self.begin(span, before);
        }
        self.open = Some(span.start);
    }

    /// What goes on, from when on no total has it.
    #[must_use]
    pub fn going_on(&self) -> Option<Span> {
        let since = self.open?;
        self.list.last().map(|last| Span { start: since, ..*last })
    }

    /// Forgets what goes on.
    pub fn stop(&mut self) {
        let Some(since) = self.open.take() else { return };
        match self.list.last_mut() {
            Some(last) if last.start < since => last.end = since,
            _ => self.pop(),
        }
    }

    fn pop(&mut self) {
        self.list.pop();
        self.before.truncate(self.list.len().div_ceil(STRIDE));
        self.cores.truncate(self.list.len().div_ceil(CORE_STRIDE));
    }

    /// Joins a span with the last one where nothing changed; false where something did.
    fn append(&mut self, span: Span) -> bool {
        let Some(last) = self.list.last_mut() else { return false };
        debug_assert_eq!(last.end, span.start, "spans must touch");
        let same = (last.state, last.core, last.wait) == (span.state, span.core, span.wait);
        if same {
            last.end = span.end;
        }
        same
    }

    /// Adds a span that does not go on with the last one.
    fn begin(&mut self, span: Span, before: StateTotals) {
        if self.list.len().is_multiple_of(STRIDE) {
            self.before.push(before);
        }
        if self.list.len().is_multiple_of(CORE_STRIDE) {
            let mut before = self.cores.last().cloned().unwrap_or_default();
            let since = self.list.len().saturating_sub(CORE_STRIDE);
            self.list[since..].iter().for_each(|s| add_core(&mut before, s, s.start, s.end));
            self.cores.push(before);
        }
        self.list.push(span);
    }

    /// Forgets everything from `at` on, cutting the span that contains it.
    pub fn truncate_at(&mut self, at: Nanos) {
        self.stop();
        while let Some(last) = self.list.last_mut() {
            if last.start >= at {
                self.total.0[last.state.index()] -= last.duration();
                self.pop();
            } else {
                if last.end > at {
                    self.total.0[last.state.index()] -= last.end - at;
                    last.end = at;
                }
                break;
            }
        }
    }

    /// The index of the first span that ends after `at`.
    fn index_at(&self, at: Nanos) -> usize {
        #[cfg(test)]
        ASKED.set(ASKED.get() + 1);
        self.list.partition_point(|s| s.end <= at)
    }

    /// The span that contains `at`.
    #[must_use]
    pub fn at(&self, at: Nanos) -> Option<&Span> {
        self.list.get(self.index_at(at)).filter(|s| s.start <= at)
    }

    /// The spans that touch the window `[from, to)`.
    #[must_use]
    pub fn window(&self, from: Nanos, to: Nanos) -> &[Span] {
        let first = self.index_at(from);
        let last = self.list.partition_point(|s| s.start < to).max(first);
        &self.list[first..last]
    }

    /// The totals inside the window `[from, to)`.
    #[must_use]
    pub fn totals_in(&self, from: Nanos, to: Nanos) -> StateTotals {
        if to <= from {
            return StateTotals::default();
        }
        let (mut upper, lower) = (self.totals_before(to), self.totals_before(from));
        for (u, l) in upper.0.iter_mut().zip(lower.0) {
            *u -= l;
        }
        upper
    }

    /// Everything before `at`, for windows that meet there.
    #[must_use]
    pub fn mark(&self, at: Nanos) -> Mark {
        let index = self.index_at(at);
        Mark { at, totals: self.totals_up_to(index, at), index }
    }

    /// The same as [`Spans::mark`], found from a mark that is not later: cheap where the two are near.
    #[must_use]
    pub fn mark_after(&self, before: &Mark, at: Nanos) -> Mark {
        let rest = self.list.get(before.index..).unwrap_or_default();
        let mut bound = 1;
        while rest.get(bound).is_some_and(|s| s.end <= at) {
            bound *= 2;
        }
        let from = bound / 2;
        let skipped = from + rest[from.min(rest.len())..bound.min(rest.len())].partition_point(|s| s.end <= at);
        let index = before.index + skipped;
        if skipped > STRIDE {
            return Mark { at, totals: self.totals_up_to(index, at), index };
        }
        let mut totals = before.totals;
        for span in rest.iter().take(skipped + 1) {
            totals.add(span.state, span.end.min(at).saturating_sub(span.start.max(before.at)));
        }
        Mark { at, totals, index }
    }

    /// The spans between two marks of these spans, and their totals: one lookup where a row of windows meets.
    #[must_use]
    pub fn between(&self, from: &Mark, to: &Mark) -> (&[Span], StateTotals) {
        let cut = self.list.get(to.index).is_some_and(|s| s.start < to.at);
        let last = (to.index + usize::from(cut)).max(from.index).min(self.list.len());
        let mut totals = to.totals;
        for (upper, lower) in totals.0.iter_mut().zip(from.totals.0) {
            *upper = upper.saturating_sub(lower);
        }
        (&self.list[from.index.min(last)..last], totals)
    }

    /// On-CPU nanoseconds by core number inside the window `[from, to)`.
    #[must_use]
    pub fn by_core_in(&self, from: Nanos, to: Nanos) -> Vec<Nanos> {
        let (mut upper, lower) = (self.cores_before(to.max(from)), self.cores_before(from));
        for (u, l) in upper.iter_mut().zip(lower) {
            *u -= l;
        }
        upper
    }

    /// On-CPU nanoseconds by core number of everything before `at`.
    fn cores_before(&self, at: Nanos) -> Vec<Nanos> {
        let index = self.index_at(at);
        let block = (index / CORE_STRIDE).min(self.cores.len().saturating_sub(1));
        let mut sum = self.cores.get(block).cloned().unwrap_or_default();
        let end = (index + 1).min(self.list.len());
        for span in &self.list[(block * CORE_STRIDE).min(end)..end] {
            add_core(&mut sum, span, span.start, span.end.min(at));
        }
        sum
    }

    /// The totals of everything before `at`.
    fn totals_before(&self, at: Nanos) -> StateTotals {
        self.totals_up_to(self.index_at(at), at)
    }

    /// The same, where `index` is known to be the first span that ends after `at`.
    fn totals_up_to(&self, index: usize, at: Nanos) -> StateTotals {
        let Some(mut sum) = self.before.get(index / STRIDE).copied() else { return self.total };
        for span in &self.list[index / STRIDE * STRIDE..index] {
            sum.add(span.state, span.duration());
        }
        if let Some(span) = self.list.get(index)
            && span.start < at
        {
            sum.add(span.state, at - span.start);
        }
        sum
    }
}

/// Adds the part `[from, to)` of a span to its core, if it was on one.
fn add_core(cores: &mut Vec<Nanos>, span: &Span, from: Nanos, to: Nanos) {
    let Some(core) = span.core.filter(|_| span.state.on_cpu()).map(usize::from) else { return };
    if cores.len() <= core {
        cores.resize(core + 1, 0);
    }
    cores[core] += to.saturating_sub(from);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(parts: &[(u8, u64)]) -> Spans {
        let mut out = Spans::default();
        let mut at = 1000;
        for (state, length) in parts {
            let state = State::ALL[usize::from(*state) % State::COUNT];
            let core = state.on_cpu().then_some((length % 3) as u16);
            out.push(Span { start: at, end: at + length, state, core, wait: None });
            at += length;
        }
        out
    }

    fn slow_totals(spans: &Spans, from: Nanos, to: Nanos) -> StateTotals {
        let mut sum = StateTotals::default();
        for s in spans.as_slice() {
            sum.add(s.state, s.end.min(to).saturating_sub(s.start.max(from)));
        }
        sum
    }

    proptest! {
        #[test]
        fn window_totals_are_the_sum_of_the_parts(
            parts in prop::collection::vec((0u8..8, 0u64..50), 0..300), a in 900u64..9000, b in 900u64..9000,
        ) {
            let spans = spans(&parts);
            let (from, to) = (a.min(b), a.max(b));
            prop_assert_eq!(spans.totals_in(from, to), slow_totals(&spans, from, to));
            prop_assert_eq!(*spans.totals(), slow_totals(&spans, 0, u64::MAX));
        }

        #[test]
        fn windows_between_marks_are_windows(
            parts in prop::collection::vec((0u8..8, 0u64..50), 0..300), a in 900u64..9000, b in 900u64..9000,
        ) {
            let spans = spans(&parts);
            let (from, to) = (a.min(b), a.max(b));
            let (first, last) = (spans.mark(from), spans.mark(to));
            prop_assert_eq!(spans.mark_after(&first, to), last);
            let (window, totals) = spans.between(&first, &last);
            prop_assert_eq!(window, if from < to { spans.window(from, to) } else { window });
            prop_assert_eq!(totals, slow_totals(&spans, from, to));
        }

        #[test]
        fn time_by_core_is_the_sum_of_the_parts(
            parts in prop::collection::vec((0u8..3, 1u64..9), 0..5000), a in 900u64..20000, b in 900u64..20000,
            cut in 900u64..30000,
        ) {
            let mut spans = spans(&parts);
            spans.truncate_at(cut);
            let (from, to) = (a.min(b), a.max(b));
            let mut slow = Vec::new();
            for s in spans.as_slice() {
                add_core(&mut slow, s, s.start.max(from), s.end.min(to));
            }
            let fast = spans.by_core_in(from, to);
            for core in 0..3 {
                prop_assert_eq!(fast.get(core).copied().unwrap_or(0), slow.get(core).copied().unwrap_or(0));
            }
        }

        #[test]
        fn what_goes_on_is_known_as_far_as_one_asks(
            parts in prop::collection::vec((0u8..8, 1u64..50), 1..200), state in 0u8..8, until in 0u64..400, a in 900u64..9000,
        ) {
            let (mut open, mut closed) = (spans(&parts), spans(&parts));
            let end = open.as_slice().last().map_or(1000, |s| s.end);
            let span = Span { start: end, end: end + until, state: State::ALL[usize::from(state)], core: None, wait: None };
            open.go_on(span);
            closed.push(span);
            let until = end + until;
            prop_assert_eq!(open.totals_in(a.min(until), until), closed.totals_in(a.min(until), until));
            prop_assert_eq!(open.going_on().map(|s| (s.start, s.state)), Some((end, span.state)));
            let at = |spans: &Spans| spans.at(a).filter(|_| a < until).map(|s| (s.start, s.known(until)));
            prop_assert_eq!(at(&open), at(&closed));
            open.push(span);
            prop_assert_eq!(open.as_slice(), closed.as_slice());
            prop_assert_eq!(open.totals(), closed.totals());
            open.go_on(Span { start: until, ..span });
            open.stop();
            prop_assert_eq!((open.as_slice(), &open.before), (closed.as_slice(), &closed.before));
        }

        #[test]
        fn cutting_is_the_same_as_never_having_pushed(
            parts in prop::collection::vec((0u8..8, 1u64..50), 0..200), cut in 900u64..7000,
        ) {
            let mut cut_spans = spans(&parts);
            cut_spans.truncate_at(cut);
            let whole = spans(&parts);
            prop_assert_eq!(*cut_spans.totals(), slow_totals(&whole, 0, cut));
            prop_assert_eq!(cut_spans.totals_in(0, u64::MAX), slow_totals(&whole, 0, cut));
            for at in [cut.saturating_sub(1), cut / 2, cut.saturating_sub(40)] {
                prop_assert_eq!(cut_spans.at(at).map(|s| s.state), whole.at(at).map(|s| s.state));
            }
        }
    }
}
